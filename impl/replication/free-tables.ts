/** Tables that no range needs any more: found bottom up, taken out of their parents, freed after the flush (W24). */
import type { Kernel } from "./kernel.js";

/**
 * Detaches the tables below the root whose span meets the pages and holds no range any more (D14). The ranges must
 * have been shortened already; the tables wait in `kernel.release`.
 */
export function detachUnneeded(kernel: Kernel, slot: number, page: number, end: number): void {
  const { tables, cursor } = kernel;
  const root = kernel.spaces.root(slot);
  for (let level = 1; level < tables.levels; level++) {
    const span = tables.span(level + 1);
    const first = Math.floor(page / span) * span;
    if (end <= first + span && staysForRange(kernel, slot, page, end, first, first + span)) return;
    let from = first;
    while (cursor.nextTable(root, level, from, end)) {
      const child = cursor.child();
      if (!isNeeded(kernel, slot, page, end, cursor.page, cursor.page + span, child)) {
        kernel.release.detach(cursor.table, cursor.index, level + 1, child);
      }
      from = cursor.page + span;
    }
  }
}

/** All pages lie in one span that keeps its table for a range: then so do the spans above it. */
function staysForRange(kernel: Kernel, slot: number, page: number, end: number, first: number, last: number): boolean {
  return kernel.rules.freeTablesByRange && hasRange(kernel, slot, page, end, first, last);
}

function isNeeded(
  kernel: Kernel,
  slot: number,
  page: number,
  end: number,
  first: number,
  last: number,
  table: number,
): boolean {
  if (!kernel.rules.freeTablesByRange) return !isEmpty(kernel, table);
  return hasRange(kernel, slot, page, end, first, last);
}

/** A range is left in the span. Without its rule only the pages that were asked for count (M55). */
function hasRange(kernel: Kernel, slot: number, page: number, end: number, first: number, last: number): boolean {
  const from = kernel.rules.neighbourKeepsTable ? first : Math.max(first, page);
  const to = kernel.rules.neighbourKeepsTable ? last : Math.min(last, end);
  return kernel.ranges.meets(slot, from, to);
}

function isEmpty(kernel: Kernel, table: number): boolean {
  for (let index = 0; index < kernel.tables.entriesPerTable; index++) {
    if (kernel.entries.low(kernel.tables.entryIndex(table, index)) !== 0) return false;
  }
  return true;
}

/** Frees every table of a space, bottom up, the root last; no CPU runs it any more and its leaves are gone (D25). */
export function freeAllTables(kernel: Kernel, slot: number): void {
  const { tables, cursor, layout } = kernel;
  const root = kernel.spaces.root(slot);
  for (let level = 1; level < tables.levels; level++) {
    const span = tables.span(level + 1);
    let from = 0;
    while (cursor.nextTable(root, level, from, layout.userPages)) {
      const child = cursor.child();
      kernel.entries.clear(cursor.entry);
      kernel.release.table(child, false);
      from = cursor.page + span;
    }
  }
  kernel.release.table(root, false);
}
