/**
 * Single leaves of 4 KiB in numbers: what a simulator or a runtime calls page by page, without ranges, TLBs or flushes.
 *
 * These do what the walks and setters of the operations do, entry by entry and link by link in the same order, with
 * everything that does not depend on the page kept in fields. They follow the low words of pointers alone, so they are for
 * machines of up to 2^20 frames, and for all rules in force. Whoever calls this keeps the frames, and flushes.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import type { MemoryPort } from "../memory-port.js";
import { ACCESSED, DIRTY, FRAME_LOW_BITS, FRAME_SHIFT, LARGE, PRESENT, PROT_NONE } from "../page-table/entry.js";
import { ENTRY_WORDS } from "../page-table/layout.js";
import { ENOMEM, NONE } from "./codes.js";
import type { Counters } from "./counters.js";
import type { Kernel } from "./kernel.js";

// A constant of this module is part of the compiled code; an imported one is loaded at every use.
const SHIFT = FRAME_SHIFT;
const INSTALLED = PRESENT | PROT_NONE;
const POINTER = PRESENT;
const LEAF = LARGE;
const USED = ACCESSED | DIRTY;
const A = ACCESSED;
const NO_TABLE = -1;
const RING_MAX = NODE_SLOTS;
const ENTRY_SHIFT = 1;
if (1 << ENTRY_SHIFT !== ENTRY_WORDS) throw new Error("an entry is not 2^ENTRY_SHIFT words");

export class LeafAccess {
  private readonly kernel: Kernel;
  private readonly memory: MemoryPort;
  private readonly linkBase: number;
  private readonly indexBits: number;
  private readonly indexMask: number;
  private readonly topShift: number;
  private readonly counters: Counters;
  private readonly setCounter: number;
  private readonly clearCounter: number;
  private readonly slot: number;
  private readonly cpu: number;
  private readonly root: number;
  private readonly lowPages: number;
  private readonly perLowPages: number;
  /** Word index of each table frame's memory: constants of the geometry, looked up because a division is dear. */
  private readonly tableWord: Int32Array;

  /**
   * @param slot an address space in use; its home root stays the same as long as it lives
   * @param cpu whose node missing tables are wanted on
   * @throws PagetwinError `GEOMETRY` for a machine of more than 2^20 frames
   */
  constructor(kernel: Kernel, slot: number, cpu: number) {
    const { tables } = kernel;
    this.kernel = kernel;
    this.memory = kernel.memory;
    this.linkBase = kernel.layout.linkBase;
    this.indexBits = tables.indexBits;
    this.indexMask = tables.entriesPerTable - 1;
    this.topShift = tables.indexBits * (tables.levels - 3);
    this.counters = kernel.counters;
    this.setCounter = kernel.counters.at.counter(kernel.counters.at.sets, kernel.counters.position(1));
    this.clearCounter = kernel.counters.at.getAndClears;
    this.slot = slot;
    this.cpu = cpu;
    this.root = kernel.spaces.root(slot);
    this.lowPages = 2 ** (2 * tables.indexBits);
    this.perLowPages = 1 / this.lowPages;
    const frames = kernel.layout.nodes * tables.framesPerNode;
    if (frames > 2 ** FRAME_LOW_BITS) {
      throw new PagetwinError("GEOMETRY", `${frames} frames: expected at most 2^${FRAME_LOW_BITS} for access by leaf`);
    }
    this.tableWord = new Int32Array(frames);
    for (let number = 0; number < kernel.layout.tableFrames; number++) {
      const frame = kernel.layout.tableFrame(number);
      this.tableWord[frame] = tables.tableIndex(frame);
    }
  }

  /**
   * Sets a page's leaf in every member of its table's ring, and makes the tables on its path that are missing. The
   * leaf must not be present (W14).
   * @returns 0, or ENOMEM with the tables undone
   */
  set(page: number, low: number, high: number): number {
    const pageHigh = (page * this.perLowPages) | 0;
    const pageLow = (page - pageHigh * this.lowPages) | 0;
    let table = this.leafTable(this.root, pageHigh, pageLow);
    if (table === NO_TABLE) {
      table = this.makePath(page);
      if (table < 0) return table;
    }
    const offset = (pageLow & this.indexMask) << ENTRY_SHIFT;
    const { memory, linkBase } = this;
    const entry = this.tableWord[table]! + offset;
    memory.store("setLeaf.high", entry + 1, high);
    memory.store("setLeaf.low", entry, low);
    const link = memory.load("setLeaf.link", linkBase + table);
    if (link !== 0) this.setOthers(table, link, offset, low, high);
    return 0;
  }

  private setOthers(table: number, first: number, offset: number, low: number, high: number): void {
    const { memory, linkBase, tableWord } = this;
    this.counters.add(this.setCounter, 1);
    let link = first;
    for (let step = 1; step < RING_MAX && link !== 0 && link - 1 !== table; step++) {
      const member = tableWord[link - 1]! + offset;
      memory.store("setLeaf.high", member + 1, high);
      memory.store("setLeaf.low", member, low);
      link = memory.load("setLeaf.link", linkBase + link - 1);
    }
  }

  /** Takes a page's leaf out of every member. @returns its low word with A and D of all members, 0 if there was none */
  clear(page: number): number {
    const pageHigh = (page * this.perLowPages) | 0;
    const pageLow = (page - pageHigh * this.lowPages) | 0;
    const table = this.leafTable(this.root, pageHigh, pageLow);
    if (table === NO_TABLE) return 0;
    const offset = (pageLow & this.indexMask) << ENTRY_SHIFT;
    const { memory, linkBase } = this;
    const entry = this.tableWord[table]! + offset;
    const old = memory.exchange("clearLeaf.low", entry, 0);
    memory.store("clearLeaf.high", entry + 1, 0);
    const link = memory.load("clearLeaf.link", linkBase + table);
    return link === 0 ? old : this.clearOthers(table, link, offset, old);
  }

  private clearOthers(table: number, first: number, offset: number, home: number): number {
    const { memory, linkBase, tableWord } = this;
    this.counters.add(this.clearCounter, 1);
    let old = home;
    let link = first;
    for (let step = 1; step < RING_MAX && link !== 0 && link - 1 !== table; step++) {
      const member = tableWord[link - 1]! + offset;
      const low = memory.exchange("clearLeaf.low", member, 0);
      memory.store("clearLeaf.high", member + 1, 0);
      // Members that name another frame, or are not there, add nothing (W3).
      if ((low & INSTALLED) !== 0 && (low ^ old) >>> SHIFT === 0) old |= low & USED;
      link = memory.load("clearLeaf.link", linkBase + link - 1);
    }
    return old;
  }

  /** A page's low word with A and D of all members (W3), 0 if it has no leaf. Counts nothing. */
  read(page: number): number {
    const pageHigh = (page * this.perLowPages) | 0;
    const pageLow = (page - pageHigh * this.lowPages) | 0;
    const table = this.leafTable(this.root, pageHigh, pageLow);
    return table === NO_TABLE ? 0 : this.kernel.readers.aggregated(table, pageLow & this.indexMask, 1);
  }

  /**
   * The hardware's walk for a read from any root, without rights and caches: sets A on the way and in the leaf.
   * @returns the frame of the page's 4 KiB leaf, NONE if there is none
   */
  walk(root: number, page: number): number {
    const pageHigh = (page * this.perLowPages) | 0;
    const pageLow = (page - pageHigh * this.lowPages) | 0;
    const { memory, indexBits, indexMask } = this;
    let table = root;
    for (let shift = this.topShift; shift >= 0; shift -= indexBits) {
      table = this.follow(this.tableWord[table]! + (((pageHigh >>> shift) & indexMask) << ENTRY_SHIFT));
      if (table === NO_TABLE) return NONE;
    }
    table = this.follow(this.tableWord[table]! + ((pageLow >>> indexBits) << ENTRY_SHIFT));
    if (table === NO_TABLE) return NONE;
    const entry = this.tableWord[table]! + ((pageLow & indexMask) << ENTRY_SHIFT);
    const low = memory.load("walkLeaf.low", entry);
    if ((low & POINTER) === 0) return NONE;
    if ((low & A) === 0) memory.or("walkLeaf.mark", entry, A);
    return low >>> SHIFT;
  }

  /** One level of {@link walk}: the table that an entry points to, NO_TABLE if it points to none. */
  private follow(entry: number): number {
    const low = this.memory.load("walkLeaf.pointer", entry);
    if ((low & (POINTER | LEAF)) !== POINTER) return NO_TABLE;
    if ((low & A) === 0) this.memory.or("walkLeaf.markPointer", entry, A);
    return low >>> SHIFT;
  }

  /** The leaf table of a page as the kernel's walk meets it, NO_TABLE if the path ends above. */
  private leafTable(root: number, pageHigh: number, pageLow: number): number {
    const { memory, indexBits, indexMask } = this;
    let table = root;
    for (let shift = this.topShift; shift >= 0; shift -= indexBits) {
      const low = memory.load(
        "leafTable.low",
        this.tableWord[table]! + (((pageHigh >>> shift) & indexMask) << ENTRY_SHIFT),
      );
      if ((low & (POINTER | LEAF)) !== POINTER) return NO_TABLE;
      table = low >>> SHIFT;
    }
    const low = memory.load("leafTable.low", this.tableWord[table]! + ((pageLow >>> indexBits) << ENTRY_SHIFT));
    return (low & (POINTER | LEAF)) === POINTER ? low >>> SHIFT : NO_TABLE;
  }

  private makePath(page: number): number {
    const { allocate } = this.kernel;
    allocate.begin();
    const table = allocate.path(this.slot, this.cpu, page, 1);
    if (table !== NONE) return table;
    allocate.undo();
    return ENOMEM;
  }
}
