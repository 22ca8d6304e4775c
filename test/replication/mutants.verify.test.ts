import { describe, expect, it } from "vitest";
import { hunt } from "../../properties/engine/hunt.js";
import { mutants } from "../../properties/replication/mutants.js";
import { replication } from "../../properties/replication/system.js";

describe("replication, rules that nothing in one step needs", () => {
  it.each(mutants.filter(({ id }) => ["M45", "M52", "M92"].includes(id)))("$id is equivalent: $rule", (mutant) => {
    const { verdict, exhausted } = hunt(replication, mutant, { seed: 1, runs: 300 });
    expect({ verdict, exhausted }).toEqual({ verdict: "equivalent", exhausted: mutant.scopes });
  });

  it("M77 falls to I30 after 65 sessions, and not before", () => {
    const mutant = mutants.find(({ id }) => id === "M77")!;
    const { verdict, counterexample } = hunt(replication, mutant, { seed: 1, runs: 1 });
    expect({ verdict, by: counterexample?.violation.invariant }).toEqual({ verdict: "killed", by: "I30" });
    expect(counterexample!.steps).toHaveLength(130);
  });
});
