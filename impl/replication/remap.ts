/**
 * remap: a range becomes shorter, longer, or moves (D17, W25).
 *
 * A move goes page by page in the largest unit that fits: a table moves whole with all its members, a leaf of any size
 * by get_and_clear and set. The same walk runs twice: first to make the tables that the target needs (and to split
 * large leaves that do not fit there), then to move; what the first pass decides the second finds again.
 */
import { frameOf, isPresent } from "../page-table/entry.js";
import { EBUSY, EEXIST, EFAULT, EINVAL, ENOMEM, NONE } from "./codes.js";
import { isPointer } from "./cursor.js";
import { detachUnneeded } from "./free-tables.js";
import type { Kernel } from "./kernel.js";
import { splitLeaf } from "./large.js";
import { USED } from "./leaf.js";
import { meetsMoving } from "./moving.js";
import { leafOf } from "./ranges.js";
import { unmapPages } from "./unmap.js";

/** @returns units moved (0 where nothing moves), or EINVAL, EFAULT, EEXIST, EBUSY, ENOMEM */
export function remap(kernel: Kernel, cpu: number, page: number, pages: number, to: number, toPages: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const end = page + pages;
  const moves = to !== page;
  if (moves && (to + toPages > kernel.layout.userPages || (to < end && page < to + toPages))) return EINVAL;
  const range = kernel.ranges.holding(slot, page, end);
  if (range === NONE) return EFAULT;
  const attributes = kernel.ranges.attributes(slot, range);
  const span = kernel.tables.span(leafOf(attributes));
  if (page % span !== 0 || to % span !== 0 || pages % span !== 0 || toPages % span !== 0) return EINVAL;
  if (moves && kernel.ranges.meets(slot, to, to + toPages)) return EEXIST;
  if (meetsMoving(kernel, slot, page, end)) return EBUSY;
  if (moves) return move(kernel, slot, cpu, page, end, to, toPages, attributes);
  if (toPages < pages) return Math.min(0, unmapPages(kernel, slot, cpu, page + toPages, end));
  return toPages === pages ? 0 : grow(kernel, slot, range, end, page + toPages, attributes);
}

function grow(kernel: Kernel, slot: number, range: number, end: number, newEnd: number, attributes: number): number {
  if (kernel.ranges.end(slot, range) !== end || newEnd > kernel.layout.userPages) return ENOMEM;
  if (kernel.ranges.meets(slot, end, newEnd)) return ENOMEM;
  return kernel.ranges.replace(slot, end, newEnd, attributes, kernel.layout.geometry.ranges) ? 0 : ENOMEM;
}

function move(
  kernel: Kernel,
  slot: number,
  cpu: number,
  page: number,
  end: number,
  to: number,
  toPages: number,
  attributes: number,
): number {
  const limit = kernel.layout.geometry.ranges;
  kernel.ranges.save(slot);
  changeRanges(kernel, slot, page, end, to, to + toPages, attributes);
  const tooLong = kernel.ranges.count(slot) > limit;
  kernel.ranges.restore(slot);
  if (tooLong) return ENOMEM;
  const last = Math.min(end, page + toPages);
  if (last < end && unmapPages(kernel, slot, cpu, last, end) < 0) return ENOMEM;
  kernel.allocate.begin();
  if (prepare(kernel, slot, cpu, page, last, to - page) < 0) return ENOMEM;
  const moved = moveUnits(kernel, slot, cpu, page, last, to - page);
  changeRanges(kernel, slot, page, last, to, to + toPages, attributes);
  detachUnneeded(kernel, slot, page, last);
  if ((moved < 0 || kernel.release.hasDetached) && kernel.rules.remapFlushes) kernel.shootdown.flush(slot, cpu);
  kernel.release.releaseDetached();
  return Math.abs(moved);
}

function changeRanges(
  kernel: Kernel,
  slot: number,
  page: number,
  end: number,
  to: number,
  toEnd: number,
  attributes: number,
): void {
  kernel.ranges.replace(slot, page, end, NONE, Number.MAX_SAFE_INTEGER);
  kernel.ranges.replace(slot, to, toEnd, attributes, Number.MAX_SAFE_INTEGER);
}

/** Level of the entry at `page` that can move whole as a table; NONE if no table can. */
function tableUnit(kernel: Kernel, slot: number, page: number, end: number, distance: number): number {
  const root = kernel.spaces.root(slot);
  for (let level = kernel.tables.levels; level > 1; level--) {
    const span = kernel.tables.span(level);
    if (page % span !== 0 || (page + distance) % span !== 0 || page + span > end) continue;
    const source = kernel.entries.entryAt(root, page, level);
    if (source === NONE || !isPointer(level, kernel.entries.low(source))) continue;
    if (isFreeSlot(kernel, root, page + distance, level)) return level;
  }
  return NONE;
}

/** The large leaf at `page` (the cursor is on it) can move as it is. */
function leafFits(kernel: Kernel, slot: number, page: number, end: number, distance: number): boolean {
  const { level } = kernel.cursor;
  if (level === 1) return true;
  const span = kernel.tables.span(level);
  if (page % span !== 0 || (page + distance) % span !== 0 || page + span > end) return false;
  return isFreeSlot(kernel, kernel.spaces.root(slot), page + distance, level);
}

function isFreeSlot(kernel: Kernel, root: number, page: number, level: number): boolean {
  const entry = kernel.entries.entryAt(root, page, level);
  return entry === NONE || kernel.entries.low(entry) === 0;
}

/** The next place from `page` on where something can move; `end` if there is nothing any more. */
function nextSource(kernel: Kernel, slot: number, page: number, end: number, distance: number): number {
  const { cursor, tables } = kernel;
  const root = kernel.spaces.root(slot);
  const leaf = cursor.nextLeaf(root, page, end) ? Math.max(page, cursor.page) : end;
  // A table without leaves moves too, where it can move whole.
  let first = leaf;
  for (let level = 1; level < tables.levels; level++) {
    const span = tables.span(level + 1);
    let at = Math.ceil(page / span) * span;
    while (at < first && cursor.nextTable(root, level, at, first)) {
      const found = cursor.page;
      if (found >= at && tableUnit(kernel, slot, found, end, distance) !== NONE) {
        first = found;
        break;
      }
      at = found + span;
    }
  }
  if (first === leaf && leaf < end) cursor.nextLeaf(root, page, end);
  return first;
}

/** Makes the target's tables; splits what cannot move whole. @returns 0 or ENOMEM, the links undone */
function prepare(kernel: Kernel, slot: number, cpu: number, page: number, end: number, distance: number): number {
  let splits = 0;
  let at = nextSource(kernel, slot, page, end, distance);
  while (at < end) {
    const unit = tableUnit(kernel, slot, at, end, distance);
    if (unit === NONE) kernel.cursor.nextLeaf(kernel.spaces.root(slot), at, end);
    if (unit === NONE && !leafFits(kernel, slot, at, end, distance)) {
      if (splitLeaf(kernel, slot, cpu, at) < 0) return outOfMemory(kernel, slot, cpu, splits);
      splits++;
      continue;
    }
    const level = unit === NONE ? kernel.cursor.level : unit;
    if (kernel.allocate.path(slot, cpu, at + distance, level) === NONE) return outOfMemory(kernel, slot, cpu, splits);
    at = nextSource(kernel, slot, at + kernel.tables.span(level), end, distance);
  }
  return splits;
}

function outOfMemory(kernel: Kernel, slot: number, cpu: number, splits: number): number {
  kernel.allocate.undo();
  if (splits > 0) kernel.shootdown.flush(slot, cpu);
  return ENOMEM;
}

/** Moves everything. Answers how many units, negated if the old place must be flushed. */
function moveUnits(kernel: Kernel, slot: number, cpu: number, page: number, end: number, distance: number): number {
  const root = kernel.spaces.root(slot);
  let moved = 0;
  let flush = false;
  let at = nextSource(kernel, slot, page, end, distance);
  while (at < end) {
    let level = tableUnit(kernel, slot, at, end, distance);
    if (level !== NONE) {
      moveTable(kernel, slot, cpu, at, level, distance);
      flush = true;
    } else {
      kernel.cursor.nextLeaf(root, at, end);
      level = kernel.cursor.level;
      flush = moveLeaf(kernel, slot, cpu, at, distance) || flush;
    }
    moved++;
    at = nextSource(kernel, slot, at + kernel.tables.span(level), end, distance);
  }
  return flush ? -moved : moved;
}

/** A table with all its members: out of the old parent, into the new one; its ring stays as it is. */
function moveTable(kernel: Kernel, slot: number, cpu: number, page: number, level: number, distance: number): void {
  const source = kernel.entries.entryAt(kernel.spaces.root(slot), page, level);
  const child = frameOf(kernel.entries.low(source), kernel.entries.high(source));
  kernel.setters.clearPointer(kernel.tables.frameOfEntry(source), kernel.tables.indexOf(page, level), level);
  const target = kernel.allocate.path(slot, cpu, page + distance, level);
  const index = kernel.tables.indexOf(page + distance, level);
  const home = kernel.spaces.home(slot);
  kernel.setters.setPointer(target, index, level, child, home, kernel.rules.moveTableByNode);
}

/** The leaf that the cursor is on. Answers whether it was present. */
function moveLeaf(kernel: Kernel, slot: number, cpu: number, page: number, distance: number): boolean {
  const { cursor, setters } = kernel;
  const { level, low: homeLow } = cursor;
  setters.getAndClear(cursor.table, cursor.index, level);
  const low = kernel.rules.moveKeepsFlags ? setters.low : (setters.low & ~USED) | (homeLow & USED);
  const high = setters.high;
  const table = kernel.allocate.path(slot, cpu, page + distance, level);
  setters.set(table, kernel.tables.indexOf(page + distance, level), level, low, high);
  return isPresent(low);
}
