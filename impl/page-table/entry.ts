/**
 * One x86-64 page-table entry in two 32-bit words, as the processor lays it out in memory (little-endian: low first).
 *
 *   low    31        13   12   11   10   9   8   7    6   5    4     3    2   1   0
 *         ┌────────────┬───────┬────┬───┬───┬───┬────┬───┬───┬─────┬─────┬───┬───┬───┐
 *         │ frame 0–19 ········│ av │ M │ N │ G │ PS │ D │ A │ PCD │ PWT │ U │ W │ P │
 *         └────────────┴───────┴────┴───┴───┴───┴────┴───┴───┴─────┴─────┴───┴───┴───┘
 *                       PAT of a                 PAT of a
 *                       large leaf               4 KiB leaf
 *
 *   high   31   30      27 26        20 19            0
 *         ┌────┬──────────┬────────────┬───────────────┐
 *         │ XD │ key      │ available  │ frame 20–39   │
 *         └────┴──────────┴────────────┴───────────────┘
 *         bit 63  62–59      58–52        51–32
 *
 * Three available bits of the low word belong to software: N (bit 9) marks a leaf that is kept but not present because
 * its protection is none (W26), M (bit 10) a page whose data is being moved (W28), bit 11 is the caller's.
 * A frame number has up to 40 bits: an exact double, never a BigInt. Words are signed, as an `Int32Array` returns them.
 * Source: Intel SDM 3A, 4.5 (4-level and 5-level paging).
 */
export const PRESENT = 1 << 0;
export const WRITABLE = 1 << 1;
export const USER = 1 << 2;
export const WRITE_THROUGH = 1 << 3;
export const CACHE_DISABLE = 1 << 4;
export const ACCESSED = 1 << 5;
export const DIRTY = 1 << 6;
/** Page size: the entry of level 2 or 3 is a leaf (W9). */
export const LARGE = 1 << 7;
/** The same bit in a level 1 leaf. */
export const PAT_SMALL = 1 << 7;
export const GLOBAL = 1 << 8;
/** Software: a leaf whose protection is none, with its frame, A and D kept (W26). */
export const PROT_NONE = 1 << 9;
/** Software: a non-present leaf whose data is on its way to another frame (W28). */
export const MOVING = 1 << 10;
/** Software: free for the caller. */
export const AVAILABLE_11 = 1 << 11;
export const PAT_LARGE = 1 << 12;

export const FRAME_SHIFT = 12;
export const FRAME_LOW_BITS = 20;
// Powers of two as shifts: a result of ** is kept as a double, and makes doubles of all that is computed from it.
const FRAME_LOW_COUNT = 1 << FRAME_LOW_BITS;
const FRAME_HIGH_MASK = FRAME_LOW_COUNT - 1;
/** All bits of the low word below the frame. */
export const LOW_FLAGS = (1 << FRAME_SHIFT) - 1;
/** Available bits 52 to 58, in the high word. */
export const AVAILABLE_HIGH_SHIFT = 20;
export const AVAILABLE_HIGH_MASK = 0x7f << AVAILABLE_HIGH_SHIFT;
export const KEY_SHIFT = 27;
export const KEY_MASK = 0xf << KEY_SHIFT;
/** XD, bit 31 of the high word, which therefore is negative exactly where execution is forbidden. */
export const NO_EXECUTE = 1 << 31;
/** All bits of the high word above the frame. */
export const HIGH_FLAGS = ~FRAME_HIGH_MASK;

// The fields of the high word must tile it. Whoever moves one finds out when the module loads.
if ((FRAME_HIGH_MASK ^ AVAILABLE_HIGH_MASK ^ KEY_MASK ^ NO_EXECUTE) !== -1) {
  throw new Error("the fields of an entry's high word do not tile it");
}

/** What a table pointer carries: no restriction of its own (rights are decided by the leaf), A and D clear. */
export const TABLE_FLAGS = PRESENT | WRITABLE | USER;

/** The hardware may use the entry. */
export function isPresent(low: number): boolean {
  return (low & PRESENT) !== 0;
}

/** The entry names a frame: present, or kept with protection none (W26). The rulings' word "present" in W3 and I7. */
export function isInstalled(low: number): boolean {
  return (low & (PRESENT | PROT_NONE)) !== 0;
}

/** An installed entry of this level is a leaf (W9). `level` must be one that can hold a large leaf, or any for PS = 0. */
export function isLeaf(level: number, low: number): boolean {
  return level === 1 || (low & LARGE) !== 0;
}

/** The entry of level 2 or above is a pointer to a table: installed and no leaf. */
export function leadsOn(low: number): boolean {
  return (low & (PRESENT | PROT_NONE)) !== 0 && (low & LARGE) === 0;
}

/** The frame of a table pointer, for tables of this machine: below 2^31, so all in small integers. */
export function tableFrameOf(low: number, high: number): number {
  return (low >>> FRAME_SHIFT) | (high << FRAME_LOW_BITS);
}

/** The frame number of a table pointer or a 4 KiB leaf, 0 to 2^40 − 1. */
export function frameOf(low: number, high: number): number {
  return (high & FRAME_HIGH_MASK) * FRAME_LOW_COUNT + (low >>> FRAME_SHIFT);
}

/** The first frame of a leaf of any size: in a large one, bit 12 is PAT and not part of the frame. */
export function leafFrame(level: number, low: number, high: number): number {
  return frameOf(level === 1 ? low : low & ~PAT_LARGE, high);
}

/** The low word of an entry: `flags` are bits 0 to 11, and PAT_LARGE for a large leaf (whose frame is even). */
export function lowWord(frame: number, flags: number): number {
  return (frame << FRAME_SHIFT) | flags;
}

/** The high word of an entry: `flags` are HIGH_FLAGS bits. */
export function highWord(frame: number, flags: number): number {
  return ((frame / FRAME_LOW_COUNT) & FRAME_HIGH_MASK) | flags;
}

/** Low-word bits that no physical address of this width can have. */
export function reservedAddressLow(physicalAddressBits: number): number {
  return physicalAddressBits >= 32 ? 0 : -1 << physicalAddressBits;
}

/** High-word bits 0 to 19 that no physical address of this width can have. */
export function reservedAddressHigh(physicalAddressBits: number): number {
  const usable = physicalAddressBits <= 32 ? 0 : 2 ** (physicalAddressBits - 32) - 1;
  return FRAME_HIGH_MASK & ~usable;
}

/** Bits of a large leaf between PAT (bit 12) and its first frame bit; `frameBits` = log2 of the frames it spans. */
export function reservedAlignment(frameBits: number): number {
  return frameBits === 0 ? 0 : ((1 << (FRAME_SHIFT + frameBits)) - 1) & ~LOW_FLAGS & ~PAT_LARGE;
}
