/** What a root leads to, as the raw words have it: tables, leaves, pointers. */
import { frameOf, isLeaf, LARGE, leafFrame, MOVING, PRESENT, PROT_NONE } from "../../impl/page-table/entry.js";
import { ENTRY_WORDS } from "../../impl/page-table/layout.js";
import type { ReplicationLayout } from "../../impl/replication/layout.js";

/** A table page that some root leads to. */
export interface TablePage {
  readonly frame: number;
  readonly level: number;
  /** First page that it covers. */
  readonly page: number;
}

/** An entry that is not empty and leads to no table. */
export interface LeafWord {
  /** First page. */
  readonly page: number;
  readonly level: number;
  /** Word index of the entry. */
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

export interface Pointer {
  readonly table: TablePage;
  /** First page that it leads to. */
  readonly page: number;
  readonly index: number;
  readonly low: number;
  readonly high: number;
  readonly child: number;
}

/** What one root leads to, user half only, in ascending order of pages, parents before children. */
export interface Tree {
  readonly root: number;
  readonly tables: readonly TablePage[];
  readonly leaves: readonly LeafWord[];
  /** Pointers to frames that are no table frames. */
  readonly strays: readonly LeafWord[];
  /** Every pointer: where it stands and the frame it names. */
  readonly pointers: readonly Pointer[];
}

export function treeOf(words: Int32Array, layout: ReplicationLayout, root: number): Tree {
  const tables: TablePage[] = [];
  const leaves: LeafWord[] = [];
  const strays: LeafWord[] = [];
  const pointers: Pointer[] = [];
  const { tables: ground, userRootEntries, geometry } = layout;
  const visit = (table: TablePage): void => {
    tables.push(table);
    const { level } = table;
    const count = level === geometry.levels ? userRootEntries : ground.entriesPerTable;
    const first = ground.entryIndex(table.frame, 0);
    for (let at = 0; at < count; at++) {
      const index = first + at * ENTRY_WORDS;
      const low = words[index]!;
      const high = words[index + 1]!;
      if (low === 0 && high === 0) continue;
      const page = table.page + at * ground.span(level);
      if ((low & PRESENT) === 0 || isLeaf(level, low) || (level > 1 && (low & LARGE) !== 0)) {
        leaves.push({ page, level, index, low, high });
        continue;
      }
      const child = frameOf(low, high);
      if (!ground.isTableFrame(child)) {
        strays.push({ page, level, index, low, high });
        continue;
      }
      pointers.push({ table, page, index, low, high, child });
      visit({ frame: child, level: level - 1, page });
    }
  };
  visit({ frame: root, level: geometry.levels, page: 0 });
  return { root, tables, leaves, strays, pointers };
}

/** The leaf is there for the hardware, or kept without access (W26). */
export function isInstalledLeaf(leaf: LeafWord): boolean {
  return (leaf.low & (PRESENT | PROT_NONE)) !== 0;
}

export function isPresentLeaf(leaf: LeafWord): boolean {
  return (leaf.low & PRESENT) !== 0;
}

export function isMovingLeaf(leaf: LeafWord): boolean {
  return (leaf.low & MOVING) !== 0 && (leaf.low & (PRESENT | PROT_NONE)) === 0;
}

export function frameOfLeaf(leaf: LeafWord): number {
  return leafFrame(leaf.level, leaf.low, leaf.high);
}

/** One number for the slot of a level over a page, the same in every tree. Levels are below 8. */
export function placeOf(level: number, page: number): number {
  return page * 8 + level;
}

export function placeText(place: number): string {
  return `level ${place % 8}, page ${Math.floor(place / 8)}`;
}
