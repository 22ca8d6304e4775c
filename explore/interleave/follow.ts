/** Walks one schedule of a program, and judges it: what a kept counterexample is run again by. */
import { explore } from "../explore.js";
import type { Failure, ScheduleMinimality } from "./interleaving.js";
import { Judge } from "./judge.js";
import type { Claims, Program } from "./program.js";
import type { ReplayOptions } from "./replayed-threads.js";
import { tell } from "./story.js";
import { ThreadMachine } from "./thread-machine.js";
import { OutsideTheory } from "./trap.js";

export type Followed =
  /** A claim breaks after so many turns. */
  | { readonly verdict: "violated"; readonly turns: number; readonly failure: Failure }
  /** All turns were taken and every claim held. */
  | { readonly verdict: "held" }
  /** The thread of this turn, from 1, has nothing left to do; or the code is outside the theory. */
  | { readonly verdict: "inapplicable"; readonly turn: number; readonly why: string };

/**
 * Lets the threads take their turns in the order of `schedule`, up to the first turn after which a claim breaks.
 * @param minimality what is known of the schedule, for the story
 * @throws what claims and the model throw
 */
export function follow<State, Question>(
  program: Program<Question>,
  claims: Claims<State, Question>,
  schedule: readonly number[],
  minimality: ScheduleMinimality = "as found",
  options: ReplayOptions = {},
): Followed {
  let machine: ThreadMachine | undefined;
  let turn = 0;
  try {
    machine = new ThreadMachine(program, claims.model as Claims["model"], options);
    const judge = new Judge(machine, claims as Claims);
    for (let broken = judge.broken(); ; broken = judge.broken()) {
      if (broken !== undefined) {
        const failure = tell(machine, schedule.slice(0, turn), broken, minimality);
        return { verdict: "violated", turns: turn, failure };
      }
      const thread = schedule[turn];
      if (thread === undefined) return atTheEnd(machine, claims as Claims, schedule, minimality);
      turn++;
      if (!(thread >= 0 && thread < machine.threadCount && machine.canGoOn(thread))) {
        return { verdict: "inapplicable", turn, why: `thread ${thread} has nothing left to do` };
      }
      machine.perform(thread);
    }
  } catch (error) {
    if (error instanceof OutsideTheory) return { verdict: "inapplicable", turn, why: error.message };
    throw error;
  } finally {
    machine?.threads.close();
  }
}

const STATES_MAX = 2 ** 20;

/** Whether the operations can still return from where the schedule ends; a deadlock shows in nothing else. */
function atTheEnd(
  machine: ThreadMachine,
  { allowsDeadlock = false }: Claims,
  schedule: readonly number[],
  minimality: ScheduleMinimality,
): Followed {
  if (allowsDeadlock || machine.isFinished()) return { verdict: "held" };
  const end = machine.words.slice();
  const onward = {
    words: machine.words,
    stateWords: machine.stateWords,
    actionCount: machine.actionCount,
    initialise: () => machine.words.set(end),
    enabled: (thread: number) => machine.enabled(thread),
    perform: (thread: number) => machine.perform(thread),
  };
  const returned = { name: "allReturn", violation: () => (machine.isFinished() ? "all have returned" : undefined) };
  const { exhausted, violations } = explore(
    onward,
    { always: [returned] },
    { store: "full", states: STATES_MAX, stopAtFirst: true },
  );
  if (!exhausted || violations.length > 0) return { verdict: "held" };
  const broken = { claim: "everyOperationCanReturn", witness: "no schedule lets all operations return from here" };
  return { verdict: "violated", turns: schedule.length, failure: tell(machine, schedule, broken, minimality) };
}
