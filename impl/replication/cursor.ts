/**
 * Finding what stands in the tree of an address space: the next leaf of any kind, or the next table of a level.
 *
 * Both follow the tree that the kernel walks, from the home root, and skip what is empty in one stride. The fields say
 * what was found; they are valid until the next search.
 */
import { frameOf, isInstalled, isLeaf, isPresent } from "../page-table/entry.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { TableLayout } from "../page-table/layout.js";

export class Cursor {
  /** First page of the leaf, or of what the table spans. */
  page = 0;
  /** Level of the leaf, or of the entry that points to the table. */
  level = 0;
  /** The table that holds the entry, and the entry's place in it. */
  table = 0;
  index = 0;
  /** The entry's low word, and its word index. */
  low = 0;
  entry = 0;
  private readonly entries: EntryMemory;
  private readonly layout: TableLayout;

  constructor(entries: EntryMemory) {
    this.entries = entries;
    this.layout = entries.layout;
  }

  /** The first entry that is not empty and no pointer, for a page from `from` on and before `end`. */
  nextLeaf(root: number, from: number, end: number): boolean {
    let page = from;
    while (page < end) {
      this.descend(root, page, 1);
      if (this.low !== 0) return true;
      page = this.skipEmpty(page, end);
    }
    return false;
  }

  /** The first pointer to a table of level `level`, for a page from `from` on and before `end`. */
  nextTable(root: number, level: number, from: number, end: number): boolean {
    let page = from;
    while (page < end) {
      this.descend(root, page, level + 1);
      if (this.level === level + 1 && isPointer(this.level, this.low)) return true;
      page = this.page + this.layout.span(this.level);
    }
    return false;
  }

  /** Frame of the table that the entry points to. */
  child(): number {
    return frameOf(this.low, this.entries.high(this.entry));
  }

  /** Goes down to the entry of a page where the path ends, at `lowest` at the latest. */
  private descend(root: number, page: number, lowest: number): void {
    const layout = this.layout;
    const high = layout.highOf(page);
    const lowHalf = layout.lowOf(page, high);
    let table = root;
    for (let level = layout.levels; ; level--) {
      const index = layout.indexAt(level, high, lowHalf);
      const entry = layout.entryIndex(table, index);
      const low = this.entries.low(entry);
      if (level === lowest || !isPointer(level, low)) {
        this.table = table;
        this.level = level;
        this.index = index;
        this.entry = entry;
        this.low = low;
        const span = layout.span(level);
        this.page = Math.floor(page / span) * span;
        return;
      }
      table = frameOf(low, this.entries.high(entry));
    }
  }

  /** The page behind the run of empty entries that begins here, within one table. */
  private skipEmpty(page: number, end: number): number {
    const span = this.layout.span(this.level);
    let next = this.page + span;
    let entry = this.entry;
    for (let index = this.index + 1; index < this.layout.entriesPerTable && next < end; index++) {
      entry = this.layout.entryIndex(this.table, index);
      if (this.entries.low(entry) !== 0) break;
      next += span;
    }
    return Math.max(next, page + 1);
  }
}

/** The entry points to a table. */
export function isPointer(level: number, low: number): boolean {
  return isPresent(low) && !isLeaf(level, low);
}

/** The entry is a leaf that names its frame: present, or kept without access (W26). */
export function isInstalledLeaf(level: number, low: number): boolean {
  return isInstalled(low) && isLeaf(level, low);
}
