/** The programs whose schedules are exhausted, each with the numbers of states and steps that its search has. */
import type { Operation } from "../../../explore/interleave/program.js";
import type { Operation as Step } from "../../../vocabulary/replication/operations.js";
import * as op from "../build.js";
import { FAULT, leafRead } from "./claims.js";
import type { Cpu } from "./operations.js";
import { type Plan, type PublicationProgram, publicationProgram } from "./program.js";

/** Data frames of nodes 0 and 1 for page 0 of the smallest machine. */
const ON_NODE_0 = 4;
const ON_NODE_1 = 10;

const booted = [op.spawn(0, 1), op.switchTo(0, 1)];
/** Two pages, the first CPUs on the home root, caches empty. The leaf table and the data lie on the CPU's node that has touched. */
const touchedBy = (cpu: number, cpus = 2): Step[] => [
  ...booted,
  ...[1, 2].filter((other) => other < cpus).map((other) => op.switchTo(other, 1)),
  op.map(0, 0, 2),
  op.touch(cpu, 0, "write"),
  ...[0, 1, 2].filter((each) => each < cpus).map(op.flush),
];
const enabled = op.enable(0, [0, 1]);
const idle = op.switchTo(1, 0);
/** CPU 1 on its own copy. */
const onCopy = [...touchedBy(1), enabled, op.switchTo(1, 1)];
/** The same, and page 0 is dirty in that copy alone. */
const dirtyInCopy = [...booted, op.switchTo(1, 1), op.map(0, 0, 2), op.touch(1, 0), enabled, op.switchTo(1, 1)].concat(
  op.touch(1, 0, "write"),
);
const FORKS = { processes: 2, tableFrames: 6, dataFrames: 4 };

export const publishingPrograms: readonly PublicationProgram[] = [
  publicationProgram({
    name: "enable / switch",
    title: "a CPU comes to the process while copies are made, and walks",
    before: [...touchedBy(0), idle],
    threads: ([one, other]) => [[one!.enable([0, 1])], [other!.switchTo(1), other!.walk(0, "read")]],
    claims: (claims) => [claims.finds(1, 1, [ON_NODE_0])],
    expected: { states: 1868, steps: 3600 },
  }),
  publicationProgram({
    name: "enable / walk",
    title: "a CPU that is on the home root walks while copies are made",
    before: touchedBy(1),
    threads: ([one, other]) => [[one!.enable([0, 1])], [other!.walk(0, "write")]],
    claims: (claims) => [claims.finds(1, 0, [ON_NODE_1])],
    expected: { states: 1104, steps: 2082 },
  }),
  publicationProgram({
    name: "enable / reclaim",
    title: "B2: a leaf is taken out, with the table's lock alone, while copies are made",
    before: touchedBy(0),
    threads: ([one, other]) => [[one!.enable([0, 1])], [other!.reclaim(0)]],
    expected: { states: 3274, steps: 6333 },
  }),
  publicationProgram({
    name: "enable, disable / age",
    title: "B3: reclaim is on its way to a table that becomes a copy and goes",
    shape: { levels: 3 },
    before: touchedBy(1),
    threads: ([one, other]) => [[one!.enable([0, 1]), one!.disable()], [other!.age(0)]],
    expected: { states: 26_768, steps: 52_817 },
  }),
  publicationProgram({
    name: "disable, enable / switch",
    title: "a CPU comes to the process while copies go and others come",
    before: [...touchedBy(1), enabled, idle],
    threads: ([one, other]) => [[one!.disable(), one!.enable([0, 1])], [other!.switchTo(1)]],
    expected: { states: 2603, steps: 4706 },
  }),
  publicationProgram({
    name: "disable / switch, walk",
    title: "a CPU comes to the process while copies go, and walks",
    before: [...touchedBy(1), enabled, idle],
    threads: ([one, other]) => [[one!.disable()], [other!.switchTo(1), other!.walk(0, "write")]],
    claims: (claims) => [claims.finds(1, 1, [ON_NODE_1])],
    expected: { states: 7779, steps: 14_784 },
  }),
  publicationProgram({
    name: "disable / walk, switch, walk",
    title: "a CPU on its copy walks, switches to the same process, and walks",
    before: onCopy,
    threads: ([one, other]) => [
      [one!.disable()],
      [other!.walk(0, "read"), other!.switchTo(1), other!.walk(0, "write")],
    ],
    claims: (claims) => [claims.finds(1, 0, [ON_NODE_1]), claims.finds(1, 2, [ON_NODE_1])],
    expected: { states: 9565, steps: 18_418 },
  }),
  publicationProgram({
    name: "disable, walk / reclaim",
    title: "B5: a leaf is taken out while copies go",
    before: [...onCopy, op.touch(1, 0, "write")],
    threads: ([one, other]) => [[one!.disable(), one!.walk(0, "read")], [other!.reclaim(0)]],
    claims: (claims) => [claims.finds(0, 1, [ON_NODE_1, FAULT])],
    expected: { states: 13_482, steps: 26_030 },
  }),
  publicationProgram({
    name: "disable / reclaim / walk",
    title: "B5 as it happened: a third CPU, on its copy, still translates",
    shape: { cpusPerNode: 2 },
    before: [...touchedBy(2, 3), enabled, op.switchTo(2, 1)],
    threads: ([one, other, third]) => [[one!.disable()], [other!.reclaim(0)], [third!.walk(0, "read")]],
    claims: (claims) => [claims.nothingTranslates(1, 1), claims.finds(2, 0, [ON_NODE_1, FAULT])],
    expected: { states: 561_085, steps: 1_517_876 },
    effort: "long",
  }),
  publicationProgram({
    name: "disable / reclaim / reclaim",
    title: "B3: two take the same leaf out while the base of its ring changes",
    shape: { cpusPerNode: 2 },
    before: [...touchedBy(2, 3), enabled],
    threads: ([one, other, third]) => [[one!.disable()], [other!.reclaim(0)], [third!.reclaim(0)]],
    expected: { states: 1_312_858, steps: 3_748_794 },
    effort: "long",
  }),
  publicationProgram({
    name: "enable / walk / switch, walk",
    title: "one CPU walks from home, another one comes, while copies are made",
    shape: { cpusPerNode: 2 },
    before: [...touchedBy(2, 3), op.switchTo(2, 0)],
    threads: ([one, other, third]) => [
      [one!.enable([0, 1])],
      [other!.walk(0, "write")],
      [third!.switchTo(1), third!.walk(0, "read")],
    ],
    claims: (claims) => [claims.finds(1, 0, [ON_NODE_1]), claims.finds(2, 1, [ON_NODE_1])],
    expected: { states: 35_844, steps: 101_090 },
  }),
  publicationProgram({
    name: "disable / fault",
    title: "B31: a fault makes a table while copies go",
    shape: { ranges: 2 },
    before: [...touchedBy(1), enabled, op.map(0, 2, 2)],
    threads: ([one, other]) => [[one!.disable()], [other!.touch(2, "write")]],
    expected: { states: 13_602, steps: 25_455 },
  }),
  publicationProgram({
    name: "steer / disable, enable / switch",
    title: "a vector names a node that a smaller set lacks by now",
    shape: { nodes: 3 },
    before: [...booted, op.map(0, 0, 2), op.touch(0, 0, "write"), op.enable(0, [0, 1, 2])],
    threads: ([one, other, third]) => [
      [one!.steer([2, 2, 2, -1, -1, -1, -1, -1])],
      [other!.disable(), other!.enable([0, 1])],
      [third!.switchTo(1)],
    ],
    claims: (claims) => [claims.rootsAreAskedFor],
    expected: { states: 51_362, steps: 137_052 },
  }),
  publicationProgram({
    name: "get / move",
    title: "B6: a leaf is read while it is cleared and set again",
    before: dirtyInCopy,
    threads: ([one, other]) => [[one!.moveStart(0, 0), one!.moveFinish(0)], [other!.perform(op.read(1, 0))]],
    claims: (claims) => [
      claims.reads(1, 0, [FAULT, leafRead(ON_NODE_1, true, true, false), leafRead(ON_NODE_0, true, true, false)]),
    ],
    expected: { states: 10_161, steps: 19_155 },
  }),
  publicationProgram({
    name: "protect / walk, walk",
    title: "both words of an entry change under a walk: writing goes, execution comes",
    before: [...touchedBy(1), enabled, op.switchTo(1, 1)],
    threads: ([one, other]) => [
      [one!.perform(op.protect(0, 0, "r-x", 2))],
      [other!.walk(0, "read"), other!.walk(0, "write")],
    ],
    claims: (claims) => [
      claims.rightsAreNotMixed,
      claims.finds(1, 0, [ON_NODE_1, FAULT]),
      claims.finds(1, 1, [ON_NODE_1, FAULT]),
    ],
    expected: { states: 1295, steps: 2420 },
  }),
  publicationProgram({
    name: "unmap / walk, walk",
    title: "a table goes with its copies while a CPU walks to it",
    before: onCopy,
    threads: ([one, other]) => [[one!.perform(op.unmap(0, 0, 2))], [other!.walk(0, "write"), other!.walk(0, "read")]],
    claims: (claims) => [claims.finds(1, 0, [ON_NODE_1, FAULT]), claims.finds(1, 1, [ON_NODE_1, FAULT])],
    expected: { states: 2729, steps: 4978 },
  }),
  publicationProgram({
    name: "unmap / walk, walk, cached pages",
    title: "B4: the same with tables that go back to the page cache",
    before: [...touchedBy(1), op.writeProc(0, "cache", "2"), enabled, op.switchTo(1, 1)],
    threads: ([one, other]) => [[one!.perform(op.unmap(0, 0, 2))], [other!.walk(0, "write"), other!.walk(0, "read")]],
    expected: { states: 3033, steps: 5522 },
  }),
  publicationProgram({
    name: "fork / touch",
    title: "a page is written to while fork takes the right to write from it",
    shape: FORKS,
    before: onCopy,
    threads: ([one, other]) => [[one!.perform(op.fork(0, 2))], [other!.touch(0, "write")]],
    expected: { states: 66_301, steps: 131_737 },
  }),
  publicationProgram({
    name: "touch / touch after fork",
    title: "two CPUs write to a page that another process names too",
    shape: FORKS,
    before: [...onCopy, op.fork(0, 2)],
    threads: ([one, other]) => [[one!.touch(0, "write")], [other!.touch(0, "write")]],
    expected: { states: 72_283, steps: 140_874 },
    effort: "long",
  }),
  publicationProgram({
    name: "fork / touch, touch",
    title: "fork while one page is written to and another one comes",
    shape: FORKS,
    before: onCopy,
    threads: ([one, other]) => [[one!.perform(op.fork(0, 2))], [other!.touch(0, "write"), other!.touch(1, "write")]],
    expected: { states: 291_749, steps: 580_786 },
    effort: "long",
  }),
  publicationProgram({
    name: "touch / touch, one page",
    title: "two faults for one page whose table is missing",
    before: [...booted, op.switchTo(1, 1), op.map(0, 0, 2), enabled],
    threads: ([one, other]) => [[one!.touch(0, "write")], [other!.touch(0, "write")]],
    expected: { states: 555_346, steps: 1_059_057 },
    effort: "long",
  }),
  publicationProgram({
    name: "touch / touch, two pages",
    title: "two faults for pages of one table, which is missing",
    before: [...booted, op.switchTo(1, 1), op.map(0, 0, 2), enabled],
    threads: ([one, other]) => [[one!.touch(0, "read")], [other!.touch(1, "read")]],
    expected: { states: 442_952, steps: 862_753 },
    effort: "long",
  }),
];

/** Who writes to a page and then reads its leaf, beside everything that is done to it. */
const writeAndRead = (cpu: Cpu): readonly Operation[] => [
  cpu.perform(op.touch(cpu.number, 0, "write")),
  cpu.perform(op.read(cpu.number, 0)),
];
const readOnce = [...booted, op.switchTo(1, 1), op.map(0, 0, 2), op.touch(1, 0), op.flush(0), op.flush(1)];
const readOnCopy = [...readOnce, enabled, op.switchTo(1, 1)];

function explained(
  name: string,
  title: string,
  before: readonly Step[],
  first: (cpu: Cpu) => readonly Operation[],
  expected: PublicationProgram["expected"],
  effort: PublicationProgram["effort"] = "quick",
  shape: Plan["shape"] = {},
): PublicationProgram {
  const threads: Plan["threads"] = ([one, other]) => [first(one!), writeAndRead(other!)];
  return publicationProgram({ name, title, before, threads, isExplained: true, expected, effort, shape });
}

/**
 * Programs all of whose histories the reference explains: some order of the operations, one after the other, answers the same.
 * protect and clean are not among them: they take a leaf out and put it back, and who reads without the lock sees none.
 */
export const explainedPrograms: readonly PublicationProgram[] = [
  explained(
    "age / touch, get",
    "A goes in every member, or in none",
    readOnCopy,
    (cpu) => [cpu.perform(op.age(0, 0))],
    { states: 1248, steps: 2257 },
  ),
  explained("unmap / touch, get", "the page goes for all", readOnCopy, (cpu) => [cpu.perform(op.unmap(0, 0, 2))], {
    states: 5240,
    steps: 10_179,
  }),
  explained(
    "discard / touch, get",
    "the page goes, and may come back",
    readOnCopy,
    (cpu) => [cpu.perform(op.discard(0, 0, 2))],
    { states: 4733, steps: 8693 },
  ),
  explained("enable / touch, get", "D is kept while copies are made", readOnce, (cpu) => [cpu.perform(enabled)], {
    states: 6091,
    steps: 11_657,
  }),
  explained(
    "disable / touch, get",
    "D is kept while copies go, and who reads meets no freed copy",
    readOnCopy,
    (cpu) => [cpu.perform(op.disable(0))],
    { states: 15_257, steps: 29_487 },
  ),
  explained(
    "move / touch, get",
    "D is kept while the data moves",
    readOnCopy,
    (cpu) => [cpu.moveStart(0, 0), cpu.moveFinish(0)],
    { states: 38_574, steps: 73_256 },
  ),
  explained(
    "fork / touch, get",
    "D is kept while the leaf is copied",
    readOnCopy,
    (cpu) => [cpu.perform(op.fork(0, 2))],
    { states: 98_939, steps: 196_537 },
    "long",
    FORKS,
  ),
];

export const publicationPrograms: readonly PublicationProgram[] = [...publishingPrograms, ...explainedPrograms];
