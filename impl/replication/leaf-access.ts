/**
 * Single leaves of 4 KiB in numbers: what a simulator or a runtime calls page by page, without ranges, TLBs or flushes.
 *
 * These do what the walks and setters of the operations do, entry by entry and link by link in the same order, with
 * everything that does not depend on the page kept in fields. They follow the low words of pointers alone, so they are for
 * machines of up to 2^20 frames, and for all rules in force. Whoever calls this keeps the frames, and flushes.
 *
 * Each operation has two ways to the leaf's table: the straight one, for x86-64's four levels with every table on the
 * root's node, which is how tables lie unless a node has run out; and one beside it for everything else, which is that of
 * the operations.
 *
 * V8 compiles an operation into its caller's loop as long as the bytecode of all its parts is short: 766 bytes with Node
 * 20, of which `set` has 751. As a call it costs 4 ns more, so what happens rarely is a call of its own.
 *
 * A page number comes in its two halves (`highOf` and `lowOf` of the layout): whoever goes from page to page has them
 * as small integers, and a double would be converted once for each level.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import { ACCESSED, DIRTY, FRAME_LOW_BITS, FRAME_SHIFT, LARGE, PRESENT, PROT_NONE } from "../page-table/entry.js";
import { ENTRY_WORDS, type TableLayout } from "../page-table/layout.js";
import { ENOMEM, NONE } from "./codes.js";
import { NO_LINK as NO_NEXT } from "./descriptors.js";
import type { Kernel } from "./kernel.js";
import { TreeStart } from "./tree-start.js";

// A constant of this module is part of the compiled code; an imported one is loaded at every use.
const SHIFT = FRAME_SHIFT;
const POINTER = PRESENT;
const LEAF = LARGE;
const A = ACCESSED;
const INSTALLED = PRESENT | PROT_NONE;
const USED = ACCESSED | DIRTY;
const NO_LINK = NO_NEXT;
const HIGH = 1;
const NO_LEAF = NONE;
const NO_WAY = -1;
/** Which bits of a pointer's low word count. */
const ALL_BITS = -1;
const WITH_OR_WITHOUT_A = ~ACCESSED;
const LEADS = POINTER | LEAF;
const X86_INDEX_BITS = 9;
const ENTRY_SHIFT = 1;
/** An entry's offset in its table is an index turned by ENTRY_SHIFT. */
const X86_OFFSETS = ((1 << X86_INDEX_BITS) - 1) << ENTRY_SHIFT;
const UPPER_INDEX_SHIFT = X86_INDEX_BITS - ENTRY_SHIFT;
const X86_TABLE_SHIFT = X86_INDEX_BITS + ENTRY_SHIFT;
const WAY_TO_WORDS = SHIFT - X86_TABLE_SHIFT;
if (1 << ENTRY_SHIFT !== ENTRY_WORDS) throw new Error("an entry is not 2^ENTRY_SHIFT words");

export class LeafAccess {
  private readonly kernel: Kernel;
  private readonly memory: MemoryPort;
  private readonly tables: TableLayout;
  private readonly slot: number;
  private readonly cpu: number;
  private readonly home: TreeStart;
  /** The start of the last {@link walk}. */
  private readonly walked: TreeStart;
  /** What is added to a link, turned by the words of a table, for the word index of the table's first entry. */
  private readonly fromLink: number;
  private readonly setCounter: number;
  private readonly clearCounter: number;

  /**
   * @param slot an address space in use; its home root stays the same as long as it lives
   * @param cpu whose node missing tables are wanted on
   * @throws PagetwinError `GEOMETRY` for a machine of more than 2^20 frames
   */
  constructor(kernel: Kernel, slot: number, cpu: number) {
    const { counters, layout, tables } = kernel;
    this.kernel = kernel;
    this.memory = kernel.memory;
    this.tables = tables;
    this.slot = slot;
    this.cpu = cpu;
    const frames = layout.nodes * tables.framesPerNode;
    if (frames > 2 ** FRAME_LOW_BITS) {
      throw new PagetwinError("GEOMETRY", `${frames} frames: expected at most 2^${FRAME_LOW_BITS} for access by leaf`);
    }
    this.home = new TreeStart(layout, false);
    this.home.moveTo(kernel.spaces.root(slot));
    this.walked = new TreeStart(layout, true);
    this.fromLink = (tables.tableBase - (layout.linkBase << X86_TABLE_SHIFT)) | 0;
    this.setCounter = counters.at.counter(counters.at.sets, counters.position(1));
    this.clearCounter = counters.at.getAndClears;
  }

  /**
   * Sets a page's leaf in every member of its table's ring, and makes the tables on its path that are missing. The
   * leaf must not be present (W14). Two members a turn: V8 looks at all objects anew in each turn, but for the first one,
   * which it takes out of the loop.
   * @returns 0, or ENOMEM with the tables undone
   */
  set(pageHigh: number, pageLow: number, low: number, high: number): number {
    const { memory, home } = this;
    const way = this.straight(home, pageHigh, pageLow, WITH_OR_WITHOUT_A);
    if (way < 0) return this.setBeside(pageHigh, pageLow, low, high);
    const start = home.link + (way >>> SHIFT);
    const at = this.fromLink + ((pageLow << ENTRY_SHIFT) & X86_OFFSETS);
    let link = start;
    do {
      let entry = ((link << X86_TABLE_SHIFT) + at) | 0;
      memory.store("setLeaf.high", entry | HIGH, high);
      memory.store("setLeaf.low", entry, low);
      link = memory.load("leaf.link", link);
      if (link === start || link === NO_LINK) break;
      entry = ((link << X86_TABLE_SHIFT) + at) | 0;
      memory.store("setLeaf.high", entry | HIGH, high);
      memory.store("setLeaf.low", entry, low);
      link = memory.load("leaf.link", link);
    } while (link !== start && link !== NO_LINK);
    if (link !== NO_LINK && memory.add("statistics.low", this.setCounter, 1) === -1) this.carrySets();
    return 0;
  }

  private setBeside(pageHigh: number, pageLow: number, low: number, high: number): number {
    let table = this.tableOf(pageHigh, pageLow);
    if (table === NONE) table = this.makePath(pageHigh, pageLow);
    if (table === NONE) return ENOMEM;
    this.kernel.setters.set(table, pageLow & this.tables.indexMask, 1, low, high);
    return 0;
  }

  /**
   * Takes a page's leaf out of every member.
   * @returns its low word with A and D of all members that name its frame (W3), 0 if there was none
   */
  clear(pageHigh: number, pageLow: number): number {
    const { memory, home } = this;
    const way = this.straight(home, pageHigh, pageLow, WITH_OR_WITHOUT_A);
    if (way < 0) return this.clearBeside(pageHigh, pageLow);
    const start = home.link + (way >>> SHIFT);
    const at = this.fromLink + ((pageLow << ENTRY_SHIFT) & X86_OFFSETS);
    let entry = ((start << X86_TABLE_SHIFT) + at) | 0;
    const taken = memory.exchange("clearLeaf.low", entry, 0);
    memory.store("clearLeaf.high", entry | HIGH, 0);
    let link = memory.load("leaf.link", start);
    if (link === NO_LINK) return taken;
    if (memory.add("statistics.low", this.clearCounter, 1) === -1) this.carryClears();
    let all = taken;
    while (link !== start && link !== NO_LINK) {
      entry = ((link << X86_TABLE_SHIFT) + at) | 0;
      const low = memory.exchange("clearLeaf.low", entry, 0);
      memory.store("clearLeaf.high", entry | HIGH, 0);
      if ((low & INSTALLED) !== 0 && (low ^ taken) >>> SHIFT === 0) all |= low & USED;
      link = memory.load("leaf.link", link);
    }
    return all;
  }

  private clearBeside(pageHigh: number, pageLow: number): number {
    const { setters } = this.kernel;
    const table = this.tableOf(pageHigh, pageLow);
    if (table === NONE) return 0;
    setters.getAndClear(table, pageLow & this.tables.indexMask, 1);
    return setters.low;
  }

  private carrySets(): void {
    this.kernel.counters.carry(this.setCounter);
  }

  private carryClears(): void {
    this.kernel.counters.carry(this.clearCounter);
  }

  /** A page's low word with A and D of all members (W3), 0 if it has no leaf. Counts nothing. */
  read(pageHigh: number, pageLow: number): number {
    const table = this.tableOf(pageHigh, pageLow);
    return table === NONE ? 0 : this.kernel.readers.aggregated(table, pageLow & this.tables.indexMask, 1);
  }

  /**
   * The hardware's walk for a read from any root, without rights and caches: sets A on the way and in the leaf.
   * @returns the frame of the page's 4 KiB leaf, NONE if there is none
   */
  walk(root: number, pageHigh: number, pageLow: number): number {
    const from = this.walked;
    if (root !== from.root) from.moveTo(root);
    const way = this.straight(from, pageHigh, pageLow, ALL_BITS);
    if (way < 0) return this.walkBeside(root, pageHigh, pageLow);
    return this.walkIn(from.origin + (way >>> WAY_TO_WORDS) + ((pageLow << ENTRY_SHIFT) & X86_OFFSETS));
  }

  private walkBeside(root: number, pageHigh: number, pageLow: number): number {
    const table = this.markPath(root, pageHigh, pageLow);
    return table === NONE ? NO_LEAF : this.walkIn(this.tables.entryIndex(table, pageLow & this.tables.indexMask));
  }

  private walkIn(entry: number): number {
    const { memory } = this;
    const low = memory.load("walkLeaf.low", entry);
    if ((low & POINTER) === 0) return NO_LEAF;
    if ((low & A) === 0) memory.or("walkLeaf.mark", entry, A);
    return low >>> SHIFT;
  }

  /**
   * The way to a page's leaf table with x86-64's four levels, if it is straight: every table lies on the root's node, and
   * every pointer is one that the system makes. It is the distance of the table from the node's first, in the bits of a
   * frame. NO_WAY says that the way is another, or that there is no table.
   */
  private straight(from: TreeStart, pageHigh: number, pageLow: number, kept: number): number {
    const { memory } = this;
    const { origin, pointer, apart } = from;
    const top = (from.entries + ((pageHigh >>> UPPER_INDEX_SHIFT) & from.mask)) | 0;
    let way = (memory.load("straight.low", top) & kept) - pointer;
    if ((way & apart) !== 0) return NO_WAY;
    const middle = (origin + (way >>> WAY_TO_WORDS) + ((pageHigh << ENTRY_SHIFT) & X86_OFFSETS)) | 0;
    way = (memory.load("straight.low", middle) & kept) - pointer;
    if ((way & apart) !== 0) return NO_WAY;
    const last = (origin + (way >>> WAY_TO_WORDS) + ((pageLow >>> UPPER_INDEX_SHIFT) & X86_OFFSETS)) | 0;
    way = (memory.load("straight.low", last) & kept) - pointer;
    return (way & apart) === 0 ? way : NO_WAY;
  }

  /** The leaf table of a page as the kernel's walk meets it, whatever the levels; NONE if the path ends above. */
  private tableOf(pageHigh: number, pageLow: number): number {
    const { memory, tables } = this;
    let table = this.home.root;
    for (let level = tables.levels; level > 1; level--) {
      const low = memory.load("leafTable.low", tables.entryIndex(table, tables.indexAt(level, pageHigh, pageLow)));
      if ((low & LEADS) !== POINTER) return NONE;
      table = low >>> SHIFT;
    }
    return table;
  }

  /** The leaf table of a page as the hardware's walk meets it: sets A in every pointer that it follows. */
  private markPath(root: number, pageHigh: number, pageLow: number): number {
    const { memory, tables } = this;
    let table = root;
    for (let level = tables.levels; level > 1; level--) {
      const entry = tables.entryIndex(table, tables.indexAt(level, pageHigh, pageLow));
      const low = memory.load("walkLeaf.pointer", entry);
      if ((low & LEADS) !== POINTER) return NONE;
      if ((low & A) === 0) memory.or("walkLeaf.markPointer", entry, A);
      table = low >>> SHIFT;
    }
    return table;
  }

  private makePath(pageHigh: number, pageLow: number): number {
    const { allocate } = this.kernel;
    allocate.begin();
    const table = allocate.path(this.slot, this.cpu, this.kernel.tables.pageOf(pageHigh, pageLow), 1);
    if (table === NONE) allocate.undo();
    return table;
  }
}
