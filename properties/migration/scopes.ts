/** Small programs, all of whose interleavings are explored. */
import type { State } from "../../model/migration/state.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Instance, instance, type ProgramStep } from "../../vocabulary/migration/instance.js";
import type { Operation } from "../../vocabulary/migration/operations.js";
import type { Scope, Shape } from "../engine/system.js";
import { operationsOf } from "./actions.js";

type MigrationScope = Scope<Operation, State>;
type Sometimes = MigrationScope["sometimes"][number];

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

const everybodyIsDone: Sometimes = {
  name: "all programs are done",
  holds: ({ threads, instance: { threads: programs } }) =>
    threads.every(({ place, done }, thread) => place.kind === "exited" || done === programs[thread]!.steps.length),
};

const twoWaitForOneProcess: Sometimes = {
  name: "a thread arrives while its group's process is being made for another",
  holds: ({ threads, processes }) =>
    processes.some(
      ({ kernel, stands }) =>
        !stands && threads.some(({ place }) => place.kind === "waiting" && place.kernel === kernel),
    ),
};

const emptyProcess: Sometimes = {
  name: "a thread waits at a process that all threads have left",
  holds: ({ threads, processes }) =>
    processes.some(
      ({ kernel, stands }) =>
        stands &&
        threads.some(({ place }) => place.kind === "waiting" && place.kernel === kernel) &&
        !threads.some(
          ({ place }) => (place.kind === "running" || place.kind === "faulting") && place.kernel === kernel,
        ),
    ),
};

const memberWaitsForPage: Sometimes = {
  name: "a SIGFORK waits for a member whose access is under way",
  holds: ({ threads }) =>
    threads.some(
      ({ place }) =>
        place.kind === "waiting" &&
        threads.some((other) => other.place.kind === "faulting" && other.place.kernel === place.kernel),
    ),
};

const copyWithoutThread: Sometimes = {
  name: "the only copy of a page is on a kernel without a thread of its group",
  holds: ({ threads, groups }) =>
    groups.some(({ pages }) =>
      pages.some((page) => {
        if (page.kind === "local") return false;
        const holders = page.copies.copies.flatMap(({ data }, kernel) => (data === "none" ? [] : [kernel]));
        const isInhabited = threads.some(({ place }) => "kernel" in place && place.kernel === holders[0]);
        return holders.length === 1 && !isInhabited;
      }),
    ),
};

const allGone: Sometimes = { name: "no process is left", holds: ({ processes }) => processes.length === 0 };

const invalidBeforeProcess: Sometimes = {
  name: "a kernel remembers an owner before it has a process",
  holds: ({ processes, groups }) =>
    groups.some(({ pages }, group) =>
      pages.some(
        (page) =>
          page.kind === "replicated" &&
          page.copies.copies.some(
            ({ owner }, kernel) =>
              owner >= 0 && !processes.some((each) => each.group === group && each.kernel === kernel && each.stands),
          ),
      ),
    ),
};

const concurrentWriters: Sometimes = {
  name: "two kernels write at the same time",
  holds: ({ groups }) =>
    groups.some(({ pages }) =>
      pages.some((page) => page.kind === "replicated" && page.copies.copies.filter(({ rank }) => rank > 0).length > 1),
    ),
};

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
];
