import { describe, expect, it } from "vitest";
import { apply, leaves, type State, tables } from "../../model/replication/index.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import { answer, BORN, enableBoth, machine, mapAt, played, readAt, switchOn, touchAt, unmapAt } from "./model-story.js";

const ok = (value: number) => ({ kind: "ok", value });
const error = (errno: string) => ({ kind: "error", errno });
const served = (how: string) => ({ kind: "touched", served: how });
const protect = (page: number, pages: number, rights: "---" | "r--" | "rw-" | "r-x"): Operation => ({
  kind: "protect",
  cpu: 0,
  page,
  pages,
  rights,
});
const remap = (page: number, pages: number, to: number, toPages = pages): Operation => ({
  kind: "remap",
  cpu: 0,
  page,
  pages,
  to,
  toPages,
});
const forkTo = (pid: number): Operation => ({ kind: "fork", cpu: 0, pid });
const tablesOf = (state: State) =>
  state.spaces[0] ? tables(state.geometry, state.spaces[0]).map(({ page, table }) => `${table.level}@${page}`) : [];
const leavesOf = (state: State, slot = 0) => (state.spaces[slot] ? leaves(state.geometry, state.spaces[slot]) : []);

/** Replicated, process 1 on both CPUs (CPU 1 on its own copy), pages 0 to 3 mapped. */
const READY = [...BORN, mapAt(0, 4), enableBoth(), switchOn(1, 1)];

describe("touch (D8, D9)", () => {
  it("faults once, then walks, then is served by the TLB; a write walks again for D", () => {
    const state = played(machine(), ...BORN, mapAt(0, 2));
    expect(answer(state, touchAt(0))).toEqual(served("fault"));
    expect(answer(state, touchAt(0), touchAt(0))).toEqual(served("tlb"));
    expect(answer(state, touchAt(0), { kind: "flush", cpu: 0 }, touchAt(0))).toEqual(served("walk"));
    expect(answer(state, touchAt(0), touchAt(0, "write"))).toEqual(served("walk"));
    expect(answer(state, touchAt(0), touchAt(0, "write"), touchAt(0, "write"))).toEqual(served("tlb"));
  });

  it("is refused outside of every range and against rights, and then sets no A in the leaf (W40)", () => {
    const readOnly = played(machine(), ...BORN, mapAt(0, 1), touchAt(0), protect(0, 1, "r--"), {
      kind: "age",
      cpu: 0,
      page: 0,
    });
    expect(answer(readOnly, touchAt(1))).toEqual({ kind: "segfault", reason: "no-range" });
    const refused = played(readOnly, touchAt(0, "write"));
    expect(answer(readOnly, touchAt(0, "write"))).toEqual({ kind: "segfault", reason: "rights" });
    expect(answer(refused, readAt(0))).toMatchObject({ rights: "r--", accessed: false });
  });

  it("sets A and D in the walked copy only; a read by the kernel joins them (W3)", () => {
    const state = played(machine(), ...READY, touchAt(0), touchAt(0, "write", 1));
    expect(leavesOf(state)[0]?.leaf).toMatchObject({ accessed: [true, true], dirty: [false, true] });
    expect(answer(state, readAt(0))).toMatchObject({ accessed: true, dirty: true });
    expect(played(state, readAt(0)).statistics.gets).toEqual([1, 0, 0]);
  });

  it("keeps no CPU's stale translation: what protect takes is gone from every TLB (I37, W31)", () => {
    const state = played(machine(), ...READY, touchAt(0, "write"), touchAt(0, "write", 1), protect(0, 1, "r--"));
    expect(state.cpus.map(({ tlb }) => tlb)).toEqual([{}, {}]);
    expect(state.statistics.spaces[0]).toMatchObject({ shootdowns: 1, interrupts: 1 });
    // Giving rights back interrupts nobody; the first write faults.
    const given = played(state, touchAt(0, "read", 1), protect(0, 1, "rw-"));
    expect(given.statistics.spaces[0]).toMatchObject({ shootdowns: 1 });
    expect(answer(given, touchAt(0, "write", 1))).toEqual(served("fault"));
  });

  it("installs the largest leaf that fits the range, its slot and a free run", () => {
    const level = (state: State) => leavesOf(state).map((placed) => placed.level);
    const wide = mapAt(2, 4, { leaf: 2 });
    expect(level(played(machine(), ...BORN, wide, touchAt(3)))).toEqual([2]);
    expect(level(played(machine(), ...BORN, wide, unmapAt(3, 1), touchAt(2)))).toEqual([1]);
    expect(level(played(machine({ dataFrames: 1 }), ...BORN, wide, touchAt(3)))).toEqual([1]);
    expect(answer(machine(), ...BORN, mapAt(0, 8, { leaf: 3 }))).toEqual(error("EINVAL"));
  });

  it("takes the frame of the page's number if so placed, else the lowest", () => {
    const frameOf = (state: State) => leavesOf(state)[0]?.leaf.frame;
    // Frames: node 0 has 32 table frames, then its data.
    expect(frameOf(played(machine(), ...BORN, mapAt(0, 8), touchAt(5)))).toBe(32);
    expect(frameOf(played(machine({ placement: "by-page" }), ...BORN, mapAt(0, 8), touchAt(5)))).toBe(37);
    const preferring1: Operation = { kind: "policy", cpu: 0, node: 1 };
    expect(frameOf(played(machine(), ...BORN, mapAt(0, 8), preferring1, touchAt(5)))).toBe(32 + 16 + 32);
  });
});

describe("copy on write (W21)", () => {
  it("gives the writer a frame of its own with A and D in every copy, and the other keeps the old one", () => {
    const state = played(machine(), ...READY, touchAt(0, "write"), touchAt(0, "write", 1), forkTo(2));
    expect(leavesOf(state).map(({ leaf }) => [leaf.frame, leaf.writable])).toEqual([[32, false]]);
    expect(leavesOf(state, 1).map(({ leaf }) => [leaf.frame, leaf.writable])).toEqual([[32, false]]);
    expect(answer(state, touchAt(0, "write", 1))).toEqual(served("copy"));
    const copied = played(state, touchAt(0, "write", 1));
    const own = leavesOf(copied)[0]?.leaf;
    expect(own).toMatchObject({ writable: true, accessed: [true, true], dirty: [true, true] });
    expect(own?.frame).not.toBe(32);
    expect(leavesOf(copied, 1)[0]?.leaf.frame).toBe(32);
    // Alone with its frame, the child just gets RW back.
    expect(answer(copied, switchOn(0, 2), touchAt(0, "write"))).toEqual(served("fault"));
  });

  it("does not happen in shared memory", () => {
    const shared = [...BORN, mapAt(0, 1, { sharing: "shared" }), touchAt(0, "write"), forkTo(2)];
    const state = played(machine(), ...shared);
    expect(leavesOf(state, 1)[0]?.leaf).toMatchObject({ frame: 32, writable: true, dirty: [false] });
    expect(answer(state, touchAt(0, "write"))).toEqual(served("tlb"));
  });
});

describe("unmap and discard (D14, D16)", () => {
  it("frees a table only when no range is left in its span (W24)", () => {
    const state = played(machine(), ...READY, touchAt(0), touchAt(1), touchAt(2));
    expect(tablesOf(state)).toEqual(["3@0", "2@0", "1@0", "1@2"]);
    const part = played(state, unmapAt(0, 1));
    expect(tablesOf(part)).toEqual(["3@0", "2@0", "1@0", "1@2"]);
    const half = played(part, unmapAt(1, 1));
    expect(tablesOf(half)).toEqual(["3@0", "2@0", "1@2"]);
    expect(half.statistics).toMatchObject({ getAndClears: 2, clears: [0, 1, 0, 0, 0], pteReleases: 1 });
    expect(tablesOf(played(half, unmapAt(0, 8)))).toEqual(["3@0"]);
  });

  it("discard leaves range, tables and rings, and the next touch gets another frame (W23)", () => {
    const discard: Operation = { kind: "discard", cpu: 0, page: 0, pages: 8 };
    const state = played(machine(), ...READY, touchAt(0), touchAt(1));
    expect(answer(state, discard)).toEqual(ok(2));
    expect(tablesOf(played(state, discard))).toEqual(tablesOf(state));
    expect(answer(state, discard, touchAt(0))).toEqual(served("fault"));
  });

  it("refuses to make the list of ranges too long, and changes nothing", () => {
    const state = played(machine({ ranges: 1 }), ...BORN, mapAt(0, 4), touchAt(1));
    expect(apply(state, unmapAt(1, 1))).toEqual({ state, outcome: error("ENOMEM") });
    expect(answer(state, mapAt(4, 1))).toEqual(ok(0));
    expect(answer(state, mapAt(4, 1, { rights: "r--" }))).toEqual(error("ENOMEM"));
    expect(answer(state, mapAt(3, 1))).toEqual(error("EEXIST"));
  });
});

describe("protect (D15)", () => {
  it("to none keeps frame, A and D without access, and gives them back (W26)", () => {
    const closed = played(machine(), ...READY, touchAt(0, "write"), protect(0, 4, "---"));
    expect(answer(closed, readAt(0))).toMatchObject({ frame: 32, rights: "---", dirty: true });
    expect(answer(closed, touchAt(0))).toEqual({ kind: "segfault", reason: "rights" });
    const open = played(closed, protect(0, 4, "rw-"));
    expect(answer(open, readAt(0))).toMatchObject({ frame: 32, rights: "r--", dirty: true });
    expect(open.statistics).toMatchObject({ protCommits: 2, getAndClears: 2 });
  });

  it("answers ENOMEM over a hole, and joins ranges that have become alike", () => {
    const state = played(machine(), ...BORN, mapAt(0, 2), mapAt(2, 2, { rights: "r--" }));
    expect(answer(state, protect(0, 5, "r--"))).toEqual(error("ENOMEM"));
    expect(played(state, protect(0, 2, "r--")).spaces[0]?.ranges).toMatchObject([{ page: 0, pages: 4, rights: "r--" }]);
  });
});

describe("remap (D17)", () => {
  it("moves a table whole where both places are aligned: ring, A and D stay (W25)", () => {
    const before = played(machine(), ...READY, touchAt(0), touchAt(1, "write", 1), touchAt(2));
    const { state, outcome } = apply(before, remap(0, 2, 4));
    expect(outcome).toEqual(ok(1));
    expect(tablesOf(state)).toEqual(["3@0", "2@0", "1@2", "2@4", "1@4"]);
    const moved = leavesOf(state).filter(({ page }) => page >= 4);
    expect(moved.map(({ page, leaf }) => [page, ...leaf.dirty])).toEqual([
      [4, false, false],
      [5, false, true],
    ]);
    expect(state.cpus.map(({ tlb }) => tlb)).toEqual([{}, {}]);
    // One clear at the old PMD, one set each for the PTE table's new place and the PMD table made for it.
    expect(state.statistics.clears).toEqual([0, 1, 0, 0, 0]);
    expect(state.statistics.sets.map((value, i) => value - (before.statistics.sets[i] ?? 0))).toEqual([0, 1, 0, 0, 1]);
  });

  it("moves leaf by leaf else, with the D of every copy", () => {
    const before = played(machine(), ...READY, touchAt(0), touchAt(1, "write", 1));
    const { state, outcome } = apply(before, remap(0, 2, 5));
    expect(outcome).toEqual(ok(2));
    expect(tablesOf(state)).toEqual(["3@0", "2@0", "2@4", "1@4", "1@6"]);
    expect(leavesOf(state).map(({ page, leaf }) => [page, ...leaf.dirty])).toEqual([
      [5, false, false],
      [6, true, true],
    ]);
  });

  it("shrinks, grows where it can, and refuses what it must", () => {
    const state = played(machine(), ...READY, touchAt(2), mapAt(6, 1));
    expect(played(state, remap(0, 4, 0, 2)).spaces[0]?.ranges[0]).toMatchObject({ page: 0, pages: 2 });
    expect(played(state, remap(2, 2, 2, 4)).spaces[0]?.ranges).toMatchObject([{ page: 0, pages: 7 }]);
    expect(answer(state, remap(0, 4, 0, 7))).toEqual(error("ENOMEM"));
    expect(answer(state, remap(0, 2, 0, 3))).toEqual(error("ENOMEM"));
    expect(answer(state, remap(3, 2, 6))).toEqual(error("EFAULT"));
    expect(answer(state, remap(0, 2, 1))).toEqual(error("EINVAL"));
    expect(answer(state, remap(0, 2, 7))).toEqual(error("EINVAL"));
    expect(answer(state, remap(0, 2, 5))).toEqual(error("EEXIST"));
  });
});

describe("frames with several names (D18, D20)", () => {
  const shared = played(machine(), ...BORN, mapAt(0, 2, { sharing: "shared" }), enableBoth(), touchAt(0, "write"));
  const alias: Operation = { kind: "alias", cpu: 0, page: 0, pages: 2, to: 4 };

  it("alias names the frames a second time, without A and D", () => {
    expect(answer(shared, alias)).toEqual(ok(1));
    expect(answer(shared, alias, readAt(4))).toMatchObject({ frame: 32, rights: "rw-", accessed: false, dirty: false });
    expect(answer(shared, { ...alias, to: 1 })).toEqual(error("EEXIST"));
    expect(answer(machine(), ...READY, alias)).toEqual(error("EFAULT"));
  });

  it("clean finds the D of every member of every leaf, and takes it and RW (W22)", () => {
    const written = played(shared, alias, switchOn(1, 1), touchAt(4, "write", 1), { kind: "age", cpu: 0, page: 4 });
    const clean: Operation = { kind: "clean", cpu: 0, page: 0 };
    expect(answer(written, clean)).toEqual(ok(1));
    const cleaned = played(written, clean);
    expect(leavesOf(cleaned).flatMap(({ leaf }) => [leaf.writable, ...leaf.dirty])).not.toContain(true);
    expect(cleaned.statistics.spaces[0]).toMatchObject({ shootdowns: 2, interrupts: 2 });
    expect(answer(cleaned, clean)).toEqual(ok(0));
    expect(answer(cleaned, touchAt(4, "write", 1))).toEqual(served("fault"));
  });
});

describe("moving data (D21, W28)", () => {
  const start: Operation = { kind: "moveStart", cpu: 0, page: 0, node: 1 };
  const finish: Operation = { kind: "moveFinish", cpu: 0, page: 0 };
  const state = played(machine(), ...READY, touchAt(0), touchAt(0, "write", 1));

  it("keeps a touch waiting and every other change out, then gives rights, A and D back", () => {
    const moving = played(state, start);
    expect(answer(moving, touchAt(0, "read", 1))).toEqual({ kind: "waits" });
    expect(answer(moving, unmapAt(0, 1))).toEqual(error("EBUSY"));
    expect(answer(moving, protect(0, 4, "r--"))).toEqual(error("EBUSY"));
    expect(answer(moving, readAt(0))).toEqual({ kind: "absent" });
    expect(answer(moving, finish, readAt(0))).toMatchObject({ frame: 80, rights: "rw-", accessed: true, dirty: true });
  });

  it("refuses a frame with two names, a node without memory, and what is there already", () => {
    expect(answer(state, start, finish, { ...start })).toEqual(ok(0));
    expect(answer(state, forkTo(2), start)).toEqual(error("EBUSY"));
    expect(answer(state, { ...start, node: 2 })).toEqual(error("EINVAL"));
    expect(answer(state, { ...start, page: 1 })).toEqual(error("EINVAL"));
    expect(answer(state, finish)).toEqual(error("EINVAL"));
  });
});

describe("large leaves (D11 to D13)", () => {
  const large = played(machine(), ...BORN, mapAt(0, 4, { leaf: 2 }), enableBoth(), touchAt(1, "write"));

  it("unmap of a part splits first; the other part keeps frame, A and D (W29)", () => {
    const state = played(large, unmapAt(0, 1));
    expect(leavesOf(state).map(({ page, level, leaf }) => [page, level, leaf.frame])).toEqual([[1, 1, 33]]);
    expect(leavesOf(state)[0]?.leaf).toMatchObject({ accessed: [true, true], dirty: [true, true] });
  });

  it("collapse takes a new run, with A and D of all, and lets the table go", () => {
    const small = played(large, { kind: "split", cpu: 0, page: 0 });
    expect(tablesOf(small)).toEqual(["3@0", "2@0", "1@0"]);
    const collapse: Operation = { kind: "collapse", cpu: 0, page: 1, level: 2 };
    expect(answer(small, collapse)).toEqual(ok(0));
    const state = played(small, collapse);
    expect(tablesOf(state)).toEqual(["3@0", "2@0"]);
    expect(leavesOf(state).map(({ page, level, leaf }) => [page, level, leaf.frame, ...leaf.dirty])).toEqual([
      [0, 2, 34, true, true],
    ]);
    expect(answer(large, collapse)).toEqual(error("EINVAL"));
    expect(answer(large, { ...collapse, level: 3 })).toEqual(error("EINVAL"));
  });
});
