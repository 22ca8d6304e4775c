/** Runs a kept story on both twins, with all comparisons, and checks the answers that the story depends on. */
import type { AnyOperation, AnySystem } from "./any-system.js";
import { equalPlain } from "./differences.js";
import { type Breach, Pair } from "./pair.js";
import type { Scenario } from "./system.js";

export type ScenarioVerdict =
  | { readonly verdict: "held"; readonly steps: number }
  /** `step` from 1; 0 is the initial state. */
  | { readonly verdict: "violated"; readonly step: number; readonly breach: Breach };

/** @param without id of a mutant, for scenarios that show what a rule is for */
export function runScenario(
  system: AnySystem,
  scenario: Scenario<AnyOperation, unknown>,
  without?: string,
): ScenarioVerdict {
  const pair = new Pair(system, scenario.shape, without);
  const { breach } = pair.begin([]);
  if (breach !== undefined) return { verdict: "violated", step: 0, breach };
  for (const [at, { operation, answer }] of scenario.steps.entries()) {
    const offer = pair.offer(operation);
    if (offer === "disabled")
      return { verdict: "violated", step: at + 1, breach: toldOtherwise(scenario, "it is not enabled") };
    if (offer !== "enabled") return { verdict: "violated", step: at + 1, breach: offer };
    const taken = pair.step(operation);
    if (taken.breach !== undefined) return { verdict: "violated", step: at + 1, breach: taken.breach };
    if (answer !== undefined && !equalPlain(answer, taken.answer)) {
      const said = `both answer "${system.describeAnswer(taken.answer)}", the story has "${system.describeAnswer(answer)}"`;
      return { verdict: "violated", step: at + 1, breach: toldOtherwise(scenario, said) };
    }
  }
  return { verdict: "held", steps: scenario.steps.length };
}

function toldOtherwise(scenario: Scenario<AnyOperation, unknown>, witness: string): Breach {
  const why = "the story comes out in one way only";
  return { invariant: scenario.id, name: "storyComesOut", why, witness: [witness] };
}
