/**
 * One kernel's page table for the explored page: a whole table of two levels with a processor that walks it and remembers
 * translations, as small as it can be (paper, section 5.1).
 *
 *   words = [ pools of frames ][ the processor: root, one TLB slot ][ root table ][ leaf table ]        see page-table/layout.ts
 *
 * At rest the processor remembers nothing, and A and D are clear: what hardware has noted is no state of the protocol.
 */
import { geometry } from "../../vocabulary/geometry.js";
import { READ, type Rights, WRITE } from "../../vocabulary/page-table/access.js";
import { PlainPort } from "../memory-port.js";
import { ACCESSED, DIRTY, NO_EXECUTE, PRESENT, USER, WRITABLE } from "../page-table/entry.js";
import { rightsLow } from "../page-table/leaf-words.js";
import { PageTable } from "../page-table/page-table.js";
import { PAGE_TABLE_RULES, type PageTableRules } from "../page-table/rules.js";
import { ENTRY_MAPPED, ENTRY_PRESENT, ENTRY_WRITABLE } from "./permissions.js";

const SHAPE = geometry({
  levels: 2,
  indexBits: 1,
  kernelRootEntries: 0,
  nodes: 1,
  cpusPerNode: 1,
  tableFrames: 2,
  dataFrames: 1,
  tlbSlots: 1,
  walkCacheSlots: 0,
});
/** The frame of the kernel's copy: the one data frame. */
const FRAME = SHAPE.tableFrames;
const PAGE = 0;
const CPU = 0;
const LEAF_LEVEL = 1;

/** Words of one kernel's table. */
export const KERNEL_TABLE_WORDS = PageTable.wordsNeeded(SHAPE);

export class KernelPageTable {
  private readonly table: PageTable;

  /** @param words KERNEL_TABLE_WORDS words */
  constructor(words: Int32Array, rules: PageTableRules = PAGE_TABLE_RULES) {
    this.table = PageTable.attach(new PlainPort(words), SHAPE, rules);
  }

  /** Nothing is mapped. */
  initialise(): void {
    this.table.initialise();
    this.table.load(CPU);
  }

  /** Makes the entry permit just `bits` (`permissions.ts`); translations that permit more are flushed. */
  follow(bits: number): void {
    if ((bits & ENTRY_MAPPED) === 0) return; // an entry that there is stays
    const rights = rightsOfBits(bits);
    const { table } = this;
    const isMapped = table.entries.low(this.leaf()) !== 0;
    if (isMapped) table.protect(PAGE, rights);
    else table.map(CPU, PAGE, LEAF_LEVEL, FRAME, rightsLow(USER, rights), NO_EXECUTE);
  }

  /** What hardware reads in the entry: ENTRY_PRESENT and ENTRY_WRITABLE. */
  bits(): number {
    const low = this.table.entries.low(this.leaf());
    return ((low & PRESENT) === 0 ? 0 : ENTRY_PRESENT) | ((low & WRITABLE) === 0 ? 0 : ENTRY_WRITABLE);
  }

  /** Whether a load of the application goes through: the processor does it, and remembers what it has found. */
  loads(): boolean {
    return this.table.hardware.access(CPU, PAGE, READ) >= 0;
  }

  stores(): boolean {
    return this.table.hardware.access(CPU, PAGE, WRITE) >= 0;
  }

  /** Forgets what the processor has noted, here and in the tables. */
  rest(): void {
    const { table } = this;
    table.hardware.flushCpu(CPU);
    for (let level = SHAPE.levels; level >= LEAF_LEVEL; level--) {
      const entry = table.entries.entryAt(table.root, PAGE, level);
      if (entry < 0) return;
      table.memory.and("entry.rest", entry, ~(ACCESSED | DIRTY));
    }
  }

  /** The entry where the walk of the page ends. */
  private leaf(): number {
    return this.table.entries.find(this.table.root, PAGE);
  }
}

function rightsOfBits(bits: number): Rights {
  if ((bits & ENTRY_PRESENT) === 0) return "---";
  return (bits & ENTRY_WRITABLE) !== 0 ? "rw-" : "r--";
}
