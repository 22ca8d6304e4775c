/**
 * One address space without replication: its tables, its kernel's operations, and the CPUs that walk it.
 *
 * The whole state is one array of words (layout.ts). The root is the first frame of node 0, for ever. Free table frames
 * are all zero, and no table but the root is ever empty between two operations.
 *
 * The order of stores within an operation is what a concurrent hardware walk relies on: an entry is published by its
 * low word (W14), a table pointer only after its table is filled (W18), and a table is freed only after the flush that
 * removes the last way to reach it (W5).
 */
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { MemoryPort } from "../memory-port.js";
import { highWord, isInstalled, leadsOn, lowWord, TABLE_FLAGS, tableFrameOf } from "./entry.js";
import { EntryMemory } from "./entry-memory.js";
import { FramePool } from "./frame-pool.js";
import { Hardware } from "./hardware.js";
import { ENTRY_WORDS, TableLayout } from "./layout.js";
import { losesRights, rightsHigh, rightsLow, rightsOf } from "./leaf-words.js";
import { PAGE_TABLE_RULES, type PageTableRules } from "./rules.js";

/** Answers of the numeric methods; `entries.level` tells the level that OCCUPIED and ABSENT are about. */
export const DONE = 0;
export const OCCUPIED = 1;
export const ABSENT = 2;
export const NO_MEMORY = 3;
export const NOT_LARGE = 4;
export const NOT_COLLAPSIBLE = 5;

export class PageTable {
  readonly memory: MemoryPort;
  readonly layout: TableLayout;
  readonly entries: EntryMemory;
  readonly tables: FramePool;
  readonly hardware: Hardware;
  readonly rules: PageTableRules;
  /** Frame of the root table. */
  readonly root: number;
  /** The words of the leaf that the last unmap removed, and its level. */
  removedLow = 0;
  removedHigh = 0;
  removedLevel = 0;
  /** Tables that are cut off and wait for the flush. */
  private readonly cutOff: Int32Array;

  private constructor(memory: MemoryPort, layout: TableLayout, rules: PageTableRules) {
    this.memory = memory;
    this.layout = layout;
    this.rules = rules;
    this.entries = new EntryMemory(memory, layout);
    this.tables = FramePool.ofTables(memory, layout);
    this.hardware = new Hardware(memory, layout, rules);
    this.root = layout.firstTableFrame(0);
    this.cutOff = new Int32Array(layout.levels);
  }

  /** Words of the caller's array that a system of this geometry needs. */
  static wordsNeeded(geometry: Geometry): number {
    return new TableLayout(geometry).words;
  }

  /**
   * Uses an array that {@link initialise} has been called on, by this owner or another.
   * @param base the first word of it that is the table's, a multiple of the words of one table
   */
  static attach(memory: MemoryPort, geometry: Geometry, rules: PageTableRules = PAGE_TABLE_RULES, base = 0): PageTable {
    return new PageTable(memory, new TableLayout(geometry, base), rules);
  }

  /** Makes the array an empty address space and idle CPUs. The words must be zero or come from the same geometry. */
  initialise(): void {
    for (let word = this.layout.base; word < this.layout.end; word++) this.memory.store("initialise", word, 0);
    this.tables.initialise();
    this.tables.allocate(0);
    FramePool.ofData(this.memory, this.layout).initialise();
    this.hardware.initialise();
  }

  /**
   * Installs a leaf. Missing tables come from the CPU's node, else from the other online nodes in ascending order (W34).
   * @param level 1 to `layout.leafLevels`; `page` and `frame` are multiples of its span
   * @param lowFlags bits 0 to 11 (and PAT_LARGE) of the entry, with LARGE for a large leaf
   * @returns DONE, OCCUPIED or NO_MEMORY
   */
  map(cpu: number, page: number, level: number, frame: number, lowFlags: number, highFlags: number): number {
    let entry = this.entries.find(this.root, page);
    if (this.entries.level < level) {
      // The walk went through a table where the leaf should be.
      this.entries.level = level;
      return OCCUPIED;
    }
    if (isInstalled(this.entries.low(entry))) return OCCUPIED;
    for (let at = this.entries.level; at > level; at--) {
      const table = this.allocateTable(cpu);
      if (table < 0) {
        // Only what this call has linked is empty on the path, so this takes back exactly that.
        if (this.rules.failedMapUndoes) this.dropEmptyTables(page);
        return NO_MEMORY;
      }
      this.entries.set(entry, lowWord(table, TABLE_FLAGS), highWord(table, 0));
      entry = this.layout.entryIndex(table, this.layout.indexOf(page, at - 1));
    }
    this.entries.set(entry, lowWord(frame, lowFlags), highWord(frame, highFlags));
    return DONE;
  }

  /** Removes the leaf that covers the page. @returns DONE, with the leaf in `removed…`, or ABSENT */
  unmap(page: number): number {
    const entry = this.entries.find(this.root, page);
    if (!isInstalled(this.entries.low(entry))) return ABSENT;
    this.removedLevel = this.entries.level;
    this.removedLow = this.entries.clear(entry);
    this.removedHigh = this.entries.clearedHigh;
    const count = this.cutOffEmptyTables(page);
    if (this.rules.unmapFlushes) this.shootdown(page);
    this.freeCutOff(count);
    return DONE;
  }

  /** Gives the leaf that covers the page other rights, keeping its frame, A and D. @returns DONE or ABSENT */
  protect(page: number, rights: Rights): number {
    const entry = this.entries.find(this.root, page);
    const low = this.entries.low(entry);
    if (!isInstalled(low)) return ABSENT;
    const high = this.entries.high(entry);
    const newHigh = rightsHigh(high, rights);
    if (newHigh === high) {
      this.changeLow(entry, rights);
    } else {
      // XD of a present entry changes only through non-present; what the exchange answers has all of A and D (W14).
      this.entries.set(entry, rightsLow(this.memory.exchange("protect.clearLow", entry, 0), rights), newHigh);
    }
    // Adding rights needs no flush (W31): a stale translation faults once.
    if (this.rules.protectFlushes && losesRights(rightsOf(low, high), rights)) this.shootdown(page);
    return DONE;
  }

  /**
   * Links the tables that are missing on the way to the page's entry of a level, for a caller that is about to use the entry
   * and otherwise calls {@link dropEmptyTables}.
   * @returns the entry's word index, or −1 without memory. If a leaf above the level is in the way, that one's.
   */
  reach(cpu: number, page: number, level: number): number {
    let entry = this.entries.find(this.root, page);
    for (let at = this.entries.level; at > level && !isInstalled(this.entries.low(entry)); at--) {
      const table = this.allocateTable(cpu);
      if (table < 0) {
        this.dropEmptyTables(page);
        return -1;
      }
      this.entries.set(entry, lowWord(table, TABLE_FLAGS), highWord(table, 0));
      entry = this.layout.entryIndex(table, this.layout.indexOf(page, at - 1));
    }
    return entry;
  }

  /** Takes back the tables on the page's way that are empty; a CPU may have walked into them meanwhile. */
  dropEmptyTables(page: number): void {
    const count = this.cutOffEmptyTables(page);
    if (count > 0) this.shootdown(page);
    this.freeCutOff(count);
  }

  /** Drops what any CPU has cached for the page. */
  shootdown(page: number): void {
    for (let cpu = 0; cpu < this.layout.cpus; cpu++) this.hardware.invalidate(cpu, page);
  }

  /** Drops everything that any CPU has cached. */
  shootdownAll(): void {
    for (let cpu = 0; cpu < this.layout.cpus; cpu++) this.hardware.flushCpu(cpu);
  }

  /** A zeroed table frame, from the CPU's node first (W34); −1 if no online node has one. */
  allocateTable(cpu: number): number {
    const own = this.layout.nodeOfCpu(cpu);
    let frame = this.tables.allocate(own);
    for (const node of this.layout.geometry.onlineNodes) {
      if (frame >= 0) break;
      frame = this.tables.allocate(node);
    }
    return frame;
  }

  /** Loads the root on a CPU. */
  load(cpu: number): void {
    this.hardware.loadRoot(cpu, this.root);
  }

  /** Clears the pointers to the tables on the page's path that are empty; they may be freed after a flush (W5). */
  private cutOffEmptyTables(page: number): number {
    let count = 0;
    for (let level = 2; level <= this.layout.levels; level++) {
      const entry = this.entries.entryAt(this.root, page, level);
      if (entry < 0) continue;
      const low = this.entries.low(entry);
      if (!leadsOn(low)) continue;
      const table = tableFrameOf(low, this.entries.high(entry));
      if (!this.isEmpty(table, this.layout.indexOf(page, level - 1))) break;
      this.entries.clear(entry);
      this.cutOff[count++] = table;
    }
    return count;
  }

  private freeCutOff(count: number): void {
    for (let i = 0; i < count; i++) this.tables.free(this.cutOff[i]!);
  }

  /** The table has only zero entries. Looks around `index`, just cleared, first: neighbours come and go together. */
  private isEmpty(table: number, index: number): boolean {
    const first = this.layout.tableIndex(table);
    const mask = this.layout.indexMask;
    if (this.entries.low(first + ((index - 1) & mask) * ENTRY_WORDS) !== 0) return false;
    for (let step = 0; step <= mask; step++) {
      if (this.entries.low(first + ((index + step) & mask) * ENTRY_WORDS) !== 0) return false;
    }
    return true;
  }

  /** A change of the low word alone: again if hardware has set A or D in between. */
  private changeLow(entry: number, rights: Rights): void {
    for (;;) {
      const low = this.entries.low(entry);
      if (this.memory.compareExchange("protect.changeLow", entry, low, rightsLow(low, rights)) === low) return;
    }
  }
}
