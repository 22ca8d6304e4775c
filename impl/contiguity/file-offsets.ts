/**
 * Files (1.9): one offset each, and the frames that a huge allocation for a file leaves over, kept on reserved lists.
 *
 *   file   PAGES │ offset ×2
 *
 * A reserved block names its file in the word that names the range of a free top block.
 */
import type { Failure, Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import type { AllocationCounters } from "./allocation-counters.js";
import { loadWide, NONE, storeWide } from "./allocator-layout.js";
import type { Buddy } from "./buddy.js";

const PAGES = 0;
const OFFSET = 1;

export class FileOffsets {
  private readonly memory: MemoryPort;
  private readonly buddy: Buddy;
  private readonly counters: AllocationCounters;
  private readonly keepsOffset: boolean;
  private readonly keepsReserve: boolean;
  private readonly probesUncounted: boolean;
  private readonly walksBuddies: boolean;

  constructor(memory: MemoryPort, buddy: Buddy, counters: AllocationCounters, quirks: ReadonlySet<Rule>) {
    this.memory = memory;
    this.buddy = buddy;
    this.counters = counters;
    this.keepsOffset = quirks.has("recycled-inode");
    this.keepsReserve = quirks.has("leaked-reserve");
    this.probesUncounted = quirks.has("silent-exits");
    this.walksBuddies = quirks.has("buddy-walk");
  }

  /** A new file: its offset is 0. */
  declare(file: number, pages: number): void {
    this.setPages(file, pages);
    if (!this.keepsOffset) this.setOffset(file, 0);
  }

  /** The file goes away; what is reserved for it becomes free (A23). */
  drop(file: number): void {
    if (!this.keepsReserve) this.releaseReserved(file);
    this.setPages(file, 0);
    if (!this.keepsOffset) this.setOffset(file, 0);
  }

  pages(file: number): number {
    return this.memory.load("file.pages", this.buddy.layout.file(file) + PAGES);
  }

  offset(file: number): number {
    return loadWide(this.memory, "file.offset", this.buddy.layout.file(file) + OFFSET);
  }

  setOffset(file: number, offset: number): void {
    storeWide(this.memory, "file.setOffset", this.buddy.layout.file(file) + OFFSET, offset);
  }

  /** Takes one reserved frame for a user. @returns the frame or NONE */
  takeReserved(target: number): number {
    const zone = this.buddy.layout.zoneOf(target);
    if (zone === NONE) return this.takeLocked(target);
    this.buddy.lock(zone);
    try {
      const frame = this.takeLocked(target);
      if (frame !== NONE) this.buddy.use(frame, 1);
      return frame;
    } finally {
      this.buddy.unlock(zone);
    }
  }

  private takeLocked(target: number): number {
    if (!this.probesUncounted) this.counters.attempt();
    const reason = this.tryReserved(target);
    if (reason !== undefined) {
      this.counters.fail(0, reason);
      return NONE;
    }
    this.counters.succeed(0, "RESERVED");
    return target;
  }

  private releaseReserved(file: number): void {
    const { buddy } = this;
    for (let zone = 0; zone < buddy.layout.shape.zones.length; zone++) buddy.lock(zone);
    buddy.releaseReserved(file);
    for (let zone = 0; zone < buddy.layout.shape.zones.length; zone++) buddy.unlock(zone);
  }

  private setPages(file: number, pages: number): void {
    this.memory.store("file.setPages", this.buddy.layout.file(file) + PAGES, pages);
  }

  private tryReserved(target: number): Failure | undefined {
    const { buddy } = this;
    const { layout } = buddy;
    if (!layout.isFrame(target)) return "INVALID_PFN";
    if (buddy.isUsed(target)) return "OCCUPIED";
    if (buddy.isReserved(target)) {
      buddy.cutReserved(layout.zoneOf(target), target, target);
      return undefined;
    }
    return this.walksBuddies ? this.takeOnTheWayUp(target) : this.takeHolding(target);
  }

  /** Out of the reserved block that holds the target. */
  private takeHolding(target: number): Failure | undefined {
    const { buddy } = this;
    const block = buddy.listedBlockOf(target);
    if (block === NONE || !buddy.isReserved(block)) return "NOTHING_FOUND";
    buddy.cutReserved(buddy.layout.zoneOf(target), block, target);
    return undefined;
  }

  /** The authors' search among the buddies of the way up, as in 1.7. */
  private takeOnTheWayUp(target: number): Failure | undefined {
    const { buddy } = this;
    const { layout } = buddy;
    let piece = target;
    for (let size = 0; size < layout.shape.topOrder; size++) {
      const other = piece ^ (1 << size);
      if (buddy.isReserved(other) && buddy.orderOf(other) === size + 1) {
        buddy.cutReserved(layout.zoneOf(target), other, target);
        return undefined;
      }
      if (buddy.isUsed(other)) return "BUDDY_OCCUPIED";
      piece &= ~(1 << size);
    }
    return "NOTHING_FOUND";
  }
}
