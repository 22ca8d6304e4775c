import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportClaims, reporterWith } from "../../properties/contiguity/report-claims.js";
import { agreesWithReference, toolDisagreements, toolReporter } from "../../properties/contiguity/report-twins.js";
import { machines } from "../../properties/contiguity/spaces.js";

const claims = [...reportClaims, agreesWithReference];

describe("the report", () => {
  it.each(claims.map((claim) => [`${claim.id}: ${claim.claim}`, claim] as const))("%s", (_, claim) => {
    fc.assert(
      fc.property(machines, (machine) => {
        expect([...claim.violations(machine, reporterWith())]).toEqual([]);
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe("the authors' tool", () => {
  it("counts the same word by word and run by run", () => {
    fc.assert(
      fc.property(machines, (machine) => {
        expect(toolDisagreements(machine)).toEqual([]);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it.each(["S2", "S5"])("breaks %s", (id) => {
    const claim = reportClaims.find((each) => each.id === id)!;
    const verdict = fc.check(
      fc.property(machines, (machine) => [...claim.violations(machine, toolReporter)].length === 0),
      { seed: 5, numRuns: 100 },
    );
    expect(verdict.failed).toBe(true);
  });
});
