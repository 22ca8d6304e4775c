/** Small machines of several nodes whose states are all visited. */
import type { State } from "../../model/contiguity/state.js";
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { Scope } from "../engine/system.js";
import {
  copyOn,
  each,
  enable,
  evict,
  exit,
  fault,
  faultOn,
  fork,
  give,
  hasFailed,
  hugeFaults,
  leavesOf,
  map,
  move,
  type Op,
  read,
  smallShape,
  spawn,
  takeOn,
  unmap,
} from "./operations.js";

/** Two nodes of so many frames each, from frame 0 on. */
export const twoNodes = (frames: number): Pick<AllocatorShape, "zones"> => ({
  zones: [
    { name: "Normal", first: 0, end: frames },
    { name: "Normal", first: frames, end: 2 * frames, node: 1 },
  ],
});

/** Whether a node could still have served the request of this order that is served by now. */
const hasBlock = ({ zones }: State, node: number, order: number): boolean =>
  zones.some((zone) => zone.node === node && zone.free.some((blocks, size) => size >= order && blocks.length > 0));
const nodeOfFrame = ({ zones }: State, frame: number): number | undefined =>
  zones.find(({ first, end }) => frame >= first && frame < end)?.node;
const nodeOfPage = (state: State, process: number, page: number): number | undefined =>
  nodeOfFrame(state, leavesOf(state, process).find((leaf) => leaf.page === page)?.frame ?? -1);
/** On which nodes an area's offsets send its first page. */
const nodesOfPlaces = (state: State): ReadonlySet<number | undefined> => {
  const area = state.processes[0]?.areas[0];
  return new Set(area?.offsets.map(({ start, offset }) => nodeOfFrame(state, start - offset)));
};

const placedOnBoth = {
  name: "an area has been placed on both nodes",
  holds: (state: State): boolean => nodesOfPlaces(state).size === 2,
};
/** The reason that the proc files call NUMA: these nodes have no other zone that a target could lie in. */
const refusedElsewhere = [0, 1].map((order) => ({
  name: `a target on the other node is refused, order ${order}`,
  holds: ({ statistics }: State): boolean => (statistics.failures[`NUMA/${order}`] ?? 0) > 0,
}));
const tookTarget = ({ statistics }: State): boolean => Object.keys(statistics.successes).length > 0;

export const nodeScopes: readonly Scope<Op, State>[] = [
  {
    name: "two-nodes",
    title: "two nodes of 4 frames, a process that moves between them: targets on the node that it has left",
    shape: smallShape(twoNodes(4), 1, 1),
    setup: [spawn(0), map(0, 0, 0, 4), enable(0)],
    actions: each(
      ...[...hugeFaults(0, 0, 0, 4), fault(0, 0, 3, 0), unmap(0, 0)],
      ...[move(0, 0), move(0, 1), takeOn(0, 1), takeOn(1, 2), give(0), give(4)],
    ),
    sometimes: [
      placedOnBoth,
      {
        name: "a page lies on the other node although the area is placed on the own one alone",
        holds: (state) =>
          state.processes[0]?.node === 0 &&
          String([...nodesOfPlaces(state)]) === "0" &&
          leavesOf(state, 0).some(({ frame }) => frame >= 4),
      },
    ],
    happens: refusedElsewhere,
    expected: { states: 6032, transitions: 30768, depth: 17 },
    effort: "quick",
  },
  {
    name: "threads-on-two-nodes",
    title:
      "two nodes of 4 frames, a process with a thread on each: faults on one area, copies of what fork left shared",
    shape: smallShape(twoNodes(4), 2, 1),
    setup: [spawn(0), map(0, 0, 0, 4), enable(0)],
    actions: each(
      ...[faultOn(0, 0, 0, 0, 1), faultOn(1, 0, 0, 2, 1), faultOn(1, 0, 0, 1, 0), unmap(0, 0)],
      ...[fork, copyOn(0, 0, 0, 1), copyOn(1, 1, 0, 1), exit(1)],
    ),
    sometimes: [placedOnBoth],
    happens: [
      ...refusedElsewhere,
      {
        name: "a page is copied to the other node",
        holds: (state) =>
          [0, 1].every((process) => leavesOf(state, process).some(({ page }) => page === 1)) &&
          new Set([0, 1].map((process) => nodeOfPage(state, process, 1))).size === 2,
      },
    ],
    expected: { states: 472, transitions: 910, depth: 22 },
    effort: "quick",
  },
  {
    name: "larger-than-a-node",
    title: "two nodes of 4 frames and a process of 6 pages: its targets are had on the other node",
    shape: smallShape(twoNodes(4), 1, 1),
    setup: [spawn(0), map(0, 0, 0, 6), enable(0)],
    actions: each(
      ...[fault(0, 0, 2, 1), fault(0, 0, 4, 1), fault(0, 0, 5, 0), unmap(0, 4)],
      ...[move(0, 0), move(0, 1), takeOn(0, 1), takeOn(1, 1), give(0), give(4)],
    ),
    sometimes: [],
    happens: [
      ...[0, 1].map((order) => ({
        name: `a target on the other node is had while the own node has blocks, order ${order}`,
        holds: (state: State) =>
          state.processes[0]?.node === 0 &&
          tookTarget(state) &&
          hasBlock(state, 0, order) &&
          leavesOf(state, 0).some((leaf) => leaf.page >= 4 && leaf.frame === leaf.page && leaf.order === order),
      })),
      {
        name: "a target on the other node is in use, and the own node gives another place",
        holds: (state) =>
          state.processes[0]?.node === 0 &&
          hasFailed(state, "OCCUPIED") &&
          leavesOf(state, 0).some(({ page, order, frame }) => page === 4 && order === 1 && frame < 4),
      },
    ],
    expected: { states: 6572, transitions: 29908, depth: 16 },
    effort: "quick",
  },
  {
    name: "two-nodes-two-areas",
    title: "two nodes of 8 frames, two areas of 4 pages, a process that moves between the nodes",
    shape: smallShape(twoNodes(8), 1, 2),
    setup: [spawn(0), map(0, 0, 0, 4), map(0, 1, 4, 8), enable(0)],
    actions: each(
      ...[...hugeFaults(0, 0, 0, 4), fault(0, 1, 5, 0), unmap(0, 0)],
      ...[move(0, 0), move(0, 1), takeOn(0, 2), takeOn(1, 2), give(0), give(8)],
    ),
    sometimes: [placedOnBoth],
    happens: refusedElsewhere,
    expected: { states: 31030, transitions: 149084, depth: 22 },
    effort: "long",
  },
  {
    name: "three-nodes",
    title: "three nodes of 4 frames, the first with 4 of DMA as well: in which order memory runs out",
    shape: smallShape(
      {
        zones: [
          { name: "DMA", first: 0, end: 4 },
          { name: "Normal", first: 4, end: 8 },
          { name: "Normal", first: 8, end: 12, node: 1 },
          { name: "Normal", first: 12, end: 16, node: 2 },
        ],
      },
      1,
      1,
    ),
    setup: [spawn(0), map(0, 0, 0, 4)],
    actions: each(
      ...[fault(0, 0, 0, 0), fault(0, 0, 3, 0), unmap(0, 0)],
      ...[move(0, 0), move(0, 1), move(0, 2)],
      ...[0, 1, 2].map((node) => takeOn(node, 2)),
      ...[0, 4, 8, 12].map(give),
    ),
    sometimes: [
      {
        name: "DMA of node 0 serves node 1 last",
        holds: (state) => state.processes[0]?.node === 1 && leavesOf(state, 0).some(({ frame }) => frame < 4),
      },
      {
        name: "first touch on another node",
        holds: (state) => state.processes[0]?.node === 0 && leavesOf(state, 0).some(({ frame }) => frame >= 8),
      },
    ],
    expected: { states: 27072, transitions: 202176, depth: 16 },
    effort: "long",
  },
  {
    name: "file-on-two-nodes",
    title: "two nodes of 4 frames, a file of 3 pages, a process that reads it now here, now there",
    shape: smallShape(
      {
        files: 1,
        zones: [
          { name: "Normal", first: 16, end: 20 },
          { name: "Normal", first: 20, end: 24, node: 1 },
        ],
      },
      1,
      1,
      { filePages: 4, nameSlots: 0 },
    ),
    setup: [spawn(0), enable(0), { kind: "create", file: 0, pages: 3 }],
    actions: each(
      ...[0, 1, 2].map((page) => read(0, 0, page)),
      ...[evict(0, 0), { kind: "delete", file: 0 } as const, { kind: "create", file: 0, pages: 3 } as const],
      ...[move(0, 0), move(0, 1), takeOn(1, 2), give(20)],
    ),
    sometimes: [
      {
        name: "pages of the file lie on both nodes",
        holds: ({ files }) =>
          files[0]?.cached.some(({ frame }) => frame < 20) === true && files[0].cached.some(({ frame }) => frame >= 20),
      },
    ],
    happens: [
      {
        name: "a reserved frame of the other node is used",
        holds: ({ processes, files, statistics }) =>
          processes[0]?.node === 1 &&
          (statistics.successes["RESERVED/0"] ?? 0) > 0 &&
          files[0]?.cached.every(({ frame }) => frame < 20) === true,
      },
    ],
    expected: { states: 2508, transitions: 11280, depth: 22 },
    effort: "quick",
  },
];
