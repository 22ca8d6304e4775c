/**
 * Takes a page's leaf away from the frame's side, as reclaim does: with the lock of the table and nothing else, so enable,
 * disable and switches may be under way. The page's range stays, and the next touch gets another frame.
 */
import { isPresent, leafFrame } from "../page-table/entry.js";
import { isInstalledLeaf } from "./cursor.js";
import type { Kernel } from "./kernel.js";
import { zap } from "./unmap.js";

/**
 * @param slot an address space in use
 * @returns 1, or 0 if the page has no leaf
 */
export function reclaim(kernel: Kernel, cpu: number, slot: number, page: number): number {
  const { interrupts, heldLeaf, setters } = kernel;
  interrupts.beginReading(cpu);
  heldLeaf.hold(slot, page);
  const { level, low, table, index } = heldLeaf;
  const found = isInstalledLeaf(level, low);
  if (found) zap(kernel, slot, table, index, level);
  heldLeaf.letGo();
  interrupts.endReading(cpu);
  if (!found) return 0;
  const frame = leafFrame(level, setters.low, setters.high);
  if (isPresent(setters.low)) kernel.shootdown.flush(slot, cpu);
  kernel.frames.unname(frame, level);
  return 1;
}
