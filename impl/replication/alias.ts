/** alias: the frames of a shared range a second time (D18, W22). */
import { highWord, isPresent, LARGE, LOW_FLAGS, leafFrame, lowWord, NO_EXECUTE } from "../page-table/entry.js";
import { EBUSY, EEXIST, EFAULT, EINVAL, ENOMEM, NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { USED } from "./leaf.js";
import { meetsMoving } from "./moving.js";
import { isShared, leafOf, rightsOf } from "./ranges.js";

/** @returns leaves set, or EFAULT, EINVAL, EEXIST, EBUSY, ENOMEM */
export function alias(kernel: Kernel, cpu: number, page: number, pages: number, to: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const { ranges } = kernel;
  const range = ranges.holding(slot, page, page + pages);
  if (range === NONE) return EFAULT;
  const attributes = ranges.attributes(slot, range);
  if (!isShared(attributes)) return EFAULT;
  const span = kernel.tables.span(leafOf(attributes));
  if (rightsOf(attributes) === 0 || page % span !== 0 || pages % span !== 0 || to % span !== 0) return EINVAL;
  if (ranges.meets(slot, to, to + pages)) return EEXIST;
  if (meetsMoving(kernel, slot, page, page + pages)) return EBUSY;
  ranges.save(slot);
  if (!ranges.replace(slot, to, to + pages, attributes, kernel.layout.geometry.ranges)) return ENOMEM;
  const distance = to - page;
  for (let at = page; nextSource(kernel, slot, at, page + pages); ) {
    const from = Math.max(at, kernel.cursor.page);
    const level = unitAt(kernel, slot, from, page + pages, distance);
    if (kernel.allocate.path(slot, cpu, from + distance, level) === NONE) {
      kernel.allocate.undo();
      ranges.restore(slot);
      return ENOMEM;
    }
    at = from + kernel.tables.span(level);
  }
  return setAll(kernel, slot, cpu, page, page + pages, distance);
}

/** The next present leaf of the source. */
function nextSource(kernel: Kernel, slot: number, from: number, end: number): boolean {
  const { cursor } = kernel;
  const root = kernel.spaces.root(slot);
  let at = from;
  while (cursor.nextLeaf(root, at, end)) {
    if (isPresent(cursor.low)) return true;
    at = cursor.page + kernel.tables.span(cursor.level);
  }
  return false;
}

/** The leaf's own level, or the largest below it that fits where the leaf is cut or its place is not free. */
function unitAt(kernel: Kernel, slot: number, page: number, end: number, distance: number): number {
  for (let level = kernel.cursor.level; level > 1; level--) {
    const span = kernel.tables.span(level);
    if (page % span !== 0 || (page + distance) % span !== 0 || page + span > end) continue;
    const entry = kernel.entries.entryAt(kernel.spaces.root(slot), page + distance, level);
    if (entry === NONE || kernel.entries.low(entry) === 0) return level;
  }
  return 1;
}

function setAll(kernel: Kernel, slot: number, cpu: number, page: number, end: number, distance: number): number {
  let set = 0;
  for (let at = page; nextSource(kernel, slot, at, end); set++) {
    const { cursor, tables } = kernel;
    const from = Math.max(at, cursor.page);
    const level = unitAt(kernel, slot, from, end, distance);
    const high = kernel.entries.high(cursor.entry);
    const frame = leafFrame(cursor.level, cursor.low, high) + (from - cursor.page);
    const flags = (cursor.low & LOW_FLAGS & ~(USED | LARGE)) | (level > 1 ? LARGE : 0);
    const table = kernel.allocate.path(slot, cpu, from + distance, level);
    kernel.frames.name(frame, level);
    const held = kernel.locks.lockTable(table);
    const index = tables.indexOf(from + distance, level);
    kernel.setters.set(table, index, level, lowWord(frame, flags), highWord(frame, high & NO_EXECUTE));
    kernel.locks.unlockTable(held);
    at = from + tables.span(level);
  }
  return set;
}
