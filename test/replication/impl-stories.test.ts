import { describe, expect, it } from "vitest";
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
  served,
  spawn,
  touch,
  unmap,
} from "./impl-machine.js";

const at = (page: number, extra: object) => ({ cpu: 0, page, ...extra });

describe("the implementation, rule by rule", () => {
  it("serves a first touch by a fault, the next by the TLB, another CPU's by a walk (D8, D9)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 2));
    expect(run(system, touch(0, 0))).toEqual(served("fault"));
    expect(run(system, touch(0, 0))).toEqual(served("tlb"));
    expect(run(system, touch(1, 0))).toEqual(served("walk"));
    expect(run(system, touch(0, 4))).toEqual({ kind: "segfault", reason: "no-range" });
    expect(run(system, touch(0, 0, "execute"))).toEqual({ kind: "segfault", reason: "rights" });
  });

  it("fills a TLB entry without D on a read and walks again for the first write (D8)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1), touch(0, 0, "read"));
    expect(run(system, touch(0, 0))).toEqual(served("walk"));
    expect(run(system, touch(0, 0))).toEqual(served("tlb"));
  });

  it("copies on write where a child names the same frame, and keeps D across fork (W21)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1), touch(0, 0));
    expect(run(system, fork(0, 2))).toEqual(ok(2));
    expect(run(system, go(1, 2), read(1, 0))).toMatchObject({ rights: "r--", dirty: true, accessed: false });
    expect(run(system, touch(0, 0))).toEqual(served("copy"));
    expect(run(system, touch(1, 0))).toEqual(served("fault"));
  });

  it("gathers D that only the copy of node 1 has, and keeps it at disable (W3, W2)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1), touch(0, 0, "read"), replicate(0, 1), go(1, 1), touch(1, 0));
    expect(run(system, read(0, 0))).toMatchObject({ dirty: true });
    expect(run(system, disable(0, 1), read(0, 0))).toMatchObject({ dirty: true });
  });

  it("splits for a partial unmap and collapses again when asked (D11 to D13)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 4, { leaf: 2, populate: true }));
    expect(run(system, read(0, 1))).toMatchObject({ level: 2 });
    expect(run(system, unmap(0, 1))).toEqual(ok(1));
    expect(run(system, read(0, 0))).toMatchObject({ level: 1 });
    expect(run(system, { kind: "split", cpu: 0, page: 2 })).toEqual(ok());
    expect(run(system, { kind: "collapse", cpu: 0, page: 3, level: 2 })).toEqual(ok());
    expect(run(system, { kind: "collapse", cpu: 0, page: 0, level: 2 })).toEqual(refused("EINVAL"));
  });

  it("keeps the frame of a page whose rights are none (W26)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1), touch(0, 0));
    const protect = (rights: "---" | "rw-"): Operation => ({ kind: "protect", cpu: 0, page: 0, pages: 1, rights });
    const before = run(system, read(0, 0));
    expect(run(system, protect("---"))).toEqual(ok(1));
    expect(run(system, read(0, 0))).toMatchObject({ rights: "---", dirty: true });
    run(system, protect("rw-"), touch(0, 0));
    expect(run(system, read(0, 0))).toEqual(before);
  });

  it("moves a whole table where both places are aligned, single leaves where they are not (D17)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 2, { populate: true }), replicate(0, 1));
    expect(run(system, at(0, { kind: "remap", pages: 2, to: 6, toPages: 2 }) as Operation)).toEqual(ok(1));
    expect(run(system, at(6, { kind: "remap", pages: 2, to: 1, toPages: 2 }) as Operation)).toEqual(ok(2));
    expect(run(system, at(1, { kind: "remap", pages: 2, to: 1, toPages: 4 }) as Operation)).toEqual(ok());
    expect(run(system, at(1, { kind: "remap", pages: 4, to: 3, toPages: 4 }) as Operation)).toEqual(refused("EINVAL"));
    expect(run(system, at(0, { kind: "remap", pages: 2, to: 6, toPages: 1 }) as Operation)).toEqual(refused("EFAULT"));
  });

  it("names frames a second time, and cleans every leaf that names one (D18, D20)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 2, { sharing: "shared", populate: true }));
    expect(run(system, { kind: "alias", cpu: 0, page: 0, pages: 2, to: 4 })).toEqual(ok(2));
    run(system, touch(0, 4));
    expect(run(system, { kind: "clean", cpu: 0, page: 0 })).toEqual(ok(1));
    expect(run(system, read(0, 4))).toMatchObject({ rights: "r--", dirty: false });
    expect(run(system, touch(0, 4))).toEqual(served("fault"));
  });

  it("keeps a touch waiting while a page's data moves (W28)", () => {
    const system = machine();
    run(system, ...onBothNodes, map(0, 0, 1), touch(0, 0));
    expect(run(system, { kind: "moveStart", cpu: 0, page: 0, node: 1 })).toEqual(ok(1));
    expect(run(system, touch(1, 0))).toEqual({ kind: "waits" });
    expect(run(system, unmap(0, 0))).toEqual(refused("EBUSY"));
    expect(system.enabled(exit(0))).toBe(false);
    expect(run(system, { kind: "moveFinish", cpu: 0, page: 0 })).toEqual(ok());
    expect(run(system, touch(1, 0))).toEqual(served("walk"));
  });

  it("steers a CPU to another node's root at its next switch (D29)", () => {
    const system = machine();
    const vector = [1, -1, -1, -1, -1, -1, -1, -1];
    run(system, ...onBothNodes, replicate(0, 1), { kind: "setSteering", cpu: 0, vector, pid: 0 }, go(0, 1));
    const { kernel } = system;
    expect(kernel.tables.nodeOfFrame(kernel.hardware.root(0))).toBe(1);
    expect(run(system, { kind: "getSteering", cpu: 1, vector: "ok", pid: 1 })).toEqual({ kind: "steering", vector });
    expect(system.statistics()).toMatchObject({ cr3Replica: 1, cr3Primary: 0 });
  });

  it("answers prctl 100 in the order of its checks (D28)", () => {
    const system = machine();
    const set = (mask: number, pid: number): Operation => ({ kind: "setReplication", cpu: 0, mask, pid });
    run(system, spawn(0, 2), go(0, 2));
    expect(run(system, set(1, 3))).toEqual(refused("ESRCH"));
    expect(run(system, set(2, 0))).toEqual(refused("EINVAL"));
    expect(run(system, set(256 + 3, 0))).toEqual(ok());
    expect(run(system, { kind: "getReplication", cpu: 0 })).toEqual(ok(3));
    expect(run(system, set(3, 0))).toEqual(ok());
    expect(run(system, { kind: "setCacheOnly", cpu: 0, value: 1, pid: 0 })).toEqual(refused("EBUSY"));
    expect(run(system, set(0, 0), set(0, 0))).toEqual(ok());
    expect(run(system, { kind: "getReplication", cpu: 0 })).toEqual(ok(0));
  });

  it("refuses what D1 excludes with NOT_ENABLED, and what no state allows with ARGUMENT", () => {
    const system = machine();
    expect(() => run(system, touch(0, 0))).toThrow(expect.objectContaining({ code: "NOT_ENABLED" }));
    run(system, ...onBothNodes);
    expect(() => run(system, touch(0, 8))).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
    expect(() => run(system, touch(7, 0))).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
    expect(() => run(system, { kind: "exec", cpu: 0, comm: "x", cmdline: "x", fails: false })).toThrow(
      expect.objectContaining({ code: "NOT_ENABLED" }),
    );
  });
});
