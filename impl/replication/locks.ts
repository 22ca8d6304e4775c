/**
 * Locks as words. Order (W4, W19): global enable lock → the space's mm lock → its mmap lock → the lock of all its areas →
 * one table's lock, the parent's before the child's.
 *
 *   global, mm, mmap, table   0 = free, 1 = held
 *   areas                     0 = free, −1 = held by one who changes what is mapped or where tables are, n = n faults under way
 *
 * A table's lock is the word of its base, whichever member one comes from: a lock per member would let two writers in
 * when home changes from one page to another (B3). Disable can make another member the base while one waits, so who has
 * got a lock looks again whose it is. `lockTable` answers the word, because at the end the ring may be another one.
 */
import type { MemoryPort } from "../memory-port.js";
import type { Descriptors } from "./descriptors.js";
import { type ReplicationLayout, SPACE } from "./layout.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";

const FREE = 0;
const HELD = 1;
const WRITING = -1;

export class Locks {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly descriptors: Descriptors;
  private readonly rings: Rings;
  private readonly rules: Rules;

  constructor(memory: MemoryPort, layout: ReplicationLayout, descriptors: Descriptors, rings: Rings, rules: Rules) {
    this.memory = memory;
    this.layout = layout;
    this.descriptors = descriptors;
    this.rings = rings;
    this.rules = rules;
  }

  /** Everything that keeps others out while a space changes between replicated and not. */
  lockSwitchOver(slot: number): void {
    this.lock("lock.global", this.layout.enableLock, HELD);
    this.lock("lock.mm", this.layout.space(slot) + SPACE.MM_LOCK, HELD);
    this.lockSpace(slot);
  }

  unlockSwitchOver(slot: number): void {
    this.unlockSpace(slot);
    this.memory.store("unlock.mm", this.layout.space(slot) + SPACE.MM_LOCK, FREE);
    this.memory.store("unlock.global", this.layout.enableLock, FREE);
  }

  /** Keeps out faults, and others who change what is mapped. Who holds a table's lock alone goes on. */
  lockSpace(slot: number): void {
    this.lock("lock.mmap", this.layout.space(slot) + SPACE.MMAP_LOCK, HELD);
    this.lock("lock.areas", this.layout.space(slot) + SPACE.VMA_LOCK, WRITING);
  }

  unlockSpace(slot: number): void {
    this.memory.store("unlock.areas", this.layout.space(slot) + SPACE.VMA_LOCK, FREE);
    this.memory.store("unlock.mmap", this.layout.space(slot) + SPACE.MMAP_LOCK, FREE);
  }

  /** A fault under way: ranges and tables stay where they are, other faults go on. */
  beginFault(slot: number): void {
    if (!this.rules.faultsHoldAreas) return;
    const word = this.layout.space(slot) + SPACE.VMA_LOCK;
    for (;;) {
      const faults = this.memory.load("fault.areas", word);
      if (faults < 0) continue;
      if (this.memory.compareExchange("fault.begin", word, faults, faults + 1) === faults) return;
    }
  }

  endFault(slot: number): void {
    if (this.rules.faultsHoldAreas) this.memory.add("fault.end", this.layout.space(slot) + SPACE.VMA_LOCK, -1);
  }

  /** @returns what {@link unlockTable} wants */
  lockTable(table: number): number {
    for (;;) {
      const base = this.rings.base(table);
      const word = this.descriptors.lockIndex(base);
      this.lock("lock.table", word, HELD);
      if (!this.rules.lockLooksAgain || this.rings.base(table) === base) return word;
      this.unlockTable(word);
    }
  }

  unlockTable(word: number): void {
    this.memory.store("unlock.table", word, FREE);
  }

  private lock(label: string, word: number, held: number): void {
    while (this.memory.compareExchange(label, word, FREE, held) !== FREE);
  }
}
