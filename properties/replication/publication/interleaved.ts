/** The programs whose schedules are exhausted, each with the numbers of states and steps that its search has. */
import type { Operation as Step } from "../../../vocabulary/replication/operations.js";
import * as op from "../build.js";
import { FAULT, leafRead } from "./claims.js";
import { type PublicationProgram, publicationProgram } from "./program.js";

/** Data frames of nodes 0 and 1 for page 0 of the smallest machine. */
const ON_NODE_0 = 4;
const ON_NODE_1 = 10;

const booted = [op.spawn(0, 1), op.switchTo(0, 1)];
/** Two pages, both CPUs on the home root, caches empty. The leaf table and the data lie on the CPU's node that has touched. */
const touchedBy = (cpu: number): Step[] => [
  ...booted,
  op.switchTo(1, 1),
  op.map(0, 0, 2),
  op.touch(cpu, 0, "write"),
  op.flush(0),
  op.flush(1),
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

export const publicationPrograms: readonly PublicationProgram[] = [
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
    expected: { states: 13_338, steps: 26_062 },
  }),
  publicationProgram({
    name: "disable, enable / switch",
    title: "a CPU comes to the process while copies go and others come",
    before: [...touchedBy(1), enabled, idle],
    threads: ([one, other]) => [[one!.disable(), one!.enable([0, 1])], [other!.switchTo(1)]],
    expected: { states: 2096, steps: 3653 },
  }),
  publicationProgram({
    name: "disable / switch, walk",
    title: "a CPU comes to the process while copies go, and walks",
    before: [...touchedBy(1), enabled, idle],
    threads: ([one, other]) => [[one!.disable()], [other!.switchTo(1), other!.walk(0, "write")]],
    claims: (claims) => [claims.finds(1, 1, [ON_NODE_1])],
    expected: { states: 7779, steps: 14_589 },
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
    expected: { states: 10_696, steps: 20_524 },
  }),
  publicationProgram({
    name: "disable, walk / reclaim",
    title: "B5: a leaf is taken out while copies go",
    before: [...onCopy, op.touch(1, 0, "write")],
    threads: ([one, other]) => [[one!.disable(), one!.walk(0, "read")], [other!.reclaim(0)]],
    claims: (claims) => [claims.finds(0, 1, [ON_NODE_1, FAULT])],
    expected: { states: 15_020, steps: 28_968 },
  }),
  publicationProgram({
    name: "disable / fault",
    title: "B31: a fault makes a table while copies go",
    shape: { ranges: 2 },
    before: [...touchedBy(1), enabled, op.map(0, 2, 2)],
    threads: ([one, other]) => [[one!.disable()], [other!.touch(2, "write")]],
    expected: { states: 14_918, steps: 28_285 },
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
    expected: { states: 40_646, steps: 106_126 },
  }),
  publicationProgram({
    name: "get / move",
    title: "B6: a leaf is read while it is cleared and set again",
    before: dirtyInCopy,
    threads: ([one, other]) => [[one!.moveStart(0, 0), one!.moveFinish(0)], [other!.read(0)]],
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
