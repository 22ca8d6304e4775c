/**
 * Locks as words: 0 = free, 1 = held. Order (W4, W19): global enable lock → the space's mm lock → its mmap lock → the
 * lock of all its areas → one table's lock.
 *
 * A table's lock is the word of its base, whichever member one comes from: a lock per member would let two writers in
 * when home changes from one page to another (B3).
 */
import type { MemoryPort } from "../memory-port.js";
import type { Descriptors } from "./descriptors.js";
import { type ReplicationLayout, SPACE } from "./layout.js";
import type { Rings } from "./rings.js";

const FREE = 0;
const HELD = 1;

export class Locks {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly descriptors: Descriptors;
  private readonly rings: Rings;

  constructor(memory: MemoryPort, layout: ReplicationLayout, descriptors: Descriptors, rings: Rings) {
    this.memory = memory;
    this.layout = layout;
    this.descriptors = descriptors;
    this.rings = rings;
  }

  /** Everything that keeps others out while a space changes between replicated and not. */
  lockSwitchOver(slot: number): void {
    const space = this.layout.space(slot);
    this.lock("lock.global", this.layout.enableLock);
    this.lock("lock.mm", space + SPACE.MM_LOCK);
    this.lock("lock.mmap", space + SPACE.MMAP_LOCK);
    this.lock("lock.vma", space + SPACE.VMA_LOCK);
  }

  unlockSwitchOver(slot: number): void {
    const space = this.layout.space(slot);
    this.memory.store("unlock.vma", space + SPACE.VMA_LOCK, FREE);
    this.memory.store("unlock.mmap", space + SPACE.MMAP_LOCK, FREE);
    this.memory.store("unlock.mm", space + SPACE.MM_LOCK, FREE);
    this.memory.store("unlock.global", this.layout.enableLock, FREE);
  }

  lockTable(table: number): void {
    this.lock("lock.table", this.descriptors.lockIndex(this.rings.base(table)));
  }

  unlockTable(table: number): void {
    this.memory.store("unlock.table", this.descriptors.lockIndex(this.rings.base(table)), FREE);
  }

  private lock(label: string, word: number): void {
    while (this.memory.compareExchange(label, word, FREE, HELD) !== FREE);
  }
}
