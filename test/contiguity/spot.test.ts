import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SPOT_RULES, type SpotRules } from "../../impl/contiguity/spot.js";
import {
  predictionRate,
  predictions,
  spotDisagreements,
  traces,
  visibleMistakes,
} from "../../properties/contiguity/spot-twins.js";

const stable = (length: number) =>
  Array.from({ length }, (_, at) => ({ counter: 1, page: 100 + at, frame: 900 + at, writable: true }));

describe("SpOT", () => {
  it("predicts as the reference does", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        expect(spotDisagreements(trace)).toEqual([]);
        expect(visibleMistakes(trace)).toEqual([]);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("predicts a stable offset from the third miss on", () => {
    expect(predictions(stable(5)).map(({ kind }) => kind)).toEqual(["none", "none", "right", "right", "right"]);
    expect(predictionRate(stable(100), { sets: 8, ways: 4 })).toBe(0.98);
  });

  it("never predicts offsets that alternate", () => {
    const alternating = stable(20).map((miss, at) => ({ ...miss, frame: miss.frame + 50 * (at % 2) }));
    expect(new Set(predictions(alternating).map(({ kind }) => kind))).toEqual(new Set(["none"]));
  });
});

describe("each rule of SpOT is needed", () => {
  it.each(Object.keys(SPOT_RULES) as (keyof SpotRules)[])("%s", (rule) => {
    const rules = { ...SPOT_RULES, [rule]: false };
    const verdict = fc.check(
      fc.property(traces, (trace) => spotDisagreements(trace, rules).length === 0),
      { seed: 5, numRuns: 300 },
    );
    expect(verdict.failed).toBe(true);
  });

  it("without squashing a mistake becomes visible", () => {
    const verdict = fc.check(
      fc.property(traces, (trace) => visibleMistakes(trace, { ...SPOT_RULES, squashes: false }).length === 0),
      { seed: 5, numRuns: 300 },
    );
    expect(verdict.failed).toBe(true);
  });
});
