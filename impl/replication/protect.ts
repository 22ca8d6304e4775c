/** protect: new rights for pages that are mapped (D15, W26). */
import { isPresent, leafFrame, NO_EXECUTE, WRITABLE } from "../page-table/entry.js";
import { EBUSY, ENOMEM, NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { splitAt } from "./large.js";
import { protectedHigh, protectedLow } from "./leaf.js";
import { meetsMoving } from "./moving.js";
import { rightsOf, withRights } from "./ranges.js";

/**
 * @param rights bits of ranges.ts
 * @returns leaves changed, EBUSY or ENOMEM
 */
export function protect(kernel: Kernel, cpu: number, page: number, pages: number, rights: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const end = page + pages;
  if (meetsMoving(kernel, slot, page, end)) return EBUSY;
  if (!kernel.ranges.covers(slot, page, end)) return ENOMEM;
  kernel.ranges.save(slot);
  // Which pieces change is needed for the leaves as well, so the list is written last; here it is only tried.
  changeRanges(kernel, slot, page, end, rights);
  const tooLong = kernel.ranges.count(slot) > kernel.layout.geometry.ranges;
  kernel.ranges.restore(slot);
  if (tooLong) return ENOMEM;
  let flush = false;
  if (changesAt(kernel, slot, page, rights)) {
    const splits = splitAt(kernel, slot, cpu, page);
    if (splits < 0) return outOfMemory(kernel, slot, cpu, splits < -1);
    flush = splits > 0;
  }
  if (changesAt(kernel, slot, end - 1, rights)) {
    const splits = splitAt(kernel, slot, cpu, end);
    if (splits < 0) return outOfMemory(kernel, slot, cpu, flush || splits < -1);
    flush ||= splits > 0;
  }
  let changed = 0;
  for (let index = kernel.ranges.firstEndingAfter(slot, page); index < kernel.ranges.count(slot); index++) {
    const from = Math.max(page, kernel.ranges.start(slot, index));
    const to = Math.min(end, kernel.ranges.end(slot, index));
    if (from >= to) break;
    if (rightsOf(kernel.ranges.attributes(slot, index)) === rights) continue;
    const leaves = changeLeaves(kernel, slot, from, to, rights);
    changed += Math.abs(leaves);
    flush ||= leaves < 0;
  }
  changeRanges(kernel, slot, page, end, rights);
  if (flush) kernel.shootdown.flush(slot, cpu);
  if (!kernel.rules.noneKeepsFrame) kernel.frames.release();
  return changed;
}

/** No memory for a split: those that were made stay and are flushed, because the operation ends. */
function outOfMemory(kernel: Kernel, slot: number, cpu: number, flush: boolean): number {
  if (flush) kernel.shootdown.flush(slot, cpu);
  return ENOMEM;
}

/** The range that holds a page has other rights. */
function changesAt(kernel: Kernel, slot: number, page: number, rights: number): boolean {
  const range = kernel.ranges.find(slot, page);
  return range !== NONE && rightsOf(kernel.ranges.attributes(slot, range)) !== rights;
}

/** Gives every piece its new rights; the list may become longer than allowed on the way and at the end. */
function changeRanges(kernel: Kernel, slot: number, page: number, end: number, rights: number): void {
  const { ranges } = kernel;
  for (let from = page; from < end; ) {
    const index = ranges.find(slot, from);
    const to = Math.min(end, ranges.end(slot, index));
    ranges.replace(slot, from, to, withRights(ranges.attributes(slot, index), rights), Number.MAX_SAFE_INTEGER);
    from = to;
  }
}

/** modify_prot_start and commit of every leaf. Answers how many, negated if one that was present lost a right. */
function changeLeaves(kernel: Kernel, slot: number, page: number, end: number, rights: number): number {
  const { cursor, setters, tables } = kernel;
  const root = kernel.spaces.root(slot);
  let changed = 0;
  let lost = false;
  let from = page;
  while (cursor.nextLeaf(root, from, end)) {
    from = cursor.page + tables.span(cursor.level);
    const held = kernel.locks.lockTable(cursor.table);
    setters.getAndClear(cursor.table, cursor.index, cursor.level);
    const low = protectedLow(setters.low, rights);
    const high = protectedHigh(setters.high, rights);
    if (isPresent(setters.low))
      lost ||= !kernel.rules.addingNeedsNoFlush || losesRight(setters.low, setters.high, low, high);
    if (rights !== 0 || kernel.rules.noneKeepsFrame)
      setters.commit(cursor.table, cursor.index, cursor.level, low, high);
    else kernel.frames.leave(leafFrame(cursor.level, setters.low, setters.high), cursor.level);
    kernel.locks.unlockTable(held);
    changed++;
  }
  return lost ? -changed : changed;
}

function losesRight(oldLow: number, oldHigh: number, low: number, high: number): boolean {
  if (!isPresent(low)) return true;
  if ((oldLow & WRITABLE) !== 0 && (low & WRITABLE) === 0) return true;
  return (oldHigh & NO_EXECUTE) === 0 && (high & NO_EXECUTE) !== 0;
}
