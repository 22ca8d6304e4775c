/**
 * Entries in memory: the four ways in which the kernel touches one (W14), and its walk to the entry of a page.
 *
 * An entry is two words, so a hardware walk can see it half written. The order of the stores keeps that harmless: a
 * low word with P set is never visible before the high word that belongs to it.
 */
import type { MemoryPort } from "../memory-port.js";
import { frameOf, isInstalled, isLeaf } from "./entry.js";
import type { TableLayout } from "./layout.js";

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
   * @param lowest stop at this level at the latest, even at a pointer; 1 for a whole walk
   */
  find(root: number, page: number, lowest = 1): number {
    const layout = this.layout;
    const high = layout.highOf(page);
    const low = layout.lowOf(page, high);
    let table = root;
    for (let level = layout.levels; ; level--) {
      const entry = layout.entryIndex(table, layout.indexAt(level, high, low));
      const word = level > lowest ? this.memory.load("find.low", entry) : 0;
      if (level === lowest || !isInstalled(word) || isLeaf(level, word)) {
        this.level = level;
        return entry;
      }
      table = frameOf(word, this.memory.load("find.high", entry + 1));
    }
  }
}
