/** Turns a list of operations into a story: runs it on fresh twins and writes down each step. */
import type { AnyOperation, AnyState, AnySystem } from "./any-system.js";
import {
  COUNTEREXAMPLE_KIND,
  COUNTEREXAMPLE_VERSION,
  type Counterexample,
  type CounterexampleStep,
  type EngineName,
  entitle,
  type Minimality,
} from "./counterexample.js";
import { differences } from "./differences.js";
import { type Breach, Pair } from "./pair.js";
import type { Plain, Shape } from "./system.js";

/** What an engine knows of a story before it is told. */
export interface Plot {
  readonly engine: EngineName;
  readonly mutant: string | null;
  readonly scope: { readonly name: string; readonly shape: Shape; readonly setup: readonly AnyOperation[] };
  readonly seed: number | null;
  readonly minimality: Minimality;
  readonly operations: readonly AnyOperation[];
}

/**
 * Runs the operations on a fresh pair of twins and writes down what happens, up to the first step that breaks a claim.
 * A set-up that breaks one is itself the story.
 * @param otherwise the breach to report if every step holds; without it that answers undefined
 */
export function tell(system: AnySystem, plot: Plot, otherwise?: Breach): Counterexample | undefined {
  const pair = new Pair(system, plot.scope.shape, plot.mutant ?? undefined);
  const begun = pair.begin(plot.scope.setup);
  if (begun.breach !== undefined && plot.scope.setup.length > 0) {
    const scope = { ...plot.scope, setup: [] };
    return tell(system, { ...plot, scope, operations: plot.scope.setup.slice(0, begun.done) }, begun.breach);
  }
  const initial = pair.meaning();
  const { steps, breach } =
    begun.breach === undefined ? tellSteps(system, pair, plot.operations) : { steps: [], breach: begun.breach };
  const found = breach ?? otherwise;
  if (found === undefined) return undefined;
  return entitle({
    kind: COUNTEREXAMPLE_KIND,
    version: COUNTEREXAMPLE_VERSION,
    system: system.name,
    engine: plot.engine,
    mutant: mutantOf(system, plot.mutant),
    scope: plot.scope,
    seed: plot.seed,
    minimality: plot.minimality,
    actors: actorsOf(steps),
    initialState: (initial ?? null) as Plain,
    steps,
    violation: { ...found, step: steps.length },
  });
}

function tellSteps(
  system: AnySystem,
  pair: Pair,
  operations: readonly AnyOperation[],
): { readonly steps: CounterexampleStep[]; readonly breach: Breach | undefined } {
  const steps: CounterexampleStep[] = [];
  let before: AnyState | undefined = pair.meaning();
  for (const operation of operations) {
    const words = {
      number: steps.length + 1,
      actor: system.actor(operation),
      operation,
      says: system.describe(operation),
      messages: [],
    };
    const offer = pair.offer(operation);
    if (offer === "disabled") continue; // the end of a transition of several operations
    if (offer !== "enabled") {
      steps.push({ ...words, answer: "not asked", changes: [] });
      return { steps, breach: offer };
    }
    const { answer, expected, breach } = pair.step(operation);
    const after = pair.meaning();
    const inWords = answer === undefined ? "threw" : system.describeAnswer(answer);
    const inWordsExpected = expected === undefined ? inWords : system.describeAnswer(expected);
    steps.push({
      ...words,
      ...(before === undefined || after === undefined ? {} : system.tellStep?.(before, operation, after)),
      answer: inWords,
      ...(inWords === inWordsExpected ? {} : { expected: inWordsExpected }),
      changes: before === undefined || after === undefined ? [] : differences(before, after),
    });
    if (breach !== undefined) return { steps, breach };
    before = after;
  }
  return { steps, breach: undefined };
}

function mutantOf(system: AnySystem, id: string | null): Counterexample["mutant"] {
  if (id === null) return null;
  return { id, rule: system.mutants.find((mutant) => mutant.id === id)?.rule ?? "" };
}

function actorsOf(steps: readonly CounterexampleStep[]): string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const acting = steps.map(({ actor }) => actor);
  const standing = steps.flatMap((step) => (step.standing ?? []).map(({ actor }) => actor));
  return [...new Set([...acting, ...standing])].sort(compare);
}
