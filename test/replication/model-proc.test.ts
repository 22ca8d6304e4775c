import { describe, expect, it } from "vitest";
import type { State } from "../../model/replication/index.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import {
  answer,
  BORN,
  enableBoth,
  machine,
  mapAt,
  played,
  procRead,
  procWrite,
  switchOn,
  touchAt,
  unmapAt,
} from "./model-story.js";

const textOf = (state: State, file: Parameters<typeof procRead>[0]) => {
  const outcome = answer(state, procRead(file));
  return outcome.kind === "text" ? outcome.text : undefined;
};
const error = (errno: string) => ({ kind: "error", errno });
const advance = (milliseconds: number): Operation => ({ kind: "advance", milliseconds });

/** Something of everything: cached pages, both nodes running, a shootdown, a process that is not replicated. */
const LIVELY = played(
  machine(),
  procWrite("cache", "3"),
  { kind: "spawn", cpu: 0, pid: 1, comm: "a-comm-of-more-than-15", cmdline: "/bin/one --flag" },
  switchOn(0, 1),
  { kind: "spawn", cpu: 0, pid: 2, comm: "two", cmdline: "" },
  mapAt(0, 4),
  advance(10),
  enableBoth(),
  switchOn(0, 0),
  switchOn(0, 1),
  switchOn(1, 1),
  switchOn(1, 0),
  switchOn(1, 1),
  touchAt(0, "write", 1),
  touchAt(2),
  { kind: "protect", cpu: 0, page: 0, pages: 1, rights: "r--" },
  { kind: "read", cpu: 0, page: 2 },
  advance(32),
);

describe("numbers written to /proc/mitosis (W43)", () => {
  it.each([" 1\n", "+1", "1", "7", "000000000000001"])("takes %j for mode 1", (text) => {
    expect(textOf(played(machine(), procWrite("mode", text)), "mode")).toBe("1\n");
  });

  it.each(["", " ", "x", "1x", "1 1", "--1", "0x1", "1.0", "0000000000000001"])("refuses %j", (text) => {
    expect(answer(machine(), procWrite("mode", text))).toEqual(error("EINVAL"));
  });

  it("clamps mode, makes inherit 1 or -1, and clears history only for -1", () => {
    expect(textOf(played(machine(), procWrite("mode", "-9")), "mode")).toBe("-1\n");
    expect(textOf(played(machine(), procWrite("inherit", "0")), "inherit")).toBe("-1\n");
    expect(answer(machine(), procWrite("history", "1"))).toEqual(error("EINVAL"));
    expect(answer(machine(), procWrite("status", "1"))).toEqual(error("EINVAL"));
    const ended = played(LIVELY, { kind: "disable", cpu: 0, pid: 1 }, procWrite("history", "-1"));
    expect(ended.statistics).toMatchObject({ history: [], nextSequence: 2 });
  });
});

describe("texts of /proc/mitosis", () => {
  it("status", () => {
    expect(textOf(LIVELY, "status")).toMatchInlineSnapshot(`
      "Mitosis Page Table Replication Status
      =====================================

      Configuration:
        PTI: disabled
        PGD allocation order: 0 (1 page)
        Auto-enable: DISABLED
        Inheritance: ENABLED
        Mode: per-process (set by prctl)

      CR3 Statistics:
        CR3 writes: 3
        Replica uses: 2
        Primary uses: 1
        Replica hit rate: 66%

      Replicated Set Operations:
        PTE sets: 2
        PMD sets: 2
        PUD sets: 0
        P4D sets: 0
        PGD sets: 1
        Total: 5

      Replicated Clear Operations:
        PTE clears: 0
        PMD clears: 0
        PUD clears: 0
        P4D clears: 0
        PGD clears: 0
        Total: 0

      Get Operations with Flag Aggregation:
        PTE gets (aggregated): 1
        PMD gets (aggregated): 0
        PUD gets (aggregated): 0
        Total: 1

      Special Operations:
        Prot commits: 1
        Ptep get and clear: 1

      PTE Replication (when enabled):
        Allocation attempts: 2
        Allocation success: 2
        Release calls: 0
        Replicas freed: 0

      Shortage of Memory:
        Failed enables: 0
        Tables without ring: 0

      Page Table Cache:
        NODE       CACHED         HITS       MISSES      RETURNS
        ------------------------------------------------------------
        0               0            3            0            3
        1               0            3            1            3
        TOTAL           0            6            1            6
        Cache hit rate: 85%
        Cache memory: 0 KB

      Process Summary:
        Total processes: 2
        With replication: 1
        Status: ACTIVE
        See also: /proc/mitosis/active, /proc/mitosis/history
      "
    `);
  });

  it("active", () => {
    expect(textOf(LIVELY, "active")).toMatchInlineSnapshot(`
      "Mitosis Active Processes
      ========================

      PID      TGID     COMM              DURATION_MS    NODES
      --------------------------------------------------------------------------------
      1        1        a-comm-of-more-            32        2

      Total: 1 active process(es)
      "
    `);
    expect(textOf(machine(), "active")).toMatchInlineSnapshot(`
      "Mitosis Active Processes
      ========================

      PID      TGID     COMM              DURATION_MS    NODES
      --------------------------------------------------------------------------------
      (No active processes with replication enabled)
      "
    `);
  });

  it("cache", () => {
    expect(textOf(LIVELY, "cache")).toMatchInlineSnapshot(`
      "Mitosis Page Table Cache
      ========================

      NODE       CACHED         HITS       MISSES      RETURNS
      ------------------------------------------------------------
      0               0            3            0            3
      1               0            3            1            3
      "
    `);
  });

  it("history", () => {
    const ended = played(LIVELY, unmapAt(0, 4), { kind: "disable", cpu: 0, pid: 1 });
    expect(textOf(ended, "history")).toMatchInlineSnapshot(`
      "Mitosis Process History
      =======================
      Completed replication sessions, oldest first; peaks are per address space since its creation.

      ================================================================================
      History Entry #1
      Process: a-comm-of-more- (PID: 1, TGID: 1) [HISTORICAL]
      Cmdline: /bin/one --flag
      Duration: 32 ms
      Replication nodes: 0, 1 (2 nodes)
      TLB Statistics:
        Shootdowns: 2 events
        IPIs sent: 2
      Peak Page Table Allocations (primary/replica):
      LEVEL           Node 0        Node 1         TOTAL
      PGD                1/0           0/1           1/1
      P4D                0/0           0/0           0/0
      PUD                0/0           0/0           0/0
      PMD                0/1           1/0           1/1
      PTE                1/1           1/1           2/2
      Memory: 4 primary pages (16 KB), 4 replica pages (16 KB)
      Total: 8 pages (32 KB)

      Total historical entries: 1 (max: 64)
      "
    `);
    expect(textOf(machine(), "history")).toMatchInlineSnapshot(`
      "Mitosis Process History
      =======================
      Completed replication sessions, oldest first; peaks are per address space since its creation.

      No historical data available.
      "
    `);
  });

  it("keeps 64 records and goes on counting (I30)", () => {
    const session = [enableBoth(), { kind: "disable", cpu: 0, pid: 1 } as const];
    const many = Array.from({ length: 65 }, () => session).flat();
    const state = played(machine(), ...BORN, ...many);
    expect(state.statistics.history).toHaveLength(64);
    expect(state.statistics.history.map(({ sequence }) => sequence)).toMatchObject({ 0: 2, 63: 65 });
  });
});
