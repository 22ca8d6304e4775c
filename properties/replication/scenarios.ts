/**
 * Stories that once went wrong in one of the kernels that replicate page tables (ids B… of the specification), told
 * from the side of the caller. Each runs on both twins with every comparison; where one answer decides, it is written.
 * Those that need two threads inside the kernel at once belong to the interleavings (B2 to B6, B31: publication/interleaved.ts),
 * B29 to the page cache. Not modelled are what B9, B20, B21, B23, B25 and B28 are about: stack variables, a guard that
 * the first enable of the system sets, boot order, signals, deposited tables, lazy TLBs.
 */
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { Scenario } from "../engine/system.js";
import * as op from "./build.js";
import { shapeOf } from "./shape.js";
import { everywhere, toy } from "./toy-machine.js";

type Step = Scenario<Operation, Outcome>["steps"][number];

const quiet = (...operations: readonly Operation[]): Step[] => operations.map((operation) => ({ operation }));
const answers = (operation: Operation, answer: Outcome): Step => ({ operation, answer });
const ok = (value = 0): Outcome => ({ kind: "ok", value });
const errno = (name: Extract<Outcome, { kind: "error" }>["errno"]): Outcome => ({ kind: "error", errno: name });
const touched = (served: Extract<Outcome, { kind: "touched" }>["served"]): Outcome => ({ kind: "touched", served });

const twoNodes = shapeOf(toy({ levels: 3, nodes: 2, processes: 3 }));
const threeNodes = shapeOf(toy({ levels: 2, nodes: 3, processes: 3 }));

export const scenarios: readonly Scenario<Operation, Outcome>[] = [
  {
    id: "B1",
    title: "a D that only a replica has survives disable and fork",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.map(0, 0, 1),
        op.touch(0, 0, "read"),
        op.setReplication(0, 1),
        op.switchTo(1, 2),
      ),
      answers(op.clean(0, 0), ok(0)),
      ...quiet(op.protect(0, 0, "r--"), op.protect(0, 0, "rw-"), op.touch(1, 0, "write")),
      ...quiet(op.fork(0, 3), op.setReplication(0, 0)),
      answers(op.clean(0, 0), ok(1)),
    ],
  },
  {
    id: "B7",
    title: "get_and_clear of a large leaf goes through the whole ring",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.map(0, 0, 2, { leaf: 2 }),
        op.touch(0, 0, "write"),
        op.setReplication(0, 1),
        op.switchTo(1, 2),
      ),
      answers(op.touch(1, 1, "write"), touched("walk")),
      answers(op.unmap(0, 0, 2), ok(1)),
      answers(op.touch(1, 1, "read"), { kind: "segfault", reason: "no-range" }),
    ],
  },
  {
    id: "B8",
    title: "enable leaves a large leaf alone: it is not a table",
    shape: twoNodes,
    steps: [
      ...quiet(...everywhere(2, 2), op.map(0, 2, 2, { leaf: 2 }), op.touch(0, 2, "write")),
      answers(op.setReplication(0, 1), ok()),
      ...quiet(op.switchTo(1, 2)),
      answers(op.touch(1, 3, "read"), touched("walk")),
    ],
  },
  {
    id: "B12",
    title: "a replicated process executes a new image and stays replicated",
    shape: twoNodes,
    steps: [
      ...quiet(
        op.spawn(0, 2),
        op.switchTo(0, 2),
        op.writeProc(0, "inherit", "-1"),
        op.map(0, 0, 1),
        op.touch(0, 0, "write"),
        op.setReplication(0, 1),
      ),
      ...quiet(op.exec(0)),
      answers(op.getReplication(0), ok(3)),
      answers(op.touch(0, 0), { kind: "segfault", reason: "no-range" }),
      ...quiet(op.map(0, 4, 1)),
      answers(op.touch(0, 4, "write"), touched("fault")),
    ],
  },
  {
    id: "B13",
    title: "a table under a parent without a ring gets none either, and counts as no failure",
    shape: shapeOf(toy({ levels: 3, nodes: 2, tableFrames: 2, processes: 2 })),
    steps: quiet(
      ...everywhere(2, 2),
      op.setReplication(0, 1),
      op.map(0, 0, 8),
      op.touch(0, 0),
      op.touch(0, 2),
      op.touch(0, 4),
      op.readProc("status"),
    ),
  },
  {
    id: "B14",
    title: "steering belongs to the address space: a thread takes none along, and finds it where it comes",
    shape: threeNodes,
    steps: [
      ...quiet(...everywhere(2, 2), op.setReplication(0, 1), op.clone(0, 3, "callers"), op.steer(0, { 1: 2 })),
      ...quiet(op.switchTo(0, 3), op.switchTo(1, 3), op.touch(1, 0)),
      answers(op.getSteering(1), { kind: "steering", vector: [-1, 2, -1, -1, -1, -1, -1, -1] }),
      ...quiet(op.switchTo(1, 2), op.switchTo(2, 3), op.readProc("status")),
    ],
  },
  {
    id: "B15",
    title: "a child keeps the cache-only mode of its parent",
    shape: twoNodes,
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2)),
      answers(op.setCacheOnly(0, 1), ok()),
      ...quiet(op.fork(0, 3), op.switchTo(1, 3)),
      answers(op.getCacheOnly(1), ok(1)),
    ],
  },
  {
    id: "B16",
    title: "a cache-only process may be replicated, a replicated one may not become cache-only",
    shape: twoNodes,
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2)),
      answers(op.setCacheOnly(0, 1), ok()),
      answers(op.setReplication(0, 1), ok()),
      answers(op.getCacheOnly(0), ok(1)),
      answers(op.setCacheOnly(0, 1), errno("EBUSY")),
      answers(op.setCacheOnly(0, 0), ok()),
    ],
  },
  {
    id: "B17",
    title: "the last exit leaves every count of tables at zero, not below",
    shape: twoNodes,
    steps: quiet(
      ...everywhere(2, 2),
      op.map(0, 0, 2),
      op.touch(0, 0),
      op.setReplication(0, 1),
      op.exit(0),
      op.readProc("history"),
      op.readProc("status"),
    ),
  },
  {
    id: "B18",
    title: "a base away from home is counted where it lies, before and after disable",
    shape: twoNodes,
    steps: quiet(
      ...everywhere(2, 2),
      op.map(0, 0, 1),
      op.touch(1, 0),
      op.setReplication(0, 1),
      op.setReplication(0, 0),
      op.readProc("history"),
      op.unmap(0, 0),
    ),
  },
  {
    id: "B19",
    title: "enable counts no sets, and a released table is counted once",
    shape: twoNodes,
    steps: quiet(
      ...everywhere(2, 2),
      op.map(0, 0, 2),
      op.touch(0, 0),
      op.setReplication(0, 1),
      op.touch(0, 1),
      op.unmap(0, 0, 2),
      op.readProc("status"),
    ),
  },
  {
    id: "B22",
    title: "a ring that cannot be completed leaks nothing",
    shape: shapeOf(toy({ levels: 2, nodes: 3, tableFrames: 2, processes: 2 })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2)),
      ...quiet(op.map(0, 0, 4), op.touch(0, 0)),
      answers(op.setReplication(0, 1), ok()),
      ...quiet(op.touch(0, 2)),
      ...quiet(op.unmap(0, 0, 4), op.exit(0)),
    ],
  },
  {
    id: "B24",
    title: "a target that runs nowhere keeps nobody waiting, whether it is switched on or off",
    shape: twoNodes,
    steps: [
      ...quiet(op.spawn(0, 1), op.switchTo(0, 1), op.spawn(1, 2)),
      answers(op.setReplication(0, 1, 2), ok()),
      answers(op.setReplication(0, 0, 2), ok()),
      answers({ kind: "enableExternal", cpu: 0, pid: 2, nodes: [0, 1] }, ok()),
      ...quiet(op.readProc("active"), op.switchTo(1, 2)),
      answers(op.getReplication(1), ok(3)),
    ],
  },
  {
    id: "B26",
    title: "A that only a replica has does not make a later write fault for ever",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.map(0, 0, 1, { sharing: "shared" }),
        op.touch(0, 0, "write"),
        op.setReplication(0, 1),
        op.switchTo(1, 2),
        op.touch(1, 0),
        op.clean(0, 0),
      ),
      answers(op.touch(1, 0, "write"), touched("fault")),
      answers(op.touch(1, 0, "write"), touched("tlb")),
      answers(op.touch(0, 0, "write"), touched("walk")),
    ],
  },
  {
    id: "B27",
    title: "where the kernel is kept out of user tables, replication does not begin",
    shape: shapeOf(toy({ levels: 3, nodes: 2, processes: 3, isolation: true })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.map(0, 0, 1), op.touch(0, 0)),
      answers(op.setReplication(0, 1), errno("EINVAL")),
      answers(op.getReplication(0), ok(0)),
      ...quiet(op.writeProc(0, "mode", "1"), op.fork(0, 3), op.switchTo(1, 3)),
      answers(op.getReplication(1), ok(0)),
    ],
  },
  {
    id: "B30",
    title: "the last use of an address space takes its root replicas with it",
    shape: twoNodes,
    steps: [
      ...quiet(
        op.spawn(0, 2),
        op.switchTo(0, 2),
        op.setReplication(0, 1),
        op.clone(0, 3),
        op.exit(0),
        op.switchTo(1, 3),
      ),
      answers(op.getReplication(1), ok(3)),
      ...quiet(op.exit(1), op.readProc("history")),
    ],
  },
  {
    id: "B32",
    title: "a table frame that is used again is not taken for a ring member",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.setReplication(0, 1),
        op.map(0, 0, 1),
        op.touch(0, 0),
        op.unmap(0, 0),
        op.setReplication(0, 0),
      ),
      ...quiet(op.map(0, 4, 1), op.touch(0, 4, "write"), op.touch(1, 4)),
      answers(op.setReplication(0, 1), ok()),
    ],
  },
  {
    id: "B33",
    title: "populating the cache fills up to the level asked for, and says what is there",
    shape: twoNodes,
    steps: [
      ...quiet(op.spawn(0, 2)),
      answers(op.writeProc(0, "cache", "2"), ok()),
      answers(op.writeProc(0, "cache", "2"), ok()),
      ...quiet(op.readProc("cache")),
      answers(op.writeProc(0, "cache", "0"), errno("EINVAL")),
      answers(op.writeProc(0, "cache", "-1"), ok()),
      ...quiet(op.readProc("cache")),
    ],
  },
  {
    id: "B34",
    title: "collapse of a replicated table releases its replicas",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.map(0, 0, 2),
        op.setReplication(0, 1),
        op.switchTo(1, 2),
        op.touch(0, 0, "write"),
        op.touch(1, 1, "write"),
      ),
      answers(op.collapse(0, 0), ok()),
      answers(op.touch(1, 0, "read"), touched("walk")),
      ...quiet(op.split(0, 1), op.unmap(0, 0, 2)),
    ],
  },
  {
    id: "B10",
    title: "a child of a replicated parent has a replication of its own",
    shape: twoNodes,
    steps: [
      ...quiet(
        ...everywhere(2, 2),
        op.map(0, 0, 1),
        op.touch(0, 0, "write"),
        op.setReplication(0, 1),
        op.steer(0, { 0: 1 }),
      ),
      ...quiet(op.fork(0, 3), op.switchTo(1, 3)),
      answers(op.getReplication(1), ok(3)),
      answers(op.getSteering(1), { kind: "steering", vector: [-1, -1, -1, -1, -1, -1, -1, -1] }),
      ...quiet(op.setReplication(1, 0)),
      answers(op.getReplication(0), ok(3)),
      answers(op.getSteering(0), { kind: "steering", vector: [1, -1, -1, -1, -1, -1, -1, -1] }),
    ],
  },
  {
    id: "B11",
    title: "a process that is not replicated has an empty set in its child too",
    shape: threeNodes,
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.writeProc(0, "mode", "0"), op.fork(0, 3), op.switchTo(1, 3)),
      answers(op.getReplication(1), ok(0)),
    ],
  },
];
