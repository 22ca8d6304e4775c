import { describe, expect, it } from "vitest";
import { Replication } from "../../impl/replication/replication.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import {
  disable,
  exit,
  fork,
  go,
  machine,
  map,
  ok,
  onBothNodes,
  read,
  refused,
  replicate,
  run,
  small,
  spawn,
  stateOf,
  touch,
  unmap,
  write,
} from "./impl-machine.js";

const exec = (fails: boolean): Operation => ({ kind: "exec", cpu: 0, comm: "new", cmdline: "new", fails });

/** A bit of everything that leaves the machine as it found it. */
const life: readonly Operation[] = [
  ...onBothNodes,
  map(0, 0, 4, { populate: true }),
  map(0, 4, 4, { leaf: 2, sharing: "shared" }),
  replicate(0, 1),
  go(1, 1),
  touch(1, 5),
  touch(0, 6),
  unmap(0, 1),
  { kind: "setSteering", cpu: 0, vector: [1, 0, -1, -1, -1, -1, -1, -1], pid: 0 },
  fork(0, 2),
  touch(0, 0),
  go(1, 2),
  touch(1, 2),
  { kind: "remap", cpu: 0, page: 2, pages: 2, to: 0, toPages: 1 },
  go(0, 0),
  go(0, 2),
  exit(0),
  go(0, 1),
  exec(false),
  map(0, 0, 1, { populate: true }),
  exit(0),
];

describe("the words of the implementation", () => {
  it("are those of a fresh machine when everything has gone", () => {
    const system = machine();
    const fresh = stateOf(system);
    // `remap` of life finds no single range and is refused: a refusal leaves nothing behind either.
    run(system, ...life);
    expect(stateOf(system)).toEqual(fresh);
  });

  it("are those of a fresh machine but for the caches' tags when pages went through a cache", () => {
    const system = machine({}, {});
    const fresh = stateOf(system);
    run(system, write("cache", "3"), ...life, write("cache", "-1"));
    const different = [...stateOf(system).entries()]
      .filter(([word, value]) => value !== fresh[word])
      .map(([word]) => word);
    expect(different).toEqual([system.layout.cacheHead(0), system.layout.cacheHead(1)]);
  });

  it("can be copied and set back: the same operations then give the same answers", () => {
    const system = machine();
    const middle = 9;
    run(system, ...life.slice(0, middle));
    const snapshot = system.words.slice();
    const first = life.slice(middle).map((operation) => system.apply(operation));
    const end = system.words.slice();
    system.words.set(snapshot);
    expect(life.slice(middle).map((operation) => system.apply(operation))).toEqual(first);
    expect(system.words).toEqual(end);
  });

  it("are all there is: an instance attached later goes on where the first one stopped", () => {
    const system = machine();
    run(system, ...life.slice(0, 9));
    const attached = new Replication(system.words.slice(), small(), { tagBits: 0 });
    for (const operation of life.slice(9)) expect(attached.apply(operation)).toEqual(system.apply(operation));
    expect(attached.words).toEqual(system.words);
  });

  it("count no leaf less for a data frame that none names, nor for a table's frame", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1, { populate: true }));
    const { frames, tables } = system.kernel;
    const refusal = { code: "UNREACHABLE", message: expect.stringContaining("no leaf names it") };
    const before = stateOf(system);
    expect(() => frames.unname(tables.firstTableFrame(0), 1)).toThrow(expect.objectContaining(refusal));
    expect(stateOf(system)).toEqual(before);
    expect(() => frames.unname(tables.firstDataFrame(1), 1)).toThrow(expect.objectContaining(refusal));
  });

  it("are cleared where a machine is initialised over used ones", () => {
    const fresh = machine();
    const used = fresh.words.slice().fill(-1);
    Replication.initialise(used, small(), { tagBits: 0 });
    expect(used).toEqual(fresh.words);
  });

  it("have statistics that decide nothing", () => {
    const system = machine();
    const other = machine();
    for (const operation of life) {
      other.words.fill(0, other.stateWords);
      expect(other.apply(operation)).toEqual(system.apply(operation));
      expect(stateOf(other)).toEqual(stateOf(system));
    }
  });
});

describe("without memory", () => {
  /** Takes table frames away until `left` are free on each node. */
  function leave(system: Replication, left: number): void {
    const { tablePool, layout } = system.kernel;
    for (let node = 0; node < layout.nodes; node++) while (tablePool.freeCount(node) > left) tablePool.allocate(node);
  }

  /** Does the operation with 0, 1, 2, … free table frames on each node until it succeeds; how often it failed. */
  function failsCleanly(setup: readonly Operation[], operation: Operation): number {
    for (let left = 0; ; left++) {
      const system = machine({ tableFrames: 32 });
      run(system, ...setup);
      leave(system, left);
      const before = stateOf(system);
      const answer = system.apply(operation);
      if (answer.kind !== "error") return left;
      expect(answer).toEqual(refused("ENOMEM"));
      expect(stateOf(system)).toEqual(before);
    }
  }

  const mapped = [spawn(0, 1), go(0, 1), map(0, 0, 8, { sharing: "shared", populate: true })];
  const upper = [spawn(0, 1), go(0, 1), map(0, 1, 3, { sharing: "shared", populate: true })];

  it("leaves the words of a failing spawn, fork, enable and exec as they were", () => {
    expect(failsCleanly([], spawn(0, 1))).toBe(1);
    expect(failsCleanly([spawn(0, 1), go(0, 1)], exec(false))).toBe(1);
    // Seven tables: bases come from both nodes, copies only from node 1, and a replicated child needs as many again.
    expect(failsCleanly(mapped, fork(0, 2))).toBe(4);
    expect(failsCleanly([...mapped, replicate(0, 1)], fork(0, 2))).toBe(4);
    expect(failsCleanly(mapped, replicate(0, 1))).toBe(7);
  });

  it("leaves the words of a failing alias and remap as they were", () => {
    expect(failsCleanly(upper, { kind: "alias", cpu: 0, page: 1, pages: 3, to: 4 })).toBe(2);
    expect(failsCleanly(upper, { kind: "remap", cpu: 0, page: 1, pages: 3, to: 4, toPages: 3 })).toBe(2);
    // Three tables and a copy of each: with two frames a node the third finds no place for its base.
    expect(failsCleanly([...upper, replicate(0, 1)], { kind: "alias", cpu: 0, page: 1, pages: 3, to: 4 })).toBe(3);
  });

  it("gives the pages of the caches back in their order when enable fails, and only counts the failure (W32)", () => {
    const system = machine({ tableFrames: 6 });
    run(system, spawn(0, 1), go(0, 1), map(0, 0, 8, { populate: true }), write("cache", "3"));
    const before = stateOf(system);
    const counted = system.statistics();
    expect(run(system, replicate(0, 1))).toEqual(refused("ENOMEM"));
    expect(stateOf(system)).toEqual(before);
    expect(system.statistics()).toEqual({ ...counted, enableFailures: counted.enableFailures + 1 });
  });

  it("installs a table without a ring where a copy has no memory, and counts it (W7)", () => {
    const system = machine();
    run(system, ...onBothNodes, replicate(0, 1), map(0, 0, 8), touch(0, 0));
    const { tablePool } = system.kernel;
    while (tablePool.freeCount(1) > 0) tablePool.allocate(1);
    run(system, go(1, 1));
    expect(run(system, touch(0, 2))).toEqual({ kind: "touched", served: "fault" });
    expect(system.statistics()).toMatchObject({ tablesWithoutRing: 1, pteAttempts: 2, pteSuccesses: 1 });
    expect(run(system, touch(1, 2))).toEqual({ kind: "touched", served: "walk" });
    // Above page 4 the table of level 2 gets no ring, so the one below it is not even tried (W33).
    run(system, touch(0, 4));
    expect(system.statistics()).toMatchObject({ tablesWithoutRing: 2, pteAttempts: 2 });
    expect(run(system, disable(0, 1), read(0, 2))).toMatchObject({ kind: "entry", dirty: true });
  });

  it("answers a touch that finds no frame with ENOMEM, again and again the same", () => {
    const system = machine({ dataFrames: 1, placement: "lowest" });
    run(system, ...onBothNodes, map(0, 0, 8), touch(0, 0), touch(0, 2));
    expect(run(system, touch(0, 4))).toEqual(refused("ENOMEM"));
    const after = stateOf(system);
    expect(run(system, touch(0, 4))).toEqual(refused("ENOMEM"));
    expect(stateOf(system)).toEqual(after);
    expect(run(system, unmap(0, 0), touch(0, 4))).toEqual({ kind: "touched", served: "fault" });
    expect(run(system, unmap(0, 0, 8))).toEqual(ok(2));
  });
});
