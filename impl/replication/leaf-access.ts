/**
 * Single leaves of 4 KiB in numbers: what a simulator or a runtime calls page by page, without ranges, TLBs or flushes.
 *
 * These do what the walks and setters of the operations do, entry by entry and link by link in the same order, with
 * everything that does not depend on the page kept in fields. They follow the low words of pointers alone, so they are for
 * machines of up to 2^20 frames, and for all rules in force. Whoever calls this keeps the frames, and flushes.
 *
 * Each operation has two ways to the leaf's table: the straight one, for x86-64's four levels with every table on the
 * root's node, which is how tables lie unless a node has run out; and one beside it for everything else.
 *
 * A page number comes in its two halves (`highOf` and `lowOf` of the layout): whoever goes from page to page has them
 * as small integers, and a double would be converted once for each level.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import { ACCESSED, FRAME_LOW_BITS, FRAME_SHIFT, LARGE, PRESENT } from "../page-table/entry.js";
import { ENTRY_WORDS } from "../page-table/layout.js";
import { ENOMEM, NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { LeafMembers } from "./leaf-members.js";
import { TreeStart } from "./tree-start.js";

// A constant of this module is part of the compiled code; an imported one is loaded at every use.
const SHIFT = FRAME_SHIFT;
const POINTER = PRESENT;
const LEAF = LARGE;
const A = ACCESSED;
const NO_TABLE = -1;
const NO_LEAF = NONE;
const LEADS = POINTER | LEAF;
const X86_INDEX_BITS = 9;
const X86_INDEX_MASK = (1 << X86_INDEX_BITS) - 1;
const ENTRY_SHIFT = 1;
const X86_TABLE_SHIFT = X86_INDEX_BITS + ENTRY_SHIFT;
if (1 << ENTRY_SHIFT !== ENTRY_WORDS) throw new Error("an entry is not 2^ENTRY_SHIFT words");

export class LeafAccess {
  private readonly kernel: Kernel;
  private readonly memory: MemoryPort;
  private readonly linkBase: number;
  private readonly indexBits: number;
  private readonly indexMask: number;
  private readonly topShift: number;
  private readonly slot: number;
  private readonly cpu: number;
  private readonly home: TreeStart;
  /** The start of the last {@link walk}. */
  private readonly walked: TreeStart;
  /** Word index of each table frame's memory: constants of the geometry, looked up because a division is dear. */
  private readonly tableWord: Int32Array;
  private readonly members: LeafMembers;

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
    this.slot = slot;
    this.cpu = cpu;
    const frames = kernel.layout.nodes * tables.framesPerNode;
    if (frames > 2 ** FRAME_LOW_BITS) {
      throw new PagetwinError("GEOMETRY", `${frames} frames: expected at most 2^${FRAME_LOW_BITS} for access by leaf`);
    }
    this.tableWord = new Int32Array(frames);
    this.members = new LeafMembers(kernel);
    for (let number = 0; number < kernel.layout.tableFrames; number++) {
      const frame = kernel.layout.tableFrame(number);
      this.tableWord[frame] = tables.tableIndex(frame);
    }
    this.home = new TreeStart(tables);
    this.home.moveTo(kernel.spaces.root(slot));
    this.walked = new TreeStart(tables);
  }

  /**
   * Sets a page's leaf in every member of its table's ring, and makes the tables on its path that are missing. The
   * leaf must not be present (W14).
   * @returns 0, or ENOMEM with the tables undone
   */
  set(pageHigh: number, pageLow: number, low: number, high: number): number {
    const { home } = this;
    const table = this.straight(home, pageHigh, pageLow, A, 0);
    if (table === NO_TABLE) return this.setBeside(pageHigh, pageLow, low, high);
    const offset = (pageLow & X86_INDEX_MASK) << ENTRY_SHIFT;
    return this.setIn((home.first + table) | 0, (home.origin + (table << X86_TABLE_SHIFT)) | 0, offset, low, high);
  }

  private setBeside(pageHigh: number, pageLow: number, low: number, high: number): number {
    let table = this.tableOf(pageHigh, pageLow);
    if (table === NO_TABLE) table = this.makePath(pageHigh, pageLow);
    return table < 0 ? table : this.setIn(table, this.tableWord[table]!, this.offsetOf(pageLow), low, high);
  }

  private setIn(table: number, entries: number, offset: number, low: number, high: number): number {
    const { memory } = this;
    const entry = (entries + offset) | 0;
    memory.store("setLeaf.high", (entry + 1) | 0, high | 0);
    memory.store("setLeaf.low", entry, low | 0);
    const link = memory.load("leaf.link", (this.linkBase + table) | 0);
    if (link !== 0) this.members.set(table + 1, link, offset, low | 0, high | 0);
    return 0;
  }

  /** Takes a page's leaf out of every member. @returns its low word with A and D of all members, 0 if there was none */
  clear(pageHigh: number, pageLow: number): number {
    const { home } = this;
    const table = this.straight(home, pageHigh, pageLow, A, 0);
    if (table === NO_TABLE) return this.clearBeside(pageHigh, pageLow);
    const offset = (pageLow & X86_INDEX_MASK) << ENTRY_SHIFT;
    return this.clearIn((home.first + table) | 0, (home.origin + (table << X86_TABLE_SHIFT)) | 0, offset);
  }

  private clearBeside(pageHigh: number, pageLow: number): number {
    const table = this.tableOf(pageHigh, pageLow);
    return table === NO_TABLE ? 0 : this.clearIn(table, this.tableWord[table]!, this.offsetOf(pageLow));
  }

  private clearIn(table: number, entries: number, offset: number): number {
    const { memory } = this;
    const entry = (entries + offset) | 0;
    const old = memory.exchange("clearLeaf.low", entry, 0);
    memory.store("clearLeaf.high", (entry + 1) | 0, 0);
    const link = memory.load("leaf.link", (this.linkBase + table) | 0);
    return link === 0 ? old : this.members.clear(table + 1, link, offset, old);
  }

  /** A page's low word with A and D of all members (W3), 0 if it has no leaf. Counts nothing. */
  read(pageHigh: number, pageLow: number): number {
    const table = this.tableOf(pageHigh, pageLow);
    return table === NO_TABLE ? 0 : this.kernel.readers.aggregated(table, pageLow & this.indexMask, 1);
  }

  /**
   * The hardware's walk for a read from any root, without rights and caches: sets A on the way and in the leaf.
   * @returns the frame of the page's 4 KiB leaf, NONE if there is none
   */
  walk(root: number, pageHigh: number, pageLow: number): number {
    const from = this.walked;
    if (root !== from.root) from.moveTo(root);
    const table = this.straight(from, pageHigh, pageLow, 0, A);
    if (table === NO_TABLE) return this.walkBeside(root, pageHigh, pageLow);
    const offset = (pageLow & X86_INDEX_MASK) << ENTRY_SHIFT;
    return this.walkIn((from.origin + offset + (table << X86_TABLE_SHIFT)) | 0);
  }

  private walkBeside(root: number, pageHigh: number, pageLow: number): number {
    const table = this.markPath(root, pageHigh, pageLow);
    return table === NO_TABLE ? NO_LEAF : this.walkIn(this.tableWord[table]! + this.offsetOf(pageLow));
  }

  private walkIn(entry: number): number {
    const { memory } = this;
    const low = memory.load("walkLeaf.low", entry);
    if ((low & POINTER) === 0) return NO_LEAF;
    if ((low & A) === 0) memory.or("walkLeaf.mark", entry, A);
    return low >>> SHIFT;
  }

  /**
   * The leaf table of a page with x86-64's four levels, as its distance from the node's first, if the way there is
   * straight: every table lies on the root's node, and every pointer is one that the system makes, with A as it is wanted.
   * NO_TABLE says that it is not, or that there is no table.
   * @param ignored bits of a pointer that may be set or clear; `wanted`: bits that must be set besides TABLE_FLAGS
   */
  private straight(from: TreeStart, pageHigh: number, pageLow: number, ignored: number, wanted: number): number {
    const { memory } = this;
    const { origin } = from;
    const count = from.count >>> 0;
    const kept = ~ignored;
    const pointer = from.pointer | wanted;
    const top = (from.entries + (((pageHigh >>> X86_INDEX_BITS) & from.mask) << ENTRY_SHIFT)) | 0;
    let apart = ((memory.load("straight.low", top) & kept) - pointer) | 0;
    let table = (apart >>> SHIFT) | (apart << (32 - SHIFT));
    if (table >>> 0 >= count) return NO_TABLE;
    const middle = (origin + ((pageHigh & X86_INDEX_MASK) << ENTRY_SHIFT)) | 0;
    apart = ((memory.load("straight.low", (middle + (table << X86_TABLE_SHIFT)) | 0) & kept) - pointer) | 0;
    table = (apart >>> SHIFT) | (apart << (32 - SHIFT));
    if (table >>> 0 >= count) return NO_TABLE;
    const last = (origin + (((pageLow >>> X86_INDEX_BITS) & X86_INDEX_MASK) << ENTRY_SHIFT)) | 0;
    apart = ((memory.load("straight.low", (last + (table << X86_TABLE_SHIFT)) | 0) & kept) - pointer) | 0;
    table = (apart >>> SHIFT) | (apart << (32 - SHIFT));
    return table >>> 0 >= count ? NO_TABLE : table;
  }

  /** The leaf table of a page as the kernel's walk meets it, whatever the levels; NO_TABLE if the path ends above. */
  private tableOf(pageHigh: number, pageLow: number): number {
    const { memory, tableWord, indexBits, indexMask } = this;
    let table = this.home.root;
    for (let shift = this.topShift; shift >= -indexBits; shift -= indexBits) {
      const index = shift < 0 ? pageLow >>> (shift + 2 * indexBits) : pageHigh >>> shift;
      const low = memory.load("leafTable.low", tableWord[table]! + ((index & indexMask) << ENTRY_SHIFT));
      if ((low & LEADS) !== POINTER) return NO_TABLE;
      table = low >>> SHIFT;
    }
    return table;
  }

  /** The leaf table of a page as the hardware's walk meets it: sets A in every pointer that it follows. */
  private markPath(root: number, pageHigh: number, pageLow: number): number {
    const { memory, tableWord, indexBits, indexMask } = this;
    let table = root;
    for (let shift = this.topShift; shift >= -indexBits; shift -= indexBits) {
      const index = shift < 0 ? pageLow >>> (shift + 2 * indexBits) : pageHigh >>> shift;
      const entry = tableWord[table]! + ((index & indexMask) << ENTRY_SHIFT);
      const low = memory.load("walkLeaf.pointer", entry);
      if ((low & LEADS) !== POINTER) return NO_TABLE;
      if ((low & A) === 0) memory.or("walkLeaf.markPointer", entry, A);
      table = low >>> SHIFT;
    }
    return table;
  }

  /** Words from the beginning of a leaf table to the page's entry. */
  private offsetOf(pageLow: number): number {
    return (pageLow & this.indexMask) << ENTRY_SHIFT;
  }

  private makePath(pageHigh: number, pageLow: number): number {
    const { allocate } = this.kernel;
    allocate.begin();
    const table = allocate.path(this.slot, this.cpu, this.kernel.tables.pageOf(pageHigh, pageLow), 1);
    if (table !== NONE) return table;
    allocate.undo();
    return ENOMEM;
  }
}
