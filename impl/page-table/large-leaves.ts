/**
 * Split and collapse: one large leaf becomes a table of smaller ones, and back (W18, W29).
 *
 * Both replace a present entry that names a frame, so the entry is cleared in between (W14): a CPU that walks there
 * meanwhile faults, finds its kernel busy, and comes again.
 */
import {
  ACCESSED,
  DIRTY,
  HIGH_FLAGS,
  highWord,
  isInstalled,
  isLeaf,
  LARGE,
  LOW_FLAGS,
  leadsOn,
  leafFrame,
  lowWord,
  PAT_LARGE,
  PAT_SMALL,
  TABLE_FLAGS,
  tableFrameOf,
} from "./entry.js";
import { ABSENT, DONE, NO_MEMORY, NOT_COLLAPSIBLE, NOT_LARGE, type PageTable } from "./page-table.js";

const MARKS = ACCESSED | DIRTY;

/** Replaces the large leaf that covers the page by a full table. @returns DONE, ABSENT, NOT_LARGE or NO_MEMORY */
export function split(system: PageTable, cpu: number, page: number): number {
  const { entries, layout, rules } = system;
  const entry = entries.find(system.root, page);
  const level = entries.level;
  if (!isInstalled(entries.low(entry))) return ABSENT;
  if (level === 1) return NOT_LARGE;
  const table = system.allocateTable(cpu);
  if (table < 0) return NO_MEMORY;
  // Cleared before the parts are made, so that they get every A and D that hardware has ever set in the whole (W29).
  const low = entries.clear(entry);
  const high = entries.clearedHigh;
  if (rules.splitFlushes) system.shootdown(page);
  const first = leafFrame(level, low, high);
  const span = layout.span(level - 1);
  const flags = partFlags(level, low) & (rules.splitKeepsMarks ? -1 : ~MARKS);
  for (let index = 0; index < layout.entriesPerTable; index++) {
    const frame = first + index * span;
    entries.set(layout.entryIndex(table, index), lowWord(frame, flags), highWord(frame, high & HIGH_FLAGS));
  }
  entries.set(entry, lowWord(table, TABLE_FLAGS), highWord(table, 0));
  return DONE;
}

/**
 * Replaces the table under the page's entry of `level` by one large leaf, if its entries are leaves of the next
 * smaller size that name consecutive frames from an aligned one, with equal rights and attributes.
 * @returns DONE or NOT_COLLAPSIBLE
 */
export function collapse(system: PageTable, page: number, level: number): number {
  const { entries, layout, rules } = system;
  const entry = entries.entryAt(system.root, page, level);
  if (entry < 0 || !leadsOn(entries.low(entry))) return NOT_COLLAPSIBLE;
  const table = tableFrameOf(entries.low(entry), entries.high(entry));
  if (!isUniform(system, table, level)) return NOT_COLLAPSIBLE;
  entries.clear(entry);
  // The parts' translations and the pointer, on all pages of the range; from here on nobody sets marks in the table.
  if (rules.collapseFlushes) system.shootdownAll();
  const firstLow = entries.low(layout.entryIndex(table, 0));
  const firstHigh = entries.high(layout.entryIndex(table, 0));
  let marks = firstLow & MARKS;
  if (rules.collapseKeepsMarks) {
    for (let index = 1; index < layout.entriesPerTable; index++) {
      marks |= entries.low(layout.entryIndex(table, index)) & MARKS;
    }
  }
  const frame = leafFrame(level - 1, firstLow, firstHigh);
  entries.set(entry, lowWord(frame, wholeFlags(level, firstLow) | marks), highWord(frame, firstHigh & HIGH_FLAGS));
  entries.zeroTable(table);
  system.tables.free(table);
  return DONE;
}

/** The low word's flags of a part, from those of the whole: PAT moves, PS goes where the part is of the smallest size. */
function partFlags(level: number, low: number): number {
  const flags = low & (LOW_FLAGS | PAT_LARGE);
  if (level > 2) return flags;
  return (flags & ~(LARGE | PAT_LARGE)) | ((low & PAT_LARGE) !== 0 ? PAT_SMALL : 0);
}

/** The low word's flags of the whole, without marks, from those of a part. */
function wholeFlags(level: number, low: number): number {
  if (level > 2) return low & (LOW_FLAGS | PAT_LARGE) & ~MARKS;
  return (low & LOW_FLAGS & ~(MARKS | PAT_SMALL)) | LARGE | ((low & PAT_SMALL) !== 0 ? PAT_LARGE : 0);
}

function isUniform(system: PageTable, table: number, level: number): boolean {
  const { entries, layout } = system;
  const firstLow = entries.low(layout.entryIndex(table, 0));
  const firstHigh = entries.high(layout.entryIndex(table, 0));
  const first = leafFrame(level - 1, firstLow, firstHigh);
  const span = layout.span(level - 1);
  if (first % layout.span(level) !== 0) return false;
  for (let index = 0; index < layout.entriesPerTable; index++) {
    const low = entries.low(layout.entryIndex(table, index));
    const high = entries.high(layout.entryIndex(table, index));
    if (!isInstalled(low) || !isLeaf(level - 1, low)) return false;
    // Marks and frame taken away, the words must be the first one's; PAT of a large part counts as a flag.
    const frame = leafFrame(level - 1, low, high);
    if (frame !== first + index * span || (high & HIGH_FLAGS) !== (firstHigh & HIGH_FLAGS)) return false;
    if (((low ^ firstLow) & LOW_FLAGS & ~MARKS) !== 0) return false;
    if (level > 2 && ((low ^ firstLow) & PAT_LARGE) !== 0) return false;
  }
  return true;
}
