/** Larger machines that are sampled. */
import type { State } from "../../model/contiguity/state.js";
import type { Choose, MenuItem, SampleScope, Shape } from "../engine/system.js";
import {
  call,
  copy,
  enable,
  evict,
  exec,
  exit,
  fault,
  give,
  leavesOf,
  map,
  move,
  type Op,
  read,
  smallShape,
  spawn,
  take,
  takeOn,
  unmap,
} from "./operations.js";

export function item(name: string, draw: (state: State, choose: Choose) => Op | undefined): MenuItem<Op, State> {
  return { name, draw };
}

export const alive = (state: State): readonly number[] =>
  state.processes.flatMap((process, number) => (process === null ? [] : [number]));
const dead = (state: State): readonly number[] =>
  state.processes.flatMap((process, number) => (process === null ? [number] : []));

function drawFault(state: State, choose: Choose, order: number): Op | undefined {
  const candidates = alive(state).flatMap((process) =>
    state.processes[process]!.areas.flatMap((area, number) => (area === null ? [] : [{ process, number, area }])),
  );
  if (candidates.length === 0) return undefined;
  const { process, number, area } = choose.from(candidates);
  const size = 2 ** order;
  const units = Math.floor((area.end - area.first) / size);
  if (units === 0) return undefined;
  const page = Math.ceil(area.first / size) * size + size * choose.below(units);
  const leaves = leavesOf(state, process);
  const isFree = !leaves.some((leaf) => leaf.page < page + size && page < leaf.page + 2 ** leaf.order);
  return isFree && page + size <= area.end ? fault(process, number, page, order) : undefined;
}

/** What a machine can be asked, drawn in its present state. */
export const menu: readonly MenuItem<Op, State>[] = [
  item("spawn", (state, choose) => (dead(state).length === 0 ? undefined : spawn(choose.from(dead(state))))),
  item("map", (state, choose) => {
    const empty = alive(state).flatMap((process) =>
      state.processes[process]!.areas.flatMap((area, number) => (area === null ? [{ process, number }] : [])),
    );
    if (empty.length === 0) return undefined;
    const { process, number } = choose.from(empty);
    const width = 2 ** (state.shape.levels * state.shape.memory.hugeOrder) / state.shape.areasPerProcess;
    const first = width * number + choose.below(Math.max(1, Math.min(2048, width / 4)));
    const most = Math.min(8192, width * (number + 1) - first);
    return map(process, number, first, first + 1 + choose.below(most));
  }),
  item("enable", (state, choose) => {
    const off = alive(state).filter((process) => !state.processes[process]!.contiguityAware);
    return off.length === 0 ? undefined : enable(choose.from(off));
  }),
  item("huge fault", (state, choose) => drawFault(state, choose, state.shape.memory.hugeOrder)),
  item("another huge fault", (state, choose) => drawFault(state, choose, state.shape.memory.hugeOrder)),
  item("a third huge fault", (state, choose) => drawFault(state, choose, state.shape.memory.hugeOrder)),
  item("small fault", (state, choose) => drawFault(state, choose, 0)),
  item("copy", (state, choose) => {
    const shared = alive(state).flatMap((process) =>
      leavesOf(state, process)
        .filter(
          ({ order, frame }) =>
            order === 0 &&
            alive(state).some(
              (other) => other !== process && leavesOf(state, other).some((leaf) => leaf.frame === frame),
            ),
        )
        .map(({ page }) => ({ process, page })),
    );
    if (shared.length === 0) return undefined;
    const { process, page } = choose.from(shared);
    const area = state.processes[process]!.areas.findIndex(
      (found) => found !== null && page >= found.first && page < found.end,
    );
    return copy(process, area, page);
  }),
  item("unmap", (state, choose) => {
    const mapped = alive(state).filter((process) => leavesOf(state, process).length > 0);
    if (mapped.length === 0) return undefined;
    const process = choose.from(mapped);
    return unmap(process, choose.from(leavesOf(state, process)).page);
  }),
  item("fork", (state, choose) =>
    alive(state).length === 0 || dead(state).length === 0
      ? undefined
      : { kind: "fork", parent: choose.from(alive(state)), child: choose.from(dead(state)) },
  ),
  item("exit", (state, choose) => (alive(state).length < 2 ? undefined : exit(choose.from(alive(state))))),
  item("create", (state, choose) => {
    const file = state.files.indexOf(null);
    const pages = 1 + choose.below(Math.max(1, state.shape.filePages ?? 0));
    return file < 0 ? undefined : { kind: "create", file, pages };
  }),
  item("read", (state, choose) => {
    const files = state.files.flatMap((file, number) => (file === null ? [] : [{ file, number }]));
    if (files.length === 0 || alive(state).length === 0) return undefined;
    const { file, number } = choose.from(files);
    const page = choose.below(file.pages);
    const isCached = file.cached.some((cached) => cached.page === page);
    return isCached ? undefined : read(choose.from(alive(state)), number, page);
  }),
  item("evict", (state, choose) => {
    const cached = state.files.flatMap((file, number) => (file?.cached ?? []).map(({ page }) => ({ number, page })));
    if (cached.length === 0) return undefined;
    const { number, page } = choose.from(cached);
    return evict(number, page);
  }),
  item("delete", (state, choose) => {
    const files = state.files.flatMap((file, number) => (file === null ? [] : [number]));
    return files.length === 0 ? undefined : { kind: "delete", file: choose.from(files) };
  }),
  item("call", (state, choose) => {
    if (alive(state).length === 0) return undefined;
    const option = choose.below(3) - 1;
    const most = option > 0 ? state.names.length : state.processes.length;
    const list = Array.from({ length: choose.below(most + 1) }, () => choose.below(most) + (option > 0 ? 1 : 0));
    return call(choose.from(alive(state)), option, ...list);
  }),
  item("exec", (state, choose) =>
    alive(state).length === 0 ? undefined : exec(choose.from(alive(state)), 1 + choose.below(3)),
  ),
  item("take", (state, choose) => take(choose.below(state.shape.memory.topOrder + 1))),
  item("give", (state, choose) => (state.held.length === 0 ? undefined : give(choose.from(state.held).frame))),
];

/** One of the machine's nodes. */
const anyNode = ({ zones }: State, choose: Choose): number => choose.from(zones).node;

/** The same on several nodes, between which processes move and on each of which the kernel takes. */
export const nodeMenu: readonly MenuItem<Op, State>[] = [
  ...menu,
  item("move", (state, choose) => {
    if (alive(state).length === 0) return undefined;
    const [process, node] = [choose.from(alive(state)), anyNode(state, choose)];
    return state.processes[process]!.node === node ? undefined : move(process, node);
  }),
  item("take on a node", (state, choose) =>
    takeOn(anyNode(state, choose), choose.below(state.shape.memory.topOrder + 1)),
  ),
];

export const sampleScopes: readonly SampleScope<Op, State>[] = [
  {
    name: "small",
    title: "64 frames in two zones, three processes",
    shape: smallShape(
      {
        zones: [
          { name: "DMA", first: 0, end: 16 },
          { name: "Normal", first: 16, end: 64 },
        ],
        used: [
          [0, 1],
          [30, 31],
        ],
        tableLength: 3,
        files: 2,
      },
      3,
      2,
      { filePages: 6, nameSlots: 2 },
    ),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    menu,
    commandsMax: 60,
  },
  {
    name: "nodes",
    title:
      "three nodes of 16 frames with a gap before the last, DMA on the first; processes smaller and larger than a node",
    shape: smallShape(
      {
        zones: [
          { name: "DMA", first: 0, end: 4 },
          { name: "Normal", first: 4, end: 20 },
          { name: "Normal", first: 20, end: 36, node: 1 },
          { name: "Normal", first: 48, end: 64, node: 2 },
        ],
        used: [
          [0, 1],
          [30, 31],
        ],
        tableLength: 3,
        files: 2,
      },
      3,
      2,
      { levels: 5, filePages: 6, nameSlots: 2 },
    ),
    setup: [
      spawn(0),
      map(0, 0, 0, 20),
      map(0, 1, 24, 28),
      enable(0),
      spawn(1),
      map(1, 0, 2, 10),
      enable(1),
      move(1, 1),
    ],
    menu: nodeMenu,
    commandsMax: 60,
  },
  {
    name: "x86-64",
    title: "32 MiB in blocks of 4 MiB with 2 MiB pages, two processes",
    shape: {
      memory: {
        zones: [
          { name: "DMA", first: 0, end: 2048 },
          { name: "Normal", first: 2048, end: 8192 },
        ],
        used: [
          [0, 1],
          [5000, 5900],
        ],
        topOrder: 10,
        hugeOrder: 9,
        tableLength: 64,
        areas: 4,
        files: 0,
        quirks: [],
      },
      processes: 2,
      areasPerProcess: 2,
      levels: 3,
      tables: 64,
    } as unknown as Shape,
    setup: [spawn(0), map(0, 0, 512, 4608), map(0, 1, 8192, 12_300), enable(0)],
    menu,
    commandsMax: 16,
  },
];
