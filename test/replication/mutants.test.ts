import { describe, expect, it } from "vitest";
import { ALL_RULES } from "../../impl/replication/rules.js";
import { hunt } from "../../properties/engine/hunt.js";
import { mutants } from "../../properties/replication/mutants.js";
import {
  equivalentOmissions,
  publicationMutants,
} from "../../properties/replication/publication/interleaved-mutants.js";
import { replication } from "../../properties/replication/system.js";

/** Mutants that need a whole scope searched to be called equivalent: see mutants.verify.test.ts. */
const EQUIVALENT = ["M45", "M52", "M92"];
/** A story of 65 sessions, none of which can go: shortening it is long work, see there too. */
const LONG = ["M77"];

describe("replication, one rule dropped each", () => {
  it("has a mutant for every rule that the implementation can drop, and one only", () => {
    const inOneStep = mutants.map(({ drops }) => drops);
    const interleaved = [...publicationMutants, ...equivalentOmissions].flatMap(({ drops }) => drops);
    expect([...new Set([...inOneStep, ...interleaved])].sort()).toEqual(Object.keys(ALL_RULES).sort());
    expect(new Set(inOneStep).size).toBe(mutants.length);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });

  it.each(mutants.filter(({ id }) => !EQUIVALENT.includes(id) && !LONG.includes(id)))(
    "$id is killed for its own reason: $rule",
    (mutant) => {
      const { verdict, unexpected, counterexample } = hunt(replication, mutant, { seed: 1, runs: 200, states: 30_000 });
      expect(verdict).toBe("killed");
      expect({ unexpected, by: counterexample?.violation.invariant }).toMatchObject({ unexpected: false });
    },
  );
});
