import { describe, expect, it } from "vitest";
import { apply, census, enabled, initialStatistics, leaves, tables } from "../../model/replication/index.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import { answer, BORN, enableBoth, machine, mapAt, played, procWrite, switchOn, touchAt } from "./model-story.js";

const ok = (value: number) => ({ kind: "ok", value });
const error = (errno: string) => ({ kind: "error", errno });
const forkTo = (pid: number): Operation => ({ kind: "fork", cpu: 0, pid });
const cloneTo = (pid: number, group: "callers" | "own"): Operation => ({ kind: "clone", cpu: 0, pid, group });
const exitOn = (cpu: number): Operation => ({ kind: "exit", cpu });
const exec = (fails = false): Operation => ({ kind: "exec", cpu: 0, comm: "new", cmdline: "/bin/new", fails });
const READY = [...BORN, mapAt(0, 2), enableBoth(), touchAt(0, "write")];

describe("what is not enabled (D1)", () => {
  it("is most of what an idle CPU could ask for", () => {
    const state = played(machine(), ...BORN);
    expect(enabled(state, touchAt(0, "read", 1))).toBe(false);
    expect(enabled(state, { kind: "flush", cpu: 1 })).toBe(true);
    expect(() => apply(state, touchAt(0, "read", 1))).toThrow(expect.objectContaining({ code: "NOT_ENABLED" }));
    expect(() => apply(state, touchAt(8))).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
  });

  it("is a pid in use, a fork without a slot, exec in company, exit while a leaf moves", () => {
    const state = played(machine(), ...READY);
    expect(enabled(state, forkTo(1))).toBe(false);
    expect(enabled(played(machine({ processes: 1 }), ...BORN), exec())).toBe(false);
    expect(enabled(played(state, cloneTo(2, "callers")), exec())).toBe(false);
    expect(enabled(played(state, cloneTo(2, "own")), exec())).toBe(true);
    expect(enabled(played(state, switchOn(1, 1)), exec())).toBe(false);
    const moving = played(state, { kind: "moveStart", cpu: 0, page: 0, node: 1 });
    for (const each of [exitOn(0), exec(), forkTo(2)]) expect(enabled(moving, each)).toBe(false);
  });
});

describe("fork (D22)", () => {
  it("leaves the parent's replication and steering alone, and gives the child the same set (W8)", () => {
    const vector = [1, -1, -1, -1, -1, -1, -1, -1];
    const state = played(machine(), ...READY, { kind: "setSteering", cpu: 0, vector, pid: 0 }, forkTo(2));
    expect(state.spaces[0]).toMatchObject({ nodes: [0, 1], steering: vector });
    expect(state.spaces[1]).toMatchObject({ nodes: [0, 1], steering: Array.from({ length: 8 }, () => -1) });
    expect(state.processes[2]).toEqual({ tgid: 2, space: 1 });
    expect(state.statistics.spaces[1]?.session).toMatchObject({ pid: 1, comm: "one" });
    expect(state.statistics.history).toEqual([]);
  });

  it("hands D on for private memory, never A, and joins what the copies say (W21)", () => {
    const written = [...BORN, mapAt(0, 2), enableBoth(), switchOn(1, 1), touchAt(0, "write", 1)];
    const state = played(machine(), ...written, forkTo(2));
    const child = state.spaces[1] && leaves(state.geometry, state.spaces[1]);
    expect(child?.[0]?.leaf).toMatchObject({ dirty: [true, true], accessed: [false, false] });
  });

  it("follows mode 1 when inheritance is off or there is nothing to inherit", () => {
    const plain = [...BORN, mapAt(0, 2)];
    expect(played(machine(), ...plain, forkTo(2)).spaces[1]?.nodes).toEqual([]);
    expect(played(machine(), procWrite("mode", "1"), ...plain, forkTo(2)).spaces[1]?.nodes).toEqual([0, 1]);
    expect(played(machine(), procWrite("inherit", "0"), ...READY, forkTo(2)).spaces[1]?.nodes).toEqual([]);
  });

  it("without memory leaves the parent untouched; a child that cannot be replicated lives on", () => {
    const full = played(machine({ tableFrames: 5 }), ...READY);
    const copyless = played(full, forkTo(2));
    expect(copyless.spaces[1]?.nodes).toEqual([]);
    expect(copyless.statistics.enableFailures).toBe(1);
    const { state, outcome } = apply(played(machine({ tableFrames: 4 }), ...READY), forkTo(2));
    expect(outcome).toEqual(error("ENOMEM"));
    expect(state).toEqual(played(machine({ tableFrames: 4 }), ...READY));
  });
});

describe("clone, exec, exit (D23 to D25)", () => {
  it("exec keeps the set in a new space, with a record of the old one and auto steering (W27)", () => {
    const state = played(machine(), ...READY, exec());
    expect(Object.keys(state.spaces)).toEqual(["1"]);
    expect(state.spaces[1]).toMatchObject({ nodes: [0, 1], ranges: [], home: 0 });
    expect(state.statistics.history).toMatchObject([{ sequence: 1, pid: 1, comm: "one", nodes: [0, 1] }]);
    expect(state.statistics.spaces[1]?.session).toMatchObject({ pid: 1, comm: "new", cmdline: "/bin/new" });
    expect(state.cpus[0]).toMatchObject({ pid: 1, root: 0, tlb: {}, walks: {} });
    expect(state.statistics.cr3Primary).toBe(0);
  });

  it("exec that fails, or finds no memory, changes nothing", () => {
    const state = played(machine(), ...READY);
    expect(apply(state, exec(true))).toEqual({ state, outcome: error("EINVAL") });
    const full = played(machine({ tableFrames: 3 }), ...READY);
    expect(apply(full, exec())).toEqual({ state: full, outcome: error("ENOMEM") });
  });

  it("a shared space stays as it is until its last process has gone (W27)", () => {
    const two = played(machine(), ...READY, cloneTo(2, "own"), switchOn(1, 2));
    expect(answer(two, { kind: "getReplication", cpu: 1 })).toEqual(ok(3));
    const one = played(two, exitOn(0));
    expect(one.spaces[0]).toEqual(two.spaces[0]);
    expect(one.statistics.history).toEqual([]);
    const none = played(one, exitOn(1));
    expect(none.statistics.history).toHaveLength(1);
    expect({ ...none, statistics: 0 }).toEqual({ ...machine(), statistics: 0 });
  });

  it("leaks no frame, and cached pages return (I22)", () => {
    const state = played(machine(), procWrite("cache", "2"), ...READY, forkTo(2), exitOn(0), switchOn(0, 2), exitOn(0));
    expect(
      census(state).map(({ bases, copies, cached, freeTables, data }) => [bases, copies, cached, freeTables, data]),
    ).toEqual([
      [0, 0, 2, 30, 0],
      [0, 0, 2, 30, 0],
    ]);
  });
});

describe("the cache of table pages", () => {
  const cacheOnly: Operation = { kind: "setCacheOnly", cpu: 0, value: 1, pid: 0 };

  it("serves cache-only spaces, but never a root (W38)", () => {
    const state = played(machine(), procWrite("cache", "3"), ...BORN, cacheOnly, mapAt(0, 2), touchAt(0), forkTo(2));
    const members = Object.values(state.spaces).map((space) =>
      tables(state.geometry, space).map(({ table }) => table.members[0]?.fromCache),
    );
    expect(members).toEqual([
      [false, true, true],
      [false, true, false],
    ]);
    expect(state.statistics).toMatchObject({ cacheHits: [3, 0], cacheMisses: [1, 0] });
  });

  it("gives back in reverse what fork could not use, and counts it", () => {
    const scarce = [...BORN, cacheOnly, mapAt(0, 2), touchAt(0), procWrite("cache", "1")];
    const before = played(machine({ tableFrames: 5, onlineNodes: [0] }), ...scarce);
    const { state, outcome } = apply(before, forkTo(2));
    expect(outcome).toEqual(error("ENOMEM"));
    expect(state).toEqual({
      ...before,
      statistics: { ...before.statistics, cacheHits: [1, 0], cacheMisses: [3, 0], cacheReturns: [2, 0] },
    });
  });

  it("is filled as far as the zone reaches, drained, and its counters reset", () => {
    const filled = played(machine({ tableFrames: 3 }), ...BORN, procWrite("cache", "9"));
    expect(filled.cached).toEqual([2, 3]);
    expect(filled.statistics.cacheReturns).toEqual([2, 3]);
    expect(played(filled, procWrite("cache", "-1")).cached).toEqual([0, 0]);
    expect(played(filled, procWrite("cache", "-2")).statistics.cacheReturns).toEqual([0, 0]);
    expect(answer(filled, procWrite("cache", "0"))).toEqual(error("EINVAL"));
  });
});

describe("peaks and statistics (D30)", () => {
  it("count bases and copies where they lie, and move when disable makes a copy the base", () => {
    const from1 = [...BORN, switchOn(1, 1), mapAt(0, 2), touchAt(0, "read", 1), enableBoth()];
    const state = played(machine(), ...from1);
    expect(state.statistics.spaces[0]).toMatchObject({
      peakPrimary: [
        [0, 1],
        [0, 1],
        [0, 0],
        [0, 0],
        [1, 0],
      ],
      peakReplica: [
        [1, 0],
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ],
    });
    const ended = played(state, { kind: "disable", cpu: 0, pid: 1 });
    expect(ended.statistics.spaces[0]?.peakPrimary).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    expect(ended.statistics.history[0]?.peakPrimary[0]).toEqual([0, 1]);
  });

  it("begin again from nothing for what is there", () => {
    const state = played(machine(), ...READY, forkTo(2));
    const fresh = initialStatistics(state);
    expect(Object.keys(fresh.spaces)).toEqual(["0", "1"]);
    expect(fresh.names).toEqual({ 1: { comm: "", cmdline: "" }, 2: { comm: "", cmdline: "" } });
    expect(fresh).toMatchObject({ clock: 0, nextSequence: 1, history: [] });
  });
});
