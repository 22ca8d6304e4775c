/**
 * Entries in memory: the four ways in which the kernel touches one (W14), and its walk to the entry of a page.
 *
 * An entry is two words, so a hardware walk can see it half written. The order of the stores keeps that harmless: a
 * low word with P set is never visible before the high word that belongs to it.
 */
import type { MemoryPort } from "../memory-port.js";
import { FRAME_LOW_BITS, FRAME_SHIFT, LARGE, leadsOn, PRESENT, PROT_NONE, tableFrameOf } from "./entry.js";
import { ENTRY_WORDS, type TableLayout } from "./layout.js";

// A constant of this module is part of the compiled code; an imported one is loaded and checked at every use.
const INSTALLED = PRESENT | PROT_NONE;
const LEAF = LARGE;
const FRAME = FRAME_SHIFT;
const FRAME_LOW = FRAME_LOW_BITS;
/** Entries are words apart that a shift can multiply with. */
const ENTRY_SHIFT = 1;
if (1 << ENTRY_SHIFT !== ENTRY_WORDS) throw new Error("an entry is not 2^ENTRY_SHIFT words");

export class EntryMemory {
  readonly memory: MemoryPort;
  readonly layout: TableLayout;
  /** The high word that the last {@link clear} removed. */
  clearedHigh = 0;
  /** The level of the entry that the last {@link find} answered. */
  level = 0;

  constructor(memory: MemoryPort, layout: TableLayout) {
    this.memory = memory;
    this.layout = layout;
  }

  low(entry: number): number {
    return this.memory.load("entry.low", entry);
  }

  high(entry: number): number {
    return this.memory.load("entry.high", entry + 1);
  }

  /** Sets an entry that is not present: high, then low, which publishes it. */
  set(entry: number, low: number, high: number): void {
    this.memory.store("entry.setHigh", entry + 1, high);
    this.memory.store("entry.setLow", entry, low);
  }

  /** Clears an entry: exchanges low with 0, then clears high. Answers the low word, with all that hardware had set. */
  clear(entry: number): number {
    const low = this.memory.exchange("entry.clearLow", entry, 0);
    this.clearedHigh = this.memory.load("entry.high", entry + 1);
    this.memory.store("entry.clearHigh", entry + 1, 0);
    return low;
  }

  /** Fills a table that nobody can reach yet with zeros. */
  zeroTable(frame: number): void {
    const first = this.layout.tableIndex(frame);
    for (let word = first; word < first + this.layout.tableWords; word++) this.memory.store("entry.zero", word, 0);
  }

  /**
   * The kernel's walk: follows the installed pointers from `root` for a page and answers the word index of the entry
   * where they end: a leaf, or an entry that is not installed. `level` then tells its level. Sets no A.
   */
  find(root: number, page: number): number {
    const high = this.layout.highOf(page);
    return this.findHalves(root, high, this.layout.lowOf(page, high));
  }

  /** {@link find} for a page number in its two halves (layout.ts): the hot form. */
  findHalves(root: number, high: number, low: number): number {
    const { layout, memory } = this;
    const { indexBits, indexMask } = layout;
    let table = layout.tableIndex(root);
    let level = layout.levels;
    // The levels above 2 index the high half; the two below are unrolled, because every page passes them.
    for (let shift = layout.topShift; shift >= 0; shift -= indexBits) {
      const entry = table + (((high >>> shift) & indexMask) << ENTRY_SHIFT);
      const word = memory.load("find.low", entry);
      if ((word & INSTALLED) === 0 || (word & LEAF) !== 0) {
        this.level = level;
        return entry;
      }
      table = layout.tableIndex((word >>> FRAME) | (memory.load("find.high", entry + 1) << FRAME_LOW));
      level--;
    }
    const entry = table + ((low >>> indexBits) << ENTRY_SHIFT);
    const word = memory.load("find.low", entry);
    if ((word & INSTALLED) === 0 || (word & LEAF) !== 0) {
      this.level = 2;
      return entry;
    }
    this.level = 1;
    table = layout.tableIndex((word >>> FRAME) | (memory.load("find.high", entry + 1) << FRAME_LOW));
    return table + ((low & indexMask) << ENTRY_SHIFT);
  }

  /**
   * The word index of the page's entry of exactly this level, down the pointers; −1 if they end above it.
   * @param level 1 to `levels`
   */
  entryAt(root: number, page: number, level: number): number {
    const layout = this.layout;
    const high = layout.highOf(page);
    const low = layout.lowOf(page, high);
    let table = root;
    for (let at = layout.levels; ; at--) {
      const entry = layout.entryIndex(table, layout.indexAt(at, high, low));
      if (at === level) return entry;
      const word = this.memory.load("find.low", entry);
      if (!leadsOn(word)) return -1;
      table = tableFrameOf(word, this.memory.load("find.high", entry + 1));
    }
  }
}
