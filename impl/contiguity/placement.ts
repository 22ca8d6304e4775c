/**
 * Placement: next fit over the contiguity map (1.6). Nothing is reserved by it; the rover moves on, so that the next
 * placement finds other frames.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { AllocationCounters } from "./allocation-counters.js";
import { NONE } from "./allocator-layout.js";
import type { Buddy } from "./buddy.js";
import { KernelAssertion } from "./contiguity-map.js";

export class Placement {
  private readonly buddy: Buddy;
  private readonly counters: AllocationCounters;
  private readonly skipsRange: boolean;
  private readonly leavesRover: boolean;
  private readonly leavesCounter: boolean;
  private readonly takesPart: boolean;
  private readonly stands: boolean;
  private readonly movesFirst: boolean;

  constructor(buddy: Buddy, counters: AllocationCounters, quirks: ReadonlySet<Rule>) {
    this.buddy = buddy;
    this.counters = counters;
    this.skipsRange = quirks.has("skipped-range");
    this.leavesRover = quirks.has("stale-rover");
    this.leavesCounter = quirks.has("counter-drift");
    this.takesPart = quirks.has("request-rounded");
    this.stands = quirks.has("rover-moves");
    this.movesFirst = quirks.has("own-rover");
  }

  /** @returns the first frame of a place for so many pages, the largest one there is if none suffices, or NONE */
  place(zone: number, pages: number): number {
    const { layout, lists, map } = this.buddy;
    if (pages === 0) return NONE;
    // A page behind the end of its area or file: the distance, unsigned, is more than any range has.
    const whole = this.takesPart ? pages : Math.ceil(pages / layout.topPages) * layout.topPages;
    const request = pages < 0 ? Number.POSITIVE_INFINITY : whole;
    if (lists.isEmpty(layout.freeList(zone, layout.shape.topOrder))) return NONE;
    const rover = this.validRover(zone);
    const start = map.rangeOf(rover);
    if (start === NONE) throw new KernelAssertion("the rover's block has no range");

    // 1. The rover's range from the rover on, then the other ranges in a ring.
    let chosen = start;
    let frame = rover;
    let size = map.size(start) - (rover - map.first(start));
    const last = this.lastLookedAt(zone, start);
    for (let range = start; size < request && range !== last; ) {
      range = this.following(zone, range);
      if (map.size(range) <= size) continue;
      chosen = range;
      frame = map.first(range);
      size = map.size(range);
    }
    // 2. The rover's range as a whole, so that no range is passed over (A11).
    if (!this.skipsRange && size < request && map.size(start) > size) {
      chosen = start;
      frame = map.first(start);
      size = map.size(start);
    }

    const next = size > request ? frame + request : map.first(this.following(zone, chosen));
    if (this.stands) return frame;
    map.setRover(this.movesFirst ? 0 : zone, next);
    this.assertTopBlock(next, zone, frame);
    return frame;
  }

  /** Places and takes a block of 2^order frames at the place. @returns its first frame or NONE */
  placeAndTake(zone: number, pages: number, order: number): number {
    const frame = this.place(zone, pages);
    if (frame === NONE) return NONE;
    const { buddy } = this;
    const { topOrder } = buddy.layout.shape;
    if (!buddy.isFree(frame) || buddy.orderOf(frame) !== topOrder) {
      this.counters.warn();
      return NONE;
    }
    buddy.detach(frame, zone, !this.leavesRover);
    buddy.expand(zone, frame, order, topOrder);
    if (!this.leavesCounter) buddy.changeFreeFrames(zone, -(2 ** order));
    return frame;
  }

  /** A rover that is no free block goes back to the first range. */
  private validRover(zone: number): number {
    const { buddy } = this;
    const rover = buddy.map.rover(zone);
    if (rover !== NONE && buddy.isFree(rover)) return rover;
    const head = buddy.layout.mapHead(zone);
    if (buddy.map.isEmpty(zone)) throw new KernelAssertion("free top blocks, but no range");
    const first = buddy.map.first(buddy.map.next(head));
    buddy.map.setRover(zone, first);
    return first;
  }

  /** The range at which the ring is closed. */
  private lastLookedAt(zone: number, start: number): number {
    const { layout, map } = this.buddy;
    const head = layout.mapHead(zone);
    const before = map.previous(start);
    if (!this.skipsRange || before === head) return before === head ? map.previous(head) : before;
    const skipped = map.previous(before);
    return skipped === head ? map.previous(head) : skipped;
  }

  private following(zone: number, range: number): number {
    const { layout, map } = this.buddy;
    const head = layout.mapHead(zone);
    return map.next(range) === head ? map.next(head) : map.next(range);
  }

  private assertTopBlock(rover: number, zone: number, chosen: number): void {
    const { buddy } = this;
    if (!buddy.isFree(rover)) throw new KernelAssertion("the new rover is not free");
    if (buddy.orderOf(rover) !== buddy.layout.shape.topOrder)
      throw new KernelAssertion("the new rover is no top block");
    if (buddy.layout.zoneOf(chosen) !== zone) throw new KernelAssertion("the place lies in another zone");
  }
}
