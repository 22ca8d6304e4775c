import { describe, expect, it } from "vitest";
import { isJudged, stateClaims, stepClaims } from "../../properties/coherency/claims.js";
import {
  configurationOf,
  huntCoherencyMutant,
  MUTANT_MODES,
  shortVerdict,
} from "../../properties/coherency/mutant-hunt.js";
import { coherencyMutants } from "../../properties/coherency/mutants.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import type { Rules } from "../../vocabulary/coherency/rules.js";
import { mutantResults } from "./mutant-results.js";

/** What the verdicts were found by: with three kernels states modulo renaming, on which G4 says nothing. */
function claimsModuloRenaming(rules: Rules): readonly string[] {
  return [...stateClaims, ...stepClaims].filter((claim) => isJudged(claim, rules, "on")).map(({ id }) => id);
}

describe.each(coherencyMutants)("three kernels, without: $rule", (mutant) => {
  const expected = mutantResults[mutant.id]!.split(" | ")[1]!;

  it("breaks as pinned in each mode", () => {
    expect(huntCoherencyMutant(mutant, 3).map(shortVerdict).join(" ")).toBe(expected);
  });

  it("breaks P9 neither, where it is harmless", () => {
    for (const [index, mode] of MUTANT_MODES.entries()) {
      if (expected.split(" ")[index] !== "harmless") continue;
      const scope = configurationOf(mutant, 3, mode);
      expect(searchCoherency(scope, { progress: true, claims: claimsModuloRenaming(scope.rules) }).verdict).toBe(
        "held",
      );
    }
  });
});
