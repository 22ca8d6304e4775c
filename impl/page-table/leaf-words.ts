/**
 * Between the words of vocabulary/ and the words of an entry: what a mapping carries, as flags, and back. Cold paths.
 */
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { Attributes } from "../../vocabulary/page-table/entry.js";
import type { LeafLevel } from "../../vocabulary/page-table/operations.js";
import type { LeafReport } from "../../vocabulary/page-table/outcomes.js";
import {
  ACCESSED,
  AVAILABLE_11,
  AVAILABLE_HIGH_MASK,
  AVAILABLE_HIGH_SHIFT,
  CACHE_DISABLE,
  DIRTY,
  GLOBAL,
  KEY_MASK,
  KEY_SHIFT,
  LARGE,
  leafFrame,
  NO_EXECUTE,
  PAT_LARGE,
  PAT_SMALL,
  PRESENT,
  PROT_NONE,
  USER,
  WRITABLE,
  WRITE_THROUGH,
} from "./entry.js";

/** The low word's flags of a new leaf. */
export function leafLowFlags(level: number, rights: Rights, attributes: Attributes): number {
  const pat = level === 1 ? PAT_SMALL : PAT_LARGE;
  return (
    rightsLow(0, rights) |
    (level === 1 ? 0 : LARGE) |
    (attributes.user ? USER : 0) |
    (attributes.writeThrough ? WRITE_THROUGH : 0) |
    (attributes.cacheDisable ? CACHE_DISABLE : 0) |
    (attributes.pat ? pat : 0) |
    (attributes.global ? GLOBAL : 0) |
    ((attributes.available & 1) !== 0 ? AVAILABLE_11 : 0)
  );
}

/** The high word's flags of a new leaf. */
export function leafHighFlags(rights: Rights, attributes: Attributes): number {
  return rightsHigh(0, rights) | ((attributes.available >>> 1) << AVAILABLE_HIGH_SHIFT) | (attributes.key << KEY_SHIFT);
}

/** A leaf's low word with other rights. Protection none clears P only and sets the software bit (W26). */
export function rightsLow(low: number, rights: Rights): number {
  if (rights === "---") return (low & ~PRESENT) | PROT_NONE;
  return (low & ~(PROT_NONE | WRITABLE)) | PRESENT | (rights[1] === "w" ? WRITABLE : 0);
}

/** A leaf's high word with other rights. Protection none leaves it alone, so that only the low word changes (W26). */
export function rightsHigh(high: number, rights: Rights): number {
  if (rights === "---") return high;
  return rights[2] === "x" ? high & ~NO_EXECUTE : high | NO_EXECUTE;
}

export function rightsOf(low: number, high: number): Rights {
  if ((low & PRESENT) === 0) return "---";
  if ((low & WRITABLE) !== 0) return high < 0 ? "rw-" : "rwx";
  return high < 0 ? "r--" : "r-x";
}

/** Some access that `before` allows is not allowed by `after`. */
export function losesRights(before: Rights, after: Rights): boolean {
  return [0, 1, 2].some((place) => before[place] !== "-" && after[place] === "-");
}

/** What the words of an installed leaf say. */
export function leafReport(level: number, low: number, high: number): LeafReport {
  return {
    level: level as LeafLevel,
    frame: leafFrame(level, low, high),
    rights: rightsOf(low, high),
    attributes: {
      user: (low & USER) !== 0,
      global: (low & GLOBAL) !== 0,
      writeThrough: (low & WRITE_THROUGH) !== 0,
      cacheDisable: (low & CACHE_DISABLE) !== 0,
      pat: (low & (level === 1 ? PAT_SMALL : PAT_LARGE)) !== 0,
      available: ((low & AVAILABLE_11) !== 0 ? 1 : 0) | (((high & AVAILABLE_HIGH_MASK) >>> AVAILABLE_HIGH_SHIFT) << 1),
      key: (high & KEY_MASK) >>> KEY_SHIFT,
    },
    accessed: (low & ACCESSED) !== 0,
    dirty: (low & DIRTY) !== 0,
  };
}
