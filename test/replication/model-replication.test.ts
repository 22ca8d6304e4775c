import { describe, expect, it } from "vitest";
import { apply, enabled, type State, tables } from "../../model/replication/index.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import {
  answer,
  BORN,
  enableBoth,
  machine,
  mapAt,
  played,
  procWrite,
  readAt,
  switchOn,
  touchAt,
} from "./model-story.js";

const ok = (value: number) => ({ kind: "ok", value });
const error = (errno: string) => ({ kind: "error", errno });
const disableOne: Operation = { kind: "disable", cpu: 0, pid: 1 };
const prctl = (mask: number, pid = 0, cpu = 0): Operation => ({ kind: "setReplication", cpu, mask, pid });
const nodesOf = (state: State) => state.spaces[0]?.nodes;

/** Members of each table of space 0, `level@page: nodes`. */
function rings(state: State): readonly string[] {
  const space = state.spaces[0];
  if (space === undefined) return [];
  return tables(state.geometry, space).map(
    ({ page, table }) => `${table.level}@${page}: ${table.members.map(({ node }) => node).join()}`,
  );
}

/** Process 1 at home on node 0, running on both CPUs, page 0 touched from node 1: tables below the root lie there. */
const TOUCHED_FROM_1 = [...BORN, switchOn(1, 1), mapAt(0, 2), touchAt(0, "read", 1)];

describe("enable and disable (D26, D27)", () => {
  it("gives every table a ring, base first, home and the base's node among them", () => {
    const state = played(machine({ nodes: 3 }), ...TOUCHED_FROM_1, { kind: "enable", cpu: 0, pid: 1, nodes: [1, 2] });
    expect(nodesOf(state)).toEqual([0, 1, 2]);
    expect(rings(state)).toEqual(["3@0: 0,1,2", "2@0: 1,0,2", "1@0: 1,0,2"]);
  });

  it("answers 0 to the stored set and EALREADY to another, even the one that was asked for", () => {
    const enable12: Operation = { kind: "enable", cpu: 0, pid: 1, nodes: [1, 2] };
    const state = played(machine({ nodes: 3 }), ...BORN, enable12);
    expect(answer(state, enable12)).toEqual(error("EALREADY"));
    expect(answer(state, { ...enable12, nodes: [0, 1, 2] })).toEqual(ok(0));
  });

  it("changes nothing but its own counter when a copy finds no memory (W32)", () => {
    // The copies of root and PMD table come from the caches, that of the PTE table finds node 0 full.
    const second: Operation = { kind: "spawn", cpu: 0, pid: 2, comm: "two", cmdline: "" };
    const before = played(machine({ tableFrames: 3 }), procWrite("cache", "1"), ...TOUCHED_FROM_1, second);
    const { state, outcome } = apply(before, enableBoth());
    expect(outcome).toEqual(error("ENOMEM"));
    expect(state).toEqual({ ...before, statistics: { ...before.statistics, enableFailures: 1 } });
  });

  it("moves all tables home and keeps the D that node 1's hardware set (W2)", () => {
    const written = [...TOUCHED_FROM_1, enableBoth(), switchOn(1, 1), touchAt(0, "write", 1)];
    const state = played(machine(), ...written, disableOne);
    expect(rings(state)).toEqual(["3@0: 0", "2@0: 0", "1@0: 0"]);
    expect(answer(state, readAt(0))).toMatchObject({ kind: "entry", accessed: true, dirty: true });
    expect(state.cpus.map(({ root }) => root)).toEqual([0, 0]);
  });

  it("leaves no CPU a shortcut to a copy that is freed, although it was at home all the time (I25)", () => {
    // enable moves no CPU and drops nothing (W44): CPU 1 stays on the home root and knows the tables on node 1.
    const state = played(machine(), ...TOUCHED_FROM_1, enableBoth());
    expect(state.cpus[1]).toMatchObject({ root: 0, walks: { 1: { 0: { prefix: 0, node: 1 } } } });
    const ended = played(state, disableOne);
    expect(ended.cpus[1]?.walks).toEqual({});
    expect(answer(ended, touchAt(0, "read", 1))).toEqual({ kind: "touched", served: "walk" });
  });

  it("is idempotent, keeps steering, and takes an unknown pid for a usage error", () => {
    const vector = [0, 0, -1, -1, -1, -1, -1, -1];
    const steered = played(
      machine(),
      ...BORN,
      enableBoth(),
      { kind: "setSteering", cpu: 0, vector, pid: 0 },
      disableOne,
    );
    expect(apply(steered, disableOne)).toEqual({ state: steered, outcome: ok(0) });
    expect(answer(steered, { kind: "getSteering", cpu: 0, vector: "ok", pid: 0 })).toEqual({
      kind: "steering",
      vector,
    });
    expect(enabled(steered, { kind: "disable", cpu: 0, pid: 2 })).toBe(false);
  });
});

describe("prctl (D28)", () => {
  const two = [...BORN, { kind: "spawn", cpu: 0, pid: 2, comm: "two", cmdline: "" }, switchOn(0, 2)] as const;

  it.each([
    [1, ok(0), [0, 1, 2]],
    [3, ok(0), [0, 1]],
    [6, ok(0), [0, 1, 2]],
    [256 + 3, ok(0), [0, 1]],
    [2, error("EINVAL"), []],
    [256, error("EINVAL"), []],
    [257, error("EINVAL"), []],
    [3 + 8, error("EINVAL"), []],
    [0, ok(0), []],
  ])("decodes mask %d", (mask, expected, nodes) => {
    const { state, outcome } = apply(played(machine({ nodes: 3 }), ...two), prctl(mask));
    expect(outcome).toEqual(expected);
    expect(state.spaces[1]?.nodes).toEqual(nodes);
  });

  it("refuses pid 1 on itself, an unknown pid, and a machine with one node online", () => {
    expect(answer(machine(), ...BORN, prctl(1))).toEqual(error("EINVAL"));
    expect(answer(machine(), ...two, prctl(1, 3))).toEqual(error("ESRCH"));
    expect(answer(machine({ onlineNodes: [0] }), ...two, prctl(1))).toEqual(error("EINVAL"));
    expect(answer(machine(), ...two, prctl(1, 1))).toEqual(ok(0));
  });

  it("answers the stored set as a mask, home included", () => {
    expect(answer(machine({ nodes: 3 }), ...two, prctl(6), { kind: "getReplication", cpu: 0 })).toEqual(ok(7));
  });

  it("refuses cache-only while replicated and any value but 0 and 1", () => {
    const setTo = (value: number): Operation => ({ kind: "setCacheOnly", cpu: 0, value, pid: 0 });
    expect(answer(machine(), ...two, setTo(2))).toEqual(error("EINVAL"));
    expect(answer(machine(), ...two, prctl(1), setTo(1))).toEqual(error("EBUSY"));
    expect(answer(machine(), ...two, setTo(1), prctl(1), { kind: "getCacheOnly", cpu: 0, pid: 2 })).toEqual(ok(1));
  });

  it("checks a steering vector: null, fault, range, pid, replicated, copies", () => {
    const auto = Array.from({ length: 8 }, () => -1);
    const steer = (vector: readonly number[] | "null" | "fault", pid = 0): Operation => ({
      kind: "setSteering",
      cpu: 0,
      vector,
      pid,
    });
    const replicated = played(machine({ nodes: 3 }), ...two, prctl(3));
    expect(answer(replicated, steer("null", 4))).toEqual(error("EINVAL"));
    expect(answer(replicated, steer("fault", 4))).toEqual(error("EFAULT"));
    expect(answer(replicated, steer(auto.with(3, 8), 4))).toEqual(error("EINVAL"));
    expect(answer(replicated, steer(auto, 4))).toEqual(error("ESRCH"));
    expect(answer(replicated, steer(auto, 1))).toEqual(error("EINVAL"));
    expect(answer(replicated, steer(auto.with(0, 2)))).toEqual(error("EINVAL"));
    expect(answer(replicated, steer(auto.with(0, 1)))).toEqual(ok(0));
    expect(enabled(replicated, steer([0, 1]))).toBe(false);
  });
});

describe("which root a CPU loads (D29)", () => {
  const steer = (cpuNode: number, target: number): Operation => ({
    kind: "setSteering",
    cpu: 0,
    vector: Array.from({ length: 8 }, (_, node) => (node === cpuNode ? target : -1)),
    pid: 0,
  });
  const ready = played(machine({ nodes: 3 }), ...BORN, enableBoth());

  it("is the local copy, the steered one, or home where there is none", () => {
    expect(played(ready, switchOn(1, 1)).cpus[1]?.root).toBe(1);
    expect(played(ready, steer(1, 0), switchOn(1, 1)).cpus[1]?.root).toBe(0);
    expect(played(ready, steer(2, 1), switchOn(2, 1)).cpus[2]?.root).toBe(1);
    expect(played(ready, switchOn(2, 1)).cpus[2]?.root).toBe(0);
  });

  it("is loaded again for the same space only if it differs, and each load is counted", () => {
    const once = played(ready, switchOn(1, 1), switchOn(1, 1));
    expect(once.statistics).toMatchObject({ cr3Replica: 1, cr3Primary: 0 });
    expect(played(once, switchOn(1, 0), switchOn(1, 1)).statistics.cr3Replica).toBe(2);
    expect(played(once, steer(1, 0), switchOn(1, 1)).statistics).toMatchObject({ cr3Replica: 1, cr3Primary: 1 });
  });
});

describe("tables of a replicated space (D4 to D6)", () => {
  const replicated = [mapAt(0, 4), enableBoth()];

  it("get their ring when they are linked, counted as sets of the parent's level", () => {
    const state = played(machine(), ...BORN, ...replicated, touchAt(0));
    expect(rings(state)).toEqual(["3@0: 0,1", "2@0: 0,1", "1@0: 0,1"]);
    // The PMD entered into the root, the PTE table into the PMD, the leaf into the PTE table.
    expect(state.statistics).toMatchObject({ sets: [1, 1, 0, 0, 1], pteAttempts: 1, pteSuccesses: 1 });
  });

  const crowd = (pids: readonly number[]) =>
    pids.map((pid): Operation => ({ kind: "spawn", cpu: 1, pid, comm: "crowd", cmdline: "" }));

  it("stay without a ring when a copy finds no memory (W7)", () => {
    const state = played(machine({ tableFrames: 3 }), ...BORN, ...crowd([2]), ...replicated, touchAt(0));
    expect(rings(state)).toEqual(["3@0: 0,1", "2@0: 0,1", "1@0: 0"]);
    expect(state.statistics).toMatchObject({ tablesWithoutRing: 1, pteAttempts: 1, pteSuccesses: 0 });
    // The walk on node 1 ends in the base.
    expect(answer(state, switchOn(1, 1), touchAt(0, "read", 1))).toEqual({ kind: "touched", served: "walk" });
  });

  it("ask for no copies below a table without a ring, and count nothing there (W33)", () => {
    const state = played(machine({ tableFrames: 3 }), ...BORN, ...crowd([2, 3]), ...replicated, touchAt(0));
    expect(rings(state)).toEqual(["3@0: 0,1", "2@0: 0", "1@0: 0"]);
    expect(state.statistics).toMatchObject({ tablesWithoutRing: 1, pteAttempts: 0, sets: [0, 0, 0, 0, 1] });
  });

  it("fall back to the other nodes in ascending order, and undo their path when there is none (W34)", () => {
    const full = [...BORN, ...crowd([2, 3]), mapAt(0, 4)];
    const fallen = played(machine({ tableFrames: 4 }), ...full, mapAt(4, 2), touchAt(0), touchAt(4));
    expect(rings(fallen)).toEqual(["3@0: 0", "2@0: 0", "1@0: 0", "2@4: 0", "1@4: 1"]);
    const scarce = played(machine({ tableFrames: 2 }), ...full);
    const { state, outcome } = apply(scarce, touchAt(0));
    expect(outcome).toEqual(error("ENOMEM"));
    expect(rings(state)).toEqual(["3@0: 0"]);
  });

  it("come from the cache of their node, and go back there", () => {
    const cached = played(machine(), procWrite("cache", "2"), ...BORN, ...replicated, touchAt(0));
    // Enable takes the root's copy from node 1; the PMD pops on both nodes, the PTE table on node 0, its copy misses.
    expect(cached.cached).toEqual([0, 0]);
    expect(cached.statistics).toMatchObject({ cacheHits: [2, 2], cacheMisses: [0, 1] });
    const unmapped = played(cached, { kind: "unmap", cpu: 0, page: 0, pages: 4 });
    expect(unmapped.cached).toEqual([2, 1]);
    expect(unmapped.statistics).toMatchObject({ pteReleases: 1, pteReplicasFreed: 1, clears: [0, 1, 0, 0, 1] });
  });
});
