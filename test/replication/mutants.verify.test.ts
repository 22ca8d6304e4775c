import { describe, expect, it } from "vitest";
import { hunt } from "../../properties/engine/hunt.js";
import { mutants } from "../../properties/replication/mutants.js";
import { replication } from "../../properties/replication/system.js";

describe("replication, rules that nothing in one step needs", () => {
  it.each(mutants.filter(({ id }) => id === "M45" || id === "M52"))("$id is equivalent: $rule", (mutant) => {
    const { verdict, exhausted } = hunt(replication, mutant, { seed: 1, runs: 300 });
    expect({ verdict, exhausted }).toEqual({ verdict: "equivalent", exhausted: mutant.scopes });
  });
});
