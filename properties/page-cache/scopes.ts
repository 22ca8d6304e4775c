/** The spaces of the page cache for `explore` and `sample`: one operation is one step here. */
import type { State } from "../../model/page-cache/index.js";
import { type CacheGeometry, cacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import type { Operation } from "../../vocabulary/page-cache/operations.js";
import type { MenuItem, SampleScope, Scope } from "../engine/system.js";

type CacheScope = Scope<Operation, State>;

function scope(
  name: string,
  title: string,
  shape: Partial<CacheGeometry>,
  expected: NonNullable<CacheScope["expected"]>,
): CacheScope {
  const geometry = cacheGeometry({ pageWords: 1, ...shape });
  const { nodes, framesPerNode } = geometry;
  const each = <Item>(count: number, of: (i: number) => Item): Item[] => Array.from({ length: count }, (_, i) => of(i));
  const operations: readonly Operation[] = [
    ...each(nodes, (node): Operation => ({ kind: "pop", node })),
    ...each(nodes * framesPerNode, (frame): Operation => ({ kind: "push", frame })),
    ...each(nodes * framesPerNode, (frame): Operation => ({ kind: "write", frame })),
    ...each(nodes, (node): Operation => ({ kind: "drain", node })),
    ...each(framesPerNode + 1, (i): Operation => ({ kind: "populate", target: i + 1 })),
    { kind: "drainAll" },
    { kind: "reset" },
  ];
  return {
    name,
    title,
    shape: { ...geometry },
    setup: [],
    actions: operations.map((operation) => [operation]),
    sometimes: [
      { name: "all pages of a node are out", holds: ({ out }) => out.length >= framesPerNode },
      {
        name: "a list is in another order than it was filled in",
        holds: (state) => state.nodes.some(({ list }) => list.some((frame, i) => frame > (list[i - 1] ?? frame))),
      },
    ],
    expected,
    effort: "quick",
  };
}

export const scopes: readonly CacheScope[] = [
  scope(
    "one-node",
    "1 node of 3 frames, 1 bit of tag",
    { nodes: 1, framesPerNode: 3, tagBits: 1 },
    {
      states: 156,
      transitions: 1656,
      depth: 9,
    },
  ),
  scope(
    "two-nodes",
    "2 nodes of 2 frames, 1 bit of tag",
    { nodes: 2, framesPerNode: 2, tagBits: 1 },
    {
      states: 1156,
      transitions: 14_756,
      depth: 11,
    },
  ),
  scope(
    "address-heads",
    "1 node of 3 frames, 1 bit of tag, heads of 64 bits",
    { nodes: 1, framesPerNode: 3, tagBits: 1, head: "address" },
    { states: 156, transitions: 1656, depth: 9 },
  ),
];

const menu: readonly MenuItem<Operation, State>[] = [
  { name: "pop", draw: (state, choose) => ({ kind: "pop", node: choose.below(state.nodes.length) }) },
  {
    name: "push",
    draw: (state, choose) =>
      state.out.length === 0 ? undefined : { kind: "push", frame: choose.from(state.out).frame },
  },
  {
    name: "write",
    draw: (state, choose) =>
      state.out.length === 0 ? undefined : { kind: "write", frame: choose.from(state.out).frame },
  },
  { name: "drain", draw: (state, choose) => ({ kind: "drain", node: choose.below(state.nodes.length) }) },
  { name: "drain all", draw: () => ({ kind: "drainAll" }) },
  {
    name: "populate",
    draw: (state, choose) => ({ kind: "populate", target: choose.below(state.geometry.framesPerNode + 2) }),
  },
  { name: "reset", draw: () => ({ kind: "reset" }) },
];

export const sampleScopes: readonly SampleScope<Operation, State>[] = (["frame", "address"] as const).map((head) => ({
  name: `${head}-heads-sampled`,
  title: `4 nodes of 40 frames, 16 bits of tag, ${head === "frame" ? 32 : 64}-bit heads`,
  shape: { ...cacheGeometry({ nodes: 4, framesPerNode: 40, pageWords: 2, head }) },
  setup: [],
  menu,
  commandsMax: 80,
}));
