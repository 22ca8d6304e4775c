/** Thread migration in the words of vocabulary/: which operation a program asks for next, what it does, what comes out. */
import type { Outcome, Operation as ProtocolStep } from "../../vocabulary/coherency/operations.js";
import type { ProgramStep } from "../../vocabulary/migration/instance.js";
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import { ANSWER, EXIT, REQUEST, RETRY } from "../coherency/exploration.js";
import * as at from "./layout.js";
import type { Migration } from "./migration.js";
import { NONE } from "./processes.js";

const DONE: Answer = { kind: "done" };

/** Whether a thread begins by itself: those that some thread spawns do not. */
export function begunThreads({ layout }: Migration): readonly boolean[] {
  const { threads } = layout.instance;
  const begun = threads.map(() => true);
  for (const { steps } of threads) for (const step of steps) if (step.kind === "spawn") begun[step.thread] = false;
  return begun;
}

export function enabled(migration: Migration, operation: Operation): boolean {
  switch (operation.kind) {
    case "migrate": {
      const step = nextStep(migration, operation.thread, operation.from);
      return step?.kind === "migrate" && step.kernel === operation.to;
    }
    case "read":
    case "write": {
      const { kind, thread, kernel, page } = operation;
      const step = nextStep(migration, thread, kernel);
      if (step === undefined || step.kind !== kind || step.page !== page) return false;
      return migration.canAccess(thread, kernel, page, kind === "write", kind === "write" ? operation.draw : 0);
    }
    case "spawn": {
      const step = nextStep(migration, operation.thread, operation.kernel);
      return step?.kind === "spawn" && step.thread === operation.child;
    }
    case "exit":
      return nextStep(migration, operation.thread, operation.kernel)?.kind === "exit";
    case "arrive":
      return migration.context(operation.kernel, operation.thread) !== 0;
    case "create":
      return migration.isAt(operation.kernel, operation.thread, at.FOUNDING);
    case "fork":
      return migration.canFork(operation.thread, operation.kernel, operation.member);
    case "adopt":
      return migration.canAdopt(operation.thread, operation.kernel);
    case "reap":
      return migration.canReap(operation.group, operation.kernel);
    case "protocol": {
      const { group, page, step } = operation;
      return migration.pages.enabled(group, page, actionOf(migration, step));
    }
  }
}

/** Does an operation that is enabled. @param told says in words what the bits of `impl/coherency/outcome.ts` mean */
export function apply(migration: Migration, operation: Operation, told: (outcome: number) => Outcome): Answer {
  switch (operation.kind) {
    case "migrate": {
      const { thread, from, to } = operation;
      if (from !== to) return { kind: "departs", replicationBegins: migration.migrate(thread, from, to) };
      migration.goOn(from, thread);
      return { kind: "stays" };
    }
    case "read":
    case "write": {
      const { kind, thread, kernel, page } = operation;
      migration.access(thread, kernel, page, kind === "write", kind === "write" ? operation.draw : 0);
      return migration.isProtocolStep ? protocolAnswer(migration, told) : DONE;
    }
    case "spawn":
      migration.spawn(operation.thread, operation.kernel, operation.child);
      return DONE;
    case "exit":
      migration.exit(operation.thread, operation.kernel);
      return DONE;
    case "arrive":
      return { kind: "arrives", process: migration.arrive(operation.thread, operation.kernel) ? "found" : "made" };
    case "create":
      migration.create(operation.thread, operation.kernel);
      return DONE;
    case "fork":
      migration.fork(operation.thread, operation.kernel);
      return DONE;
    case "adopt":
      migration.adopt(operation.thread, operation.kernel);
      return DONE;
    case "reap":
      migration.reap(operation.group, operation.kernel);
      return DONE;
    case "protocol": {
      const { group, page, step } = operation;
      const kernel = "to" in step ? step.to : step.kernel;
      migration.protocol(group, page, kernel, actionOf(migration, step), "to" in step);
      return protocolAnswer(migration, told);
    }
  }
}

function protocolAnswer({ outcome, finished }: Migration, told: (outcome: number) => Outcome): Answer {
  return { kind: "protocol", outcome: told(outcome), finished: finished === NONE ? null : finished };
}

/** What the thread's program does next, if it runs on that kernel. */
function nextStep(migration: Migration, thread: number, kernel: number): ProgramStep | undefined {
  if (!migration.isAt(kernel, thread, at.RUNNING)) return undefined;
  return migration.layout.instance.threads[thread]!.steps[at.doneOf(migration.task(kernel, thread))];
}

/** The number of a protocol step at the coherency machine. Accesses come from programs: they have none here. */
function actionOf({ pages }: Migration, step: ProtocolStep): number {
  switch (step.kind) {
    case "retry":
      return pages.number(RETRY, step.kernel, step.kernel, step.draw);
    case "request":
      return pages.number(REQUEST, step.to, step.from, step.draw);
    case "answer":
      return pages.number(ANSWER, step.to, step.from, step.draw);
    case "exit":
      return pages.number(EXIT, step.kernel, step.kernel, step.draw);
    default:
      return NONE;
  }
}
