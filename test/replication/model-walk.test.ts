import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apply,
  census,
  enabled,
  initialStatistics,
  leaves,
  type State,
  tables,
} from "../../model/replication/index.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import { draw } from "./model-draw.js";
import { machine, played } from "./model-story.js";

/** Yields one line for each thing that makes the state not canonical or not possible. */
function* flaws(state: State): Generator<string> {
  const { geometry } = state;
  const pagesOf = (level: number) => 2 ** (geometry.indexBits * level);
  for (const { node, freeTables, freeData } of census(state)) {
    if (freeTables < 0 || freeData < 0) yield `node ${node} uses more frames than it has (I22)`;
  }
  for (const [slot, space] of Object.entries(state.spaces)) {
    if (space.root.members.every(({ node }) => node !== space.home)) yield `space ${slot}: no root on home (I31)`;
    for (const [i, range] of space.ranges.entries()) {
      const before = space.ranges[i - 1];
      if (range.pages < 1 || (before && before.page + before.pages > range.page)) yield `space ${slot}: ranges overlap`;
      const touching = before && before.page + before.pages === range.page;
      const alike = before?.rights === range.rights && before.sharing === range.sharing && before.leaf === range.leaf;
      if (touching && alike) yield `space ${slot}: alike neighbours at page ${range.page}`;
    }
    for (const { page, table } of tables(geometry, space)) {
      const where = `space ${slot}, table of level ${table.level} at page ${page}`;
      const members = table.members.map(({ node }) => node);
      const expected = [...space.nodes.filter((node) => node !== members[0])];
      if (members.length > 1 && members.slice(1).join() !== expected.join()) yield `${where}: ring ${members} (I1)`;
      if (new Set(members).size !== members.length) yield `${where}: two members on a node (I1)`;
      for (const entry of Object.values(table.entries)) {
        if (entry.accessed.length !== members.length) yield `${where}: ${entry.accessed.length} A bits`;
        if (entry.kind === "table" && entry.table.level !== table.level - 1) yield `${where}: a child out of level`;
      }
    }
    for (const { page, level, leaf } of leaves(geometry, space)) {
      const pagesOfLeaf = pagesOf(level - 1);
      const range = space.ranges.find((r) => r.page <= page && page + pagesOfLeaf <= r.page + r.pages);
      if (range === undefined) yield `space ${slot}: leaf at page ${page} in no range`;
      else if ((leaf.presence === "none") !== (range.rights === "---")) yield `space ${slot}: page ${page} against W26`;
      else if (leaf.writable && !range.rights.includes("w"))
        yield `space ${slot}: page ${page} writable against its range`;
    }
  }
  for (const [number, each] of state.cpus.entries()) {
    const process = state.processes[each.pid];
    const space = process && state.spaces[process.space];
    if (space === undefined) {
      if (each.root !== -1 || Object.keys(each.tlb).length > 0) yield `idle cpu ${number} remembers something`;
      continue;
    }
    if (space.root.members.every(({ node }) => node !== each.root)) yield `cpu ${number}: loaded root is gone (I17)`;
    for (const shortcuts of Object.values(each.walks)) {
      if (Object.keys(shortcuts).length === 0) yield `cpu ${number}: an empty record`;
    }
    for (const held of Object.values(each.tlb)) {
      const leaf = leaves(geometry, space).find(({ page, level }) => page === held.page && level === held.level)?.leaf;
      const permitted =
        leaf?.presence === "present" &&
        leaf.frame === held.frame &&
        (leaf.writable || !held.writable) &&
        (leaf.executable || !held.executable);
      if (!permitted) yield `cpu ${number}: TLB of page ${held.page} permits what the table forbids (I37)`;
    }
    for (const [level, shortcuts] of Object.entries(each.walks)) {
      for (const { prefix, node } of Object.values(shortcuts)) {
        const covered = prefix * pagesOf(Number(level));
        const named = tables(geometry, space).find((t) => t.table.level === Number(level) && t.page === covered);
        if (!named?.table.members.some((member) => member.node === node)) yield `cpu ${number}: a freed table (I25)`;
      }
    }
  }
  const slots = Object.keys(state.spaces).join();
  if (Object.keys(state.statistics.spaces).join() !== slots) yield "statistics of other slots than those in use";
  for (const slot of Object.keys(state.spaces).map(Number)) {
    if (!Object.values(state.processes).some((process) => process.space === slot)) yield `space ${slot} has no process`;
  }
}

const SHAPES = [
  { nodes: 3, levels: 4, indexBits: 1, tableFrames: 24, dataFrames: 16, processes: 4, ranges: 6 },
  { nodes: 3, levels: 4, indexBits: 1, tableFrames: 7, dataFrames: 5, processes: 4, ranges: 4, tlbSlots: 2 },
  { nodes: 3, levels: 3, indexBits: 2, tableFrames: 9, dataFrames: 9, kernelRootEntries: 1, walkCacheSlots: 1 },
] as const;

/** Walks on through what is enabled; `seen` gets each kind with its answer. */
function walkThrough(from: State, choices: readonly (readonly number[])[], seen: Map<string, number>): void {
  let state = from;
  for (const numbers of choices) {
    const operation = draw(state, numbers);
    if (!enabled(state, operation)) {
      expect(() => apply(state, operation)).toThrow(PagetwinError);
      continue;
    }
    const { state: next, outcome } = apply(state, operation);
    const answer =
      outcome.kind === "error" ? outcome.errno : outcome.kind === "touched" ? outcome.served : outcome.kind;
    seen.set(`${operation.kind} ${answer}`, (seen.get(`${operation.kind} ${answer}`) ?? 0) + 1);
    const found = [...flaws(next)];
    if (found.length > 0) throw new Error(`after ${JSON.stringify(operation)}: ${found.join("; ")}`);
    // Statistics decide nothing: without them the same step leads to the same state.
    const uncounted = apply({ ...state, statistics: initialStatistics(state) }, operation);
    expect({ ...uncounted.state, statistics: 0 }).toStrictEqual({ ...next, statistics: 0 });
    state = next;
  }
}

/** A good thing of each sort, which a walk that means something has met (`sometimes`). */
const MET = [
  ...["touch tlb", "touch walk", "touch fault", "touch copy", "touch waits", "touch segfault"],
  ...["remap ok", "alias ok", "collapse ok", "split ok", "moveStart ok", "moveFinish ok", "enable ok", "fork ok"],
  ...["exec ok", "exit ok", "setReplication ok", "setSteering ok", "enable EALREADY", "unmap EBUSY"],
];
const MET_WHEN_SHORT = ["touch ENOMEM", "enable ENOMEM", "fork ENOMEM", "remap ENOMEM", "map ENOMEM"];

describe("random walks of the reference", () => {
  it.each(SHAPES)("never throw, lose a frame or leave the canonical form: %o", (shape) => {
    const seen = new Map<string, number>();
    const born: Operation[] = [
      { kind: "spawn", cpu: 1, pid: 1, comm: "one", cmdline: "" },
      { kind: "switch", cpu: 0, pid: 1 },
      { kind: "switch", cpu: 1, pid: 1 },
    ];
    const choice = fc.array(fc.nat({ max: 0xffff }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(fc.array(choice, { size: "max", maxLength: 150, minLength: 100 }), (choices) => {
        walkThrough(played(machine({ cpusPerNode: 1, ...shape }), ...born), choices, seen);
      }),
      { numRuns: 60, seed: 6 },
    );
    for (const what of [...MET, ...(shape.tableFrames < 8 ? MET_WHEN_SHORT : [])]) {
      expect([...seen.keys()].toSorted()).toContain(what);
    }
  });
});
