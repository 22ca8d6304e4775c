/** Gives plain data dense numbers from 0: equal data the same number, different data different ones (by their digest). */
import { type Digested, Digester } from "./digest.js";

/** entry = [ digest, first half | digest, second half | number + 1 (0 = free) ] */
const ENTRY_WORDS = 3;
const ENTRIES_AT_FIRST = 2 ** 10;
const LOAD_MAX = 0.6;

export class Interner {
  /** How many different data there were. */
  count = 0;
  private readonly digester = new Digester();
  private entries = new Int32Array(ENTRIES_AT_FIRST * ENTRY_WORDS);
  private mask = ENTRIES_AT_FIRST - 1;

  /** The value with its digests, for numbering values like it. */
  digested(value: unknown): Digested {
    return this.digester.digested(value);
  }

  /**
   * The number of `value`; a new one if there was none like it.
   * @param like see {@link Digester.take}
   */
  number(value: unknown, like?: Digested): number {
    this.digester.take(value, like);
    const { first, second } = this.digester;
    const at = this.place(first, second);
    const known = this.entries[at + 2]!;
    if (known !== 0) return known - 1;
    this.entries[at] = first;
    this.entries[at + 1] = second;
    this.entries[at + 2] = ++this.count;
    if (this.count > LOAD_MAX * (this.mask + 1)) this.grow();
    return this.count - 1;
  }

  /** Where the entry is, or where it would go. */
  private place(first: number, second: number): number {
    const { entries, mask } = this;
    let slot = first & mask;
    for (;;) {
      const at = slot * ENTRY_WORDS;
      if (entries[at + 2] === 0 || (entries[at] === first && entries[at + 1] === second)) return at;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.entries;
    this.entries = new Int32Array(2 * old.length);
    this.mask = 2 * this.mask + 1;
    for (let from = 0; from < old.length; from += ENTRY_WORDS) {
      if (old[from + 2] === 0) continue;
      const to = this.place(old[from]!, old[from + 1]!);
      for (let word = 0; word < ENTRY_WORDS; word++) this.entries[to + word] = old[from + word]!;
    }
  }
}
