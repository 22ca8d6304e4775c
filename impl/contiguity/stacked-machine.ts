/**
 * Guests on a host: each guest a machine of its own, its physical memory an area of a process of the host's machine, which
 * a frame is given to when it is first used (6).
 *
 *   │ guest 0 │ guest 1 │ … │ host │ counters of guest 0 │ … │ counters of the host │
 *
 * A page goes through two walks: the guest's table leads to a guest frame, the host's table of that guest to a host frame.
 * The pages of the guests' own tables are not in guest memory.
 */
import type { StackedOperation, StackedOutcome, StackedShape } from "../../vocabulary/contiguity/stacked.js";
import { ACCESSED, DIRTY } from "../page-table/entry.js";
import { NONE } from "./allocator-layout.js";
import { ComposedRuns } from "./composed-runs.js";
import { GUEST_RULES, type GuestRules } from "./guest-rules.js";
import { guestRangeCount, walkGuest } from "./guest-walk.js";
import { introspectionOf, NO_FRAME } from "./introspection.js";
import { ContiguityMachine } from "./machine.js";
import type { RangeCount } from "./range-count.js";
import { RegionPort } from "./region-port.js";

const MEMORY_AREA = 0;
const HUGE_LEVEL = 2;
const SMALL_LEVEL = 1;
/** What the host's kernel is asked without a guest. */
const HOST_KINDS: readonly string[] = ["enable", "take", "give"];

export class StackedMachine {
  readonly shape: StackedShape;
  readonly guests: readonly ContiguityMachine[];
  readonly host: ContiguityMachine;
  /** Words of the state proper; counters lie behind. */
  readonly stateWords: number;
  /** What {@link translate} found. */
  frame = 0;
  order = 0;
  private readonly rules: GuestRules;

  /** @param words at least {@link wordsNeeded} of them */
  constructor(words: Int32Array, shape: StackedShape, rules: GuestRules = GUEST_RULES) {
    this.shape = shape;
    this.rules = rules;
    const machines = [...Array.from({ length: shape.guests }, () => shape.guest), shape.host];
    const sizes = machines.map((machine) => ContiguityMachine.sizesOf(machine));
    this.stateWords = sizes.reduce((sum, { state }) => sum + state, 0);
    let state = 0;
    let counters = this.stateWords;
    const built = machines.map((machine, index) => {
      const size = sizes[index]!;
      const port = new RegionPort(words, size.state, state, counters);
      state += size.state;
      counters += size.counters;
      return new ContiguityMachine(words, machine, port);
    });
    this.host = built.pop()!;
    this.guests = built;
  }

  static wordsNeeded(shape: StackedShape): number {
    return shape.guests * ContiguityMachine.wordsNeeded(shape.guest) + ContiguityMachine.wordsNeeded(shape.host);
  }

  /** Frames of a guest's physical memory. */
  get guestFrames(): number {
    return this.shape.guest.memory.zones.at(-1)!.end;
  }

  initialise(): void {
    for (const guest of this.guests) guest.initialise();
    this.host.initialise();
    for (let guest = 0; guest < this.shape.guests; guest++) {
      this.host.perform({ kind: "spawn", process: guest });
      this.host.perform({ kind: "map", process: guest, area: MEMORY_AREA, first: 0, end: this.guestFrames });
    }
  }

  enabled(operation: StackedOperation): boolean {
    switch (operation.kind) {
      case "guest":
        return this.guests[operation.guest]?.enabled(operation.does) ?? false;
      case "host":
        return HOST_KINDS.includes(operation.does.kind) && this.host.enabled(operation.does);
      case "access":
        return this.canAccess(operation.guest, operation.process, operation.page, operation.order);
      case "age": {
        const guest = this.guests[operation.guest];
        return (
          guest !== undefined && hasLeaf(guest, operation.process, operation.page) && (guest.leafFlags & ACCESSED) !== 0
        );
      }
      case "reclaim":
        return this.host.enabled({ kind: "unmap", process: operation.guest, page: operation.frame });
      case "report":
      case "introspect":
        return this.guests[operation.guest]?.isAlive(operation.process) ?? false;
    }
  }

  perform(operation: StackedOperation): StackedOutcome {
    switch (operation.kind) {
      case "guest":
        return this.guests[operation.guest]!.perform(operation.does);
      case "host":
        return this.host.perform(operation.does);
      case "access":
        return this.access(operation.guest, operation.process, operation.page, operation.writes, operation.order);
      case "age":
        this.guests[operation.guest]!.markLeaf(operation.process, operation.page, 0, ACCESSED);
        return { kind: "done" };
      case "reclaim":
        return this.host.perform({ kind: "unmap", process: operation.guest, page: operation.frame });
      case "report":
        return this.report(operation.guest, operation.process);
      case "introspect":
        return { kind: "texts", ...introspectionOf(this, operation.guest, operation.process) };
    }
  }

  /** Both walks (V1). @returns the page is present in both dimensions; `frame` and `order` then say where it leads */
  translate(guest: number, process: number, page: number): boolean {
    const machine = this.guests[guest]!;
    if (!machine.findLeaf(process, page)) return false;
    const guestOrder = machine.leafOrder;
    if (!this.findHostLeaf(guest, machine.leafFrame + (page - machine.leafPage))) return false;
    this.order = Math.min(guestOrder, this.host.leafOrder); // both are aligned to their own size (V4)
    return true;
  }

  /** Where a guest's frame lies: `host.leaf…` and `frame`. @returns the host backs it */
  findHostLeaf(guest: number, guestFrame: number): boolean {
    const { host } = this;
    if (!host.findLeaf(guest, guestFrame)) return false;
    this.frame = host.leafFrame + (guestFrame - host.leafPage);
    return true;
  }

  /** The areas of a process as page numbers first, end, … ascending. */
  areasOf(guest: number, process: number): Float64Array {
    const machine = this.guests[guest]!;
    const { offsets } = machine.allocator;
    const areas: (readonly [number, number])[] = [];
    for (let area = 0; area < machine.shape.areasPerProcess; area++) {
      const index = machine.areaOf(process, area);
      if (offsets.end(index) > 0) areas.push([offsets.first(index), offsets.end(index)]);
    }
    return Float64Array.from(areas.sort((a, b) => a[0] - b[0]).flat());
  }

  /** The pages of a process that both dimensions have, leaf by leaf. */
  composed(guest: number, process: number): ComposedRuns {
    const machine = this.guests[guest]!;
    const runs = new ComposedRuns();
    for (let page = machine.nextLeaf(process, 0); page !== NONE; page = machine.nextLeaf(process, page)) {
      const { leafFrame: frame, leafOrder: order, leafFlags: flags } = machine;
      this.composeLeaf(runs, guest, page, { frame, flags, order });
      page += 2 ** order;
    }
    return runs;
  }

  /** The report over a process (4.6). @param count hears of each range */
  histograms(guest: number, process: number, count: RangeCount = guestRangeCount()) {
    const hugePages = 2 ** this.shape.guest.memory.hugeOrder;
    const { rules } = this;
    return walkGuest(this.areasOf(guest, process), this.composed(guest, process), { rules, hugePages, count });
  }

  private composeLeaf(
    runs: ComposedRuns,
    guest: number,
    page: number,
    leaf: { readonly frame: number; readonly flags: number; readonly order: number },
  ): void {
    const { host } = this;
    const size = 2 ** leaf.order;
    const guestLevel = leaf.order > 0 ? HUGE_LEVEL : SMALL_LEVEL;
    for (let at = 0; at < size; ) {
      const inner = { frame: leaf.frame + at, flags: leaf.flags, level: guestLevel };
      if (this.findHostLeaf(guest, inner.frame)) {
        const left = host.leafPage + 2 ** host.leafOrder - inner.frame;
        const count = Math.min(left, size - at);
        const level = host.leafOrder > 0 ? HUGE_LEVEL : SMALL_LEVEL;
        runs.append(page + at, count, inner, { frame: this.frame, flags: host.leafFlags, level });
        at += count;
      } else if (this.rules.hostAbsentIsAbsent) at += host.absentPages;
      else {
        runs.append(page + at, 1, inner, { frame: NO_FRAME, flags: 0, level: SMALL_LEVEL });
        at++;
      }
    }
  }

  private canAccess(guest: number, process: number, page: number, order: number): boolean {
    const machine = this.guests[guest];
    if (machine === undefined || !hasLeaf(machine, process, page)) return false;
    const frame = machine.leafFrame + (page - machine.leafPage);
    if (this.host.findLeaf(guest, frame)) return order === 0;
    return this.host.enabled({ ...this.backing(guest, frame, order) });
  }

  private backing(guest: number, frame: number, order: number) {
    const first = frame - (frame % 2 ** order);
    return { kind: "fault", process: guest, area: MEMORY_AREA, page: first, order } as const;
  }

  private access(guest: number, process: number, page: number, writes: boolean, order: number): StackedOutcome {
    const machine = this.guests[guest]!;
    machine.findLeaf(process, page);
    const frame = machine.leafFrame + (page - machine.leafPage);
    if (!this.host.findLeaf(guest, frame)) {
      const backed = this.host.perform(this.backing(guest, frame, order));
      if (backed.kind !== "frame") return backed;
    }
    const flags = writes ? ACCESSED | DIRTY : ACCESSED;
    machine.markLeaf(process, page, flags, 0);
    this.host.markLeaf(guest, frame, flags, 0);
    this.translate(guest, process, page);
    return { kind: "translation", frame: this.frame, order: this.order };
  }

  private report(guest: number, process: number): StackedOutcome {
    const count = guestRangeCount(false);
    const { sections } = this.histograms(guest, process, count);
    const told = sections.filter(({ name }) => name !== "Anchor_TLB" && name !== "across_VMAs");
    return { kind: "report", sections: told, hugePages: count.hugePages };
  }
}

function hasLeaf(machine: ContiguityMachine, process: number, page: number): boolean {
  return machine.isAlive(process) && machine.findLeaf(process, page);
}
