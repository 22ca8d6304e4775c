/** An allocation on its way from zone to zone, those of the node first on which somebody asks (1.7, 1.8). */
import type { Rule, Way } from "../../vocabulary/contiguity/allocator.js";
import type { AllocationCounters } from "./allocation-counters.js";
import { NONE } from "./allocator-layout.js";
import type { Buddy } from "./buddy.js";
import type { Target } from "./target.js";

/** Asked about a process when its target lies in another zone than the one that is asked. */
export interface AddressSpaceSizes {
  /** Pages of all areas of a process, mapped or not. */
  sizeOf(process: number): number;
}

export class ZoneWalk {
  /** How the last frame was come by. */
  way: Way = "fallback";
  private readonly buddy: Buddy;
  private readonly target: Target;
  private readonly counters: AllocationCounters;
  private readonly spaces: AddressSpaceSizes;
  private readonly noTarget: number;
  private readonly countsWithoutTarget: boolean;
  private readonly takesUnlocked: boolean;
  private readonly staysAtHome: boolean;
  private readonly paysWhereAsked: boolean;
  private readonly placesWithTarget: boolean;
  private readonly keepsLock: boolean;

  /** @param noTarget what stands for a request without a target */
  constructor(
    buddy: Buddy,
    target: Target,
    counters: AllocationCounters,
    spaces: AddressSpaceSizes,
    noTarget: number,
    rules: ReadonlySet<Rule>,
  ) {
    this.buddy = buddy;
    this.target = target;
    this.counters = counters;
    this.spaces = spaces;
    this.noTarget = noTarget;
    this.countsWithoutTarget = rules.has("attempt-has-target");
    this.takesUnlocked = rules.has("allocation-locked");
    this.staysAtHome = rules.has("large-goes-on");
    this.paysWhereAsked = rules.has("own-account");
    this.placesWithTarget = rules.has("placed-where-asked");
    this.keepsLock = rules.has("one-zone-at-a-time");
  }

  /**
   * Tries the target in each zone that has a block, then that zone's lists.
   * @param node where the CPU is
   * @param process whose address space it is for, NONE for nobody's
   * @param pages what a huge request is placed for, if its target is refused
   * @param used how many of the frames get a user
   * @returns the first frame or NONE
   */
  allocate(node: number, process: number, target: number, order: number, pages: number, used: number): number {
    if (this.countsWithoutTarget && target === this.noTarget) this.counters.attempt();
    for (const zone of this.buddy.layout.zonelists[node]!) {
      const other = target === this.noTarget ? NONE : this.zoneToGoOnIn(zone, process, target, order);
      const frame =
        other === NONE
          ? this.allocateIn(zone, target, order, pages, used)
          : this.goOnIn(other, zone, target, order, pages, used);
      if (frame !== NONE) return frame;
    }
    return NONE;
  }

  /** The target's own zone, when it is another one and the process is larger than the zone that is asked (1.7); or NONE. */
  private zoneToGoOnIn(zone: number, process: number, target: number, order: number): number {
    const { layout } = this.buddy;
    const aligned = this.target.aligned(target, order);
    if (layout.isOf(zone, aligned)) return NONE;
    const own = layout.zoneOf(aligned);
    if (own === NONE || process === NONE || this.staysAtHome) return NONE;
    return this.spaces.sizeOf(process) > layout.managed(zone) ? own : NONE;
  }

  private allocateIn(zone: number, target: number, order: number, pages: number, used: number): number {
    this.enter(zone);
    try {
      if (!this.buddy.hasBlock(zone, order)) return NONE;
      const frame = target === this.noTarget ? NONE : this.target.take(zone, target, order, pages);
      return this.taking(zone, frame, target, order, used);
    } finally {
      this.leave(zone);
    }
  }

  /** The target out of its own zone; if it is refused, another frame of the zone that was asked. One lock at a time. */
  private goOnIn(own: number, zone: number, target: number, order: number, pages: number, used: number): number {
    this.enter(zone);
    const hasBlock = this.buddy.hasBlock(zone, order);
    if (!hasBlock || !this.keepsLock) this.leave(zone);
    if (!hasBlock) return NONE;
    const frame = this.takeIn(own, zone, target, order, used);
    if (frame === NONE) return this.findInstead(this.placesWithTarget ? own : zone, target, order, pages, used);
    if (this.keepsLock) this.leave(zone);
    return frame;
  }

  /** The target, from the zone that it lies in. @returns its first frame or NONE */
  private takeIn(own: number, zone: number, target: number, order: number, used: number): number {
    this.enter(own);
    try {
      const frame = this.target.takeThere(own, target, order, this.paysWhereAsked ? zone : own);
      return frame === NONE ? NONE : this.taking(own, frame, target, order, used);
    } finally {
      this.leave(own);
    }
  }

  private findInstead(zone: number, target: number, order: number, pages: number, used: number): number {
    if (!this.keepsLock) this.enter(zone);
    try {
      const frame = this.target.placeInstead(zone, target, order, pages);
      return this.taking(zone, frame, target, order, used);
    } finally {
      this.leave(zone);
    }
  }

  /** Frames that were found for a target get their users, or else the zone's first block. */
  private taking(zone: number, found: number, target: number, order: number, used: number): number {
    const { buddy } = this;
    let frame = found;
    if (frame !== NONE) this.way = frame === target ? "target" : "placement-or-realigned";
    else {
      frame = buddy.allocate(zone, order);
      this.way = target !== this.noTarget && frame === target ? "target" : "fallback";
    }
    if (frame !== NONE) buddy.use(frame, used);
    return frame;
  }

  private enter(zone: number): void {
    if (!this.takesUnlocked) this.buddy.lock(zone);
  }

  private leave(zone: number): void {
    if (!this.takesUnlocked) this.buddy.unlock(zone);
  }
}
