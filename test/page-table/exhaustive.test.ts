import { describe, expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { pageTable } from "../../properties/page-table/system.js";

describe("every reachable state", () => {
  it.each(pageTable.scopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(pageTable, scope);
    expect(counterexample).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    const { states, transitions, depth } = exploration!;
    expect({ states, transitions, depth }).toEqual(scope.expected);
  });
});

describe("each rule is needed", () => {
  it.each(pageTable.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))("%s", (_, mutant) => {
    const { verdict, unexpected, counterexample } = hunt(pageTable, mutant, { seed: 1, runs: 50 });
    expect([verdict, unexpected]).toEqual(["killed", false]);
    expect(mutant.killers).toContain(counterexample?.violation.invariant);
  });
});
