/**
 * The small spaces that `explore` exhausts. Each has a process that runs on a CPU of every node, data that is allocated
 * on node 0 wherever it is touched first (so that one page has one frame), and the lowest free frame taken first.
 */

import type { Access, Rights } from "../../vocabulary/page-table/access.js";
import * as op from "./build.js";
import { ruleScopes } from "./rule-scopes.js";
import { each, one, passing, type ReplicationScope } from "./scope-words.js";
import { shapeOf } from "./shape.js";
import { reached } from "./sometimes.js";
import { everywhere, SMALL, toy } from "./toy-machine.js";

const rights: readonly Rights[] = ["r--", "rw-"];
const readAndWrite: readonly Access[] = ["read", "write"];

const twoPages: ReplicationScope = {
  name: "two-pages",
  title: "2 nodes, 3 levels, 2 pages that share only the root",
  shape: shapeOf(toy({ levels: 3, nodes: 2 }), SMALL),
  setup: everywhere(2),
  actions: [
    ...each([0, 4], (page) => [
      ...one(op.map(0, page, 1), op.unmap(0, page), ...rights.map((right) => op.protect(0, page, right))),
      ...each([0, 1], (cpu) => readAndWrite.map((access) => passing(cpu, page, access))),
    ]),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.replicaRoot, reached.bitOnlyInReplica, reached.baseAwayFromHome],
  expected: { states: 41_134, transitions: 781_546, depth: 21 },
  effort: "long",
};

const threeNodes: ReplicationScope = {
  name: "three-nodes",
  title: "3 nodes, 2 levels, 1 page, partial node sets, steering, switches",
  shape: shapeOf(toy({ levels: 2, nodes: 3 }), SMALL),
  setup: everywhere(3),
  actions: [
    ...one(op.map(0, 0, 1), op.unmap(0, 0), ...rights.map((right) => op.protect(0, 0, right))),
    ...each([0, 1, 2], (cpu) => readAndWrite.map((access) => passing(cpu, 0, access))),
    ...one(
      ...[
        [0, 1, 2],
        [0, 1],
        [0, 2],
        [1, 2],
      ].map((nodes) => op.enable(0, nodes)),
      op.disable(0),
    ),
    ...one(...[{}, { 0: 1 }, { 1: 2 }, { 2: 0 }, { 0: 2, 2: 1 }].map((toward) => op.steer(0, toward))),
    ...each([0, 1, 2], (cpu) => one(op.switchTo(cpu, 1))),
    ...one(op.switchTo(2, 0)),
  ],
  sometimes: [reached.replicated, reached.replicaRoot, reached.partialSet, reached.steered, reached.bitOnlyInReplica],
  expected: { states: 128_418, transitions: 3_015_546, depth: 18 },
  effort: "long",
};

const twoProcesses: ReplicationScope = {
  name: "two-processes",
  title: "2 nodes, 2 levels, 2 processes, 1 page with a frame and one for its copy: fork, copy-on-write, exec, exit",
  shape: shapeOf(toy({ levels: 2, nodes: 2, processes: 2, dataFrames: 2 }), SMALL),
  setup: everywhere(2),
  actions: [
    ...one(op.map(0, 0, 1), op.unmap(0, 0), op.protect(0, 0, "r--"), op.protect(0, 0, "rw-")),
    ...each([0, 1], (cpu) => readAndWrite.map((access) => passing(cpu, 0, access))),
    ...one(op.enable(0, [0, 1], 1), op.disable(0, 1)),
    // The child comes and goes on the second CPU; the first keeps running the parent.
    ...one(op.fork(0, 2), op.switchTo(1, 1), op.switchTo(1, 2), op.exec(1), op.exit(1)),
  ],
  sometimes: [reached.replicated, reached.twoReplicated, reached.sharedFrame, reached.copied, reached.nobody],
  expected: { states: 144_535, transitions: 1_832_074, depth: 37 },
  effort: "long",
};

const remembering: ReplicationScope = {
  name: "remembering",
  title: "2 nodes, 2 levels, 2 pages of one table, TLB and paging-structure cache that are never emptied by themselves",
  shape: shapeOf(toy({ levels: 2, nodes: 2 }), SMALL),
  setup: everywhere(2),
  actions: [
    ...each([0, 1], (page) => [
      ...one(op.map(0, page, 1), op.unmap(0, page), ...rights.map((right) => op.protect(0, page, right))),
      ...each([0, 1], (cpu) => one(...readAndWrite.map((access) => op.touch(cpu, page, access)))),
    ]),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.switchTo(0, 1), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.replicaRoot, reached.remembered, reached.emptyTable],
  expected: { states: 63_997, transitions: 1_279_940, depth: 17 },
  effort: "long",
};

/** Every allocation fails in some state: from one table frame per node to one short of enough. */
const shortOfMemory = (
  tableFrames: number,
  dataFrames: number,
  expected: NonNullable<ReplicationScope["expected"]>,
): ReplicationScope => ({
  name: `short-of-memory-${tableFrames}-${dataFrames}`,
  title: `2 nodes, 3 levels, ${tableFrames} table frames and ${dataFrames} data frames a node: an allocation fails everywhere`,
  shape: shapeOf(toy({ levels: 3, nodes: 2, processes: 2, tableFrames, dataFrames }), SMALL),
  setup: everywhere(2),
  actions: [
    ...each([0, 4], (page) => [
      ...one(op.map(0, page, 1), op.unmap(0, page)),
      ...each([0, 1], (cpu) => [passing(cpu, page, "write")]),
    ]),
    ...one(
      op.enable(0, [0, 1]),
      op.disable(0),
      op.switchTo(1, 1),
      op.fork(0, 2),
      op.switchTo(1, 2),
      op.exec(1),
      op.exit(1),
    ),
  ],
  sometimes: tableFrames <= 2 ? [reached.replicated] : [reached.replicated, reached.outOfTables],
  effort: tableFrames <= 2 ? "quick" : "long",
  expected,
});

const largeLeaf: ReplicationScope = {
  name: "large-leaf",
  title: "2 nodes, 3 levels, 1 large leaf: split, collapse, partial changes",
  shape: shapeOf(toy({ levels: 3, nodes: 2, dataFrames: 4 }), SMALL),
  setup: everywhere(2),
  actions: [
    ...one(
      op.map(0, 0, 2, { leaf: 2 }),
      op.unmap(0, 0, 2),
      op.unmap(0, 0),
      op.protect(0, 0, "r--", 2),
      op.protect(0, 1, "r--"),
    ),
    ...each([0, 1], (cpu) => readAndWrite.map((access) => passing(cpu, 1, access))),
    ...one(op.split(0, 0), op.collapse(0, 0), op.age(0, 0), op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.largeLeaf, reached.splitLeaf],
  expected: { states: 6_746, transitions: 101_190, depth: 15 },
  effort: "quick",
};

const movingPlaces: ReplicationScope = {
  name: "moving-places",
  title: "2 nodes, 3 levels: remap of a page and of a whole table, move of data between nodes",
  shape: shapeOf(toy({ levels: 3, nodes: 2, dataFrames: 4 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 2)],
  actions: [
    ...one(op.remap(0, 0, 2, 4), op.remap(0, 4, 2, 0), op.remap(0, 0, 1, 6), op.remap(0, 6, 1, 0)),
    ...one(op.touch(0, 0, "write"), op.touch(1, 0, "write"), op.touch(1, 4, "read"), op.touch(1, 6, "read")),
    ...one(op.moveStart(0, 0, 1), op.moveFinish(0, 0), op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.moving],
  expected: { states: 11_913, transitions: 154_869, depth: 19 },
  effort: "quick",
};

const sharedFrames: ReplicationScope = {
  name: "shared-frames",
  title: "2 nodes, 2 levels, a shared frame with two names: alias, clean, age, discard, protection none",
  shape: shapeOf(toy({ levels: 2, nodes: 2, dataFrames: 4 }), SMALL),
  setup: [...everywhere(2), op.map(0, 0, 1, { sharing: "shared" })],
  actions: [
    ...one(op.alias(0, 0, 2), op.unmap(0, 2), op.clean(0, 0), op.age(0, 0), op.read(0, 0), op.discard(0, 0)),
    ...one(op.protect(0, 0, "---"), op.protect(0, 0, "rw-")),
    ...each([0, 1], (cpu) => one(op.touch(cpu, 0, "write"), op.touch(cpu, 2, "read"))),
    ...one(op.enable(0, [0, 1]), op.disable(0), op.switchTo(1, 1)),
  ],
  sometimes: [reached.replicated, reached.sharedFrame, reached.keptWithoutAccess],
  expected: { states: 87_680, transitions: 1_315_200, depth: 25 },
  effort: "long",
};

const control: ReplicationScope = {
  name: "control",
  title:
    "3 nodes, 2 levels, home on node 0: every mask, steering, mode, inherit, fork, exec, cache-only, kernel entries",
  shape: shapeOf(toy({ levels: 2, nodes: 3, processes: 2, kernelRootEntries: 1 }), SMALL),
  setup: [...everywhere(3, 2), op.switchTo(1, 0)],
  actions: [
    ...one(
      ...[0, 1, 0b010, 0b011, 0b110, 0b111].map((mask) => op.setReplication(0, mask)),
      op.enable(0, [1, 2], 2),
      op.enable(0, [1], 2),
    ),
    ...one(
      op.getReplication(0),
      op.getSteering(0),
      op.steer(0, { 0: 1 }),
      op.steer(0, { 0: 2, 2: 1 }),
      op.steer(0, {}),
    ),
    ...one(
      op.writeProc(0, "mode", "1"),
      op.writeProc(0, "mode", "-1"),
      op.writeProc(0, "inherit", "-1"),
      op.writeProc(0, "inherit", "1"),
    ),
    ...one(
      op.fork(0, 1),
      op.exec(0),
      op.exit(0),
      op.switchTo(0, 1),
      op.switchTo(0, 2),
      op.switchTo(2, 2),
      op.kernelEntry(0, 0, 5),
    ),
  ],
  sometimes: [reached.replicated, reached.partialSet, reached.steered, reached.twoReplicated],
  expected: { states: 12_600, transitions: 267_976, depth: 23 },
  effort: "long",
};

/** The claim about small spaces first, then the scopes that show what single rules are for. */
export const scopes: readonly ReplicationScope[] = [
  shortOfMemory(1, 1, { states: 79, transitions: 846, depth: 8 }),
  shortOfMemory(2, 2, { states: 372, transitions: 4_239, depth: 10 }),
  largeLeaf,
  movingPlaces,
  control,
  twoPages,
  remembering,
  sharedFrames,
  shortOfMemory(4, 1, { states: 121_370, transitions: 1_503_945, depth: 45 }),
  threeNodes,
  twoProcesses,
  ...ruleScopes,
];
