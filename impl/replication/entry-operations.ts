/** One leaf as the kernel's helpers see it: read, age, clean (D20). */
import { ACCESSED, DIRTY, isPresent, leafFrame, NO_EXECUTE, PROT_NONE, WRITABLE } from "../page-table/entry.js";
import { EBUSY } from "./codes.js";
import { isInstalledLeaf } from "./cursor.js";
import type { Kernel } from "./kernel.js";
import { isMoving } from "./leaf.js";
import { EXECUTABLE, READABLE, WRITEABLE } from "./ranges.js";

/** A leaf as it was read: level 0 if there is none. */
export class LeafReading {
  level = 0;
  frame = 0;
  /** Bits of ranges.ts; 0 for a leaf kept without access. */
  rights = 0;
  accessed = false;
  dirty = false;
}

/** Reads the leaf that covers a page, aggregated (W3), into `reading`. Counts one get where that is an aggregated read. */
export function read(kernel: Kernel, cpu: number, page: number, reading: LeafReading): void {
  const slot = kernel.spaces.runsSlot(cpu);
  kernel.interrupts.beginReading(cpu);
  readLeaf(kernel, slot, page, reading);
  kernel.interrupts.endReading(cpu);
}

function readLeaf(kernel: Kernel, slot: number, page: number, reading: LeafReading): void {
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const table = kernel.tables.frameOfEntry(entry);
  const leaf = level === 1 || kernel.entries.low(entry) !== 0;
  if (leaf && kernel.rings.has(table)) kernel.counters.countGet(level);
  const low = kernel.readers.aggregated(table, kernel.tables.indexOf(page, level), level);
  const high = kernel.readers.aggregatedHigh;
  reading.level = 0;
  if (!isInstalledLeaf(level, low)) return;
  reading.level = level;
  reading.frame = leafFrame(level, low, high);
  reading.rights = leafRights(low, high);
  reading.accessed = (low & ACCESSED) !== 0;
  reading.dirty = (low & DIRTY) !== 0;
}

function leafRights(low: number, high: number): number {
  if ((low & PROT_NONE) !== 0) return 0;
  return READABLE | ((low & WRITABLE) !== 0 ? WRITEABLE : 0) | ((high & NO_EXECUTE) === 0 ? EXECUTABLE : 0);
}

/** Test-and-clear of A in every member. @returns 1 if any had it, else 0 */
export function age(kernel: Kernel, cpu: number, page: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const { interrupts, heldLeaf, setters } = kernel;
  interrupts.beginReading(cpu);
  heldLeaf.hold(slot, page);
  const { level, low, table, index } = heldLeaf;
  const found = isInstalledLeaf(level, low) ? setters.testAndClearAccessed(table, index) : 0;
  heldLeaf.letGo();
  interrupts.endReading(cpu);
  return found;
}

/** clean (W22): every leaf that names the page's frame loses D and RW. @returns 1 if any member of any had D, 0, or EBUSY */
export function clean(kernel: Kernel, cpu: number, page: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const low = kernel.entries.low(entry);
  if (isMoving(low)) return EBUSY;
  if (!isInstalledLeaf(level, low)) return 0;
  const frame = leafFrame(level, low, kernel.entries.high(entry)) + (page % kernel.tables.span(level));
  let left = kernel.frames.names(frame);
  let dirty = 0;
  for (let space = 0; space < kernel.layout.slots && left > 0; space++) {
    if (kernel.spaces.users(space) === 0) continue;
    let from = 0;
    kernel.locks.beginFault(space);
    while (left > 0 && nextNaming(kernel, space, frame, from)) {
      from = kernel.cursor.page + kernel.tables.span(kernel.cursor.level);
      dirty |= cleanLeaf(kernel, space, cpu);
      left--;
    }
    kernel.locks.endFault(space);
  }
  return dirty;
}

/** Puts the cursor on the next leaf of a space that names a frame. */
function nextNaming(kernel: Kernel, slot: number, frame: number, from: number): boolean {
  const { cursor, tables, layout } = kernel;
  const root = kernel.spaces.root(slot);
  let at = from;
  while (cursor.nextLeaf(root, at, layout.userPages)) {
    const span = tables.span(cursor.level);
    const first = leafFrame(cursor.level, cursor.low, kernel.entries.high(cursor.entry));
    if (first <= frame && frame < first + span) return true;
    at = cursor.page + span;
  }
  return false;
}

/** get_and_clear, flush, store without D and RW, for the leaf that the cursor is on. @returns 1 if it had D */
function cleanLeaf(kernel: Kernel, slot: number, cpu: number): number {
  const { table, index, level, low: homeLow } = kernel.cursor;
  const held = kernel.locks.lockTable(table);
  kernel.setters.getAndClear(table, index, level);
  const low = kernel.setters.low;
  if (isPresent(low)) kernel.shootdown.flush(slot, cpu);
  kernel.setters.set(table, index, level, low & ~(DIRTY | WRITABLE), kernel.setters.high);
  kernel.locks.unlockTable(held);
  return ((kernel.rules.cleanAggregates ? low : homeLow) & DIRTY) === 0 ? 0 : 1;
}
