/**
 * The paging-structure caches of the CPUs: pointers to tables, direct mapped, one array of slots per level and CPU.
 *
 *   slot = [ PREFIX_HIGH | PREFIX_LOW | CHILD | RIGHTS ]       slot number = prefix mod slots
 *
 *   PREFIX   the page number above what the entry's level spans: of level 2 in two halves, above in one
 *   CHILD    frame of the table that the entry of this level points to
 *   RIGHTS   accumulated from the root down to and with this entry (tlb.ts), and VALID in bit 0; 0 = the slot is empty
 *
 * A slot stays until it is overwritten, invalidated or flushed, whatever happens to the tables meanwhile: that is the
 * danger that I25 and I37 are about.
 */
import type { MemoryPort } from "../memory-port.js";
import { SLOT_WORDS, type TableLayout } from "./layout.js";
import { ALL_RIGHTS } from "./tlb.js";

const PREFIX_HIGH = 0;
const PREFIX_LOW = 1;
const CHILD = 2;
const RIGHTS = 3;
const VALID = 1;

export class WalkCache {
  readonly memory: MemoryPort;
  private readonly layout: TableLayout;
  private readonly slots: number;
  private readonly highFactor: number;

  constructor(memory: MemoryPort, layout: TableLayout) {
    this.memory = memory;
    this.layout = layout;
    this.slots = layout.geometry.walkCacheSlots;
    this.highFactor = this.slots === 0 ? 0 : (1 << layout.indexBits) % this.slots;
  }

  /** Word index of the valid slot for this level's entry of the page; −1 if there is none. */
  find(cpu: number, level: number, high: number, low: number): number {
    if (this.slots === 0) return -1;
    const slot = this.slotOf(cpu, level, high, low);
    const holds =
      this.memory.load("walkCache.rights", slot + RIGHTS) !== 0 &&
      this.memory.load("walkCache.prefixLow", slot + PREFIX_LOW) === this.prefixLow(level, low) &&
      this.memory.load("walkCache.prefixHigh", slot + PREFIX_HIGH) === this.prefixHigh(level, high);
    return holds ? slot : -1;
  }

  isValid(slot: number): boolean {
    return this.memory.load("walkCache.rights", slot + RIGHTS) !== 0;
  }

  child(slot: number): number {
    return this.memory.load("walkCache.child", slot + CHILD);
  }

  rights(slot: number): number {
    return this.memory.load("walkCache.rights", slot + RIGHTS) & ALL_RIGHTS;
  }

  /** The page number above what an entry of this level spans, as the slot remembers it. */
  prefix(slot: number, level: number): number {
    const high = this.memory.load("walkCache.prefixHigh", slot + PREFIX_HIGH);
    return level > 2
      ? high
      : high * this.layout.entriesPerTable + this.memory.load("walkCache.prefixLow", slot + PREFIX_LOW);
  }

  fill(cpu: number, level: number, high: number, low: number, child: number, rights: number): void {
    if (this.slots === 0) return;
    const slot = this.slotOf(cpu, level, high, low);
    this.memory.store("walkCache.fill", slot + PREFIX_HIGH, this.prefixHigh(level, high));
    this.memory.store("walkCache.fill", slot + PREFIX_LOW, this.prefixLow(level, low));
    this.memory.store("walkCache.fill", slot + CHILD, child);
    this.memory.store("walkCache.fill", slot + RIGHTS, rights | VALID);
  }

  /** Drops the pointers on the page's path, of all levels. */
  invalidate(cpu: number, high: number, low: number): void {
    for (let level = 2; level <= this.layout.levels; level++) {
      const slot = this.find(cpu, level, high, low);
      if (slot < 0) continue;
      for (let word = 0; word < SLOT_WORDS; word++) this.memory.store("walkCache.drop", slot + word, 0);
    }
  }

  flush(cpu: number): void {
    const first = this.layout.walkCacheIndex(cpu, 2);
    const words = this.slots * (this.layout.levels - 1) * SLOT_WORDS;
    for (let word = first; word < first + words; word++) this.memory.store("walkCache.flush", word, 0);
  }

  private slotOf(cpu: number, level: number, high: number, low: number): number {
    const prefix =
      level > 2 ? this.prefixHigh(level, high) : (high % this.slots) * this.highFactor + this.prefixLow(level, low);
    return this.layout.walkCacheIndex(cpu, level) + (prefix % this.slots) * SLOT_WORDS;
  }

  private prefixHigh(level: number, high: number): number {
    return level > 2 ? high >>> (this.layout.indexBits * (level - 3)) : high;
  }

  private prefixLow(level: number, low: number): number {
    return level > 2 ? 0 : low >>> this.layout.indexBits;
  }
}
