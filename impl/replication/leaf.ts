/** Words of leaves: what a fault installs, what protect leaves, what a page that moves looks like. */
import {
  ACCESSED,
  DIRTY,
  highWord,
  LARGE,
  LOW_FLAGS,
  lowWord,
  MOVING,
  NO_EXECUTE,
  PRESENT,
  PROT_NONE,
  USER,
  WRITABLE,
} from "../page-table/entry.js";
import { EXECUTABLE, WRITEABLE } from "./ranges.js";

/** A and D. */
export const USED = ACCESSED | DIRTY;

/** Low word of a new leaf: RW as the rights say, A and D clear. */
export function newLeafLow(frame: number, level: number, rights: number): number {
  return lowWord(frame, PRESENT | USER | (level > 1 ? LARGE : 0) | ((rights & WRITEABLE) !== 0 ? WRITABLE : 0));
}

/** High word of a leaf: XD unless the rights allow execution. */
export function leafHigh(frame: number, rights: number): number {
  return highWord(frame, (rights & EXECUTABLE) !== 0 ? 0 : NO_EXECUTE);
}

/** The same leaf on another frame: flags and XD kept. */
export function movedLow(low: number, frame: number): number {
  return lowWord(frame, low & LOW_FLAGS);
}

export function movedHigh(high: number, frame: number): number {
  return highWord(frame, high & NO_EXECUTE);
}

/** What protect makes of a leaf (D15): RW stays only if it was there, no rights at all keep the frame aside (W26). */
export function protectedLow(low: number, rights: number): number {
  const kept = low & ~(PRESENT | PROT_NONE | WRITABLE);
  if (rights === 0) return kept | PROT_NONE;
  return kept | PRESENT | ((rights & WRITEABLE) !== 0 ? low & WRITABLE : 0);
}

export function protectedHigh(high: number, rights: number): number {
  return (rights & EXECUTABLE) !== 0 ? high & ~NO_EXECUTE : high | NO_EXECUTE;
}

/** The payload of a page whose data moves to `frame` (W28): not present, everything else kept. */
export function payloadLow(low: number, frame: number): number {
  return (movedLow(low, frame) & ~PRESENT) | MOVING;
}

/** The leaf that a payload becomes when its data has arrived. */
export function arrivedLow(low: number): number {
  return (low & ~MOVING) | PRESENT;
}

/** The leaf's data is on its way: neither present nor without access. */
export function isMoving(low: number): boolean {
  return (low & MOVING) !== 0;
}
