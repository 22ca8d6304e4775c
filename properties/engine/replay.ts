/** Runs a counterexample again, step by step, from its values alone. */
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { replaySchedule } from "./interleaved-story.js";
import { type Breach, Pair } from "./pair.js";

export type Replayed =
  /** A claim breaks: the recorded one, or another (then `breach` says which). */
  | { readonly verdict: "recurs"; readonly step: number; readonly breach: Breach }
  /** All steps were done and every claim held. */
  | { readonly verdict: "holds" }
  /** The document does not fit the system any more. `step` 0 is the set-up. */
  | { readonly verdict: "inapplicable"; readonly step: number; readonly why: string };

/** @throws PagetwinError `GEOMETRY` for a shape that the system does not accept */
export function replay(system: AnySystem, document: Counterexample): Replayed {
  const { scope, steps, mutant } = document;
  if (mutant !== null && !system.mutants.some(({ id }) => id === mutant.id)) {
    return { verdict: "inapplicable", step: 0, why: `${system.name} has no mutant ${mutant.id}` };
  }
  if (document.engine === "interleave") return replaySchedule(system, document);
  if (document.engine === "stress") {
    return {
      verdict: "inapplicable",
      step: 0,
      why: "real threads have no steps to take again: replayThreads repeats the run",
    };
  }
  const pair = new Pair(system, scope.shape, mutant?.id);
  try {
    const { breach } = pair.begin(scope.setup);
    if (breach !== undefined) return { verdict: "recurs", step: 0, breach };
  } catch (thrown) {
    return { verdict: "inapplicable", step: 0, why: messageOf(thrown) };
  }
  for (const [at, { operation }] of steps.entries()) {
    const taken = takeAgain(pair, operation, document.violation.invariant === "thrown");
    if (taken !== undefined) return { ...taken, step: at + 1 };
  }
  return { verdict: "holds" };
}

/** @returns undefined when the step was done and everything held */
function takeAgain(
  pair: Pair,
  operation: AnyOperation,
  mayThrow: boolean,
):
  | { readonly verdict: "recurs"; readonly breach: Breach }
  | { readonly verdict: "inapplicable"; readonly why: string }
  | undefined {
  let offer: ReturnType<Pair["offer"]>;
  try {
    offer = pair.offer(operation);
  } catch (thrown) {
    return { verdict: "inapplicable", why: messageOf(thrown) };
  }
  if (offer === "disabled") return { verdict: "inapplicable", why: "the operation is not enabled there any more" };
  const breach = offer === "enabled" ? pair.step(operation).breach : offer;
  if (breach === undefined) return undefined;
  // An operation with arguments that the system never had: the document, not the system, is at fault.
  if (breach.invariant === "thrown" && !mayThrow) return { verdict: "inapplicable", why: breach.witness.join("; ") };
  return { verdict: "recurs", breach };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
