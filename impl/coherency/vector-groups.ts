/**
 * The groups of an explored cluster, as they stand in its vector behind the pairs; only with multicast.
 *
 *   words = [ field ][ field ] …    as many in a word as fit, a field as wide as there are kernels, bit k = kernel k
 *
 *   fields = each kernel's group, then for each ordered pair, in the order of the pairs, what the answer in flight tells
 */
import { groupsAt, groupWords, WORD_BITS } from "./vector-layout.js";

export class VectorGroups {
  private readonly words: Int32Array;
  private readonly kernels: number;
  private readonly mask: number;
  /** Word and shift of each kernel's field, then of each pair from × kernels + to. */
  private readonly wordOf: Uint8Array;
  private readonly shiftOf: Uint8Array;

  /** @param first the position of the first word of the groups in `words` */
  constructor(words: Int32Array, kernels: number, first: number) {
    this.words = words;
    this.kernels = kernels;
    this.mask = (1 << kernels) - 1;
    const places = kernels + kernels * kernels;
    this.wordOf = new Uint8Array(places);
    this.shiftOf = new Uint8Array(places);
    const fieldsPerWord = Math.floor(WORD_BITS / kernels);
    for (let place = 0, field = 0; place < places; place++) {
      if (isToItself(place - kernels, kernels)) continue;
      this.wordOf[place] = first + Math.floor(field / fieldsPerWord);
      this.shiftOf[place] = (field % fieldsPerWord) * kernels;
      field++;
    }
    if (this.wordOf[places - 2]! - first >= groupWords(kernels)) throw new Error("the groups do not fit their words");
  }

  /** The kernels that `kernel` knows to use the page. */
  of(kernel: number): number {
    return this.get(kernel);
  }

  set(kernel: number, group: number): void {
    this.put(kernel, group);
  }

  /** What the answer in flight tells; 0 where none is. */
  told(from: number, to: number): number {
    return this.get(this.kernels + from * this.kernels + to);
  }

  setTold(from: number, to: number, group: number): void {
    this.put(this.kernels + from * this.kernels + to, group);
  }

  /** The bits of what the answer from → to tells, in the vector's word `position`; none where it stands in another. */
  bitsOfTold(from: number, to: number, position: number): number {
    const place = this.kernels + from * this.kernels + to;
    return this.wordOf[place] === position ? this.mask << this.shiftOf[place]! : 0;
  }

  private get(place: number): number {
    return (this.words[this.wordOf[place]!]! >>> this.shiftOf[place]!) & this.mask;
  }

  private put(place: number, group: number): void {
    const word = this.wordOf[place]!;
    const shift = this.shiftOf[place]!;
    this.words[word] = (this.words[word]! & ~(this.mask << shift)) | (group << shift);
  }
}

/** For claims: a kernel's group in a vector that has groups. The groups of all kernels fit the first word. */
export function groupIn(vector: Int32Array, kernels: number, kernel: number): number {
  return (vector[groupsAt(kernels)]! >>> (kernel * kernels)) & ((1 << kernels) - 1);
}

function isToItself(pair: number, kernels: number): boolean {
  return pair >= 0 && pair % (kernels + 1) === 0;
}
