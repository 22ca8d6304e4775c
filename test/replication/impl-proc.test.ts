import { describe, expect, it } from "vitest";
import type { Replication } from "../../impl/replication/replication.js";
import type { ProcFile } from "../../vocabulary/replication/proc.js";
import {
  disable,
  exit,
  go,
  machine,
  map,
  ok,
  onBothNodes,
  refused,
  replicate,
  run,
  spawn,
  touch,
  write,
} from "./impl-machine.js";

function text(system: Replication, file: ProcFile): string {
  const answer = run(system, { kind: "readProc", file });
  if (answer.kind !== "text") throw new Error(`${file} answered ${answer.kind}`);
  return answer.text;
}

describe("the files in /proc/mitosis", () => {
  it("take a number with a sign and white space, and nothing else", () => {
    const system = machine();
    for (const wrong of ["", " ", "1 2", "0x1", "1.5", "+", "--1", "one", "0000000000000001"]) {
      expect(run(system, write("mode", wrong))).toEqual(refused("EINVAL"));
    }
    for (const [input, mode] of [
      ["1", "1"],
      [" +7\n", "1"],
      ["-3", "-1"],
      ["00000000000000", "0"],
      ["99999999999999", "1"],
    ] as const) {
      expect(run(system, write("mode", input))).toEqual(ok());
      expect(text(system, "mode")).toBe(`${mode}\n`);
    }
    run(system, write("inherit", "0"));
    expect(text(system, "inherit")).toBe("-1\n");
    expect(run(system, write("status", "1"))).toEqual(refused("EINVAL"));
    expect(run(system, write("history", "0"))).toEqual(refused("EINVAL"));
  });

  it("show the caches: filled to a level, used by hooks and bases, drained", () => {
    const system = machine({ tableFrames: 8 });
    run(system, write("cache", "3"), write("cache", "4"), write("cache", "2"));
    run(system, ...onBothNodes, replicate(0, 1), map(0, 0, 1), touch(0, 0));
    expect(text(system, "cache").split("\n")).toEqual([
      "Mitosis Page Table Cache",
      "========================",
      "",
      "NODE       CACHED         HITS       MISSES      RETURNS",
      "------------------------------------------------------------",
      "0               2            2            0            4",
      "1               1            3            0            4",
      "",
    ]);
    expect(text(system, "status")).toContain("  Cache hit rate: 100%\n  Cache memory: 12 KB\n");
    run(system, write("cache", "-2"), write("cache", "-1"));
    expect(text(system, "cache").split("\n").slice(5, 7)).toEqual([
      "0               0            0            0            0",
      "1               0            0            0            0",
    ]);
    expect(run(system, write("cache", "0"))).toEqual(refused("EINVAL"));
  });

  it("list the leaders whose space is replicated", () => {
    const system = machine();
    expect(text(system, "active").split("\n").slice(-2)).toEqual([
      "(No active processes with replication enabled)",
      "",
    ]);
    run(system, ...onBothNodes, replicate(0, 1), { kind: "clone", cpu: 0, pid: 2, group: "own" });
    run(system, { kind: "clone", cpu: 0, pid: 3, group: "callers" }, { kind: "advance", milliseconds: 1500 });
    expect(text(system, "active").split("\n").slice(3)).toEqual([
      "PID      TGID     COMM              DURATION_MS    NODES",
      "-".repeat(80),
      "1        1        p1                       1500        2",
      "2        2        p1                       1500        2",
      "",
      "Total: 2 active process(es)",
      "",
    ]);
  });

  it("show totals in whole percent, and attribute top-level writes to PGD", () => {
    const system = machine();
    run(system, ...onBothNodes, replicate(0, 1), go(1, 1), map(0, 0, 1), touch(0, 0));
    run(system, go(1, 0), go(1, 1), go(0, 0), go(0, 1));
    const lines = text(system, "status").split("\n");
    expect(lines).toEqual(
      expect.arrayContaining(["  CR3 writes: 3", "  Replica uses: 2", "  Primary uses: 1", "  Replica hit rate: 66%"]),
    );
    expect(lines).toEqual(expect.arrayContaining(["  PTE sets: 1", "  PMD sets: 1", "  PGD sets: 1", "  Total: 3"]));
    expect(lines).toEqual(
      expect.arrayContaining([
        "  Allocation attempts: 1",
        "  Allocation success: 1",
        "  With replication: 1",
        "  Status: ACTIVE",
      ]),
    );
  });

  it("keep a record of every session, the oldest dropped at the limit", () => {
    const system = machine({}, { historyMax: 3, tagBits: 0 });
    run(system, ...onBothNodes);
    for (let session = 0; session < 5; session++) {
      run(system, replicate(0, 1), { kind: "advance", milliseconds: session }, disable(0, 1));
    }
    const { history, nextSequence } = system.statistics();
    expect(history.map(({ sequence, duration }) => [sequence, duration])).toEqual([
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
    expect(nextSequence).toBe(6);
    expect(text(system, "history").split("\n").slice(0, 25)).toEqual([
      "Mitosis Process History",
      "=======================",
      "Completed replication sessions, oldest first; peaks are per address space since its creation.",
      "",
      "=".repeat(80),
      "History Entry #3",
      "Process: p1 (PID: 1, TGID: 1) [HISTORICAL]",
      "Cmdline: /bin/p1",
      "Duration: 2 ms",
      "Replication nodes: 0, 1 (2 nodes)",
      "TLB Statistics:",
      "  Shootdowns: 0 events",
      "  IPIs sent: 0",
      "Peak Page Table Allocations (primary/replica):",
      "LEVEL           Node 0        Node 1         TOTAL",
      "PGD                1/0           0/1           1/1",
      "P4D                0/0           0/0           0/0",
      "PUD                0/0           0/0           0/0",
      "PMD                0/0           0/0           0/0",
      "PTE                0/0           0/0           0/0",
      "Memory: 1 primary pages (4 KB), 1 replica pages (4 KB)",
      "Total: 2 pages (8 KB)",
      "",
      "=".repeat(80),
      "History Entry #4",
    ]);
    run(system, write("history", "-1"));
    expect(text(system, "history").split("\n").slice(3)).toEqual(["", "No historical data available.", ""]);
    run(system, replicate(0, 1), exit(0), spawn(0, 1));
    expect(system.statistics().history.map(({ sequence }) => sequence)).toEqual([6]);
  });

  it("count past 32 bits", () => {
    const system = machine();
    const { counters } = system.kernel;
    counters.write(counters.at.cr3Replica, 2 ** 32 - 1);
    counters.write(counters.at.cr3Primary, 2 ** 50);
    counters.add(counters.at.cr3Replica, 1);
    expect(system.statistics()).toMatchObject({ cr3Replica: 2 ** 32, cr3Primary: 2 ** 50 });
    counters.add(counters.at.cr3Replica, -1);
    expect(system.statistics().cr3Replica).toBe(2 ** 32 - 1);
    expect(text(system, "status")).toContain("  Replica hit rate: 0%\n");
  });
});
