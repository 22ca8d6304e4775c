import { describe, expect, it } from "vitest";
import {
  configurationOf,
  huntCoherencyMutant,
  MUTANT_MODES,
  shortVerdict,
} from "../../properties/coherency/mutant-hunt.js";
import { coherencyMutants } from "../../properties/coherency/mutants.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { mutantResults } from "./mutant-results.js";

describe.each(coherencyMutants)("three kernels, without: $rule", (mutant) => {
  const expected = mutantResults[mutant.id]!.split(" | ")[1]!;

  it("breaks as pinned in each mode", () => {
    expect(huntCoherencyMutant(mutant, 3).map(shortVerdict).join(" ")).toBe(expected);
  });

  it("breaks P9 neither, where it is harmless", () => {
    for (const [index, mode] of MUTANT_MODES.entries()) {
      if (expected.split(" ")[index] !== "harmless") continue;
      expect(searchCoherency(configurationOf(mutant, 3, mode), { progress: true }).verdict).toBe("held");
    }
  });
});
