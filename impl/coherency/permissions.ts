/**
 * What the page-table entry of a copy permits (paper, section 5.1): the bits that the fault handler sets for each state.
 *
 * Order inside a step: PRESENT is cleared before an Ack leaves, WRITABLE before the page is copied into the Copy that
 * takes Modified or NotReplicated down to Shared. Else a store in between would be lost.
 */
import * as at from "./layout.js";

/** A frame stands in the entry; without it the page has never been touched here. */
export const ENTRY_MAPPED = 1 << 0;
export const ENTRY_PRESENT = 1 << 1;
export const ENTRY_WRITABLE = 1 << 2;

export function entryBitsOf(state: number): number {
  switch (state) {
    case at.UNMAPPED:
    case at.FETCH_NR:
    case at.FETCH_VAL:
    case at.FETCH_INV:
      return 0;
    case at.NOT_REPLICATED:
    case at.MODIFIED:
      return ENTRY_MAPPED | ENTRY_PRESENT | ENTRY_WRITABLE;
    case at.SHARED:
      return ENTRY_MAPPED | ENTRY_PRESENT;
    default:
      return ENTRY_MAPPED;
  }
}
