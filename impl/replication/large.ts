/** Large leaves: split and collapse (D12, D13), and the splits that partial operations need (D11, W29). */
import {
  frameOf,
  highWord,
  isLeaf,
  isPresent,
  LARGE,
  leafFrame,
  lowWord,
  NO_EXECUTE,
  PRESENT,
  PROT_NONE,
  USER,
  WRITABLE,
} from "../page-table/entry.js";
import { EBUSY, EINVAL, ENOMEM, NONE } from "./codes.js";
import { isInstalledLeaf, isPointer } from "./cursor.js";
import type { Kernel } from "./kernel.js";
import { isMoving, movedHigh, movedLow, USED } from "./leaf.js";
import { meetsMoving } from "./moving.js";

/** Flags that the parts of a large leaf inherit. */
const INHERITED = PRESENT | PROT_NONE | WRITABLE | USER | USED;

/** split: the large leaf at a page becomes a table of leaves one level down. @returns 0, EINVAL, EBUSY or ENOMEM */
export function split(kernel: Kernel, cpu: number, page: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const low = kernel.entries.low(entry);
  if (isMoving(low)) return EBUSY;
  if (level === 1 || !isInstalledLeaf(level, low)) return EINVAL;
  const done = splitLeaf(kernel, slot, cpu, page);
  if (done === 0) kernel.shootdown.flush(slot, cpu);
  return done;
}

/** Splits the large leaf that covers a page by one level, without the flush. @returns 0 or ENOMEM */
export function splitLeaf(kernel: Kernel, slot: number, cpu: number, page: number): number {
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const table = kernel.tables.frameOfEntry(entry);
  const index = kernel.tables.indexOf(page, level);
  const base = kernel.allocate.base(slot, cpu, level - 1, true);
  if (base === NONE) return ENOMEM;
  const held = kernel.locks.lockTable(table);
  const home = kernel.entries.low(entry);
  kernel.setters.getAndClear(table, index, level);
  const low = kernel.rules.partsGatherUse ? kernel.setters.low : home;
  fillParts(kernel, base, level - 1, low, kernel.setters.high);
  // Published only when it is complete (W18): copies first, then the entry.
  kernel.allocate.hook(slot, table, base, level - 1, true);
  kernel.setters.setPointer(table, index, level, base, kernel.spaces.home(slot), true);
  kernel.locks.unlockTable(held);
  return 0;
}

function fillParts(kernel: Kernel, base: number, level: number, low: number, high: number): void {
  const first = leafFrame(level + 1, low, high);
  const flags = (low & INHERITED) | (level > 1 ? LARGE : 0);
  const span = kernel.tables.span(level);
  for (let part = 0; part < kernel.tables.entriesPerTable; part++) {
    const frame = first + part * span;
    const entry = kernel.tables.entryIndex(base, part);
    kernel.entries.set(entry, lowWord(frame, flags), highWord(frame, high & NO_EXECUTE));
  }
}

/**
 * Splits, from the top down, the large leaf that a boundary cuts, until none is cut.
 * @returns how many splits were made, or −1 − that number if there was no memory for the next one
 */
export function splitAt(kernel: Kernel, slot: number, cpu: number, boundary: number): number {
  let splits = 0;
  while (cutsLeaf(kernel, slot, boundary)) {
    if (splitLeaf(kernel, slot, cpu, boundary) < 0) return -1 - splits;
    splits++;
  }
  return splits;
}

/** A large leaf begins before the boundary and ends behind it. */
function cutsLeaf(kernel: Kernel, slot: number, boundary: number): boolean {
  if (boundary >= kernel.layout.userPages || !kernel.rules.partsAreSplitOff) return false;
  const entry = kernel.entries.find(kernel.spaces.root(slot), boundary);
  const level = kernel.entries.level;
  return boundary % kernel.tables.span(level) !== 0 && isInstalledLeaf(level, kernel.entries.low(entry));
}

/**
 * Splits what the pages cut at their beginning and at their end (D11). If there is no memory the splits that were made
 * stay, and are flushed here, because the operation ends.
 * @returns how many splits were made, or ENOMEM
 */
export function splitAround(kernel: Kernel, slot: number, cpu: number, page: number, end: number): number {
  const before = splitAt(kernel, slot, cpu, page);
  const behind = before < 0 ? 0 : splitAt(kernel, slot, cpu, end);
  if (before >= 0 && behind >= 0) return before + behind;
  const made = before < 0 ? -1 - before : before + (-1 - behind);
  if (made > 0) kernel.shootdown.flush(slot, cpu);
  return ENOMEM;
}

/** collapse: a full table of like leaves becomes one large leaf. @returns 0, EINVAL, EBUSY or ENOMEM */
export function collapse(kernel: Kernel, cpu: number, page: number, level: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  if (level >= kernel.tables.levels) return EINVAL;
  const span = kernel.tables.span(level);
  const first = page - (page % span);
  if (meetsMoving(kernel, slot, first, first + span)) return EBUSY;
  if (kernel.ranges.holding(slot, first, first + span) === NONE) return EINVAL;
  const entry = kernel.entries.entryAt(kernel.spaces.root(slot), first, level);
  if (entry === NONE || !isPointer(level, kernel.entries.low(entry))) return EINVAL;
  const parent = kernel.tables.frameOfEntry(entry);
  const index = kernel.tables.indexOf(first, level);
  const table = frameOf(kernel.entries.low(entry), kernel.entries.high(entry));
  if (!isCollapsible(kernel, table, level - 1)) return EINVAL;
  const frame = kernel.frames.take(kernel.dataNode(slot, cpu), level, first);
  if (frame === NONE) return ENOMEM;
  const held = kernel.locks.lockTable(parent);
  let used = 0;
  let low = 0;
  let high = 0;
  for (let at = 0; at < kernel.tables.entriesPerTable; at++) {
    kernel.setters.getAndClear(table, at, level - 1);
    low = kernel.setters.low;
    high = kernel.setters.high;
    used |= low & USED;
    kernel.frames.leave(leafFrame(level - 1, low, high), level - 1);
  }
  kernel.release.detach(parent, index, level, table);
  kernel.shootdown.flush(slot, cpu);
  kernel.frames.name(frame, level);
  kernel.setters.set(parent, index, level, movedLow(low, frame) | LARGE | used, movedHigh(high, frame));
  kernel.locks.unlockTable(held);
  kernel.frames.release();
  kernel.release.releaseDetached();
  return 0;
}

/** All entries are present leaves with equal RW and XD, on frames that no other leaf names. */
function isCollapsible(kernel: Kernel, table: number, level: number): boolean {
  const firstEntry = kernel.tables.entryIndex(table, 0);
  const writable = kernel.entries.low(firstEntry) & WRITABLE;
  const executable = kernel.entries.high(firstEntry) & NO_EXECUTE;
  for (let index = 0; index < kernel.tables.entriesPerTable; index++) {
    const entry = kernel.tables.entryIndex(table, index);
    const low = kernel.entries.low(entry);
    const high = kernel.entries.high(entry);
    if (!isPresent(low) || !isLeaf(level, low)) return false;
    if ((low & WRITABLE) !== writable || (high & NO_EXECUTE) !== executable) return false;
    if (kernel.frames.isShared(leafFrame(level, low, high), level)) return false;
  }
  return true;
}
