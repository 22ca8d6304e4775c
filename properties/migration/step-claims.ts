/** What must hold of each step of thread migration: M3, M4, M5, M7, and of the protocol P5 to P7. */
import { NOT_REPLICATED, UNMAPPED } from "../../impl/coherency/layout.js";
import { isFreshIn, stateIn } from "../../impl/coherency/vector-layout.js";
import * as at from "../../impl/migration/layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import type { StepInvariant } from "../engine/system.js";
import {
  copiesOf,
  hasSpanned,
  kernelsOf,
  type MigrationView,
  messagesOf,
  pagesOf,
  processesOf,
  vectorOf,
} from "./view.js";

type StepClaim = StepInvariant<Operation, Answer, MigrationView>;

const arrivalJoinsOrCreates: StepClaim = {
  id: "M3",
  name: "arrivalJoinsOrCreates",
  why: "the threads of a group that meet on a kernel are one process there, and a member makes room for each that comes",
  concerns: ["arrive"],
  *violations(before, operation, _answer, after) {
    if (operation.kind !== "arrive") return;
    const { thread, kernel } = operation;
    const group = after.migration.groupOf(thread);
    const here = (view: MigrationView) => processesOf(view, group).filter((process) => process.kernel === kernel);
    const [found, now] = [here(before), here(after)];
    const task = after.migration.task(kernel, thread);
    const [joined] = now.filter(({ slot }) => slot === at.slotOf(task));
    const isJoining = at.phaseOfTask(task) === at.WAITING;
    if (found.length === 0) {
      if (now.length !== 1 || joined?.stands !== false || at.phaseOfTask(task) !== at.FOUNDING)
        yield `kernel ${kernel} had no process of group ${group}, and is making none for thread ${thread}`;
    } else if (!isJoining || !found.some(({ slot, stands }) => slot === joined?.slot && stands === joined.stands))
      yield `kernel ${kernel} had a process of group ${group}, and thread ${thread} asks no member of it for room`;
  },
};

const memberMakesRoom: StepClaim = {
  id: "M3",
  name: "memberMakesRoom",
  why: "SIGFORK goes to a thread of the process that is joined; only where there is none the process helps itself",
  concerns: ["fork", "adopt"],
  *violations(before, operation, _answer, after) {
    if (operation.kind !== "fork" && operation.kind !== "adopt") return;
    const { thread, kernel } = operation;
    const slot = at.slotOf(after.migration.task(kernel, thread));
    const hadMembers = before.migration.hasMembers(kernel, slot);
    if (operation.kind === "adopt" && hadMembers) yield `thread ${thread} was taken in past the members of the process`;
    if (operation.kind === "fork" && at.slotOf(before.migration.task(kernel, operation.member)) !== slot)
      yield `thread ${operation.member} made room for thread ${thread} in a process that is not its own`;
  },
};

const noMessageOnOneKernel: StepClaim = {
  id: "M4",
  name: "noMessageOnOneKernel",
  why: "the group's pages are nobody else's business as long as it lives on one kernel",
  *violations(before, _operation, _answer, after) {
    for (const group of after.instance.homes.keys()) {
      const sent = messagesOf(after, group) - messagesOf(before, group);
      if (sent !== 0 && !hasSpanned(after, group))
        yield `${sent} messages about pages of group ${group}, which lives on one kernel`;
    }
  },
};

const pagesInUseStay: StepClaim = {
  id: "M5",
  name: "pagesInUseStay",
  why: "what the group has written is on its kernel and nowhere else: who comes later has to find it there",
  concerns: ["migrate"],
  *violations(before, operation, _answer, after) {
    if (operation.kind !== "migrate") return;
    const { thread, from } = operation;
    const group = after.migration.groupOf(thread);
    if (hasSpanned(before, group) || !hasSpanned(after, group)) return;
    const used = processesOf(before, group)[0]!.used;
    for (const page of pagesOf(after)) {
      const vector = vectorOf(after, group, page);
      for (const kernel of kernelsOf(after)) {
        const isKept = kernel === from && ((used >>> page) & 1) === 1;
        const expected = isKept ? NOT_REPLICATED : UNMAPPED;
        const found = stateIn(vector, kernel);
        if (found !== expected)
          yield `page ${page} is ${COPY_STATES[found]} on kernel ${kernel}, and should be ${COPY_STATES[expected]}`;
        else if (isKept && !isFreshIn(vector, kernel)) yield `page ${page} has lost what was written to it`;
      }
    }
  },
};

const everyProcessReplicates: StepClaim = {
  id: "M5",
  name: "everyProcessReplicates",
  why: "a process that serves its pages by itself neither sees what others write nor is seen",
  concerns: ["migrate", "create"],
  *violations(_before, operation, _answer, after) {
    if (operation.kind !== "migrate" && operation.kind !== "create") return;
    const group = after.migration.groupOf(operation.thread);
    if (!hasSpanned(after, group)) return;
    const kernel = operation.kind === "create" ? operation.kernel : operation.from;
    for (const process of processesOf(after, group))
      if (process.kernel === kernel && process.stands && !process.isReplicated)
        yield `group ${group} lives on more than kernel ${kernel}, and its process there does not replicate`;
  },
};

const makingAProcessChangesNoCopy: StepClaim = {
  id: "M5",
  name: "makingAProcessChangesNoCopy",
  why: "a kernel has answered for the group's pages before it has a process, and what it remembers of that counts (R3)",
  concerns: ["arrive", "create", "fork", "adopt"],
  *violations(before, _operation, _answer, after) {
    yield* changedPages(before, after);
  },
};

const departureLeavesAllInPlace: StepClaim = {
  id: "M7",
  name: "departureLeavesAllInPlace",
  why: "the copies of the kernel that was left may be the only ones there are, and have to keep answering",
  concerns: ["migrate", "exit"],
  *violations(before, operation, _answer, after) {
    if (operation.kind !== "migrate" && operation.kind !== "exit") return;
    const group = after.migration.groupOf(operation.thread);
    if (hasSpanned(before, group)) yield* changedPages(before, after);
  },
};

const processStands: StepClaim = {
  id: "M7",
  name: "processStandsToTheEnd",
  why: "a thread may return, and replication, once on, stays on until the group exits on every kernel",
  *violations(before, operation, _answer, after) {
    for (const group of after.instance.homes.keys()) {
      const now = processesOf(after, group);
      for (const { kernel, slot, isReplicated } of processesOf(before, group)) {
        if (operation.kind === "reap" && operation.group === group && operation.kernel === kernel) continue;
        const same = now.find((process) => process.kernel === kernel && process.slot === slot);
        if (same === undefined) yield `the process of group ${group} on kernel ${kernel} is gone`;
        else if (isReplicated && !same.isReplicated)
          yield `the process of group ${group} on kernel ${kernel} replicates no more`;
      }
    }
  },
};

const onlyTheEndReaps: StepClaim = {
  id: "M7",
  name: "onlyTheEndReaps",
  why: "the process of a kernel is removed when the whole group has exited, not when its threads there have",
  concerns: ["reap"],
  *violations(before, operation) {
    if (operation.kind === "reap" && !before.migration.hasExited(operation.group))
      yield `group ${operation.group} has threads, and kernel ${operation.kernel} removes its process`;
  },
};

const nothingIsUnderWayAtTheEnd: StepClaim = {
  id: "M7",
  name: "nothingIsUnderWayAtTheEnd",
  why: "a thread exits with no access under way, so when all have, no message is left that would find its page gone",
  concerns: ["reap"],
  *violations(before, operation) {
    if (operation.kind !== "reap") return;
    for (const page of pagesOf(before))
      if (copiesOf(before, operation.group, page).hasMessages())
        yield `messages about page ${page} of group ${operation.group} are in flight when its process is removed`;
  },
};

const noLostUpdate: StepClaim = {
  id: "P5",
  name: "noLostUpdate",
  why: "a write on an outdated copy undoes a write that took effect before it",
  concerns: ["read", "write", "protocol"],
  *violations(_before, _operation, answer) {
    if (answer.kind === "protocol" && answer.outcome.committed === "onStale") yield "committed on an outdated copy";
  },
};

const messagesAreExpected: StepClaim = {
  id: "P7",
  name: "noUnspecifiedReception",
  why: "a message that the protocol has no answer to stays unanswered",
  concerns: ["read", "write", "protocol"],
  *violations(_before, _operation, answer) {
    if (answer.kind === "protocol" && answer.outcome.unspecified) yield "a message that the protocol does not know";
  },
};

/** Accesses that no thread waits for, or that end without their thread going on, are nobody's. */
const accessIsSomebodys: StepClaim = {
  id: "L1",
  name: "accessIsSomebodys",
  why: "the thread whose access is completed has to go on, or it waits for ever",
  concerns: ["read", "write", "protocol"],
  *violations(_before, _operation, answer) {
    if (answer.kind === "protocol" && answer.outcome.completed && answer.finished === null)
      yield "an access is completed, and no thread goes on";
  },
};

function* changedPages(before: MigrationView, after: MigrationView): Generator<string> {
  for (const group of after.instance.homes.keys()) {
    for (const page of pagesOf(after)) {
      const [was, is] = [vectorOf(before, group, page), vectorOf(after, group, page)];
      if (was.some((word, index) => word !== is[index]))
        yield `the copies of page ${page} of group ${group} have changed`;
    }
  }
}

export const stepInvariants: readonly StepClaim[] = [
  arrivalJoinsOrCreates,
  memberMakesRoom,
  noMessageOnOneKernel,
  pagesInUseStay,
  everyProcessReplicates,
  makingAProcessChangesNoCopy,
  departureLeavesAllInPlace,
  processStands,
  onlyTheEndReaps,
  nothingIsUnderWayAtTheEnd,
  noLostUpdate,
  messagesAreExpected,
  accessIsSomebodys,
];
