/** Small machines whose states are all visited. */
import type { State } from "../../model/contiguity/state.js";
import type { Scope } from "../engine/system.js";
import { fileScopes } from "./file-scopes.js";
import { nodeScopes } from "./node-scopes.js";
import {
  copy,
  each,
  enable,
  exit,
  fault,
  fork,
  give,
  hasFailed,
  hugeFaults,
  leavesOf,
  map,
  type Op,
  smallFaults,
  smallShape,
  spawn,
  take,
  unmap,
} from "./operations.js";

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
    sometimes: [{ name: "a page lies in DMA", holds: (state) => leavesOf(state, 0).some(({ frame }) => frame < 8) }],
    happens: [{ name: "a target in another zone is refused", holds: (state) => hasFailed(state, "NUMA") }],
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
  ...fileScopes,
  ...nodeScopes,
];
