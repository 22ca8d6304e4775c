/**
 * The CPUs as actors: each has a loaded root, a TLB and a paging-structure cache, walks the tables by itself and sets
 * A and D in them.
 *
 *   cpu = [ ROOT | TLB slots … | structure-cache slots of level 2 | … of level `levels` ]        ROOT −1 = none loaded
 *
 * An access goes: TLB → deepest cached pointer → tables. Per entry: load low, load high, load low again, and start the
 * entry over if low has changed in between (W14); A and D are set by compare-exchange, so that a bit is never set in an
 * entry that has just been cleared. An access that faults sets no A in the leaf, and A above it as far as it got (W40).
 * A fault drops the CPU's own cached translations of the address (W31), so a stale restriction faults once.
 *
 * Write protection binds supervisor accesses too (CR0.WP = 1); protection keys, SMEP, SMAP and PCIDs are left out, and
 * loading a root flushes everything, global translations included.
 */
import { EXECUTE, SUPERVISOR, WRITE } from "../../vocabulary/page-table/access.js";
import {
  FAULT_EXECUTE,
  FAULT_LEVEL,
  FAULT_NO_ROOT,
  FAULT_NON_CANONICAL,
  FAULT_NOT_PRESENT,
  FAULT_RESERVED,
  FAULT_USER,
  FAULT_WRITE,
} from "../../vocabulary/page-table/fault.js";
import type { MemoryPort } from "../memory-port.js";
import { ACCESSED, DIRTY, frameOf, isLeaf, isPresent, leafFrame } from "./entry.js";
import type { TableLayout } from "./layout.js";
import { PAGE_TABLE_RULES, type PageTableRules } from "./rules.js";
import { ALL_RIGHTS, RIGHT_EXECUTE, RIGHT_USER, RIGHT_WRITE, slotIsDirty, slotLevel, slotRights, Tlb } from "./tlb.js";
import { WalkCache } from "./walk-cache.js";

/** The root word of a CPU that has none. */
export const NO_ROOT = -1;
/** Virtual page numbers have 52 bits: a 64-bit address without its page offset. */
const VIRTUAL_PAGES = 2 ** 52;

export class Hardware {
  readonly memory: MemoryPort;
  readonly layout: TableLayout;
  readonly tlb: Tlb;
  readonly walkCache: WalkCache;
  private readonly rules: PageTableRules;

  constructor(memory: MemoryPort, layout: TableLayout, rules: PageTableRules = PAGE_TABLE_RULES) {
    this.rules = rules;
    this.memory = memory;
    this.layout = layout;
    this.tlb = new Tlb(memory, layout);
    this.walkCache = new WalkCache(memory, layout);
  }

  /** Every CPU without a root, all caches empty. */
  initialise(): void {
    for (let cpu = 0; cpu < this.layout.cpus; cpu++) this.loadRoot(cpu, NO_ROOT);
  }

  /** The frame of the CPU's root table, or NO_ROOT. */
  root(cpu: number): number {
    return this.memory.load("cpu.root", this.layout.cpuIndex(cpu));
  }

  /** Loads a root (the write of CR3) and flushes everything the CPU has cached. */
  loadRoot(cpu: number, frame: number): void {
    this.memory.store("cpu.loadRoot", this.layout.cpuIndex(cpu), frame);
    this.flushCpu(cpu);
  }

  flushCpu(cpu: number): void {
    this.tlb.flush(cpu);
    this.walkCache.flush(cpu);
  }

  /** Drops what the CPU has cached for the page: leaves of all sizes and the pointers on its path. */
  invalidate(cpu: number, page: number): void {
    const high = this.layout.highOf(page);
    const low = this.layout.lowOf(page, high);
    this.tlb.invalidate(cpu, high, low);
    this.walkCache.invalidate(cpu, high, low);
  }

  /**
   * An access by its 52-bit virtual page number (a 64-bit address without its offset). The upper half of the address
   * space is where the bits above the indexed ones are all ones.
   * @returns as {@link access}
   */
  accessVirtual(cpu: number, virtualPage: number, access: number): number {
    const half = this.layout.pages / 2;
    if (virtualPage < half) return this.access(cpu, virtualPage, access);
    if (virtualPage < VIRTUAL_PAGES - half) return -FAULT_NON_CANONICAL;
    return this.access(cpu, virtualPage - (VIRTUAL_PAGES - this.layout.pages), access);
  }

  /**
   * One access of a CPU to a page.
   * @param page the indexed part of the virtual page number, 0 to pages − 1
   * @param access READ, WRITE or EXECUTE, plus SUPERVISOR for the kernel's own
   * @returns the frame of that page, or −(reason + FAULT_LEVEL × level)
   */
  access(cpu: number, page: number, access: number): number {
    const high = this.layout.highOf(page);
    const low = this.layout.lowOf(page, high);
    const slot = this.tlb.find(cpu, high, low);
    if (slot >= 0) {
      const info = this.tlb.info(slot);
      const level = slotLevel(info);
      const missing = neededRights(access) & ~slotRights(info);
      if (missing !== 0) return this.fault(cpu, high, low, level, rightsFault(missing));
      if ((access & WRITE) === 0 || slotIsDirty(info) || !this.rules.writeSetsDirty)
        return this.tlb.frame(slot) + this.offset(level, low);
    }
    return this.walk(cpu, high, low, access);
  }

  /** The walk behind a TLB miss, from the deepest cached pointer or the root. */
  private walk(cpu: number, high: number, low: number, access: number): number {
    let level = this.layout.levels;
    let rights = ALL_RIGHTS;
    let table = this.root(cpu);
    if (table === NO_ROOT) return -FAULT_NO_ROOT;
    for (let cached = 2; cached <= this.layout.levels; cached++) {
      const slot = this.walkCache.find(cpu, cached, high, low);
      if (slot < 0) continue;
      level = cached - 1;
      rights = this.walkCache.rights(slot);
      table = this.walkCache.child(slot);
      break;
    }
    for (;;) {
      const entry = this.layout.entryIndex(table, this.layout.indexAt(level, high, low));
      const wordLow = this.memory.load("walk.low", entry);
      if (!isPresent(wordLow)) return this.fault(cpu, high, low, level, FAULT_NOT_PRESENT);
      const wordHigh = this.memory.load("walk.high", entry + 1);
      if (this.memory.load("walk.lowAgain", entry) !== wordLow) continue;
      const leaf = level <= this.layout.leafLevels && isLeaf(level, wordLow);
      if (this.isReserved(level, leaf, wordLow, wordHigh)) return this.fault(cpu, high, low, level, FAULT_RESERVED);
      const allowed = rights & entryRights(wordLow, wordHigh);
      if (leaf) {
        const missing = neededRights(access) & ~allowed;
        if (missing !== 0) {
          if (!this.rules.faultSparesLeaf) this.memory.or("walk.markLeaf", entry, ACCESSED);
          return this.fault(cpu, high, low, level, rightsFault(missing));
        }
        const marked = wordLow | ACCESSED | ((access & WRITE) !== 0 ? DIRTY : 0);
        if (!this.mark("walk.markLeaf", entry, wordLow, marked)) continue;
        const frame = leafFrame(level, wordLow, wordHigh);
        this.tlb.fill(cpu, level, high, low, frame, allowed, marked & DIRTY);
        return frame + this.offset(level, low);
      }
      if (!this.mark("walk.markPointer", entry, wordLow, wordLow | ACCESSED)) continue;
      table = frameOf(wordLow, wordHigh);
      rights = allowed;
      this.walkCache.fill(cpu, level, high, low, table, rights);
      level--;
    }
  }

  /** Sets A and D where they are missing; false if the entry has changed meanwhile. */
  private mark(label: string, entry: number, seen: number, marked: number): boolean {
    return marked === seen || this.memory.compareExchange(label, entry, seen, marked) === seen;
  }

  private isReserved(level: number, leaf: boolean, low: number, high: number): boolean {
    const reservedLow = leaf ? this.layout.reservedLeaf[level]! : this.layout.reservedTable[level]!;
    return ((low & reservedLow) | (high & this.layout.reservedHigh)) !== 0;
  }

  /** Frames from the first one of a leaf to that of the page. */
  private offset(level: number, low: number): number {
    return low & ((1 << this.layout.spanBits(level)) - 1);
  }

  private fault(cpu: number, high: number, low: number, level: number, reason: number): number {
    if (this.rules.faultDropsTranslations) {
      this.tlb.invalidate(cpu, high, low);
      this.walkCache.invalidate(cpu, high, low);
    }
    return -(reason + FAULT_LEVEL * level);
  }
}

function neededRights(access: number): number {
  return (
    ((access & SUPERVISOR) === 0 ? RIGHT_USER : 0) |
    ((access & WRITE) !== 0 ? RIGHT_WRITE : 0) |
    ((access & EXECUTE) !== 0 ? RIGHT_EXECUTE : 0)
  );
}

/** What one entry leaves of the rights: XD is the sign of the high word. */
function entryRights(low: number, high: number): number {
  return (low & (RIGHT_WRITE | RIGHT_USER)) | (high < 0 ? 0 : RIGHT_EXECUTE);
}

function rightsFault(missing: number): number {
  if ((missing & RIGHT_USER) !== 0) return FAULT_USER;
  return (missing & RIGHT_WRITE) !== 0 ? FAULT_WRITE : FAULT_EXECUTE;
}
