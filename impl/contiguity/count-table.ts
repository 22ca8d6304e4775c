/**
 * A table from a number to a count: open addressing in two flat arrays, keys and counts, probed in steps of one.
 *
 *   keys    [ k │ − │ k │ k │ − │ … ]      NaN = empty slot
 *   counts  [ n │ 0 │ n │ n │ 0 │ … ]
 *
 * Keys are any finite doubles, negative ones too (offsets are signed). At most half of the slots are used; the table
 * doubles itself, so additions cost constant time on the average.
 */

const FIRST_SLOTS = 64;
/** Odd constants of a multiplicative hash of both halves of a key. */
const LOW_FACTOR = 0x9e3779b1;
const HIGH_FACTOR = 0x85ebca6b;
const HALF = 2 ** 32;

export class CountTable {
  /** How many keys there are. */
  size = 0;
  private keys = new Float64Array(FIRST_SLOTS).fill(Number.NaN);
  private counts = new Float64Array(FIRST_SLOTS);
  private mask = FIRST_SLOTS - 1;

  /** Adds `count`, which may be 0, to the count of `key`. */
  add(key: number, count: number): void {
    let slot = this.slotOf(key);
    if (Number.isNaN(this.keys[slot]!)) {
      if (2 * (this.size + 1) > this.mask) {
        this.grow();
        slot = this.slotOf(key);
      }
      this.keys[slot] = key;
      this.size++;
    }
    this.counts[slot]! += count;
  }

  /** The count of a key; 0 if it was never added. */
  get(key: number): number {
    return this.counts[this.slotOf(key)]!;
  }

  /** All keys, ascending. */
  sortedKeys(): Float64Array {
    const keys = new Float64Array(this.size);
    let next = 0;
    for (const key of this.keys) if (!Number.isNaN(key)) keys[next++] = key;
    return keys.sort();
  }

  /** A table of how often each count occurs. */
  countsOfCounts(): CountTable {
    const result = new CountTable();
    for (let slot = 0; slot <= this.mask; slot++) {
      if (!Number.isNaN(this.keys[slot]!)) result.add(this.counts[slot]!, 1);
    }
    return result;
  }

  /** The slot that holds the key, or the empty one where it belongs. */
  private slotOf(key: number): number {
    const { keys, mask } = this;
    let slot = (Math.imul(key | 0, LOW_FACTOR) ^ Math.imul(Math.floor(key / HALF) | 0, HIGH_FACTOR)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const found = keys[slot]!;
      if (found === key || Number.isNaN(found)) return slot;
    }
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(2 * keys.length).fill(Number.NaN);
    this.counts = new Float64Array(2 * keys.length);
    this.mask = 2 * keys.length - 1;
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old]!;
      if (Number.isNaN(key)) continue;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.counts[slot] = counts[old]!;
    }
  }
}
