/** One step of the machine. */
import { produce } from "immer";
import { match } from "ts-pattern";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import { type Allocated, allocateAnywhere, allocateForPage } from "./allocation.js";
import { afterCall, executed, withoutProcess } from "./enabling.js";
import { deleteFile, evict, fileOf, frameOfPage, type Read, readPage, withFile } from "./files.js";
import { askerOf, hasNode } from "./nodes.js";
import type { AreaState, Leaf, ProcessState, State } from "./state.js";
import { usersOf, withFrames } from "./state.js";

export interface Stepped {
  readonly state: State;
  readonly outcome: MachineOutcome;
}

/** What a caller may ask for in this state. */
export function enabled(state: State, operation: MachineOperation): boolean {
  return match(operation)
    .with({ kind: "spawn" }, ({ process }) => state.processes[process] === null)
    .with(
      { kind: "map" },
      ({ process, area, first, end, file }) =>
        isRoomFor(state, process, area, first, end) && (file === undefined || fileOf(state, file) !== null),
    )
    .with(
      { kind: "call" },
      ({ process, option, list }) =>
        isAlive(state, process) &&
        (option > 0
          ? list.length <= state.names.length && list.every((name) => name > 0)
          : list.every((each) => each >= 0 && each < state.processes.length)),
    )
    .with({ kind: "exec" }, ({ process, name }) => isAlive(state, process) && name > 0)
    .with(
      { kind: "create" },
      ({ file, pages }) => state.files[file] === null && pages > 0 && pages <= (state.shape.filePages ?? 0),
    )
    .with(
      { kind: "read" },
      ({ process, file, page, node }) =>
        isAlive(state, process) &&
        isNode(state, node) &&
        hasPage(state, file, page) &&
        frameOfPage(state, file, page) === undefined,
    )
    .with({ kind: "evict" }, ({ file, page }) => {
      const frame = frameOfPage(state, file, page);
      return frame !== undefined && usersOf(state, frame) === 1;
    })
    .with({ kind: "delete" }, ({ file }) => fileOf(state, file) !== null && !isMapped(state, file))
    .with(
      { kind: "enable" },
      ({ process, on }) => isAlive(state, process) && processOf(state, process).contiguityAware !== on,
    )
    .with(
      { kind: "move" },
      ({ process, node }) =>
        isAlive(state, process) && hasNode(state.zones, node) && processOf(state, process).node !== node,
    )
    .with(
      { kind: "fault" },
      ({ process, area, page, order, node }) => isNode(state, node) && canFault(state, process, area, page, order),
    )
    .with({ kind: "copy" }, ({ process, area, page, node }) => {
      const leaf = leafOf(state, process, page);
      return (
        isNode(state, node) &&
        areaOf(state, process, area, page)?.file === null &&
        leaf?.order === 0 &&
        usersOf(state, leaf.frame) > 1
      );
    })
    .with({ kind: "unmap" }, ({ process, page }) => leafOf(state, process, page) !== undefined)
    .with({ kind: "fork" }, ({ parent, child }) => isAlive(state, parent) && state.processes[child] === null)
    .with({ kind: "exit" }, ({ process }) => isAlive(state, process))
    .with({ kind: "take" }, ({ node }) => isNode(state, node))
    .with({ kind: "give" }, ({ frame }) => state.held.some((block) => block.frame === frame))
    .exhaustive();
}

export function apply(state: State, operation: MachineOperation): Stepped {
  return match(operation)
    .with({ kind: "spawn" }, ({ process }) => {
      const areas = Array.from({ length: state.shape.areasPerProcess }, () => null);
      return done(
        withProcess(state, process, { contiguityAware: false, node: 0, name: 0, parent: null, areas, leaves: [] }),
      );
    })
    .with({ kind: "map" }, ({ process, area, first, end, file = null }) =>
      done(withArea(state, process, area, { first, end, offsets: [], nextSlot: 0, file })),
    )
    .with({ kind: "call" }, ({ option, list }) => done(afterCall(state, option, list)))
    .with({ kind: "exec" }, ({ process, name }) => {
      const emptied = withoutLeaves(state, process);
      return done(withProcess(emptied, process, executed(emptied, process, name)));
    })
    .with({ kind: "create" }, ({ file, pages }) => done(withFile(state, file, { pages, offset: 0, cached: [] })))
    .with({ kind: "read" }, ({ process, file, page, node }) => {
      const read = readPage(state, file, page, processOf(state, process), node);
      return { state: read.state, outcome: read.allocated === undefined ? NO_MEMORY : answer(read.allocated, 0) };
    })
    .with({ kind: "evict" }, ({ file, page }) => done(evict(state, file, page)))
    .with({ kind: "delete" }, ({ file }) => done(deleteFile(state, file)))
    .with({ kind: "enable" }, ({ process, on }) =>
      done(withProcess(state, process, { ...processOf(state, process), contiguityAware: on })),
    )
    .with({ kind: "move" }, ({ process, node }) =>
      done(withProcess(state, process, { ...processOf(state, process), node })),
    )
    .with({ kind: "fault" }, ({ process, area, page, order, node }) => fault(state, process, area, page, order, node))
    .with({ kind: "copy" }, ({ process, area, page, node }) => copy(state, process, area, page, node))
    .with({ kind: "unmap" }, ({ process, page }) => done(unmap(state, process, leafOf(state, process, page)!)))
    .with({ kind: "fork" }, ({ parent, child }) =>
      done(withProcess(state, child, { ...processOf(state, parent), parent })),
    )
    .with({ kind: "exit" }, ({ process }) => done(withoutProcess(withoutLeaves(state, process), process)))
    .with({ kind: "take" }, ({ order, node = 0 }) => {
      const allocated = allocateAnywhere(state, node, order);
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

function fault(
  state: State,
  process: number,
  area: number,
  page: number,
  order: number,
  node: number | undefined,
): Stepped {
  const { file, first } = processOf(state, process).areas[area]!;
  const obtained =
    file === null
      ? obtain(state, process, area, page, order, node)
      : { ...obtainPage(state, process, file, page - first, node), order: 0 };
  const { allocated } = obtained;
  if (allocated === undefined) return { state: obtained.state, outcome: NO_MEMORY };
  const leaf = { page, frame: allocated.frame, order: obtained.order };
  return { state: withLeaf(obtained.state, process, leaf), outcome: answer(allocated, obtained.order) };
}

/** The frame of a file's page, which is read now if it is not in memory. */
function obtainPage(state: State, process: number, file: number, page: number, node: number | undefined): Read {
  const frame = frameOfPage(state, file, page);
  if (frame !== undefined) return { state, allocated: { state, frame, way: "cached" } };
  return readPage(state, file, page, processOf(state, process), node);
}

/** The writer gets a frame of its own; the one that it shared keeps its other users (1.10). */
function copy(state: State, process: number, area: number, page: number, node: number | undefined): Stepped {
  const { state: after, allocated } = obtain(state, process, area, page, 0, node);
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
function obtain(
  state: State,
  process: number,
  area: number,
  page: number,
  order: number,
  node: number | undefined,
): Obtained {
  const { contiguityAware, areas } = processOf(state, process);
  const asker = askerOf(processOf(state, process), node);
  const tried = contiguityAware
    ? allocateForPage(state, asker, areas[area]!, page, order)
    : { state, area: areas[area]!, allocated: allocateAnywhere(state, asker.node, order) };
  const after = withArea(tried.allocated?.state ?? tried.state, process, area, tried.area);
  if (tried.allocated !== undefined || order === 0) return { state: after, allocated: tried.allocated, order };
  return obtain(after, process, area, page, 0, node);
}

function unmap(state: State, process: number, leaf: Leaf): State {
  const { leaves, ...rest } = processOf(state, process);
  const without = withProcess(state, process, { ...rest, leaves: leaves.filter(({ page }) => page !== leaf.page) });
  return usersOf(without, leaf.frame) > 0 ? without : withFrames(without, leaf.frame, leaf.order);
}

function withoutLeaves(state: State, process: number): State {
  return processOf(state, process).leaves.reduce((after, leaf) => unmap(after, process, leaf), state);
}

function withLeaf(state: State, process: number, leaf: Leaf): State {
  return produce(state, (draft) => {
    const { leaves } = draft.processes[process]!;
    leaves.push(leaf);
    leaves.sort((a, b) => a.page - b.page);
  });
}

const processOf = (state: State, process: number): ProcessState => state.processes[process]!;
/** Nothing said is the node where the process runs, or node 0. */
const isNode = (state: State, node = 0): boolean => hasNode(state.zones, node);
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

function hasPage(state: State, file: number, page: number): boolean {
  return page >= 0 && page < (fileOf(state, file)?.pages ?? 0);
}

const isMapped = (state: State, file: number): boolean =>
  state.processes.some((process) => process?.areas.some((area) => area?.file === file));

function isRoomFor(state: State, process: number, area: number, first: number, end: number): boolean {
  if (!isAlive(state, process) || processOf(state, process).areas[area] !== null || end <= first) return false;
  const pages = 2 ** (state.shape.levels * state.shape.memory.hugeOrder);
  const overlaps = (other: AreaState | null): boolean => other !== null && first < other.end && other.first < end;
  return end <= pages && !processOf(state, process).areas.some(overlaps);
}

function canFault(state: State, process: number, area: number, page: number, order: number): boolean {
  const size = 2 ** order;
  const pages = Array.from({ length: size }, (_, at) => page + at);
  const found = areaOf(state, process, area, page);
  if (found !== undefined && found.file !== null) {
    if (order > 0 || !hasPage(state, found.file, page - found.first)) return false;
  }
  return (
    page % size === 0 &&
    pages.every((each) => areaOf(state, process, area, each) && leafOf(state, process, each) === undefined)
  );
}
