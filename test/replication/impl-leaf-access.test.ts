import { describe, expect, it } from "vitest";
import { wordsNeeded } from "../../impl/replication/layout.js";
import { newLeafLow } from "../../impl/replication/leaf.js";
import { READABLE, WRITEABLE } from "../../impl/replication/ranges.js";
import { Replication } from "../../impl/replication/replication.js";
import { geometry } from "../../vocabulary/geometry.js";
import { go, machine, map, onBothNodes, replicate, run, small, spawn, touch } from "./impl-machine.js";

const DIRTY = 1 << 6;
const ACCESSED = 1 << 5;

/** A page number as access leaf by leaf takes it. */
function halvesOf({ kernel: { tables } }: Replication, page: number): [high: number, low: number] {
  const high = tables.highOf(page);
  return [high, tables.lowOf(page, high)];
}

const x86 = { levels: 4, indexBits: 9, tableFrames: 8, dataFrames: 1024 } as const;

describe.each([
  ["tables of two entries", {}, true],
  ["x86-64's tables, with a replica", x86, true],
  ["x86-64's tables, without", x86, false],
  ["x86-64's tables where the first node has run out", { ...x86, tableFrames: 3 }, false],
] as const)("%s", (_, shape, replicated) => {
  // Above 32 bits, and across the end of a leaf table.
  const first = "levels" in shape ? 2 ** 34 + 2 ** 18 + 508 : 0;
  const setUp = () => {
    const systems = [machine(shape), machine(shape)] as const;
    for (const system of systems) run(system, ...onBothNodes, ...(replicated ? [replicate(0, 1)] : []));
    return systems;
  };
  const tablesOf = ({ words, kernel }: Replication) => words.slice(kernel.tables.tableBase, kernel.tables.end);
  const setAll = (system: Replication) => {
    const leaves = system.leaves(0, 0);
    const { tables } = system.kernel;
    for (let page = first; page < first + 8; page++) {
      const frame = tables.firstDataFrame(0) + (page % tables.geometry.dataFrames);
      expect(leaves.set(...halvesOf(system, page), newLeafLow(frame, 1, READABLE | WRITEABLE), 1 << 31)).toBe(0);
    }
    return leaves;
  };

  it("does leaf by leaf what the operations do", () => {
    const [system, other] = setUp();
    run(system, map(0, first, 8, { populate: true }));
    run(other, map(0, first, 8));
    setAll(other);
    expect(tablesOf(other)).toEqual(tablesOf(system));
    const { sets, pteAttempts, pteSuccesses } = system.statistics();
    expect(other.statistics()).toMatchObject({ sets, pteAttempts, pteSuccesses });
    if (replicated) expect(sets[0]).toBe(8);
  });

  it("walks as the hardware does", () => {
    const [system, other] = setUp();
    run(system, map(0, first, 8, { populate: true }), touch(0, first, "read"), touch(0, first + 7, "read"));
    run(other, map(0, first, 8));
    const leaves = setAll(other);
    const root = other.kernel.spaces.root(0);
    const frame = leaves.walk(root, ...halvesOf(system, first));
    expect(leaves.walk(root, ...halvesOf(system, first + 7))).toBe(frame + 7);
    expect(tablesOf(other)).toEqual(tablesOf(system));
    expect([leaves.walk(root, ...halvesOf(system, first + 7)), leaves.walk(root, ...halvesOf(system, first))]).toEqual([
      leaves.read(...halvesOf(system, first + 7)) >>> 12,
      frame,
    ]);
  });

  it("takes out what it has set, and nothing else", () => {
    const [, other] = setUp();
    const leaves = setAll(other);
    const root = other.kernel.spaces.root(0);
    const taken = leaves.walk(root, ...halvesOf(other, first + 3));
    const beside = leaves.walk(root, ...halvesOf(other, first + 4));
    expect(leaves.clear(...halvesOf(other, first + 3))).toBe(newLeafLow(taken, 1, READABLE | WRITEABLE) | ACCESSED);
    expect([
      leaves.clear(...halvesOf(other, first + 3)),
      leaves.read(...halvesOf(other, first + 3)),
      leaves.walk(root, ...halvesOf(other, first + 3)),
    ]).toEqual([0, 0, -1]);
    expect(leaves.walk(root, ...halvesOf(other, first + 4))).toBe(beside);
  });
});

it("gathers A and D of all members when it reads and clears, and walks from any root", () => {
  const system = machine();
  run(system, ...onBothNodes, replicate(0, 1), map(0, 0, 8), touch(0, 5, "read"), go(1, 1), touch(1, 5));
  const leaves = system.leaves(0, 0);
  const frame = leaves.walk(system.kernel.spaces.root(0), ...halvesOf(system, 5));
  expect(leaves.walk(system.kernel.spaces.replica(0, 1), ...halvesOf(system, 5))).toBe(frame);
  expect(leaves.walk(system.kernel.spaces.root(0), ...halvesOf(system, 4))).toBe(-1);
  expect(leaves.read(...halvesOf(system, 5)) & (ACCESSED | DIRTY)).toBe(ACCESSED | DIRTY);
  const taken = leaves.clear(...halvesOf(system, 5));
  expect([taken >>> 12, taken & (ACCESSED | DIRTY)]).toEqual([frame, ACCESSED | DIRTY]);
  expect([
    leaves.read(...halvesOf(system, 5)),
    leaves.clear(...halvesOf(system, 5)),
    leaves.clear(...halvesOf(system, 0)),
  ]).toEqual([0, 0, 0]);
  expect(leaves.walk(system.kernel.spaces.replica(0, 1), ...halvesOf(system, 5))).toBe(-1);
});

it("tells pages apart that differ above 32 bits", () => {
  const system = machine({ ...x86, tableFrames: 16 });
  run(system, ...onBothNodes, replicate(0, 1));
  const leaves = system.leaves(0, 0);
  const pages = [0, 2 ** 32, 2 ** 34];
  for (const [i, page] of pages.entries())
    expect(leaves.set(...halvesOf(system, page), newLeafLow(100 + i, 1, READABLE), 0)).toBe(0);
  for (const root of [system.kernel.spaces.root(0), system.kernel.spaces.replica(0, 1)]) {
    // Twice: the first walk sets A, the second finds it set.
    for (let time = 0; time < 2; time++)
      expect(pages.map((page) => leaves.walk(root, ...halvesOf(system, page)))).toEqual([100, 101, 102]);
  }
  expect(pages.map((page) => leaves.clear(...halvesOf(system, page)) >>> 12)).toEqual([100, 101, 102]);
});

it("finds tables on nodes before and behind the root's", () => {
  for (const cpu of [0, 1]) {
    const system = machine({ ...x86, tableFrames: 3 });
    run(system, spawn(cpu, 1), go(cpu, 1));
    const leaves = system.leaves(0, cpu);
    const pages = [0, 512];
    for (const page of pages)
      expect(leaves.set(...halvesOf(system, page), newLeafLow(100 + page, 1, READABLE), 0)).toBe(0);
    const root = system.kernel.spaces.root(0);
    for (let time = 0; time < 2; time++)
      expect(pages.map((page) => leaves.walk(root, ...halvesOf(system, page)))).toEqual([100, 612]);
    expect(pages.map((page) => leaves.clear(...halvesOf(system, page)) >>> 12)).toEqual([100, 612]);
  }
});

it("finds tables that lie further on their node than the straight way reaches", () => {
  const system = machine({ ...x86, tableFrames: 40, dataFrames: 8 });
  run(system, ...onBothNodes, replicate(0, 1));
  const leaves = system.leaves(0, 0);
  const pages = Array.from({ length: 36 }, (_, i) => i * 512 + i);
  for (const [i, page] of pages.entries())
    expect(leaves.set(...halvesOf(system, page), newLeafLow(100 + i, 1, READABLE), 0)).toBe(0);
  const { kernel } = system;
  const furthest = kernel.entries.find(kernel.spaces.root(0), pages.at(-1)!);
  expect(kernel.tables.frameOfEntry(furthest)).toBeGreaterThan(32);
  for (const root of [kernel.spaces.root(0), kernel.spaces.replica(0, 1)]) {
    for (let time = 0; time < 2; time++)
      expect(pages.map((page) => leaves.walk(root, ...halvesOf(system, page)))).toEqual(pages.map((_, i) => 100 + i));
  }
  expect(system.statistics().sets[0]).toBe(36);
  expect(pages.map((page) => leaves.clear(...halvesOf(system, page)) >>> 12)).toEqual(pages.map((_, i) => 100 + i));
});

it("carries into the high word of a counter", () => {
  const system = machine({ ...x86, tableFrames: 16 });
  run(system, ...onBothNodes, replicate(0, 1));
  const leaves = system.leaves(0, 0);
  const { counters } = system.kernel;
  leaves.set(0, 0, newLeafLow(100, 1, READABLE), 0);
  for (const counter of [counters.at.counter(counters.at.sets, counters.position(1)), counters.at.getAndClears])
    system.words[counter] = -1;
  leaves.set(0, 1, newLeafLow(101, 1, READABLE), 0);
  leaves.clear(0, 1);
  expect(system.statistics()).toMatchObject({ sets: expect.arrayContaining([2 ** 32]), getAndClears: 2 ** 32 });
});

it("answers ENOMEM and takes the tables back where there is no memory for a path", () => {
  const shape = small({ tableFrames: 1, nodes: 2 });
  const system = Replication.initialise(new Int32Array(wordsNeeded(shape)), shape);
  run(system, ...onBothNodes);
  const before = system.words.slice(0, system.stateWords);
  expect(system.leaves(0, 0).set(0, 0, newLeafLow(5, 1, READABLE), 0)).toBe(-6);
  expect(system.words.slice(0, system.stateWords)).toEqual(before);
});

it("is refused for a machine whose frames do not fit the low word", () => {
  const shape = geometry({
    levels: 2,
    tableFrames: 4,
    dataFrames: 2 ** 20,
    nodes: 1,
    onlineNodes: [0],
    processes: 1,
    ranges: 1,
  });
  const system = Replication.initialise(new Int32Array(wordsNeeded(shape)), shape);
  run(system, { kind: "spawn", cpu: 0, pid: 1, comm: "p", cmdline: "p" });
  expect(() => system.leaves(0, 0)).toThrow(expect.objectContaining({ code: "GEOMETRY" }));
});
