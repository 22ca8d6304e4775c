/** Target allocation, its fall-backs, and the offsets that steer it (1.4 to 1.8), by the corrected rules (C1). */
import type { Failure, Success, Way } from "../../vocabulary/contiguity/allocator.js";
import { blockHolding, freeOrderOf, withAllocated, withTargetTaken } from "./buddy.js";
import { type Asker, kernelOn, normalZone, zoneHolding, zoneOrder } from "./nodes.js";
import { place, placeAndTake } from "./placement.js";
import { type AreaState, type Offset, type State, usersOf, withAttempt, withFailure, withSuccess } from "./state.js";

export interface Allocated {
  readonly state: State;
  readonly frame: number;
  readonly way: Way;
}

/** Where a page should go. */
export interface Aim {
  readonly target: number | undefined;
  /** Pages from the page to the end of its region: what a huge fault is placed for anew. */
  readonly remaining: number;
}

export interface AreaFault {
  readonly state: State;
  readonly area: AreaState;
  readonly allocated: Allocated | undefined;
}

/** Frames for a page of an area; the area may learn an offset from it. */
export function allocateForPage(state: State, asker: Asker, area: AreaState, page: number, order: number): AreaFault {
  const begun = withPlacement(state, asker, area, page);
  const aim = aimOf(begun.state, begun.area, page);
  const allocated = allocate(begun.state, asker, aim, order);
  if (allocated === undefined) return { ...begun, allocated };
  const learns = order === state.shape.memory.hugeOrder && allocated.frame !== aim.target;
  const learned = learns ? withOffset(begun.area, page, page - allocated.frame, state) : begun.area;
  return { state: allocated.state, area: learned, allocated };
}

/** Frames wherever there are some: first touch without contiguity, and the kernel's own. */
export function allocateAnywhere(state: State, node: number, order: number): Allocated | undefined {
  return allocate(state, kernelOn(node), { target: undefined, remaining: 0 }, order);
}

/** An area without offsets is placed as a whole, in Normal of the node on which its process faults (1.5). */
function withPlacement(
  state: State,
  { node }: Asker,
  area: AreaState,
  page: number,
): { readonly state: State; readonly area: AreaState } {
  if (area.offsets.length > 0) return { state, area };
  const normal = normalZone(state.zones, node);
  const placed = place(state.zones[normal]!, area.end - area.first);
  const after = { ...state, zones: state.zones.with(normal, placed.zone) };
  if (placed.frame === null) return { state: after, area };
  return { state: after, area: withOffset(area, page, area.first - placed.frame, state) };
}

/** The nearest region at or below the page, else the nearest above (A4). */
function aimOf(state: State, area: AreaState, page: number): Aim {
  const below = nearest(
    area.offsets.filter(({ start }) => start <= page),
    (a, b) => a.start > b.start,
  );
  const above = nearest(
    area.offsets.filter(({ start }) => start > page),
    (a, b) => a.start < b.start,
  );
  const found = below ?? above;
  const target = found === undefined ? undefined : page - found.offset;
  const exists = target !== undefined && target >= 0 && target < state.zones.at(-1)!.end;
  return { target: exists ? target : undefined, remaining: (above?.start ?? area.end) - page };
}

function nearest(offsets: readonly Offset[], isNearer: (one: Offset, other: Offset) => boolean): Offset | undefined {
  return offsets.reduce<Offset | undefined>(
    (best, each) => (best === undefined || isNearer(each, best) ? each : best),
    undefined,
  );
}

/** An equal start is replaced, else the next slot of the ring is written (A15). */
function withOffset(area: AreaState, start: number, offset: number, state: State): AreaState {
  const same = area.offsets.findIndex((each) => each.start === start);
  if (same >= 0) return { ...area, offsets: area.offsets.with(same, { start, offset }) };
  const slot = area.nextSlot === state.shape.memory.tableLength ? 0 : area.nextSlot;
  return { ...area, offsets: area.offsets.toSpliced(slot, 1, { start, offset }), nextSlot: slot + 1 };
}

/** Zone by zone: the target, for a huge page another place, then whatever block there is. */
export function allocate(state: State, asker: Asker, aim: Aim, order: number): Allocated | undefined {
  let current = state;
  for (const zone of zoneOrder(state.zones, asker.node)) {
    if (withAllocated(current.zones[zone]!, order) === undefined) continue;
    if (aim.target !== undefined) {
      const tried = takeTarget(current, asker, zone, aim.target, order, aim.remaining);
      if (tried.frame !== null) {
        const way = tried.frame === aim.target ? "target" : "placement-or-realigned";
        return { state: tried.state, frame: tried.frame, way };
      }
      current = tried.state;
    }
    const found = withAllocated(current.zones[zone]!, order);
    if (found === undefined) continue;
    const way = found.frame === aim.target ? "target" : "fallback";
    return { state: { ...current, zones: current.zones.with(zone, found.zone) }, frame: found.frame, way };
  }
  return undefined;
}

interface Tried {
  readonly state: State;
  readonly frame: number | null;
}

function takeTarget(state: State, asker: Asker, zone: number, target: number, order: number, remaining: number): Tried {
  const aligned = Math.ceil(target / 2 ** order) * 2 ** order;
  const own = zoneHolding(state.zones, aligned);
  // An address space larger than the zone that is asked goes on in the target's own zone, be it on another node.
  const goesOn = own >= 0 && asker.pages > state.zones[zone]!.managed;
  const from = goesOn ? own : zone;
  const verdict = judge(state, from, aligned, order);
  const asked = withAttempt(state);
  if (verdict.kind === "success") {
    const taken = { ...asked, zones: asked.zones.with(from, withTargetTaken(asked.zones[from]!, aligned, order)) };
    return { state: withSuccess(taken, verdict.category, order), frame: aligned };
  }
  const refused = withFailure(asked, verdict.reason, order);
  if (order !== state.shape.memory.hugeOrder) return { state: refused, frame: null };
  // Placed anew it is in the zone that was asked.
  const placed = placeAndTake(refused.zones[zone]!, remaining, order);
  return { state: { ...refused, zones: refused.zones.with(zone, placed.zone) }, frame: placed.frame };
}

type Verdict =
  | { readonly kind: "success"; readonly category: Success }
  | { readonly kind: "failure"; readonly reason: Failure };

/** The table of 1.7, row by row. */
function judge(state: State, zone: number, target: number, order: number): Verdict {
  const failure = (reason: Failure): Verdict => ({ kind: "failure", reason });
  const memory = state.zones[zone]!;
  if (target >= state.zones.at(-1)!.end) return failure("INVALID_PFN");
  if (target < memory.first || target >= memory.end) return failure("NUMA");
  if (usersOf(state, target) > 0) return failure("OCCUPIED");
  const headed = freeOrderOf(memory, target);
  if (headed !== undefined && headed < order) return failure("SUBBLOCK");
  if (headed === order) return { kind: "success", category: "EXACT" };
  return blockHolding(memory, target) === undefined
    ? failure("NOTHING_FOUND")
    : { kind: "success", category: "SUPERBLOCK" };
}
