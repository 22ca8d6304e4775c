/** Moving a page's data to another node (W28, D21), and whom a page that is on its way keeps waiting. */
import { isPresent, leafFrame } from "../page-table/entry.js";
import { EBUSY, EINVAL, ENOMEM, NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { arrivedLow, isMoving, movedHigh, payloadLow } from "./leaf.js";

/** A leaf that meets the pages is on its way: the operation must come back later (EBUSY). */
export function meetsMoving(kernel: Kernel, slot: number, page: number, end: number): boolean {
  if (kernel.spaces.moving(slot) === 0) return false;
  const { cursor } = kernel;
  const root = kernel.spaces.root(slot);
  const last = Math.min(end, kernel.layout.userPages);
  let from = page;
  while (cursor.nextLeaf(root, from, last)) {
    if (isMoving(cursor.low)) return true;
    from = cursor.page + kernel.tables.span(cursor.level);
  }
  return false;
}

/** moveStart: takes the leaf out, leaves a payload that names the new frames. @returns 1, 0 if there already, or an error */
export function moveStart(kernel: Kernel, cpu: number, page: number, node: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  if (isMoving(kernel.entries.low(entry))) return EBUSY;
  if (!isPresent(kernel.entries.low(entry)) || !kernel.layout.geometry.onlineNodes.includes(node)) return EINVAL;
  const old = leafFrame(level, kernel.entries.low(entry), kernel.entries.high(entry));
  if (kernel.tables.nodeOfFrame(old) === node) return 0;
  if (kernel.frames.isShared(old, level)) return EBUSY;
  const frame = kernel.frames.takeOn(node, level, page - (page % kernel.tables.span(level)));
  if (frame === NONE) return ENOMEM;
  const table = kernel.tables.frameOfEntry(entry);
  const index = kernel.tables.indexOf(page, level);
  const held = kernel.locks.lockTable(table);
  kernel.setters.getAndClear(table, index, level);
  const low = payloadLow(kernel.setters.low, frame);
  const high = movedHigh(kernel.setters.high, frame);
  kernel.shootdown.flush(slot, cpu);
  kernel.frames.name(frame, level);
  kernel.setters.setPayload(table, index, level, low, high);
  kernel.locks.unlockTable(held);
  kernel.frames.unname(old, level);
  kernel.spaces.addMoving(slot, 1);
  return 1;
}

/** moveFinish: the data has arrived, the leaf is present again with all that it had. @returns 0 or EINVAL */
export function moveFinish(kernel: Kernel, cpu: number, page: number): number {
  const slot = kernel.spaces.runsSlot(cpu);
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const low = kernel.entries.low(entry);
  if (!isMoving(low)) return EINVAL;
  const table = kernel.tables.frameOfEntry(entry);
  const index = kernel.tables.indexOf(page, level);
  const held = kernel.locks.lockTable(table);
  kernel.setters.set(table, index, level, arrivedLow(low), kernel.entries.high(entry));
  kernel.locks.unlockTable(held);
  kernel.spaces.addMoving(slot, -1);
  return 0;
}
