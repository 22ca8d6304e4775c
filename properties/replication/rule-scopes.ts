/** Small spaces that show what single rules are for, searched for mutants and exhausted once. */
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import * as op from "./build.js";
import { each, one, passing, type ReplicationScope } from "./scope-words.js";
import { shapeOf } from "./shape.js";
import { reached } from "./sometimes.js";
import { everywhere, SMALL, toy } from "./toy-machine.js";

const copyOnWrite: ReplicationScope = {
  name: "copy-on-write",
  title: "2 nodes, 2 levels, a page written before and after fork, TLBs that keep what they have",
  shape: shapeOf(toy({ levels: 2, nodes: 2, processes: 2, dataFrames: 2 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 1)],
  actions: [
    ...each([0, 1], (cpu) => one(op.touch(cpu, 0, "write"), op.switchTo(cpu, 1), op.switchTo(cpu, 2))),
    ...one(op.enable(0, [0, 1]), op.disable(0, 1), op.disable(0, 2), op.fork(0, 2), op.exit(1)),
  ],
  sometimes: [reached.replicated, reached.sharedFrame, reached.copied, reached.bitOnlyInReplica],
  expected: { states: 35_904, transitions: 333_450, depth: 28 },
  effort: "mutants",
};

const threeNodesShort: ReplicationScope = {
  name: "three-nodes-short",
  title: "3 nodes, 2 levels, 2 table frames a node, one of them taken on the last node",
  shape: shapeOf(toy({ levels: 2, nodes: 3, processes: 2, tableFrames: 2 }), SMALL),
  setup: [op.spawn(2, 2), ...everywhere(3)],
  actions: [
    ...one(
      op.map(0, 0, 1),
      op.unmap(0, 0),
      op.map(0, 2, 1),
      op.unmap(0, 2),
      op.touch(0, 0),
      op.touch(1, 0),
      op.touch(2, 2),
    ),
    ...one(op.enable(0, [0, 1, 2]), op.enable(0, [0, 1]), op.disable(0)),
  ],
  sometimes: [reached.replicated, reached.outOfTables],
  expected: { states: 352, transitions: 3_520, depth: 14 },
  effort: "mutants",
};

const cachedTables: ReplicationScope = {
  name: "cached-tables",
  title: "2 nodes, 2 levels, tables from the page cache and back",
  shape: shapeOf(toy({ levels: 2, nodes: 2, tableFrames: 6 }), SMALL),
  setup: everywhere(2),
  actions: [
    ...one(
      op.writeProc(0, "cache", "1"),
      op.writeProc(0, "cache", "-1"),
      op.map(0, 0, 1),
      op.unmap(0, 0),
      op.unmap(1, 0),
    ),
    ...each([0, 1], (cpu) => [passing(cpu, 0, "write")]),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.fromCache],
  expected: { states: 2_066, transitions: 20_660, depth: 21 },
  effort: "mutants",
};

const writeNotify: ReplicationScope = {
  name: "write-notify",
  title: "2 nodes, 2 levels, a shared page that is cleaned and written again from both nodes",
  shape: shapeOf(toy({ levels: 2, nodes: 2, dataFrames: 2 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 1, { sharing: "shared" })],
  actions: [
    ...each([0, 1], (cpu) => [passing(cpu, 0, "write"), passing(cpu, 0, "read")]),
    ...one(
      op.clean(0, 0),
      op.protect(0, 0, "r--"),
      op.protect(0, 0, "rw-"),
      op.enable(0, [0, 1]),
      op.disable(0),
      op.switchTo(1, 1),
    ),
  ],
  sometimes: [reached.replicated, reached.bitOnlyInReplica],
  expected: { states: 99, transitions: 990, depth: 6 },
  effort: "mutants",
};

const cacheOrder: ReplicationScope = {
  name: "cache-order",
  title: "2 nodes, 3 levels, 3 table frames a node, those of node 1 on its cache list: enable takes some and fails",
  shape: shapeOf(toy({ levels: 3, nodes: 2, tableFrames: 3 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 4)],
  actions: one(
    ...[0, 2].map((page) => op.touch(0, page)),
    op.writeProc(0, "cache", "3"),
    op.writeProc(0, "cache", "-1"),
    op.enable(0, [0, 1]),
    op.disable(0),
    op.unmap(0, 2),
    op.map(0, 2, 2),
  ),
  sometimes: [reached.replicated, reached.fromCache],
  expected: { states: 559, transitions: 4_472, depth: 14 },
  effort: "mutants",
};

const baseFallsBack: ReplicationScope = {
  name: "base-falls-back",
  title: "3 nodes, 2 levels, 1 table frame a node: a base lies where there is one",
  shape: shapeOf(toy({ levels: 2, nodes: 3, tableFrames: 1 }), SMALL),
  setup: everywhere(3),
  actions: each([0, 2], (page) => one(op.map(0, page, 1), op.touch(0, page), op.touch(1, page), op.unmap(0, page))),
  sometimes: [reached.tableAwayFromHome],
  expected: { states: 66, transitions: 528, depth: 8 },
  effort: "mutants",
};

const ringlessParents: ReplicationScope = {
  name: "ringless-parents",
  title: "2 nodes, 3 levels, 3 table frames a node, two of node 1 taken: a table without a ring, and one below it",
  shape: shapeOf(toy({ levels: 3, nodes: 2, processes: 3, tableFrames: 3 }), SMALL),
  setup: [op.spawn(1, 2), op.spawn(1, 3), ...everywhere(2)],
  actions: one(
    op.map(0, 0, 1),
    op.unmap(0, 0),
    ...[0, 1].map((cpu) => op.touch(cpu, 0)),
    op.enable(0, [0, 1]),
    op.disable(0),
    op.switchTo(1, 2),
    op.switchTo(1, 1),
  ),
  sometimes: [reached.replicated, reached.outOfTables],
  expected: { states: 38, transitions: 304, depth: 7 },
  effort: "mutants",
};

const sessions: ReplicationScope = {
  name: "sessions",
  title: "2 nodes, 2 levels: 65 sessions in a row, the history cleared, vectors with entries that are none",
  shape: shapeOf(toy({ levels: 2, nodes: 2 }), { tagBits: 0 }),
  setup: everywhere(2),
  actions: [
    Array.from({ length: HISTORY_MAX + 1 }, () => [op.enable(0, [0, 1]), op.disable(0)]).flat(),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.writeProc(0, "history", "-1"), op.readProc("history")),
    ...one(...[-2, 8, 0, 1].map((node) => op.steer(0, { 0: node }))),
    ...one(op.switchTo(0, 1), op.switchTo(1, 1), op.advance(2 ** 33 + 1)),
  ],
  sometimes: [reached.replicated, reached.steered],
  expected: { states: 13, transitions: 156, depth: 5 },
  effort: "mutants",
};

const keptAside: ReplicationScope = {
  name: "kept-aside",
  title: "2 nodes, 2 levels, a page that is kept without access for a while, used from both nodes before and after",
  shape: shapeOf(toy({ levels: 2, nodes: 2, dataFrames: 2 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 1)],
  actions: [
    ...one(...(["---", "r--", "rw-"] as const).map((rights) => op.protect(0, 0, rights))),
    ...each([0, 1], (cpu) => [passing(cpu, 0, "write"), passing(cpu, 0, "read")]),
    ...one(op.read(0, 0), op.age(0, 0), op.clean(0, 0), op.discard(0, 0)),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.keptWithoutAccess, reached.bitOnlyInReplica],
  expected: { states: 350, transitions: 4_900, depth: 7 },
  effort: "mutants",
};

const largeReads: ReplicationScope = {
  name: "large-reads",
  title: "2 nodes, 3 levels, 1 large leaf that is used from both nodes, read and aged",
  shape: shapeOf(toy({ levels: 3, nodes: 2, dataFrames: 4 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 2, { leaf: 2 })],
  actions: [
    ...each([0, 1], (cpu) => [passing(cpu, 1, "write"), passing(cpu, 1, "read")]),
    ...one(op.read(0, 1), op.age(0, 0), op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.largeLeaf, reached.bitOnlyInReplica],
  expected: { states: 97, transitions: 873, depth: 6 },
  effort: "mutants",
};

const givenUp: ReplicationScope = {
  name: "given-up",
  title:
    "3 nodes, 2 levels, replicated, node 2 short of table frames: a ring that finds its first copy in a cache, and no second",
  shape: shapeOf(toy({ levels: 2, nodes: 3, processes: 2, tableFrames: 3 }), SMALL),
  setup: [op.spawn(2, 2), ...everywhere(3), op.enable(0, [0, 1, 2]), op.map(0, 0, 4)],
  actions: one(
    op.writeProc(0, "cache", "1"),
    op.writeProc(0, "cache", "-1"),
    op.touch(0, 0),
    op.touch(0, 2),
    op.unmap(0, 2, 2),
    op.map(0, 2, 2),
  ),
  sometimes: [reached.replicated, reached.outOfTables, reached.fromCache],
  expected: { states: 318, transitions: 1_908, depth: 19 },
  effort: "mutants",
};

const movedUnderBase: ReplicationScope = {
  name: "moved-under-base",
  title:
    "2 nodes, 3 levels, node 0 short of table frames: a table with a ring moves under one that has none, on node 1",
  shape: shapeOf(toy({ levels: 3, nodes: 2, processes: 2, tableFrames: 5 }), SMALL),
  setup: [op.spawn(0, 2), ...everywhere(2), op.map(0, 0, 4), op.touch(1, 2), op.flush(1)],
  actions: [
    ...each([0, 1], (cpu) => [passing(cpu, 0, "write"), passing(cpu, 4, "write"), [op.switchTo(cpu, 1)]]),
    ...one(op.remap(0, 0, 2, 4), op.remap(0, 4, 2, 0), op.read(0, 4)),
    ...one(op.enable(0, [0, 1]), op.disable(0)),
  ],
  sometimes: [reached.replicated, reached.outOfTables, reached.ringUnderBase, reached.bitOnlyInReplica],
  expected: { states: 499, transitions: 5_489, depth: 16 },
  effort: "mutants",
};

export const ruleScopes: readonly ReplicationScope[] = [
  copyOnWrite,
  threeNodesShort,
  cachedTables,
  writeNotify,
  cacheOrder,
  baseFallsBack,
  ringlessParents,
  sessions,
  keptAside,
  largeReads,
  givenUp,
  movedUnderBase,
];
