/** One step of the machine. */
import { produce } from "immer";
import { match } from "ts-pattern";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import { type Allocated, allocateAnywhere, allocateForPage } from "./allocation.js";
import { withFreed } from "./buddy.js";
import type { AreaState, Leaf, ProcessState, State } from "./state.js";
import { usersOf } from "./state.js";

export interface Stepped {
  readonly state: State;
  readonly outcome: MachineOutcome;
}

/** What a caller may ask for in this state. */
export function enabled(state: State, operation: MachineOperation): boolean {
  return match(operation)
    .with({ kind: "spawn" }, ({ process }) => state.processes[process] === null)
    .with({ kind: "map" }, ({ process, area, first, end }) => isRoomFor(state, process, area, first, end))
    .with(
      { kind: "enable" },
      ({ process, on }) => isAlive(state, process) && processOf(state, process).contiguityAware !== on,
    )
    .with({ kind: "fault" }, ({ process, area, page, order }) => canFault(state, process, area, page, order))
    .with({ kind: "copy" }, ({ process, area, page }) => {
      const leaf = leafOf(state, process, page);
      return areaOf(state, process, area, page) !== undefined && leaf?.order === 0 && usersOf(state, leaf.frame) > 1;
    })
    .with({ kind: "unmap" }, ({ process, page }) => leafOf(state, process, page) !== undefined)
    .with({ kind: "fork" }, ({ parent, child }) => isAlive(state, parent) && state.processes[child] === null)
    .with({ kind: "exit" }, ({ process }) => isAlive(state, process))
    .with({ kind: "take" }, () => true)
    .with({ kind: "give" }, ({ frame }) => state.held.some((block) => block.frame === frame))
    .exhaustive();
}

export function apply(state: State, operation: MachineOperation): Stepped {
  return match(operation)
    .with({ kind: "spawn" }, ({ process }) => {
      const areas = Array.from({ length: state.shape.areasPerProcess }, () => null);
      return done(withProcess(state, process, { contiguityAware: false, areas, leaves: [] }));
    })
    .with({ kind: "map" }, ({ process, area, first, end }) =>
      done(withArea(state, process, area, { first, end, offsets: [], nextSlot: 0 })),
    )
    .with({ kind: "enable" }, ({ process, on }) =>
      done(withProcess(state, process, { ...processOf(state, process), contiguityAware: on })),
    )
    .with({ kind: "fault" }, ({ process, area, page, order }) => fault(state, process, area, page, order))
    .with({ kind: "copy" }, ({ process, area, page }) => copy(state, process, area, page))
    .with({ kind: "unmap" }, ({ process, page }) => done(unmap(state, process, leafOf(state, process, page)!)))
    .with({ kind: "fork" }, ({ parent, child }) => done(withProcess(state, child, processOf(state, parent))))
    .with({ kind: "exit" }, ({ process }) => {
      const emptied = processOf(state, process).leaves.reduce((after, leaf) => unmap(after, process, leaf), state);
      return done({ ...emptied, processes: emptied.processes.with(process, null) });
    })
    .with({ kind: "take" }, ({ order }) => {
      const allocated = allocateAnywhere(state, order);
      if (allocated === undefined) return { state, outcome: NO_MEMORY };
      const held = [...state.held, { frame: allocated.frame, order }].sort((a, b) => a.frame - b.frame);
      return { state: { ...allocated.state, held }, outcome: answer(allocated, order) };
    })
    .with({ kind: "give" }, ({ frame }) => {
      const { order } = state.held.find((block) => block.frame === frame)!;
      return done(withFrames({ ...state, held: state.held.filter((block) => block.frame !== frame) }, frame, order));
    })
    .exhaustive();
}

const NO_MEMORY: MachineOutcome = { kind: "none", endless: false };
const done = (state: State): Stepped => ({ state, outcome: { kind: "done" } });
const answer = ({ frame, way }: Allocated, order: number): MachineOutcome => ({ kind: "frame", frame, order, way });

function fault(state: State, process: number, area: number, page: number, order: number): Stepped {
  const obtained = obtain(state, process, area, page, order);
  const { allocated } = obtained;
  if (allocated === undefined) return { state: obtained.state, outcome: NO_MEMORY };
  const leaf = { page, frame: allocated.frame, order: obtained.order };
  return { state: withLeaf(obtained.state, process, leaf), outcome: answer(allocated, obtained.order) };
}

/** The writer gets a frame of its own; the one that it shared keeps its other users (1.10). */
function copy(state: State, process: number, area: number, page: number): Stepped {
  const { state: after, allocated } = obtain(state, process, area, page, 0);
  if (allocated === undefined) return { state: after, outcome: NO_MEMORY };
  const old = leafOf(after, process, page)!;
  const rest = processOf(after, process).leaves.filter((leaf) => leaf !== old);
  const without = withProcess(after, process, { ...processOf(after, process), leaves: rest });
  return { state: withLeaf(without, process, { ...old, frame: allocated.frame }), outcome: answer(allocated, 0) };
}

interface Obtained {
  readonly state: State;
  readonly allocated: Allocated | undefined;
  readonly order: number;
}

/** Frames for a page. A huge fault for which there is no huge block becomes a small one (A14). */
function obtain(state: State, process: number, area: number, page: number, order: number): Obtained {
  const { contiguityAware, areas } = processOf(state, process);
  const tried = contiguityAware
    ? allocateForPage(state, areas[area]!, page, order)
    : { state, area: areas[area]!, allocated: allocateAnywhere(state, order) };
  const after = withArea(tried.allocated?.state ?? tried.state, process, area, tried.area);
  if (tried.allocated !== undefined || order === 0) return { state: after, allocated: tried.allocated, order };
  return obtain(after, process, area, page, 0);
}

function unmap(state: State, process: number, leaf: Leaf): State {
  const { leaves, ...rest } = processOf(state, process);
  const without = withProcess(state, process, { ...rest, leaves: leaves.filter(({ page }) => page !== leaf.page) });
  return usersOf(without, leaf.frame) > 0 ? without : withFrames(without, leaf.frame, leaf.order);
}

/** Frames go back to their zone. */
function withFrames(state: State, frame: number, order: number): State {
  const zone = state.zones.findIndex(({ first, end }) => frame >= first && frame < end);
  return { ...state, zones: state.zones.with(zone, withFreed(state.zones[zone]!, frame, order)) };
}

function withLeaf(state: State, process: number, leaf: Leaf): State {
  return produce(state, (draft) => {
    const { leaves } = draft.processes[process]!;
    leaves.push(leaf);
    leaves.sort((a, b) => a.page - b.page);
  });
}

const processOf = (state: State, process: number): ProcessState => state.processes[process]!;
const isAlive = (state: State, process: number): boolean => (state.processes[process] ?? null) !== null;

function withProcess(state: State, process: number, value: ProcessState): State {
  return { ...state, processes: state.processes.with(process, value) };
}

function withArea(state: State, process: number, area: number, value: AreaState): State {
  const found = processOf(state, process);
  return withProcess(state, process, { ...found, areas: found.areas.with(area, value) });
}

function areaOf(state: State, process: number, area: number, page: number): AreaState | undefined {
  const found = state.processes[process]?.areas[area];
  return found && page >= found.first && page < found.end ? found : undefined;
}

function leafOf(state: State, process: number, page: number): Leaf | undefined {
  return state.processes[process]?.leaves.find((leaf) => page >= leaf.page && page < leaf.page + 2 ** leaf.order);
}

function isRoomFor(state: State, process: number, area: number, first: number, end: number): boolean {
  if (!isAlive(state, process) || processOf(state, process).areas[area] !== null || end <= first) return false;
  const pages = 2 ** (state.shape.levels * state.shape.memory.hugeOrder);
  const overlaps = (other: AreaState | null): boolean => other !== null && first < other.end && other.first < end;
  return end <= pages && !processOf(state, process).areas.some(overlaps);
}

function canFault(state: State, process: number, area: number, page: number, order: number): boolean {
  const size = 2 ** order;
  const pages = Array.from({ length: size }, (_, at) => page + at);
  return (
    page % size === 0 &&
    pages.every((each) => areaOf(state, process, area, each) && leafOf(state, process, each) === undefined)
  );
}
