import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compose } from "../../impl/contiguity/composed-runs.js";
import { walkGuest } from "../../impl/contiguity/guest-walk.js";
import { dimensionOf } from "../../impl/contiguity/run-document.js";
import { guestDisagreements, guests, worseThanItsParts } from "../../properties/contiguity/guest-twins.js";

describe("a guest's report", () => {
  it("is what the reference counts page by page, and no better than its parts", () => {
    fc.assert(
      fc.property(guests, (guest) => {
        expect(guestDisagreements(guest)).toEqual([]);
        expect(worseThanItsParts(guest)).toEqual([]);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  const document = (format: string, runs: readonly unknown[]): string => JSON.stringify({ format, runs });
  const hugePages = (hostLevel: number, host: number): number => {
    const guestRuns = document("vmi-guest-runs-v1", [[1024, 1024, 4096, "0x67", 2]]);
    const hostRuns = document("vmi-host-runs-v1", [[4096, 1024, host, "0x7", hostLevel]]);
    const runs = compose(dimensionOf(guestRuns, "vmi-guest-runs-v1"), dimensionOf(hostRuns, "vmi-host-runs-v1"));
    return walkGuest(Float64Array.of(1024, 2048), runs).workingSet.hugePages;
  };

  it("V4: a 2 MiB page is one in both dimensions, aligned in all three", () => {
    expect(hugePages(2, 8192)).toBe(2);
    expect(hugePages(1, 8192)).toBe(0);
    expect(hugePages(2, 8193)).toBe(0);
  });
});
