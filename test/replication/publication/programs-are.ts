/** What both test files check of their share of the programs and of the dropped rules. */
import { describe, expect, it } from "vitest";
import { interleave } from "../../../explore/interleave/interleave.js";
import { ALL_RULES } from "../../../impl/replication/rules.js";
import { publicationPrograms } from "../../../properties/replication/publication/interleaved.js";
import {
  equivalentOmissions,
  publicationMutants,
} from "../../../properties/replication/publication/interleaved-mutants.js";

export function programsAre(effort: "quick" | "long"): void {
  const mine = (each: { readonly effort: "quick" | "long" }) => each.effort === effort;

  describe(`replica publication, ${effort} programs`, () => {
    it.each(publicationPrograms.filter(mine))("$name: $title", ({ program, claims, expected }) => {
      const found = interleave(program(), claims);
      expect(found.failure).toBeNull();
      expect(found).toMatchObject({ verdict: "held", bound: null, store: "full", ...expected });
      expect(found.claim).toContain("Complete because every shared access went through the port");
    });

    it.each(publicationMutants.filter(mine))("$id falls in $turns turns of $name: $rule", (mutant) => {
      const found = interleave(mutant.program(), mutant.claims);
      expect(found).toMatchObject({ verdict: "violated", failure: { claim: mutant.claim } });
      expect(found.failure!.schedule.length).toBe(mutant.turns);
      if (mutant.claim === "allIsInOrderAtEnd") expect(found.failure!.witness).toContain(`${mutant.killer}: `);
    });

    it.each(equivalentOmissions.filter(mine))("nothing falls without $id: $rule", ({ drops, names }) => {
      const rules = { ...ALL_RULES, ...Object.fromEntries(drops.map((rule) => [rule, false])) };
      for (const { name, program, claims } of publicationPrograms) {
        if (names.includes(name)) expect(interleave(program(rules), claims).verdict).toBe("held");
      }
    });
  });
}
