/**
 * 64-bit fingerprints of states, as two 32-bit words.
 *
 * Each word of the state is mixed with its position, and the fingerprint is the exclusive or of the mixed words
 * (Zobrist). So the fingerprint of a successor follows from its parent's by the words that changed, however wide the
 * state is. The mixing rounds are the finalisers of MurmurHash3 (first half) and lowbias32 (second half).
 *
 * Both halves depend on all bits of word and position; the second is mixed out of the first once more, under a key of
 * its own, so that two words that agree in one half by position do not agree in the other.
 */
const MURMUR_1 = 0x85ebca6b;
const MURMUR_2 = 0xc2b2ae35;
const LOWBIAS_1 = 0x7feb352d;
const LOWBIAS_2 = 0x846ca68b;
const GOLDEN_RATIO = 0x9e3779b9;

/** Bits of a fingerprint that are stored and compared. */
export const FINGERPRINT_BITS = 64;

/** The first half's share of one word; `key` is its position's. */
export function mixFirst(word: number, key: number): number {
  let mixed = word ^ key;
  mixed = Math.imul(mixed ^ (mixed >>> 16), MURMUR_1);
  mixed = Math.imul(mixed ^ (mixed >>> 13), MURMUR_2);
  return mixed ^ (mixed >>> 16);
}

/** The second half's share, made of the first half's. */
export function mixSecond(first: number, key: number): number {
  let mixed = (first + key) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), LOWBIAS_1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), LOWBIAS_2);
  return mixed ^ (mixed >>> 16);
}

/** The keys of `count` positions for one half. */
export function positionKeys(count: number, half: 1 | 2): Int32Array {
  return Int32Array.from({ length: count }, (_, position) =>
    mixSecond(Math.imul(2 * position + half, GOLDEN_RATIO), half * MURMUR_1),
  );
}

/** Computes fingerprints of states of one width. The result stands in `first` and `second`. */
export class Fingerprinter {
  readonly firstKeys: Int32Array;
  readonly secondKeys: Int32Array;
  first = 0;
  second = 0;

  /** @param stateWords the width of a state in words */
  constructor(stateWords: number) {
    this.firstKeys = positionKeys(stateWords, 1);
    this.secondKeys = positionKeys(stateWords, 2);
  }

  /** Takes the fingerprint of the state that begins at `words[start]`. */
  take(words: Int32Array, start: number): void {
    const { firstKeys, secondKeys } = this;
    const width = firstKeys.length;
    let first = 0;
    let second = 0;
    for (let position = 0; position < width; position++) {
      const mixed = mixFirst(words[start + position]!, firstKeys[position]!);
      first ^= mixed;
      second ^= mixSecond(mixed, secondKeys[position]!);
    }
    this.first = first;
    this.second = second;
  }
}
