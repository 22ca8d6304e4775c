/**
 * The words for what an entry says: its bits by name, and what a mapping carries.
 *
 * Only names here; where the bits lie is written twice, in each twin.
 */

/** The single-bit fields of an x86-64 entry, in ascending order of their place. `large` is PS; `pat` has one place in a
 * 4 KiB leaf and another in a large one; `protNone` and `moving` are available bits that software uses (W26, W28). */
export const FLAG_NAMES = [
  "present",
  "writable",
  "user",
  "writeThrough",
  "cacheDisable",
  "accessed",
  "dirty",
  "large",
  "global",
  "protNone",
  "moving",
  "available11",
  "pat",
  "noExecute",
] as const;
export type FlagName = (typeof FLAG_NAMES)[number];

/** What a mapping carries beside its frame and rights. */
export interface Attributes {
  /** User code may use it. */
  readonly user: boolean;
  readonly global: boolean;
  readonly writeThrough: boolean;
  readonly cacheDisable: boolean;
  readonly pat: boolean;
  /** The available bits that are the caller's: bit 11 of the entry as bit 0, bits 52 to 58 as bits 1 to 7; 0 to 255. */
  readonly available: number;
  /** Protection key, 0 to 15. Carried, not evaluated. */
  readonly key: number;
}

/** An ordinary user page. */
export const USER_PAGE: Attributes = {
  user: true,
  global: false,
  writeThrough: false,
  cacheDisable: false,
  pat: false,
  available: 0,
  key: 0,
};
