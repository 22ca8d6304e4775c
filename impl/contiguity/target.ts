/**
 * Target allocation: takes one given frame, if it can be had, out of whatever free block holds it (1.7).
 */
import type { Failure, Rule } from "../../vocabulary/contiguity/allocator.js";
import type { AllocationCounters } from "./allocation-counters.js";
import { NONE } from "./allocator-layout.js";
import type { Buddy } from "./buddy.js";
import type { Placement } from "./placement.js";

/** No frame, and nothing that a counter has a name for. */
const UNNAMED: Failure = "SILENT";

export class Target {
  private readonly buddy: Buddy;
  private readonly placement: Placement;
  private readonly counters: AllocationCounters;
  private readonly hugeOrder: number;
  private readonly topOrder: number;
  private readonly zeroIsNone: boolean;
  private readonly limitsSplit: boolean;
  private readonly walksBuddies: boolean;
  private readonly takesForeign: boolean;
  private readonly takesRemote: boolean;
  private readonly isSilent: boolean;
  private readonly takesUsed: boolean;
  private readonly roundsDown: boolean;
  private readonly takesUnaligned: boolean;

  constructor(buddy: Buddy, placement: Placement, counters: AllocationCounters, quirks: ReadonlySet<Rule>) {
    this.buddy = buddy;
    this.placement = placement;
    this.counters = counters;
    this.hugeOrder = buddy.layout.shape.hugeOrder;
    this.topOrder = buddy.layout.shape.topOrder;
    this.zeroIsNone = quirks.has("frame-zero");
    this.limitsSplit = quirks.has("split-limit");
    this.walksBuddies = quirks.has("buddy-walk");
    this.takesForeign = quirks.has("zone-test-off");
    this.takesRemote = quirks.has("other-node-refused");
    this.isSilent = quirks.has("silent-exits");
    this.takesUsed = quirks.has("occupied-target");
    this.roundsDown = quirks.has("target-rounded-up");
    this.takesUnaligned = quirks.has("target-aligned");
  }

  /**
   * @param zone the zone that is asked, on whose account the frame goes
   * @param pages what a huge request is placed for, if the target cannot be had; 0 = it is not placed
   * @returns the first frame of 2^order frames, the target (rounded up to its order) or another place; or NONE
   */
  take(zone: number, target: number, order: number, pages: number): number {
    const frame = this.takeThere(zone, target, order);
    return frame === NONE ? this.placeInstead(zone, target, order, pages) : frame;
  }

  /**
   * Takes the target and nothing else.
   * @param account the zone off whose free counter it goes
   * @returns its first frame, rounded up to its order, or NONE
   */
  takeThere(zone: number, target: number, order: number, account = zone): number {
    const { buddy, counters } = this;
    counters.attempt();
    if (this.isUnknown(target)) return this.refuse(order, "INVALID_PFN");
    const aligned = this.aligned(target, order);
    const reason = this.takeAligned(zone, aligned, order);
    if (reason !== undefined) return this.refuse(order, reason);
    buddy.changeFreeFrames(account, -(2 ** order));
    return aligned;
  }

  /** Another place for a huge request whose target was refused. @returns its first frame or NONE */
  placeInstead(zone: number, target: number, order: number, pages: number): number {
    // The authors' routine leaves before it knows a zone, so nothing is placed instead.
    if (order !== this.hugeOrder || this.isUnknown(target)) return NONE;
    return this.placement.placeAndTake(zone, pages, order);
  }

  private isUnknown(target: number): boolean {
    return this.zeroIsNone && (target === 0 || !this.buddy.layout.isFrame(target));
  }

  /** The frame that a request for a target is about. */
  aligned(target: number, order: number): number {
    if (this.takesUnaligned) return target;
    return (this.roundsDown ? Math.floor(target / 2 ** order) : Math.ceil(target / 2 ** order)) * 2 ** order;
  }

  private refuse(order: number, reason: Failure): number {
    if (reason !== UNNAMED || !this.isSilent) this.counters.fail(order, reason);
    return NONE;
  }

  /** @returns why not, or undefined when the frames are taken */
  private takeAligned(zone: number, target: number, order: number): Failure | undefined {
    const { buddy, counters } = this;
    if (!buddy.layout.isFrame(target)) return "INVALID_PFN";
    if (this.isElsewhere(zone, target)) return "NUMA";
    if (buddy.isUsed(target)) {
      if (!this.takesUsed) return "OCCUPIED";
      buddy.changeFreeFrames(zone, 2 ** order); // nothing leaves the lists
      counters.succeed(order, "EXACT");
      return undefined;
    }
    if (buddy.isFree(target)) {
      const size = buddy.orderOf(target);
      if (size < order) return "SUBBLOCK";
      if (this.limitsSplit && order < this.hugeOrder && size > this.topOrder - 1) return UNNAMED;
      buddy.detach(target, zone, true);
      buddy.expand(zone, target, order, size);
      counters.succeed(order, size === order ? "EXACT" : "SUPERBLOCK");
      return undefined;
    }
    const found = this.walksBuddies ? this.blockOnTheWayUp(target, order) : this.blockHolding(target, order);
    if (typeof found !== "number") return found;
    counters.succeed(order, "SUPERBLOCK");
    buddy.cutAround(zone, found, target, order);
    return undefined;
  }

  /** On another node than the zone that is asked, or at least in another zone. */
  private isElsewhere(zone: number, target: number): boolean {
    const { layout } = this.buddy;
    if (layout.isOf(zone, target)) return false;
    const own = layout.zoneOf(target);
    const isRemote = own !== NONE && layout.nodeOf(own) !== layout.nodeOf(zone);
    return isRemote ? !this.takesRemote : !this.takesForeign;
  }

  /** The free block that holds the target, which does not head it. */
  private blockHolding(target: number, order: number): number | Failure {
    const { buddy } = this;
    const limit = this.limitsSplit && order < this.hugeOrder ? this.topOrder - 1 : this.topOrder;
    for (let size = order + 1; size <= limit; size++) {
      const head = target - (target % 2 ** size);
      if (buddy.isFree(head) && buddy.orderOf(head) === size) return head;
    }
    return "NOTHING_FOUND";
  }

  /** The authors' search: only buddies of the way up are looked at, so a target in a lower half is not found. */
  private blockOnTheWayUp(target: number, order: number): number | Failure {
    const { buddy } = this;
    const { layout } = buddy;
    const limit = order < this.hugeOrder && this.limitsSplit ? this.topOrder - 1 : this.topOrder;
    let piece = target;
    for (let size = order; size < limit; size++) {
      const other = piece ^ (1 << size);
      if (layout.isFrame(other) && buddy.isFree(other) && buddy.orderOf(other) === size + 1) return other;
      if (layout.zoneOf(other) !== layout.zoneOf(target)) return "EXCEED_ZONE";
      if (buddy.isUsed(other)) return "BUDDY_OCCUPIED";
      piece &= ~(1 << size);
    }
    return "NOTHING_FOUND";
  }
}
