import { describe, expect, it } from "vitest";
import { effectOver, effectsOf } from "../../properties/contiguity/effect.js";

const SEEDS = 20;

describe("two processes that fault by turns, on a fragmented memory, over 20 seeds", () => {
  it.each([9, 0] as const)("order %i: fewer ranges for 99 percent than first touch, every time", (order) => {
    const firstTouch = effectOver(SEEDS, { contiguityAware: false, order });
    const aware = effectOver(SEEDS, { contiguityAware: true, order });
    expect(aware.every((count, index) => count < firstTouch[index]!)).toBe(true);
  });

  it("C3: with the split limit, small faults alone gain next to nothing", () => {
    const firstTouch = effectOver(SEEDS, { contiguityAware: false, order: 0 });
    const limited = effectOver(SEEDS, { contiguityAware: true, order: 0, quirks: ["split-limit"] });
    const lifted = effectOver(SEEDS, { contiguityAware: true, order: 0 });
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(sum(limited)).toBeGreaterThan(0.99 * sum(firstTouch));
    expect(sum(lifted)).toBeLessThan(0.6 * sum(firstTouch));
  });

  it.each([
    [9, [7, 2, 20, 0]],
    [0, [8, 4, 16, 1]],
  ] as const)(
    "order %i on two nodes, a process on each: median of first touch, of ours; fewer, more",
    (order, figures) => {
      const [firstTouch, aware] = effectsOf(order, SEEDS, 2);
      expect([firstTouch!.median, aware!.median, aware!.fewer, aware!.more]).toEqual(figures);
    },
  );
});
