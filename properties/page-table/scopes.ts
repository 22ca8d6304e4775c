/** The small spaces that `explore` exhausts: tables of two entries. */

import type { Leaf } from "../../model/page-table/entry.js";
import type { State } from "../../model/page-table/state.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { ACCESSES, type Access, type Rights } from "../../vocabulary/page-table/access.js";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { Scope } from "../engine/system.js";
import * as op from "./build.js";

type PageTableScope = Scope<Operation, State>;

function toy(shape: Partial<Geometry>): Geometry {
  return geometry({
    levels: 3,
    indexBits: 1,
    kernelRootEntries: 0,
    nodes: 1,
    cpusPerNode: 1,
    tableFrames: 7,
    dataFrames: 0,
    tlbSlots: 2,
    walkCacheSlots: 1,
    ranges: 1,
    processes: 1,
    ...shape,
  });
}

const alone = (...operations: readonly Operation[]): (readonly Operation[])[] => operations.map((each) => [each]);
const rights: readonly Rights[] = ["---", "r--", "rw-", "r-x"];
const leaves = (state: State): readonly Leaf[] =>
  Object.values(state.tables).flatMap((table) => Object.values(table).filter((entry) => entry.kind === "leaf"));
const someLeaf = (holds: (leaf: Leaf) => boolean) => (state: State) => leaves(state).some(holds);

const twoCpus: PageTableScope = {
  name: "two-cpus",
  title: "2 levels, 2 CPUs, one page whose translation both remember",
  shape: { ...toy({ levels: 2, cpusPerNode: 2, tableFrames: 3 }) },
  setup: [op.load(0), op.load(1)],
  actions: [
    ...alone(op.map(0, 1, 5), op.unmap(0, 1), ...rights.map((each) => op.protect(0, 1, each))),
    ...[0, 1].flatMap((cpu) => [
      ...alone(...ACCESSES.map((access: Access) => op.access(cpu, 1, access)), op.flush(cpu)),
    ]),
  ],
  sometimes: [
    { name: "both CPUs remember it", holds: (state) => state.cpus.every((cpu) => Object.keys(cpu.tlb).length > 0) },
    { name: "kept with protection none and D", holds: someLeaf((leaf) => !leaf.present && leaf.dirty) },
  ],
  expected: { states: 71, transitions: 994, depth: 6 },
  effort: "quick",
};

const oneSlot: PageTableScope = {
  name: "one-slot",
  title: "2 levels, 1 CPU with one TLB slot, 4 pages that displace each other",
  shape: { ...toy({ levels: 2, tableFrames: 3, tlbSlots: 1 }) },
  setup: [op.load(0)],
  actions: [
    ...[0, 1, 2].flatMap((page) => [
      ...alone(op.map(0, page, 4 + page), op.unmap(0, page)),
      ...alone(op.access(0, page < 2 ? page : 2 ** 52 - 4 + page, "write")),
    ]),
    ...alone(op.access(0, 2, "read")),
  ],
  sometimes: [
    { name: "a page of the upper half is written", holds: someLeaf((leaf) => leaf.frame === 6 && leaf.dirty) },
  ],
  expected: { states: 175, transitions: 1750, depth: 8 },
  effort: "quick",
};

const largeLeaf: PageTableScope = {
  name: "large-leaf",
  title: "3 levels, 1 CPU, a range of two pages as one large leaf or two small ones",
  shape: { ...toy({ tableFrames: 4 }) },
  setup: [op.load(0)],
  actions: [
    ...alone(op.map(0, 2, 6, { level: 2 }), op.map(0, 2, 6), op.map(0, 3, 7)),
    ...alone(op.unmap(0, 2), op.unmap(0, 3), op.protect(0, 3, "r--"), op.protect(0, 3, "---"), op.protect(0, 3, "rw-")),
    ...alone(op.split(0, 3), op.collapse(0, 2, 2)),
    ...alone(op.access(0, 2, "write"), op.access(0, 3, "read"), op.access(0, 3, "write"), op.flush(0)),
  ],
  sometimes: [
    {
      name: "a large leaf is remembered",
      holds: (state) => Object.values(state.cpus[0]!.tlb).some((entry) => entry.level === 2),
    },
    { name: "only one half is dirty", holds: (state) => leaves(state).filter((leaf) => leaf.dirty).length === 1 },
  ],
  expected: { states: 503, transitions: 7042, depth: 11 },
  effort: "quick",
};

const shortOfMemory: PageTableScope = {
  name: "short-of-memory",
  title: "3 levels, 2 nodes of 2 table frames each, 4 pages that share only the root or one table",
  shape: { ...toy({ nodes: 2, tableFrames: 2, tlbSlots: 0 }) },
  setup: [op.load(0), op.load(1)],
  actions: [
    ...[0, 2, 4].flatMap((page) => alone(op.map(0, page, page + 8), op.map(1, page, page + 8), op.unmap(0, page))),
    ...alone(op.map(0, 4, 12, { level: 2 }), op.split(1, 4)),
    ...[0, 1].flatMap((cpu) => alone(op.access(cpu, 0, "read"), op.flush(cpu))),
  ],
  sometimes: [
    {
      name: "a table lies on the other node",
      holds: (state) => Object.keys(state.tables).some((frame) => Number(frame) >= 2),
    },
    { name: "no table frame is left", holds: (state) => Object.keys(state.tables).length === 4 },
  ],
  expected: { states: 234, transitions: 3510, depth: 13 },
  effort: "quick",
};

export const scopes: readonly PageTableScope[] = [oneSlot, twoCpus, largeLeaf, shortOfMemory];
