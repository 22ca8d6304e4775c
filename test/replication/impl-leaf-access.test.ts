import { expect, it } from "vitest";
import { wordsNeeded } from "../../impl/replication/layout.js";
import { newLeafLow } from "../../impl/replication/leaf.js";
import { READABLE, WRITEABLE } from "../../impl/replication/ranges.js";
import { Replication } from "../../impl/replication/replication.js";
import { geometry } from "../../vocabulary/geometry.js";
import { go, machine, map, onBothNodes, replicate, run, small, touch } from "./impl-machine.js";

const DIRTY = 1 << 6;
const ACCESSED = 1 << 5;

it("does leaf by leaf what the operations do", () => {
  const system = machine();
  const other = machine();
  run(system, ...onBothNodes, replicate(0, 1), map(0, 0, 8, { populate: true }));
  run(other, ...onBothNodes, replicate(0, 1), map(0, 0, 8));
  const leaves = other.leaves(0, 0);
  const { tables } = other.kernel;
  for (let page = 0; page < 8; page++) {
    const frame = tables.firstDataFrame(0) + page;
    expect(leaves.set(page, newLeafLow(frame, 1, READABLE | WRITEABLE), 1 << 31)).toBe(0);
  }
  const first = tables.tableBase;
  expect(other.words.slice(first, tables.end)).toEqual(system.words.slice(first, tables.end));
  const { sets, pteAttempts, pteSuccesses } = other.statistics();
  expect({ sets, pteAttempts, pteSuccesses }).toEqual({ sets: [8, 4, 0, 0, 2], pteAttempts: 4, pteSuccesses: 4 });
  expect(system.statistics().sets).toEqual(sets);
});

it("gathers A and D of all members when it reads and clears, and walks from any root", () => {
  const system = machine();
  run(system, ...onBothNodes, replicate(0, 1), map(0, 0, 8), touch(0, 5, "read"), go(1, 1), touch(1, 5));
  const leaves = system.leaves(0, 0);
  const frame = leaves.walk(system.kernel.spaces.root(0), 5);
  expect(leaves.walk(system.kernel.spaces.replica(0, 1), 5)).toBe(frame);
  expect(leaves.walk(system.kernel.spaces.root(0), 4)).toBe(-1);
  expect(leaves.read(5) & (ACCESSED | DIRTY)).toBe(ACCESSED | DIRTY);
  expect(leaves.clear(5) >>> 12).toBe(frame);
  expect([leaves.read(5), leaves.clear(5), leaves.clear(0)]).toEqual([0, 0, 0]);
  expect(leaves.walk(system.kernel.spaces.replica(0, 1), 5)).toBe(-1);
});

it("answers ENOMEM and takes the tables back where there is no memory for a path", () => {
  const shape = small({ tableFrames: 1, nodes: 2 });
  const system = Replication.initialise(new Int32Array(wordsNeeded(shape)), shape);
  run(system, ...onBothNodes);
  const before = system.words.slice(0, system.stateWords);
  expect(system.leaves(0, 0).set(0, newLeafLow(5, 1, READABLE), 0)).toBe(-6);
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
