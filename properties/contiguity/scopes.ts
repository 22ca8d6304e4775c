/** Small machines whose states are all visited, and larger ones that are sampled. */
import type { State } from "../../model/contiguity/state.js";
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { Choose, MenuItem, SampleScope, Scope, Shape } from "../engine/system.js";

type Op = MachineOperation;

/** Blocks of at most 4 frames, huge pages of 2, two offsets an area: every rule has its case within a few steps (9). */
function smallShape(memory: Partial<AllocatorShape>, processes = 2, areasPerProcess = 2): Shape {
  const shape: MachineShape = {
    memory: {
      zones: [{ name: "Normal", first: 16, end: 32 }],
      used: [],
      topOrder: 2,
      hugeOrder: 1,
      tableLength: 2,
      areas: processes * areasPerProcess,
      files: 0,
      quirks: [],
      ...memory,
    },
    processes,
    areasPerProcess,
    levels: 3,
  };
  return shape as unknown as Shape;
}

const spawn = (process: number): Op => ({ kind: "spawn", process });
const map = (process: number, area: number, first: number, end: number): Op => ({
  kind: "map",
  process,
  area,
  first,
  end,
});
const enable = (process: number): Op => ({ kind: "enable", process, on: true });
const fault = (process: number, area: number, page: number, order: number): Op => ({
  kind: "fault",
  process,
  area,
  page,
  order,
});
const unmap = (process: number, page: number): Op => ({ kind: "unmap", process, page });
const take = (order: number): Op => ({ kind: "take", order });
const give = (frame: number): Op => ({ kind: "give", frame });
const fork: Op = { kind: "fork", parent: 0, child: 1 };
const copy = (process: number, area: number, page: number): Op => ({ kind: "copy", process, area, page });
const exit = (process: number): Op => ({ kind: "exit", process });

const each = (...operations: readonly Op[]): readonly (readonly Op[])[] => operations.map((operation) => [operation]);
const hugeFaults = (process: number, area: number, first: number, end: number): readonly Op[] =>
  Array.from({ length: (end - first) / 2 }, (_, at) => fault(process, area, first + 2 * at, 1));
const smallFaults = (process: number, area: number, first: number, end: number): readonly Op[] =>
  Array.from({ length: end - first }, (_, at) => fault(process, area, first + at, 0));

const leavesOf = (state: State, process: number) => state.processes[process]?.leaves ?? [];
const hasFailed = (state: State, reason: string): boolean =>
  Object.keys(state.statistics.failures).some((name) => name.startsWith(`${reason}/`));

export const scopes: readonly Scope<Op, State>[] = [
  {
    name: "two-areas",
    title: "16 frames, one process, two areas of 4 pages, huge and small faults, the kernel takes blocks",
    shape: smallShape({}, 1, 2),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    actions: each(
      ...hugeFaults(0, 0, 0, 4),
      fault(0, 1, 4, 1),
      ...smallFaults(0, 1, 6, 8),
      unmap(0, 0),
      take(2),
      give(16),
    ),
    sometimes: [
      {
        name: "an area learns a second offset",
        holds: (state) => (state.processes[0]?.areas[0]?.offsets.length ?? 0) > 1,
      },
      {
        name: "both areas are mapped whole",
        holds: (state) => leavesOf(state, 0).reduce((sum, { order }) => sum + 2 ** order, 0) === 8,
      },
    ],
    expected: { states: 36090, transitions: 117574, depth: 22 },
    effort: "long",
  },
  {
    name: "fork",
    title: "16 frames, two processes, two areas of 2 pages: fork, copy-on-write, exit",
    shape: smallShape({}, 2, 2),
    setup: [spawn(0), map(0, 0, 0, 2), map(0, 1, 4, 6), enable(0)],
    actions: each(
      ...smallFaults(0, 0, 0, 2),
      fault(0, 1, 4, 1),
      fork,
      copy(0, 0, 0),
      copy(1, 0, 0),
      copy(1, 0, 1),
      unmap(1, 4),
      unmap(0, 0),
      exit(1),
    ),
    sometimes: [
      {
        name: "a page is copied",
        holds: (state) =>
          leavesOf(state, 0).some(({ page, frame }) =>
            leavesOf(state, 1).some((leaf) => leaf.page === page && leaf.frame !== frame),
          ),
      },
    ],
    expected: { states: 2363, transitions: 7662, depth: 19 },
    effort: "quick",
  },
  {
    name: "little-memory",
    title: "8 frames that begin with frame 0, some in use: faults that find no target and no block",
    shape: smallShape({ zones: [{ name: "Normal", first: 0, end: 8 }], used: [[2, 3]] }, 1, 2),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    actions: each(...hugeFaults(0, 0, 0, 4), ...smallFaults(0, 1, 4, 6), unmap(0, 0), take(0), give(0)),
    sometimes: [
      {
        name: "memory is used up",
        holds: (state) => state.zones.every(({ free }) => free.every((blocks) => blocks.length === 0)),
      },
    ],
    expected: { states: 10384, transitions: 30948, depth: 17 },
    effort: "long",
  },
  {
    name: "no-top-block",
    title: "4 frames, none of them a top block at first: what the map and the rover start from",
    shape: smallShape(
      {
        zones: [{ name: "Normal", first: 4, end: 12 }],
        used: [
          [4, 5],
          [8, 9],
        ],
      },
      1,
      1,
    ),
    setup: [spawn(0), map(0, 0, 0, 4), enable(0)],
    actions: each(...hugeFaults(0, 0, 0, 4), fault(0, 0, 0, 0), unmap(0, 0), take(0), give(5), give(9)),
    sometimes: [],
    expected: { states: 2753, transitions: 9000, depth: 16 },
    effort: "long",
  },
  {
    name: "two-zones",
    title: "8 frames in DMA from frame 0 and 8 in Normal: targets on the other side of the border",
    shape: smallShape(
      {
        zones: [
          { name: "DMA", first: 0, end: 8 },
          { name: "Normal", first: 8, end: 16 },
        ],
      },
      1,
      2,
    ),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    actions: each(...hugeFaults(0, 0, 0, 4), fault(0, 1, 4, 1), unmap(0, 0), take(2), give(0), give(8)),
    sometimes: [
      {
        name: "a target lies in another zone",
        holds: (state) => hasFailed(state, "NUMA") || leavesOf(state, 0).some(({ frame }) => frame < 8),
      },
    ],
    expected: { states: 3464, transitions: 10282, depth: 20 },
    effort: "quick",
  },
  {
    name: "fragments",
    title: "32 frames in ranges of 12, 4 and 4, the rover behind the first: where next fit looks",
    shape: smallShape({
      zones: [{ name: "Normal", first: 32, end: 64 }],
      used: [
        [48, 49],
        [56, 57],
      ],
    }),
    setup: [
      ...[spawn(0), map(0, 0, 0, 2), map(0, 1, 2, 8), enable(0)],
      ...[spawn(1), map(1, 0, 0, 2), map(1, 1, 2, 8), enable(1)],
      ...[fault(1, 0, 0, 1), fault(1, 1, 2, 1), fault(0, 0, 0, 1), unmap(1, 0), unmap(1, 2)],
    ],
    actions: each(...hugeFaults(0, 1, 2, 8), unmap(0, 0), unmap(0, 2), fault(1, 1, 2, 1)),
    sometimes: [
      { name: "the large range is used again", holds: (state) => leavesOf(state, 0).some(({ frame }) => frame < 40) },
    ],
    expected: { states: 410, transitions: 848, depth: 8 },
    effort: "quick",
  },
];

function item(name: string, draw: (state: State, choose: Choose) => Op | undefined): MenuItem<Op, State> {
  return { name, draw };
}

const alive = (state: State): readonly number[] =>
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

const menu: readonly MenuItem<Op, State>[] = [
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
  item("take", (state, choose) => take(choose.below(state.shape.memory.topOrder + 1))),
  item("give", (state, choose) => (state.held.length === 0 ? undefined : give(choose.from(state.held).frame))),
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
      },
      3,
      2,
    ),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    menu,
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
