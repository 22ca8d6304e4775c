/** The large spaces that `sample` walks through at random. */

import type { State } from "../../model/replication/state.js";
import { geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { SampleScope } from "../engine/system.js";
import * as op from "./build.js";
import { menu } from "./menu.js";
import { shapeOf } from "./shape.js";
import { toy } from "./toy-machine.js";

/** Small tables, many of them: every neighbourhood of ranges, tables and rings comes up. */
const crowded: SampleScope<Operation, State> = {
  name: "crowded",
  title: "3 nodes, 4 levels of 2 bits, 2 CPUs a node, 4 processes, all operations",
  shape: shapeOf(
    geometry({
      levels: 4,
      indexBits: 2,
      kernelRootEntries: 1,
      nodes: 3,
      cpusPerNode: 2,
      tableFrames: 64,
      dataFrames: 64,
      tlbSlots: 8,
      walkCacheSlots: 4,
      ranges: 8,
      processes: 4,
    }),
  ),
  setup: [op.spawn(0, 2), op.switchTo(0, 2), op.switchTo(2, 2)],
  menu: menu([0, 1, 3, 4, 7, 8, 15, 16, 20, 48, 63, 64, 100, 128, 191]),
  commandsMax: 60,
};

/** The same with so little memory that allocations of every kind fail. */
const starved: SampleScope<Operation, State> = {
  name: "starved",
  title: "2 nodes, 3 levels of 2 bits, 5 table frames and 6 data frames a node",
  shape: shapeOf(
    geometry({
      levels: 3,
      indexBits: 2,
      kernelRootEntries: 0,
      nodes: 2,
      cpusPerNode: 1,
      tableFrames: 5,
      dataFrames: 6,
      tlbSlots: 4,
      walkCacheSlots: 2,
      ranges: 4,
      processes: 3,
    }),
  ),
  setup: [op.spawn(0, 2), op.switchTo(0, 2), op.switchTo(1, 2)],
  menu: menu([0, 1, 4, 5, 15, 16, 32, 63]),
  commandsMax: 60,
};

/** The real thing: x86-64 with 4 levels of 9 bits, pages at the seams of tables of every level, 4 nodes. */
const x86: SampleScope<Operation, State> = {
  name: "x86-64",
  title: "4 nodes, 4 levels of 9 bits, 2 CPUs a node, 4 processes, all operations",
  shape: shapeOf(
    geometry({
      nodes: 4,
      cpusPerNode: 2,
      tableFrames: 96,
      dataFrames: 2048,
      tlbSlots: 64,
      walkCacheSlots: 16,
      ranges: 16,
      processes: 4,
    }),
  ),
  setup: [op.spawn(0, 2), op.switchTo(0, 2), op.switchTo(3, 2), op.switchTo(6, 2)],
  menu: menu([0, 1, 511, 512, 513, 1024, 2 ** 18 - 1, 2 ** 18, 2 ** 18 + 512, 2 ** 27, 2 ** 27 - 512, 2 ** 35 - 1]),
  // Megabytes of words are looked at after each command: fewer of them a run.
  commandsMax: 24,
};

/** Five levels, every one with its ring. */
const fiveLevels: SampleScope<Operation, State> = {
  name: "five-levels",
  title: "2 nodes, 5 levels of 9 bits, 3 processes, all operations",
  shape: shapeOf(
    geometry({
      levels: 5,
      nodes: 2,
      cpusPerNode: 2,
      tableFrames: 96,
      dataFrames: 2048,
      tlbSlots: 16,
      walkCacheSlots: 8,
      ranges: 16,
      processes: 3,
    }),
  ),
  setup: [op.spawn(0, 2), op.switchTo(0, 2), op.switchTo(2, 2)],
  menu: menu([0, 1, 512, 2 ** 18, 2 ** 27, 2 ** 36, 2 ** 36 + 2 ** 27, 2 ** 44 - 1]),
  commandsMax: 60,
};

/** As many nodes as there can be: rings of eight members, of which each loop has to reach the last one. */
const eightNodes: SampleScope<Operation, State> = {
  name: "eight-nodes",
  title: "8 nodes, 3 levels of 1 bit, 2 processes, all operations",
  shape: shapeOf(toy({ levels: 3, nodes: 8, processes: 2, dataFrames: 6 })),
  setup: [op.spawn(1, 2), ...[0, 3, 7].map((cpu) => op.switchTo(cpu, 2)), op.setReplication(7, 1)],
  menu: menu([0, 1, 2, 3, 4, 5, 6, 7]),
  commandsMax: 60,
};

/** Nodes that are there and not online: nothing may be on them, and no answer may count them. */
const offlineNodes: SampleScope<Operation, State> = {
  name: "offline-nodes",
  title: "4 nodes of which 1 and 3 are not online, 3 levels of 1 bit, 3 processes, all operations",
  shape: shapeOf(toy({ levels: 3, nodes: 4, onlineNodes: [0, 2], processes: 3, tableFrames: 12 })),
  setup: [op.spawn(0, 2), op.switchTo(0, 2), op.switchTo(2, 2)],
  menu: menu([0, 1, 2, 3, 4, 5, 6, 7]),
  commandsMax: 60,
};

export const sampleScopes: readonly SampleScope<Operation, State>[] = [
  crowded,
  starved,
  x86,
  fiveLevels,
  eightNodes,
  offlineNodes,
];
