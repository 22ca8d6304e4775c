/** Small programs, all of whose interleavings are explored. */
import type { State } from "../../model/migration/state.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Instance, instance, type ProgramStep } from "../../vocabulary/migration/instance.js";
import type { Operation } from "../../vocabulary/migration/operations.js";
import type { Scope, Shape } from "../engine/system.js";
import { operationsOf } from "./actions.js";
import {
  allGone,
  concurrentWriters,
  copyWithoutThread,
  emptyProcess,
  everybodyIsDone,
  invalidBeforeProcess,
  memberWaitsForPage,
  ownerAlone,
  type Sometimes,
  smallGroup,
  twoWaitForOneProcess,
  waitIsOver,
} from "./situations.js";

type MigrationScope = Scope<Operation, State>;

/**
 * The shape of an instance.
 * @param programs one a thread, such as `migrate 1, write 0`; `1: read 0` is one of group 1
 */
export function shapeOf(fields: Partial<Instance>, ...programs: readonly string[]): Shape {
  const shape = {
    kernels: 2,
    pages: 0,
    channels: "unordered",
    profile: "normative",
    homes: [0],
    ...fields,
    threads: programs.map(threadOf),
  };
  return { ...instance(shape) } as unknown as Shape;
}

function threadOf(program: string): Instance["threads"][number] {
  const [, group = "0", text = ""] = /^(?:(\d+): ?)?(.*)$/.exec(program)!;
  const steps = text.split(",").map((step) => step.trim());
  return { group: Number(group), steps: steps.filter((step) => step !== "").map(stepOf) };
}

function stepOf(text: string): ProgramStep {
  const [kind, operand] = text.split(" ");
  switch (kind) {
    case "migrate":
      return { kind, kernel: Number(operand) };
    case "read":
    case "write":
      return { kind, page: Number(operand) };
    case "spawn":
      return { kind, thread: Number(operand) };
    case "exit":
      return { kind };
    default:
      throw new PagetwinError("ARGUMENT", `"${text}" is no step: expected migrate, read, write, spawn or exit`);
  }
}

function scope(
  name: string,
  title: string,
  shape: Shape,
  sometimes: readonly Sometimes[],
  expected?: MigrationScope["expected"],
  effort: MigrationScope["effort"] = "quick",
): MigrationScope {
  return {
    name,
    title,
    shape,
    setup: [],
    actions: operationsOf(instance(shape)).map((operation) => [operation]),
    sometimes: [everybodyIsDone, ...sometimes],
    ...(expected === undefined ? {} : { expected }),
    effort,
  };
}

export const scopes: readonly MigrationScope[] = [
  scope(
    "return",
    "2 kernels: a thread leaves and returns, another stays",
    shapeOf({}, "migrate 1, migrate 0, migrate 1", ""),
    [emptyProcess],
    { states: 10, transitions: 9, depth: 9 },
  ),
  scope(
    "crossing",
    "2 kernels: three threads cross, two of them return",
    shapeOf({}, "migrate 1, migrate 0", "migrate 1, migrate 0, migrate 1", "migrate 1, exit"),
    [twoWaitForOneProcess, emptyProcess],
    { states: 358, transitions: 911, depth: 19 },
  ),
  scope(
    "wandering",
    "3 kernels: two threads on the way through all of them, one spawned",
    shapeOf({ kernels: 3 }, "migrate 1, spawn 2, migrate 2", "migrate 2, migrate 1, migrate 0", "migrate 2, exit"),
    [twoWaitForOneProcess],
    { states: 249, transitions: 576, depth: 20 },
  ),
  scope(
    "first-span",
    "2 kernels, 2 pages: a page is written, then a thread leaves; both go on",
    shapeOf({ pages: 2 }, "write 0, migrate 1, read 0, read 1", "read 0, write 0"),
    [],
    { states: 54, transitions: 82, depth: 14 },
  ),
  scope(
    "return-to-copies",
    "2 kernels, 1 page: a thread writes on the other kernel and returns",
    shapeOf({ pages: 1 }, "migrate 1, write 0, migrate 0, write 0", "write 0, read 0"),
    [copyWithoutThread],
    { states: 235, transitions: 379, depth: 18 },
  ),
  scope(
    "exits",
    "2 kernels, 1 page: threads exit on both kernels, one after the other",
    shapeOf({ pages: 1 }, "write 0, spawn 1, exit", "migrate 1, write 0, spawn 2, exit", "read 0, migrate 0, exit"),
    [allGone, copyWithoutThread],
    { states: 49, transitions: 80, depth: 21 },
  ),
  scope(
    "writers",
    "2 kernels, 1 page: three threads write, two of them on one kernel",
    shapeOf({ pages: 1 }, "migrate 1, write 0, write 0", "migrate 1, write 0", "write 0, write 0"),
    [concurrentWriters, memberWaitsForPage],
    { states: 2461, transitions: 5338, depth: 23 },
  ),
  scope(
    "two-groups",
    "2 kernels, 1 page each: two groups that begin on different kernels cross",
    shapeOf({ pages: 1, homes: [0, 1] }, "write 0, migrate 1, read 0", "1: migrate 0, write 0"),
    [],
    { states: 56, transitions: 97, depth: 13 },
  ),
  scope(
    "late-newcomer",
    "3 kernels, 1 page: two kernels share it while a thread arrives on the third",
    shapeOf({ kernels: 3, pages: 1 }, "write 0, write 0", "migrate 1, read 0", "migrate 2"),
    [invalidBeforeProcess],
    { states: 3028, transitions: 10089, depth: 30 },
  ),
  scope(
    "lean-writers",
    "2 kernels, 1 page, rules lean: three threads write, two of them on one kernel",
    shapeOf({ pages: 1, profile: "lean" }, "migrate 1, write 0", "migrate 1, write 0", "write 0, read 0"),
    [concurrentWriters],
    { states: 1509, transitions: 3171, depth: 27 },
  ),
  scope(
    "writers-delayed",
    "2 kernels, 1 page, delayed exit: three threads write, two of them on one kernel",
    shapeOf({ pages: 1, exit: "delayed" }, "migrate 1, write 0, write 0", "migrate 1, write 0", "write 0, write 0"),
    [concurrentWriters, memberWaitsForPage, waitIsOver],
    { states: 4237, transitions: 9249, depth: 29 },
  ),
  scope(
    "exits-delayed",
    "2 kernels, 1 page, delayed exit, rules lean: threads exit on both kernels, one after the other",
    shapeOf(
      { pages: 1, exit: "delayed", profile: "lean" },
      "write 0, spawn 1, exit",
      "migrate 1, write 0, spawn 2, exit",
      "read 0, migrate 0, exit",
    ),
    [allGone, copyWithoutThread, waitIsOver],
    { states: 53, transitions: 86, depth: 23 },
  ),
  scope(
    "multicast-newcomer",
    "3 kernels, 1 page, rules lean with multicast: two kernels share it while a thread arrives on the third",
    shapeOf(
      { kernels: 3, pages: 1, profile: "lean", multicast: true },
      "write 0, write 0",
      "migrate 1, read 0",
      "migrate 2",
    ),
    [smallGroup],
    { states: 1528, transitions: 4780, depth: 24 },
  ),
  scope(
    "hint-newcomer",
    "3 kernels, 1 page, rules lean with the owner's hint: a kernel reads again while a thread arrives on the third",
    shapeOf(
      { kernels: 3, pages: 1, profile: "lean", ownerHint: true },
      "write 0, write 0",
      "migrate 1, read 0, read 0",
      "migrate 2",
    ),
    [ownerAlone],
    { states: 3056, transitions: 9942, depth: 32 },
  ),
  scope(
    "late-reader",
    "3 kernels, 1 page: the same, and the newcomer reads",
    shapeOf({ kernels: 3, pages: 1 }, "write 0, write 0", "migrate 1, read 0", "migrate 2, read 0"),
    [invalidBeforeProcess],
    { states: 90_360, transitions: 352_200, depth: 40 },
    "long",
  ),
  scope(
    "three-writers",
    "3 kernels, 1 page, channels in order: a thread writes on each kernel",
    shapeOf({ kernels: 3, pages: 1, channels: "fifo" }, "write 0, write 0", "migrate 1, write 0", "migrate 2, write 0"),
    [concurrentWriters],
    { states: 117_317, transitions: 341_401, depth: 57 },
    "long",
  ),
  scope(
    "late-reader-newest",
    "3 kernels, 1 page, channels in order, rules normative-r7: the newcomer reads, the other writes too",
    shapeOf(
      { kernels: 3, pages: 1, channels: "fifo", profile: "normative-r7" },
      "write 0, write 0",
      "migrate 1, read 0, read 0, write 0",
      "migrate 2, read 0",
    ),
    [invalidBeforeProcess],
    { states: 75_515, transitions: 220_055, depth: 52 },
    "long",
  ),
  scope(
    "late-reader-delayed",
    "3 kernels, 1 page, channels in order, delayed exit: two kernels share it, and a third reads",
    shapeOf(
      { kernels: 3, pages: 1, channels: "fifo", exit: "delayed" },
      "write 0, write 0",
      "migrate 1, read 0",
      "migrate 2, read 0",
    ),
    [waitIsOver],
    { states: 31_276, transitions: 92_992, depth: 47 },
    "long",
  ),
  scope(
    "late-reader-options",
    "3 kernels, 1 page, rules lean with multicast and the owner's hint, delayed exit, channels in order: a third kernel reads",
    shapeOf(
      { kernels: 3, pages: 1, channels: "fifo", profile: "lean", exit: "delayed", ownerHint: true, multicast: true },
      "write 0, write 0",
      "migrate 1, read 0, read 0",
      "migrate 2, read 0",
    ),
    [smallGroup, ownerAlone, waitIsOver],
    { states: 39_855, transitions: 116_860, depth: 50 },
    "long",
  ),
  scope(
    "three-writers-options",
    "3 kernels, 1 page, rules lean with multicast and the owner's hint, channels in order: a thread writes on each kernel",
    shapeOf(
      { kernels: 3, pages: 1, channels: "fifo", profile: "lean", ownerHint: true, multicast: true },
      "write 0, write 0",
      "migrate 1, write 0",
      "migrate 2, write 0",
    ),
    [concurrentWriters, smallGroup],
    { states: 132_676, transitions: 370_983, depth: 73 },
    "long",
  ),
];
