/** More small machines whose states are all visited: files, switching on, and single rules of memory and offsets. */
import type { State } from "../../model/contiguity/state.js";
import type { Scope } from "../engine/system.js";
import {
  call,
  each,
  enable,
  evict,
  exec,
  exit,
  fault,
  fork,
  give,
  hugeFaults,
  leavesOf,
  map,
  type Op,
  read,
  smallFaults,
  smallShape,
  spawn,
  take,
  unmap,
} from "./operations.js";

const withFiles = { filePages: 4, nameSlots: 0 };

export const fileScopes: readonly Scope<Op, State>[] = [
  {
    name: "files",
    title: "8 frames, one process, a file of 3 pages: read-ahead, its reserve, eviction, the file goes and comes again",
    shape: smallShape({ files: 1, zones: [{ name: "Normal", first: 16, end: 24 }] }, 1, 1, withFiles),
    setup: [spawn(0), enable(0), { kind: "create", file: 0, pages: 3 }],
    actions: each(
      ...[0, 1, 2].map((page) => read(0, 0, page)),
      ...[0, 1].map((page) => evict(0, page)),
      { kind: "delete", file: 0 },
      { kind: "create", file: 0, pages: 2 },
      take(2),
      give(16),
    ),
    sometimes: [
      { name: "a page comes from the reserve", holds: (state) => cachedPages(state) > 1 && state.reserved.length > 0 },
      {
        name: "a page is evicted while the reserve stays",
        holds: (state) => cachedPages(state) === 0 && state.reserved.length > 0,
      },
    ],
    expected: { states: 7243, transitions: 30453, depth: 34 },
    effort: "quick",
  },
  {
    name: "file-mapping",
    title: "16 frames, two processes, an area of a file and an anonymous one: faults, fork, eviction, exit",
    shape: smallShape({ files: 1 }, 2, 2, withFiles),
    setup: [
      ...[spawn(0), enable(0), { kind: "create", file: 0, pages: 2 } as const],
      ...[{ kind: "map", process: 0, area: 0, first: 0, end: 2, file: 0 } as const, map(0, 1, 4, 6)],
    ],
    actions: each(
      ...smallFaults(0, 0, 0, 2),
      ...[fault(0, 1, 4, 1), fork, fault(1, 0, 1, 0), unmap(0, 0), exit(1), evict(0, 0)],
    ),
    sometimes: [
      {
        name: "a page of the file is mapped by both",
        holds: (state) =>
          leavesOf(state, 0).some(({ page }) => page < 2 && leavesOf(state, 1).some((leaf) => leaf.page === page)),
      },
    ],
    expected: { states: 19687, transitions: 62387, depth: 34 },
    effort: "long",
  },
  {
    name: "switching-on",
    title: "two processes, two command names, two slots: the call's options, exec, fork, exit",
    shape: smallShape({}, 2, 1, { nameSlots: 2 }),
    setup: [spawn(0)],
    actions: [
      ...each(call(0, 1, 1), call(0, 1, 2, 1), call(0, 0, 0, 1), call(0, -1, 0), call(0, -1, 1)),
      ...each(exec(0, 1), exec(1, 1), exec(1, 2), spawn(1), fork, exit(0), exit(1), spawn(0)),
      [map(1, 0, 0, 2), fault(1, 0, 0, 0)],
    ],
    sometimes: [
      {
        name: "a process is switched on by its name",
        holds: ({ processes, names }) => processes[1]?.contiguityAware === true && names.includes(processes[1].name),
      },
      {
        name: "a child inherits it through exec",
        holds: ({ processes, names }) =>
          processes[1]?.contiguityAware === true && processes[1].name === 2 && !names.includes(2),
      },
    ],
    expected: { states: 674, transitions: 6491, depth: 11 },
    effort: "quick",
  },
  {
    name: "top-blocks",
    title: "20 frames that come and go as top blocks: how ranges merge and split",
    shape: smallShape({ zones: [{ name: "Normal", first: 16, end: 36 }] }, 1, 1),
    setup: [],
    actions: each(take(2), ...[16, 20, 24, 28, 32].map(give)),
    sometimes: [
      {
        name: "a block between two free ones is in use",
        holds: ({ held }) => held.length === 1 && held[0]!.frame === 24,
      },
    ],
    expected: { states: 366, transitions: 1140, depth: 15 },
    effort: "quick",
  },
  {
    name: "ring",
    title: "16 frames, an area of 8 pages whose huge targets are taken away: more offsets than the table has slots",
    shape: smallShape({}, 1, 1),
    setup: [spawn(0), map(0, 0, 0, 8), enable(0), fault(0, 0, 0, 1)],
    actions: [...each(...hugeFaults(0, 0, 0, 8)), ...each(unmap(0, 0), take(1))],
    sometimes: [
      {
        name: "the table has wrapped",
        holds: ({ processes }) => {
          const area = processes[0]?.areas[0];
          return area?.offsets.length === 2 && area.nextSlot === 1;
        },
      },
    ],
    expected: { states: 21799, transitions: 56955, depth: 19 },
    effort: "long",
  },
  {
    name: "unaligned",
    title: "16 frames, an area that begins at an odd page: huge targets that have to be rounded",
    shape: smallShape({}, 1, 1),
    setup: [spawn(0), map(0, 0, 1, 6), enable(0)],
    actions: each(...hugeFaults(0, 0, 2, 6), fault(0, 0, 1, 0), unmap(0, 2), take(1)),
    sometimes: [
      {
        name: "a huge page lies where its target was rounded to",
        holds: (state) => leavesOf(state, 0).some(({ order, frame, page }) => order === 1 && (page - frame) % 4 !== 0),
      },
    ],
    expected: { states: 8591, transitions: 19609, depth: 19 },
    effort: "long",
  },
];

const cachedPages = ({ files }: State): number => files.reduce((sum, file) => sum + (file?.cached.length ?? 0), 0);
