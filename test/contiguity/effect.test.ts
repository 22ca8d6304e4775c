import { describe, expect, it } from "vitest";
import { type EffectRun, rangesAfterFaults, rangesFor99Percent } from "../../properties/contiguity/effect.js";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

function ranges(run: Omit<EffectRun, "seed">): readonly number[] {
  return SEEDS.map((seed) => rangesFor99Percent(rangesAfterFaults({ ...run, seed })));
}

describe("two processes that fault in turns, on a fragmented memory, over 20 seeds", () => {
  it.each([9, 0] as const)("order %i: fewer ranges for 99 percent than first touch, every time", (order) => {
    const firstTouch = ranges({ contiguityAware: false, order });
    const aware = ranges({ contiguityAware: true, order });
    expect(aware.every((count, index) => count < firstTouch[index]!)).toBe(true);
  });

  it("C3: with the split limit, small faults alone gain next to nothing", () => {
    const firstTouch = ranges({ contiguityAware: false, order: 0 });
    const limited = ranges({ contiguityAware: true, order: 0, quirks: ["split-limit"] });
    const lifted = ranges({ contiguityAware: true, order: 0 });
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(sum(limited)).toBeGreaterThan(0.99 * sum(firstTouch));
    expect(sum(lifted)).toBeLessThan(0.5 * sum(firstTouch));
  });
});
