/**
 * Stories of sizes that small scopes do not have: as many nodes as there can be, frames whose numbers reach into the high
 * words of entries, more leaves in one operation than there is room for at first. Told like those of scenarios.ts.
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
const ok = (value: number): Outcome => ({ kind: "ok", value });

/** Pages of one operation, each with its own leaf: more than twice the leaves that are noted without more room. */
const MANY = 150;

export const sizeScenarios: readonly Scenario<Operation, Outcome>[] = [
  {
    id: "ring-of-eight",
    title: "in a ring of eight the last member gets what all get, and what it has counts",
    shape: shapeOf(toy({ levels: 2, nodes: 8, processes: 3 })),
    steps: [
      ...quiet(...everywhere(8, 2), op.map(0, 0, 1), op.touch(0, 0, "read"), op.setReplication(0, 1)),
      ...quiet(op.map(7, 2, 1), op.touch(7, 2), op.switchTo(7, 2), op.touch(7, 0, "read")),
      answers(op.age(0, 0), ok(1)),
      answers(op.age(0, 0), ok(0)),
      answers(op.touch(7, 0, "write"), { kind: "touched", served: "walk" }),
      // The child goes, and the page is the parent's alone again: a write makes it writable for everybody.
      ...quiet(op.fork(0, 3), op.switchTo(1, 3), op.exit(1)),
      answers(op.touch(7, 0, "write"), { kind: "touched", served: "fault" }),
      answers(op.clean(0, 0), ok(1)),
      ...quiet(op.protect(0, 0, "r--"), op.unmap(0, 0), op.setReplication(0, 0)),
    ],
  },
  {
    id: "eight-short",
    title: "an enable on eight nodes that runs out of memory below the root leaves nothing on the last one",
    shape: shapeOf(toy({ levels: 2, nodes: 8, processes: 2, tableFrames: 2 })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.map(0, 0, 4), op.touch(0, 0), op.touch(0, 2)),
      answers(op.setReplication(0, 1), { kind: "error", errno: "ENOMEM" }),
      ...quiet(op.readProc("status"), op.unmap(0, 2, 2)),
      answers(op.setReplication(0, 1), ok(0)),
    ],
  },
  {
    id: "no-frame",
    title: "a fault that finds no frame for its data takes back the table that it made, which counts as a release",
    shape: shapeOf(toy({ levels: 2, nodes: 2, processes: 2, dataFrames: 1 })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.map(0, 0, 4), op.touch(0, 0), op.touch(0, 1)),
      answers(op.setReplication(0, 1), ok(0)),
      answers(op.touch(0, 2), { kind: "error", errno: "ENOMEM" }),
      ...quiet(op.readProc("status"), op.touch(0, 1)),
    ],
  },
  {
    id: "high-frames",
    title: "tables and data on both sides of frame 2^20: every way to write an entry keeps the high word in step",
    // The home is on the second node, all of whose frames have more than 20 bits.
    shape: shapeOf(toy({ levels: 3, nodes: 2, processes: 3, ranges: 8, tableFrames: 24, dataFrames: 2 ** 20 })),
    steps: [
      ...quiet(op.spawn(1, 2), op.switchTo(0, 2), op.switchTo(1, 2)),
      ...quiet(op.map(1, 0, 2), op.touch(0, 0), op.touch(1, 1), op.map(1, 4, 2, { leaf: 2 }), op.touch(1, 4)),
      answers(op.setReplication(1, 1), ok(0)),
      ...quiet(op.switchTo(0, 2), op.switchTo(1, 2)),
      ...quiet(op.touch(0, 1), op.touch(1, 0), op.touch(0, 5), op.read(0, 1), op.age(0, 1)),
      // A is in the copy alone now; the kernel's read has to find it there.
      ...quiet(op.flush(0), op.touch(0, 1, "read"), op.read(1, 1), op.clean(1, 1)),
      ...quiet(op.read(1, 4), op.clean(0, 4), op.protect(1, 1, "r--"), op.protect(1, 1, "rw-"), op.touch(0, 1)),
      answers(op.split(1, 4), ok(0)),
      answers(op.collapse(1, 4), ok(0)),
      answers(op.moveStart(1, 0, 1), ok(1)),
      answers(op.moveFinish(1, 0), ok(0)),
      answers(op.moveStart(1, 1, 0), ok(1)),
      answers(op.moveFinish(1, 1), ok(0)),
      ...quiet(op.touch(0, 0), op.touch(1, 1)),
      // A table moves whole, then a single leaf out of it.
      answers(op.remap(1, 0, 2, 2, 2), ok(1)),
      answers(op.remap(1, 3, 1, 0, 1), ok(1)),
      ...quiet(op.touch(0, 0), op.touch(1, 2), op.fork(1, 3), op.touch(1, 0), op.touch(0, 2), op.touch(1, 5)),
      ...quiet(op.map(1, 1, 1, { sharing: "shared" }), op.touch(1, 1)),
      answers(op.alias(1, 1, 3, 1), ok(1)),
      ...quiet(op.touch(0, 3), op.switchTo(0, 3), op.touch(0, 2), op.setReplication(0, 1)),
      ...quiet(op.discard(1, 0), op.unmap(1, 2, 1), op.exec(0), op.exit(0)),
      answers(op.setReplication(1, 0), ok(0)),
      ...quiet(op.touch(1, 0), op.read(1, 3), op.exit(1)),
    ],
  },
  {
    id: "late",
    title: "times from 2^31 milliseconds on are told as they are",
    shape: shapeOf(toy({ levels: 2, nodes: 2, processes: 2 })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.setReplication(0, 1), op.advance(2 ** 31 + 5)),
      ...quiet(op.readProc("active"), op.setReplication(0, 0), op.readProc("history")),
    ],
  },
  {
    id: "many-leaves",
    title: "one operation takes out more leaves, a large one among the first, than it has room to note at first",
    shape: shapeOf(toy({ levels: 3, indexBits: 4, nodes: 2, tableFrames: 24, dataFrames: MANY + 32 })),
    steps: [
      ...quiet(op.spawn(0, 1), op.switchTo(0, 1)),
      answers(op.map(0, 0, 16, { leaf: 2, populate: true }), ok(1)),
      answers(op.map(0, 16, MANY, { populate: true }), ok(MANY)),
      answers(op.discard(0, 0, 16 + MANY), ok(1 + MANY)),
      ...quiet(op.touch(0, 3), op.touch(0, 30), op.unmap(0, 0, 16 + MANY), op.exit(0)),
    ],
  },
];
