/** unmap and discard: leaves go, and with unmap their ranges and the tables that no range needs (D14, D16). */
import { isPresent, leafFrame } from "../page-table/entry.js";
import { EBUSY, ENOMEM, NONE } from "./codes.js";
import { detachUnneeded } from "./free-tables.js";
import type { Kernel } from "./kernel.js";
import { splitAround } from "./large.js";
import { meetsMoving } from "./moving.js";

/** @returns leaves removed, EBUSY or ENOMEM */
export function unmap(kernel: Kernel, cpu: number, page: number, pages: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  if (meetsMoving(kernel, slot, page, page + pages)) return EBUSY;
  return unmapPages(kernel, slot, cpu, page, page + pages);
}

/** unmap without the look for moving leaves: also the tail of a remap that shrinks. */
export function unmapPages(kernel: Kernel, slot: number, cpu: number, page: number, end: number): number {
  const limit = kernel.layout.geometry.ranges;
  if (!fitsWithout(kernel, slot, page, end, limit)) return ENOMEM;
  const splits = splitAround(kernel, slot, cpu, page, end);
  if (splits < 0) return ENOMEM;
  const removed = removeLeaves(kernel, slot, page, end);
  kernel.ranges.replace(slot, page, end, NONE, limit);
  detachUnneeded(kernel, slot, page, end);
  if (!kernel.rules.freeAfterFlush) kernel.release.releaseDetached();
  const tookAway = splits > 0 || takenPresent(removed) || kernel.release.hasDetached;
  if (tookAway && kernel.rules.unmapFlushes) kernel.shootdown.flush(slot, cpu);
  if (kernel.release.hasDetached) kernel.interrupts.outwait();
  kernel.frames.release();
  kernel.release.releaseDetached();
  return takenLeaves(removed);
}

/** discard: the leaves go, ranges, tables and rings stay (W23). @returns leaves removed, EBUSY or ENOMEM */
export function discard(kernel: Kernel, cpu: number, page: number, pages: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const end = page + pages;
  if (meetsMoving(kernel, slot, page, end)) return EBUSY;
  const splits = splitAround(kernel, slot, cpu, page, end);
  if (splits < 0) return ENOMEM;
  const removed = removeLeaves(kernel, slot, page, end);
  if (splits > 0 || takenPresent(removed)) kernel.shootdown.flush(slot, cpu);
  kernel.frames.release();
  return takenLeaves(removed);
}

/** The range list would still fit without the pages: only a hole inside one range makes it longer. */
function fitsWithout(kernel: Kernel, slot: number, page: number, end: number, limit: number): boolean {
  if (kernel.ranges.count(slot) < limit) return true;
  const range = kernel.ranges.find(slot, page);
  return range === NONE || kernel.ranges.start(slot, range) === page || kernel.ranges.end(slot, range) <= end;
}

/** Takes out every leaf of the pages, ascending; none of them is cut or moving. Answers leaves, and the present ones. */
function removeLeaves(kernel: Kernel, slot: number, page: number, end: number): number {
  const { cursor, setters, tables } = kernel;
  const root = kernel.spaces.root(slot);
  let removed = NOTHING;
  let from = page;
  while (cursor.nextLeaf(root, from, end)) {
    from = cursor.page + tables.span(cursor.level);
    const held = kernel.locks.lockTable(cursor.table);
    zap(kernel, slot, cursor.table, cursor.index, cursor.level);
    kernel.locks.unlockTable(held);
    kernel.frames.leave(leafFrame(cursor.level, setters.low, setters.high), cursor.level);
    removed = counted(removed, isPresent(setters.low));
  }
  return removed;
}

/** get_and_clear_full: through the ring if there is one, whatever the flags say. `kernel.setters` tells what was there. */
export function zap(kernel: Kernel, slot: number, table: number, index: number, level: number): void {
  if (kernel.rules.zapByRing || kernel.spaces.isReplicated(slot)) kernel.setters.getAndClear(table, index, level);
  else kernel.setters.getAndClearAlone(table, index);
}

// Two facts in one number, so that nothing is allocated: leaves removed, and whether any of them was present.
const NOTHING = 0;
const PER_LEAF = 2;

function counted(removed: number, present: boolean): number {
  const before = takenPresent(removed) || present ? 1 : 0;
  return (takenLeaves(removed) + 1) * PER_LEAF + before;
}

function takenLeaves(removed: number): number {
  return Math.floor(removed / PER_LEAF);
}

function takenPresent(removed: number): boolean {
  return removed % PER_LEAF === 1;
}
