/**
 * The translation caches of the CPUs: a direct-mapped TLB per CPU, leaves of all sizes in one array of slots.
 *
 *   slot = [ PAGE_HIGH | PAGE_LOW | LOW | HIGH ]        slot number = first page of the leaf mod slots
 *
 *   LOW    31        12 11   10   8 7   6   5   4   3   2   1   0
 *         ┌────────────┬───┬───────┬───┬───┬───────┬───┬───┬───┬───┐
 *         │ frame 0–19 │ 0 │ level │ 0 │ D │   0   │ X │ U │ W │ 0 │        level 0 = the slot is empty (four zero words)
 *         └────────────┴───┴───────┴───┴───┴───────┴───┴───┴───┴───┘
 *   HIGH   frame 20–39
 *
 * W, U and X are the rights of the whole walk: the AND of W and U, and X only if no entry on the way forbids execution.
 * D remembers that the leaf's D was set when the slot was filled: the first write through a slot without it walks again.
 */
import type { MemoryPort } from "../memory-port.js";
import { DIRTY, USER, WRITABLE } from "./entry.js";
import { SLOT_WORDS, type TableLayout } from "./layout.js";

/** Rights of a walk, in the positions that W and U have in an entry. */
export const RIGHT_WRITE = WRITABLE;
export const RIGHT_USER = USER;
export const RIGHT_EXECUTE = 1 << 3;
export const ALL_RIGHTS = RIGHT_WRITE | RIGHT_USER | RIGHT_EXECUTE;

const PAGE_HIGH = 0;
const PAGE_LOW = 1;
const LOW = 2;
const HIGH = 3;
const LEVEL_SHIFT = 8;
const LEVEL_MASK = 7;
const FRAME_SHIFT = 12;
const FRAME_LOW_COUNT = 1 << 20;

export function slotLevel(low: number): number {
  return (low >>> LEVEL_SHIFT) & LEVEL_MASK;
}

export function slotRights(low: number): number {
  return low & ALL_RIGHTS;
}

export function slotIsDirty(low: number): boolean {
  return (low & DIRTY) !== 0;
}

export class Tlb {
  readonly memory: MemoryPort;
  private readonly layout: TableLayout;
  private readonly slots: number;
  private readonly highFactor: number;

  constructor(memory: MemoryPort, layout: TableLayout) {
    this.memory = memory;
    this.layout = layout;
    this.slots = layout.geometry.tlbSlots;
    // A page number mod slots, from its halves, without leaving 32-bit integers.
    this.highFactor = this.slots === 0 ? 0 : (1 << (2 * layout.indexBits)) % this.slots;
  }

  /** Word index of the slot that translates the page, smallest leaf first; −1 if none does. */
  find(cpu: number, high: number, low: number): number {
    if (this.slots === 0) return -1;
    for (let level = 1; level <= this.layout.leafLevels; level++) {
      const slot = this.slotOf(cpu, level, high, low);
      if (this.holds(slot, level, high, low)) return slot;
    }
    return -1;
  }

  /** The slot's word with level, rights and D. */
  info(slot: number): number {
    return this.memory.load("tlb.low", slot + LOW);
  }

  /** The first frame of the leaf in the slot. */
  frame(slot: number): number {
    return (
      this.memory.load("tlb.high", slot + HIGH) * FRAME_LOW_COUNT +
      (this.memory.load("tlb.low", slot + LOW) >>> FRAME_SHIFT)
    );
  }

  /** The first page of the leaf in the slot. */
  page(slot: number): number {
    return this.layout.pageOf(
      this.memory.load("tlb.pageHigh", slot + PAGE_HIGH),
      this.memory.load("tlb.pageLow", slot + PAGE_LOW),
    );
  }

  /** Puts a leaf into its slot, whoever was there. `frame` is the leaf's first one; `dirty` is DIRTY or 0. */
  fill(cpu: number, level: number, high: number, low: number, frame: number, rights: number, dirty: number): void {
    if (this.slots === 0) return;
    const slot = this.slotOf(cpu, level, high, low);
    this.memory.store("tlb.fill", slot + PAGE_HIGH, high);
    this.memory.store("tlb.fill", slot + PAGE_LOW, this.firstLow(level, low));
    this.memory.store("tlb.fill", slot + LOW, (frame << FRAME_SHIFT) | (level << LEVEL_SHIFT) | dirty | rights);
    this.memory.store("tlb.fill", slot + HIGH, (frame / FRAME_LOW_COUNT) | 0);
  }

  /** Drops whatever translates the page, leaves of all sizes. */
  invalidate(cpu: number, high: number, low: number): void {
    if (this.slots === 0) return;
    for (let level = 1; level <= this.layout.leafLevels; level++) {
      const slot = this.slotOf(cpu, level, high, low);
      if (!this.holds(slot, level, high, low)) continue;
      for (let word = 0; word < SLOT_WORDS; word++) this.memory.store("tlb.drop", slot + word, 0);
    }
  }

  flush(cpu: number): void {
    const first = this.layout.tlbIndex(cpu);
    for (let word = first; word < first + this.slots * SLOT_WORDS; word++) this.memory.store("tlb.flush", word, 0);
  }

  private holds(slot: number, level: number, high: number, low: number): boolean {
    return (
      slotLevel(this.memory.load("tlb.low", slot + LOW)) === level &&
      this.memory.load("tlb.pageLow", slot + PAGE_LOW) === this.firstLow(level, low) &&
      this.memory.load("tlb.pageHigh", slot + PAGE_HIGH) === high
    );
  }

  private slotOf(cpu: number, level: number, high: number, low: number): number {
    const first = (high % this.slots) * this.highFactor + this.firstLow(level, low);
    return this.layout.tlbIndex(cpu) + (first % this.slots) * SLOT_WORDS;
  }

  /** The low half of the first page of the leaf of this level around a page; its high half is the page's own. */
  private firstLow(level: number, low: number): number {
    const bits = this.layout.spanBits(level); // of level 3, all that the half has: what begins there begins at 0
    return (low >>> bits) << bits;
  }
}
