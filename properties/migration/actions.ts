/** Everything that can be asked of an instance, and operations in words. */
import type { Operation as ProtocolStep } from "../../vocabulary/coherency/operations.js";
import type { Instance, ProgramStep } from "../../vocabulary/migration/instance.js";
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import { describeAnswer as describeOutcome, describe as describeProtocol } from "../coherency/telling.js";

/** All operations that may be enabled in some state of the instance, each once. */
export function operationsOf(instance: Instance): readonly Operation[] {
  const { kernels, homes, pages } = instance;
  const everyKernel = count(kernels);
  const threads = [...instance.threads.keys()];
  const found: Operation[] = threads.flatMap((thread) =>
    everyKernel.flatMap((kernel) => ofThread(instance, thread, kernel)),
  );
  for (const group of homes.keys()) {
    for (const kernel of everyKernel) found.push({ kind: "reap", group, kernel });
    for (const page of count(pages))
      for (const step of protocolSteps(instance)) found.push({ kind: "protocol", group, page, step });
  }
  const seen = new Set<string>();
  return found.filter((operation) => {
    const text = keyOf(operation);
    return !seen.has(text) && seen.add(text);
  });
}

function ofThread(instance: Instance, thread: number, kernel: number): readonly Operation[] {
  const { group, steps } = instance.threads[thread]!;
  const found = steps.flatMap((step) => ofStep(instance, step, thread, kernel));
  const members = instance.threads.flatMap((each, member) =>
    each.group === group && member !== thread ? [member] : [],
  );
  return [
    ...found,
    { kind: "arrive", thread, kernel },
    { kind: "create", thread, kernel },
    { kind: "adopt", thread, kernel },
    ...members.map((member): Operation => ({ kind: "fork", thread, kernel, member })),
  ];
}

function ofStep(instance: Instance, step: ProgramStep, thread: number, kernel: number): readonly Operation[] {
  switch (step.kind) {
    case "migrate":
      return [{ kind: "migrate", thread, from: kernel, to: step.kernel }];
    case "read":
      return [{ kind: "read", thread, kernel, page: step.page }];
    case "write":
      return drawsOf(instance.kernels).map((draw) => ({ kind: "write", thread, kernel, page: step.page, draw }));
    case "spawn":
      return [{ kind: "spawn", thread, kernel, child: step.thread }];
    case "exit":
      return [{ kind: "exit", thread, kernel }];
  }
}

function protocolSteps({ kernels, exit = "atomic" }: Instance): readonly ProtocolStep[] {
  return count(kernels).flatMap((kernel) => [
    ...(exit === "delayed" ? [{ kind: "exit", kernel, draw: 0 } as const] : []),
    ...drawsOf(kernels).map((draw): ProtocolStep => ({ kind: "retry", kernel, draw })),
    ...count(kernels)
      .filter((from) => from !== kernel)
      .flatMap((from): ProtocolStep[] => [
        { kind: "request", from, to: kernel, draw: 0 },
        { kind: "answer", from, to: kernel, draw: 0 },
      ]),
  ]);
}

/** The places that a new time stamp can take among those of the other kernels. */
function drawsOf(kernels: number): readonly number[] {
  return count(kernels);
}

function count(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Equal texts, equal operations: the words tell everything but the place of a stamp that a step of the protocol draws. */
export function keyOf(operation: Operation): string {
  const draw = operation.kind === "protocol" && "draw" in operation.step ? operation.step.draw : 0;
  return `${actor(operation)}: ${describe(operation)}, ${draw}`;
}

export function actor(operation: Operation): string {
  switch (operation.kind) {
    case "migrate":
    case "read":
    case "write":
    case "spawn":
    case "exit":
      return `thread ${operation.thread}`;
    case "arrive":
    case "create":
    case "fork":
    case "adopt":
    case "reap":
      return `kernel ${operation.kernel}`;
    case "protocol":
      return `kernel ${"to" in operation.step ? operation.step.to : operation.step.kernel}`;
  }
}

export function describe(operation: Operation): string {
  switch (operation.kind) {
    case "migrate":
      return `migrates from kernel ${operation.from} to kernel ${operation.to}`;
    case "read":
      return `reads page ${operation.page} on kernel ${operation.kernel}`;
    case "write": {
      const stamp = operation.draw > 0 ? `, stamp at place ${operation.draw}` : "";
      return `writes page ${operation.page} on kernel ${operation.kernel}${stamp}`;
    }
    case "spawn":
      return `spawns thread ${operation.child} on kernel ${operation.kernel}`;
    case "exit":
      return `exits on kernel ${operation.kernel}`;
    case "arrive":
      return `receives thread ${operation.thread}`;
    case "create":
      return `has made a process for thread ${operation.thread}`;
    case "fork":
      return `thread ${operation.member} takes its SIGFORK and makes room for thread ${operation.thread}`;
    case "adopt":
      return `takes thread ${operation.thread} into a process without threads`;
    case "reap":
      return `removes its process of group ${operation.group}`;
    case "protocol":
      return `${describeProtocol(operation.step)}, for page ${operation.page} of group ${operation.group}`;
  }
}

export function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case "done":
      return "done";
    case "stays":
      return "it is there already";
    case "departs":
      return answer.replicationBegins ? "its context is sent, replication begins" : "its context is sent";
    case "arrives":
      return answer.process === "found" ? "a process is there: SIGFORK" : "no process is there: one is begun";
    case "protocol": {
      const finished = answer.finished === null ? "" : `, thread ${answer.finished} goes on`;
      return `${describeOutcome(answer.outcome)}${finished}`;
    }
  }
}
