/**
 * A hash table from pairs of integers to pairs of integers, open addressing in one flat array.
 *
 *   entry = [ first key + 1 (0 = free) | second key | first value | second value ]
 *
 * The first key is not negative; the others are any 32-bit integers.
 */
import { mixFirst } from "../fingerprint.js";

const ENTRY_WORDS = 4;
const ENTRIES_AT_FIRST = 2 ** 10;
const LOAD_MAX = 0.6;

export class PairTable {
  count = 0;
  private entries = new Int32Array(ENTRIES_AT_FIRST * ENTRY_WORDS);
  private mask = ENTRIES_AT_FIRST - 1;
  private at = 0;

  /** Looks a pair up. When it is there, `first` and `second` are its values; else `enter` may follow. */
  find(firstKey: number, secondKey: number): boolean {
    const { entries, mask } = this;
    let slot = mixFirst(firstKey, mixFirst(secondKey, ENTRY_WORDS)) & mask;
    for (;;) {
      const at = slot * ENTRY_WORDS;
      const found = entries[at]!;
      if (found === 0 || (found === firstKey + 1 && entries[at + 1] === secondKey)) {
        this.at = at;
        return found !== 0;
      }
      slot = (slot + 1) & mask;
    }
  }

  get first(): number {
    return this.entries[this.at + 2]!;
  }

  get second(): number {
    return this.entries[this.at + 3]!;
  }

  /** Enters a pair that the last `find` has not found. */
  enter(firstKey: number, secondKey: number, first: number, second: number): void {
    const { entries, at } = this;
    entries[at] = firstKey + 1;
    entries[at + 1] = secondKey;
    entries[at + 2] = first;
    entries[at + 3] = second;
    this.count++;
    if (this.count > LOAD_MAX * (this.mask + 1)) this.makeRoom();
  }

  /** Visits all pairs, in an order that depends on nothing but what was entered. */
  forEach(visit: (firstKey: number, secondKey: number, first: number, second: number) => void): void {
    const { entries } = this;
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      if (entries[at] !== 0) visit(entries[at]! - 1, entries[at + 1]!, entries[at + 2]!, entries[at + 3]!);
    }
  }

  private makeRoom(): void {
    const old = this.entries;
    this.entries = new Int32Array(old.length * 2);
    this.mask = this.entries.length / ENTRY_WORDS - 1;
    for (let at = 0; at < old.length; at += ENTRY_WORDS) {
      if (old[at] === 0) continue;
      this.find(old[at]! - 1, old[at + 1]!);
      for (let word = 0; word < ENTRY_WORDS; word++) this.entries[this.at + word] = old[at + word]!;
    }
  }
}
