import { expect } from "vitest";
import type { AnyScope, AnySystem } from "../../properties/engine/any-system.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import type { Mutant } from "../../properties/engine/system.js";

/** Every state of the scope, counted, with every claim and every `sometimes`. */
export function expectExhausted(system: AnySystem, scope: AnyScope): void {
  const { verdict, exploration, counterexample, unreached } = exhaust(system, scope);
  expect(counterexample).toBeUndefined();
  expect([verdict, unreached]).toEqual(["held", []]);
  const { states, transitions, depth } = exploration!;
  expect({ states, transitions, depth }).toEqual(scope.expected);
}

/** The mutant falls, to a claim that is there for its rule. */
export function expectKilled(system: AnySystem, mutant: Mutant, steps?: number): void {
  const { verdict, counterexample } = hunt(system, mutant, { seed: 1, runs: 100 });
  expect(verdict).toBe("killed");
  expect(mutant.killers).toContain(counterexample?.violation.invariant);
  if (steps !== undefined) expect(counterexample?.steps).toHaveLength(steps);
}

/** A mutant may have states without end. */
const STATES = 20_000;

/** Some mutant breaks this claim, judged alone, in the scopes that it names: first those that are there for it. */
export function isSeenToFail(system: AnySystem, id: string): boolean {
  const alone = {
    ...system,
    invariants: system.invariants.filter((claim) => claim.id === id),
    stepInvariants: system.stepInvariants.filter((claim) => claim.id === id),
  };
  const own = system.mutants.filter(({ killers }) => killers.includes(id));
  return [...own, ...system.mutants.filter((mutant) => !own.includes(mutant))].some((mutant) =>
    mutant.scopes.some((name) => {
      const scope = system.scopes.find((each) => each.name === name)!;
      return exhaust(alone, scope, { without: mutant.id, inStep: false, states: STATES }).verdict === "violated";
    }),
  );
}
