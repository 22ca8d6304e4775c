import { describe, expect, it } from "vitest";
import { mutants } from "../../properties/contiguity/mutants.js";
import { contiguity } from "../../properties/contiguity/system.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { sample } from "../../properties/engine/sample.js";

const quick = contiguity.scopes.filter(({ effort }) => effort === "quick");

describe("every reachable state", () => {
  it.each(quick.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(contiguity, scope);
    expect(counterexample).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    const { states, transitions, depth } = exploration!;
    expect({ states, transitions, depth }).toEqual(scope.expected);
  });
});

describe("random commands", () => {
  it.each(contiguity.sampleScopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, counterexample } = sample(contiguity, scope, {
      seed: 7,
      runs: { "x86-64": 4, nodes: 40 }[scope.name] ?? 100,
    });
    expect(counterexample).toBeUndefined();
    expect(verdict).toBe("held");
  });
});

describe("each rule is needed", () => {
  it.each(mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))("%s", (_, mutant) => {
    const { verdict, counterexample } = hunt(contiguity, mutant, { seed: 1, runs: 100 });
    expect(verdict).toBe("killed");
    expect(mutant.killers).toContain(counterexample?.violation.invariant);
  });
});
