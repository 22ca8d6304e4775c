/**
 * The entry of a page with the lock of its table and nothing else: for who comes from the frame and not from the process,
 * as reclaim does. Enable, disable and unmap may be under way.
 *
 * The way there is walked without locks, in a read section, and once more when the lock is held: the table may have
 * become a copy, or have gone. While the lock is held disable cannot take the ring apart.
 */
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";

export class HeldLeaf {
  table = NONE;
  level = 0;
  index = 0;
  low = 0;
  private readonly kernel: Kernel;
  private lock = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** The CPU must be in a read section until {@link letGo}. */
  hold(slot: number, page: number): void {
    const { entries, tables, locks, spaces } = this.kernel;
    const root = spaces.root(slot);
    for (;;) {
      const entry = entries.find(root, page);
      const level = entries.level;
      const table = tables.frameOfEntry(entry);
      this.lock = locks.lockTable(table);
      if (entries.find(root, page) === entry && entries.level === level) {
        this.table = table;
        this.level = level;
        this.index = tables.indexOf(page, level);
        this.low = entries.low(entry);
        return;
      }
      locks.unlockTable(this.lock);
    }
  }

  letGo(): void {
    this.kernel.locks.unlockTable(this.lock);
  }
}
