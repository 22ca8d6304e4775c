/**
 * The door to the search of all states of replayed threads.
 *
 * Two schedules that lead to the same shared words, the same local states and the same set of explanations have the same
 * futures, so one of them is followed. The theory: each access happens at once and in one order for all (that is what
 * `Atomics` promise), an operation is a function of its answers and its thread's private words, and nobody reaches the
 * shared words but through the port. The last two are checked. Weaker memory is not covered, nor are loops that do
 * something else after more fruitless rounds than `spinRounds`.
 */

import type { Exploration, Violation } from "../exploration.js";
import { explore } from "../explore.js";
import type { Limits, Observer } from "../machine.js";
import { replay } from "../path.js";
import { estimateExecutions } from "./estimate.js";
import { FewestSwitches } from "./fewest-switches.js";
import type { Failure, Interleaving } from "./interleaving.js";
import { Judge } from "./judge.js";
import type { Claims, Program } from "./program.js";
import { checkRange } from "./range.js";
import type { ReplayOptions } from "./replayed-threads.js";
import { conclude, type Findings, outsideOf } from "./report.js";
import { tell } from "./story.js";
import { ThreadMachine } from "./thread-machine.js";

const STATES_MAX = 2 ** 30;
const WALKS = 100;
const SEED = 1;

export interface InterleaveLimits extends ReplayOptions {
  /** Most states to keep, from 1. By default 2^30. */
  readonly states?: number;
  /** Most context switches in a schedule, from 0; by default any number. Deadlock is not looked for under such a bound. */
  readonly switches?: number;
  /** As of `explore`: what has run out, if anything. */
  readonly ranOut?: Limits["ranOut"];
  /** `full` (the default) compares whole states; `fingerprint` keeps 64 bits of each. */
  readonly store?: "full" | "fingerprint";
  /** How many random walks the estimate of the number of executions takes. By default 100. */
  readonly walks?: number;
  /** Hears the estimate of the number of executions before the search begins; null if not all of them end. */
  readonly onEstimate?: (executions: number | null) => void;
}

/**
 * Covers all schedules of `program` by visiting every state that its replayed threads can reach, breadth first.
 * @throws Error for a program or limits out of the ranges that their docstrings name, and what claims and the model throw
 */
export function interleave<State, Question>(
  program: Program<Question>,
  claims: Claims<State, Question>,
  limits: InterleaveLimits = {},
  observer?: Observer,
): Interleaving {
  checkRange("switches", limits.switches ?? 0, 0);
  checkRange("walks", limits.walks ?? WALKS, 0);
  let machine: ThreadMachine | undefined;
  try {
    machine = new ThreadMachine(program, claims.model as Claims["model"], limits);
    return searched(machine, program, claims as Claims, limits, observer);
  } catch (error) {
    return outsideOf(program.name, "states", error);
  } finally {
    machine?.threads.close();
  }
}

function searched(
  machine: ThreadMachine,
  program: Program,
  claims: Claims,
  limits: InterleaveLimits,
  observer: Observer | undefined,
): Interleaving {
  const estimate = estimateExecutions(machine, limits.walks ?? WALKS, SEED);
  limits.onEstimate?.(estimate);
  const judge = new Judge(machine, claims);
  const looksForDeadlock = !(claims.allowsDeadlock ?? false) && limits.switches === undefined;
  const canReturn = {
    name: "everyOperationCanReturn",
    pending: () => !machine.isFinished(),
    granted: () => machine.isFinished(),
  };
  const states = limits.states ?? STATES_MAX;
  const exploration = explore(
    machine,
    { always: judge.invariants, ...(looksForDeadlock ? { progress: [canReturn] } : {}) },
    { store: limits.store ?? "full", states, stopAtFirst: true, ranOut: limits.ranOut },
    observer,
  );
  if (machine.failure !== undefined) throw machine.failure;
  const [violation] = exploration.violations;
  const failure = violation === undefined ? null : storyOf(machine, judge, violation, states);
  machine.threads.audit();
  const findings: Findings = {
    method: "states",
    bound: boundOf(machine, exploration, limits),
    estimate,
    states: exploration.states,
    steps: exploration.transitions,
    depth: exploration.depth,
    executions: null,
    blocked: null,
    outcomes: judge.outcomes,
    store: exploration.store,
    missProbability: exploration.missProbability,
    failure,
  };
  return conclude(machine, program, findings);
}

function boundOf(
  machine: ThreadMachine,
  { exhausted, states, limit }: Exploration,
  limits: InterleaveLimits,
): string | null {
  if (machine.isCut) return `at most ${limits.switches} context switch${limits.switches === 1 ? "" : "es"}`;
  if (exhausted) return null;
  return limit === "states" ? `${states} states` : `${states} states, out of ${limit}`;
}

/** The story of a violation, by a schedule of the same length that has the fewest switches. */
function storyOf(machine: ThreadMachine, judge: Judge, violation: Violation, statesMax: number): Failure {
  const { invariant, witness, path, kind } = violation;
  const judged = judge.invariants.find(({ name }) => name === invariant);
  if (path.length === 0)
    return tell(machine, path, { claim: invariant, witness }, "fewest turns, then fewest switches");
  replay(machine, path, () => {});
  const end = machine.words.slice();
  // A deadlock shows in what cannot be reached any more, so the goal is the state itself.
  const isGoal =
    kind === "progress" || judged === undefined
      ? () => machine.words.every((word, at) => word === end[at])
      : () => judged.violation() !== undefined;
  const better = new FewestSwitches(machine, isGoal).find(path.length, statesMax);
  if (better === undefined) return tell(machine, path, { claim: invariant, witness }, "fewest turns");
  replay(machine, better, () => {});
  const found = { claim: invariant, witness: judged?.violation() ?? witness };
  const minimality = kind === "progress" ? "fewest turns" : "fewest turns, then fewest switches";
  return tell(machine, better, found, minimality);
}
