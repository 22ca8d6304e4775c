/**
 * The head of a cache list in one 32-bit word: what is on top, and a tag that changes with every change of the head.
 *
 *    31          page bits  page bits − 1          0
 *   ┌──────────────────────┬────────────────────────┐
 *   │ tag                  │ page                   │        page: number of the table page + 1, 0 = the list is empty
 *   └──────────────────────┴────────────────────────┘
 *
 * The original head is a 64-bit word: a tag of 16 bits above the low 48 bits of a pointer, which cannot tell 57-bit
 * pointers apart (1.5). A word that names a page has no such limit (W13); {@link seedHeadOf} shows the same head in
 * the original's layout. The tag makes a compare-exchange fail after the list has changed and come back (4.4), up to
 * 2^tagBits changes in between.
 */
import { PagetwinError } from "../../vocabulary/errors.js";

const WORD_BITS = 32;
/** Widest tag, that of the original. */
export const TAG_BITS_MAX = 16;
const SEED_POINTER_BITS = 48;
const SEED_TAGS = 2 ** TAG_BITS_MAX;

export class HeadFormat {
  readonly tagBits: number;
  private readonly pageBits: number;
  private readonly pageMask: number;
  /** What a head gains when its tag moves on by one; 0 without a tag. */
  private readonly tagUnit: number;

  /**
   * @param pages table pages that a head must be able to name
   * @param tagBits 0 to 16; by default the widest tag that leaves room for the pages
   * @throws PagetwinError `ARGUMENT` if the tag is out of range or too wide for that many pages
   */
  constructor(pages: number, tagBits?: number) {
    const needed = WORD_BITS - Math.clz32(pages);
    const room = Math.min(TAG_BITS_MAX, WORD_BITS - needed);
    const bits = tagBits ?? room;
    if (!Number.isInteger(bits) || bits < 0 || bits > room) {
      throw new PagetwinError(
        "ARGUMENT",
        `tagBits is ${bits}: expected an integer from 0 to ${room} for ${pages} pages`,
      );
    }
    this.tagBits = bits;
    // 31 bits name more pages than there can be, and keep every mask a positive 32-bit integer.
    this.pageBits = Math.min(WORD_BITS - bits, WORD_BITS - 1);
    this.pageMask = 2 ** this.pageBits - 1;
    this.tagUnit = bits === 0 ? 0 : 1 << this.pageBits;
  }

  /** Number + 1 of the page on top; 0 = none. */
  page(head: number): number {
    return head & this.pageMask;
  }

  tag(head: number): number {
    return this.tagBits === 0 ? 0 : head >>> this.pageBits;
  }

  /** The head that follows `head`: another page on top and the next tag, or the same one unless `retag`. */
  successor(head: number, page: number, retag = true): number {
    // The tag is on top, so it wraps where the word does.
    return ((head & ~this.pageMask) + (retag ? this.tagUnit : 0)) | page;
  }
}

/**
 * A head as the original lays it out: 16 bits of tag above the low 48 bits of a pointer, an unsigned 64-bit integer.
 * For display and comparison only.
 */
export function seedHeadOf(tag: number, pointer: bigint): bigint {
  return (BigInt(tag % SEED_TAGS) << BigInt(SEED_POINTER_BITS)) | BigInt.asUintN(SEED_POINTER_BITS, pointer);
}

/** The pointer of an original head: its 48 bits, sign-extended from bit 47. */
export function seedPointerOf(head: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(SEED_POINTER_BITS, head));
}

export function seedTagOf(head: bigint): number {
  return Number(BigInt.asUintN(64, head) >> BigInt(SEED_POINTER_BITS));
}
