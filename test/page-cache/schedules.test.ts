import { describe, expect, it } from "vitest";
import { hunt } from "../../properties/engine/hunt.js";
import { interleaveScope } from "../../properties/engine/interleave.js";
import { replay } from "../../properties/engine/replay.js";
import type { Mutant } from "../../properties/engine/system.js";
import { pageCache } from "../../properties/page-cache/system.js";

/** The mutant, looked for among schedules alone. */
function bySchedules(mutant: Mutant): Mutant {
  const programs = pageCache.interleaved!.map(({ name }) => name);
  return { ...mutant, scopes: mutant.scopes.filter((name) => programs.includes(name)) };
}

describe("a schedule that kills a mutant", () => {
  it.each(pageCache.mutants)("$id is told and replayed: $rule", (mutant) => {
    const { verdict, unexpected, counterexample } = hunt(pageCache, bySchedules(mutant), { seed: 1, runs: 0 });
    expect([verdict, unexpected, counterexample?.engine]).toEqual(["killed", false, "interleave"]);
    const { violation } = counterexample!;
    expect(replay(pageCache, counterexample!)).toMatchObject({
      verdict: "recurs",
      step: violation.step,
      breach: { invariant: violation.invariant, name: violation.name },
    });
    // The same turns do no harm to the cache as it is, as far as they still apply.
    expect(replay(pageCache, { ...counterexample!, mutant: null }).verdict).not.toBe("recurs");
  });

  it("names a turn that no longer applies", () => {
    const { counterexample } = hunt(pageCache, bySchedules(pageCache.mutants[0]!), { seed: 1, runs: 0 });
    const steps = counterexample!.steps.map((step) => ({ ...step, operation: { kind: "turn", thread: 3 } }));
    expect(replay(pageCache, { ...counterexample!, steps })).toMatchObject({ verdict: "inapplicable", step: 1 });
  });
});

it("a program that a limit cuts is unfinished, and says by what", () => {
  const { verdict, interleaving } = interleaveScope(pageCache, pageCache.interleaved![0]!, { states: 100 });
  expect([verdict, interleaving.bound, interleaving.claim]).toEqual(["unfinished", "100 states", null]);
});
