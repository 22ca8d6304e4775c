import { describe, expect, it } from "vitest";
import { effectOver } from "../../properties/contiguity/effect.js";

describe("two processes that fault in turns, on a fragmented memory, over a few seeds", () => {
  it.each([
    [9, 6],
    [0, 2],
  ] as const)("order %i: fewer ranges for 99 percent than first touch, with each of %i seeds", (order, seeds) => {
    const firstTouch = effectOver(seeds, { contiguityAware: false, order });
    const aware = effectOver(seeds, { contiguityAware: true, order });
    expect(aware.every((count, index) => count < firstTouch[index]!)).toBe(true);
  });
});
