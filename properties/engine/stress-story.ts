/**
 * What real threads came to as a counterexample, a step a thread; and such a run repeated.
 *
 * The machine's order of things was part of the run and is in no document. So its scope holds the whole input, and
 * replaying is doing it again, a bounded number of times: what recurs is shown, what does not proves nothing.
 */
import type { AnySystem } from "./any-system.js";
import {
  COUNTEREXAMPLE_KIND,
  COUNTEREXAMPLE_VERSION,
  type Counterexample,
  type CounterexampleStep,
  entitle,
} from "./counterexample.js";
import { equalPlain } from "./differences.js";
import type { Replayed } from "./replay.js";
import type { StressOutcome, StressScope } from "./stress-scope.js";

/** Most lines of a census that are told. */
const WRONG_MAX = 10;

/** Runs once; a thread that throws is a finding like any other. */
export async function runThreads(scope: StressScope, without?: string): Promise<StressOutcome> {
  try {
    return await scope.run(without);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { operations: 0, isCut: false, wrong: [`a thread threw "${message}"`] };
  }
}

/** @param outcome one in which something is wrong */
export function tellThreads(
  system: AnySystem,
  scope: StressScope,
  without: string | undefined,
  outcome: StressOutcome,
): Counterexample {
  const steps = stepsOf(scope, outcome);
  const mutant = system.mutants.find(({ id }) => id === without);
  const { id, name, why } = scope.claim;
  return entitle({
    kind: COUNTEREXAMPLE_KIND,
    version: COUNTEREXAMPLE_VERSION,
    system: system.name,
    engine: "stress",
    mutant: mutant === undefined ? null : { id: mutant.id, rule: mutant.rule },
    scope: { name: scope.name, shape: scope.input, setup: [] },
    seed: null,
    minimality: "as-found",
    actors: steps.map(({ actor }) => actor),
    initialState: null,
    steps,
    violation: { invariant: id, name, why, witness: witnessOf(outcome), step: steps.length },
  });
}

function stepsOf({ title }: StressScope, { threads = [] }: StressOutcome): CounterexampleStep[] {
  const told = threads.length > 0 ? threads : [{ says: title, answer: "" }];
  return told.map(({ says, answer }, thread) => ({
    number: thread + 1,
    actor: threads.length > 0 ? `thread ${thread}` : "threads",
    operation: { kind: "run", thread },
    says,
    answer,
    messages: [],
    changes: [],
  }));
}

function witnessOf({ wrong }: StressOutcome): string[] {
  const more = wrong.length - WRONG_MAX;
  return more > 0 ? [...wrong.slice(0, WRONG_MAX), `… and ${more} more`] : [...wrong];
}

/** What repeating came to, and after how many runs. */
export interface Repeated {
  readonly replayed: Replayed;
  readonly runs: number;
}

/**
 * Repeats the run of a document until something is wrong again.
 * @param runsMax from 1
 */
export async function replayThreads(system: AnySystem, document: Counterexample, runsMax: number): Promise<Repeated> {
  const { scope, mutant, steps } = document;
  const found = system.stressed?.find(({ name }) => name === scope.name);
  if (found === undefined) return inapplicable(`${system.name} has no run of real threads ${scope.name}`);
  if (mutant !== null && !system.mutants.some(({ id }) => id === mutant.id)) {
    return inapplicable(`${system.name} has no mutant ${mutant.id}`);
  }
  if (!equalPlain(found.input, scope.shape)) return inapplicable(`${scope.name} starts from other input by now`);
  for (let runs = 1; runs <= runsMax; runs++) {
    const outcome = await runThreads(found, mutant?.id);
    if (outcome.wrong.length === 0) continue;
    const { id: invariant, name, why } = found.claim;
    const breach = { invariant, name, why, witness: witnessOf(outcome) };
    return { replayed: { verdict: "recurs", step: steps.length, breach }, runs };
  }
  return { replayed: { verdict: "holds" }, runs: runsMax };
}

function inapplicable(why: string): Repeated {
  return { replayed: { verdict: "inapplicable", step: 0, why }, runs: 0 };
}
