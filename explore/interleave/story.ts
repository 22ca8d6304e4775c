/** A failing schedule, told access by access. */
import type { Failure, Row, ScheduleMinimality } from "./interleaving.js";
import type { Broken } from "./judge.js";
import { ACCESS, accessName, valueAfter, writes } from "./port.js";
import type { ThreadMachine } from "./thread-machine.js";

/** Walks `schedule` from the beginning and tells what happens. */
export function tell(
  machine: ThreadMachine,
  schedule: readonly number[],
  broken: Broken,
  minimality: ScheduleMinimality,
  kept: Failure["kept"] = allOperations(machine),
): Failure {
  const rows: Row[] = [];
  let switches = 0;
  let preemptions = 0;
  machine.initialise();
  for (const [step, thread] of schedule.entries()) {
    const last = schedule[step - 1];
    if (last !== undefined && last !== thread) {
      switches++;
      if (machine.canGoOn(last)) preemptions++;
    }
    machine.perform(thread);
    rows.push(...rowsOfTurn(machine, step + 1, thread));
  }
  const threads = machine.threads.runner.threads.map(({ name }) => name);
  return { ...broken, minimality, schedule: [...schedule], switches, preemptions, threads, kept, rows };
}

/** The numbers of all operations of each thread. */
export function allOperations(machine: ThreadMachine): number[][] {
  return machine.threads.runner.threads.map(({ operations }) => [...operations.keys()]);
}

function rowsOfTurn(machine: ThreadMachine, turn: number, thread: number): Row[] {
  const { locals, turnAnswers, turnAccesses } = machine;
  const { threads, port } = machine.threads.runner;
  return [...machine.turnLocals.subarray(0, turnAccesses)].map((local, position) => {
    const kind = locals.kind(local);
    const answer = turnAnswers[position]!;
    const [first, second] = [locals.first(local), locals.second(local)];
    const isLast = position === turnAccesses - 1;
    const now = machine.local(thread);
    const operation = locals.operation(local);
    return {
      turn,
      thread,
      operation,
      name: threads[thread]!.operations[operation]!.name,
      label: port.labelName(locals.label(local)),
      kind: accessName(kind),
      index: locals.index(local),
      read: kind === ACCESS.Store || kind === ACCESS.None ? null : answer,
      written: writes(kind, answer, first) ? valueAfter(kind, answer, first, second) : null,
      returns: isLast && machine.turnReturns ? machine.answered : null,
      throws: isLast && locals.kind(now) === ACCESS.Thrown ? machine.threads.message(now) : null,
    };
  });
}
