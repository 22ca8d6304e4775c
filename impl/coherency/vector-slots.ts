/**
 * The channels of an explored cluster, as they stand in its vector: one byte an ordered pair (`vector-layout.ts`).
 *
 * Messages are sent and delivered right in the vector. What a message carries besides its kind follows from the rest: an
 * Invalid's stamp is its sender's, a Copy's content is the newest or an older one.
 */
import { isInFlight } from "./pair-word.js";
import * as place from "./vector-layout.js";

/** Constants of other modules are read anew at each use: those of the search's inner loops are this module's own. */
const { PAIR_MASK } = place;
const REQUEST_MASK = place.THREE_BITS;
const ANSWER_BITS = place.ANSWER_MASK << place.ANSWER_SHIFT;
const ANSWER_FIRST = 1 << place.ANSWER_FIRST_SHIFT;
/** The same bits of all bytes of a word: answers, requests without the bit that says "held", and that bit. */
const EVERY_BYTE = 0x01010101;
const EVERY_ANSWER = EVERY_BYTE * 0x78;
const EVERY_REQUEST_OF_ONE = 0x03;
const EVERY_REQUEST = EVERY_BYTE * EVERY_REQUEST_OF_ONE;
const HELD_BIT_SHIFT = 2;
const EVERY_HELD_BIT = EVERY_BYTE << HELD_BIT_SHIFT;
if (ANSWER_BITS !== 0x78 || place.HELD_FETCH !== 1 << HELD_BIT_SHIFT)
  throw new Error("a pair's byte is laid out otherwise");
/** The sets that `around` gives: who has answered, whose Fetches and whose Fetch_Writes are held. */
export const HELD_FETCHES_SHIFT = place.SET_BITS;
export const HELD_FETCH_WRITES_SHIFT = 2 * place.SET_BITS;
export const SETS_BITS = 3 * place.SET_BITS;
export const ALL_SETS = 2 ** SETS_BITS - 1;
export const HELD_SETS = ALL_SETS - place.SET_MASK;
/** And above them whose requests and whose answers can arrive: at ARRIVING_SHIFT + k these two bits tell it of kernel k. */
export const ARRIVING_SHIFT = SETS_BITS;
export const REQUEST_ARRIVES = 1;
export const ANSWER_ARRIVES = 1 << place.SET_BITS;

export class VectorSlots {
  /** What a pair's byte says of the receiver's sets, for sender 0. */
  private readonly setsOf: Int32Array;
  private readonly words: Int32Array;
  private readonly kernels: number;
  private readonly isFifo: boolean;
  private readonly pairWords: number;
  /** Where the byte of the pair from × kernels + to is. */
  private readonly wordOf: Uint8Array;
  private readonly shiftOf: Uint8Array;

  /** @param words the vector, in its first `vectorWords(kernels)` words */
  constructor(words: Int32Array, kernels: number, isFifo: boolean) {
    this.words = words;
    this.kernels = kernels;
    this.isFifo = isFifo;
    this.wordOf = new Uint8Array(kernels * kernels);
    this.shiftOf = new Uint8Array(kernels * kernels);
    let pair = 0;
    for (let from = 0; from < kernels; from++) {
      for (let to = 0; to < kernels; to++) {
        if (to === from) continue;
        this.wordOf[from * kernels + to] = kernels + Math.floor(pair / place.PAIRS_PER_WORD);
        this.shiftOf[from * kernels + to] = (pair % place.PAIRS_PER_WORD) * place.PAIR_BITS;
        pair++;
      }
    }
    this.pairWords = Math.ceil(pair / place.PAIRS_PER_WORD);
    this.setsOf = Int32Array.from(
      { length: place.PAIR_MASK + 1 },
      (_, code) => whatIsSaid(code) | (whatArrives(code, isFifo) << ARRIVING_SHIFT),
    );
  }

  /** Whether any message is in flight. Held requests are not. */
  hasMessages(): boolean {
    const { words, kernels, pairWords } = this;
    for (let word = kernels; word < kernels + pairWords; word++) {
      const codes = words[word]!;
      const held = (codes & EVERY_HELD_BIT) >>> HELD_BIT_SHIFT;
      if ((codes & EVERY_ANSWER) !== 0 || (codes & EVERY_REQUEST & ~(held * EVERY_REQUEST_OF_ONE)) !== 0) return true;
    }
    return false;
  }

  code(from: number, to: number): number {
    const pair = from * this.kernels + to;
    return (this.words[this.wordOf[pair]!]! >>> this.shiftOf[pair]!) & PAIR_MASK;
  }

  /** The sets that follow from the slots around a kernel. Answered, for one that waits, has everybody from whom nothing is
   * outstanding; for others it means nothing. */
  around(kernel: number): number {
    const { kernels, setsOf } = this;
    let sets = 0;
    for (let other = 0; other < kernels; other++) {
      if (other === kernel) continue;
      sets |= setsOf[this.code(other, kernel)]! << other;
      if ((this.code(kernel, other) & REQUEST_MASK) !== 0) sets &= ~(1 << other);
    }
    return sets;
  }

  /** How many messages are in flight from one kernel to another. */
  inFlight(from: number, to: number): number {
    const code = this.code(from, to);
    return (isInFlight(code & REQUEST_MASK) ? 1 : 0) + ((code & ANSWER_BITS) !== 0 ? 1 : 0);
  }

  /** Takes the request out of its slot. @returns its code */
  takeRequest(from: number, to: number): number {
    const code = this.code(from, to);
    this.put(from, to, code & ANSWER_BITS);
    return code & REQUEST_MASK;
  }

  /** Takes the answer out of its slot. @returns its code */
  takeAnswer(from: number, to: number): number {
    const code = this.code(from, to);
    this.put(from, to, code & REQUEST_MASK);
    return (code >>> place.ANSWER_SHIFT) & place.ANSWER_MASK;
  }

  /** Notes that `to` holds a request of `from` (HELD_FETCH or HELD_FETCH_WRITE), or holds it no longer (0). */
  setHeld(from: number, to: number, request: number): void {
    const code = this.code(from, to);
    if (isInFlight(code & REQUEST_MASK)) return;
    this.put(from, to, (code & ~REQUEST_MASK) | request);
  }

  /** @returns false if the slot was busy; then nothing is sent */
  sendRequest(from: number, to: number, request: number): boolean {
    const code = this.code(from, to);
    if (isInFlight(code & REQUEST_MASK)) return false;
    const order = this.isFifo && (code & ANSWER_BITS) !== 0 ? ANSWER_FIRST : 0;
    this.put(from, to, (code & ANSWER_BITS) | order | request);
    return true;
  }

  sendAnswer(from: number, to: number, answer: number): boolean {
    const code = this.code(from, to);
    if ((code & ANSWER_BITS) !== 0) return false;
    this.put(from, to, code | (answer << place.ANSWER_SHIFT));
    return true;
  }

  /** Marks bits of a pair's byte, in words that are no vector but say something of each pair. */
  mark(from: number, to: number, bits: number): void {
    const pair = from * this.kernels + to;
    this.words[this.wordOf[pair]!]! |= bits << this.shiftOf[pair]!;
  }

  private put(from: number, to: number, code: number): void {
    const pair = from * this.kernels + to;
    const word = this.wordOf[pair]!;
    const shift = this.shiftOf[pair]!;
    this.words[word] = (this.words[word]! & ~(place.PAIR_MASK << shift)) | (code << shift);
  }
}

/** Nothing outstanding, a Fetch held, a Fetch_Write held: one bit in each set. */
function whatIsSaid(code: number): number {
  const request = code & REQUEST_MASK;
  return (
    ((code & ANSWER_BITS) === 0 ? 1 : 0) |
    (request === place.HELD_FETCH ? 1 << HELD_FETCHES_SHIFT : 0) |
    (request === place.HELD_FETCH_WRITE ? 1 << HELD_FETCH_WRITES_SHIFT : 0)
  );
}

function whatArrives(code: number, isFifo: boolean): number {
  const hasRequest = isInFlight(code & REQUEST_MASK);
  const isAnswerFirst = (code & ANSWER_FIRST) !== 0;
  const canRequest = hasRequest && !isAnswerFirst;
  const canAnswer = (code & ANSWER_BITS) !== 0 && !(isFifo && hasRequest && !isAnswerFirst);
  return (canRequest ? REQUEST_ARRIVES : 0) | (canAnswer ? ANSWER_ARRIVES : 0);
}
