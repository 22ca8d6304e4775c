/** The twins of SpOT on the same trace of misses, and what makes a prediction safe (7.4). */
import fc from "fast-check";
import { SPOT_RULES, Spot, type SpotRules } from "../../impl/contiguity/spot.js";
import { initialSpot, miss } from "../../model/contiguity/spot.js";
import type { Miss, Prediction, SpotShape } from "../../vocabulary/contiguity/spot.js";

const SMALL: SpotShape = { sets: 2, ways: 2 };

/** Few counters that share sets, offsets that stay for a while. */
export const traces: fc.Arbitrary<readonly Miss[]> = fc
  .array(
    fc.record({
      counter: fc.integer({ min: 0, max: 7 }),
      page: fc.integer({ min: 100, max: 110 }),
      offset: fc.constantFrom(0, 0, 0, 7, -2000),
      writable: fc.constantFrom(true, true, true, false),
    }),
    { maxLength: 60 },
  )
  .map((misses) => misses.map(({ offset, ...rest }) => ({ ...rest, frame: rest.page - offset })));

/** What the implementation answers to a trace. */
export function predictions(
  trace: readonly Miss[],
  rules: SpotRules = SPOT_RULES,
  shape = SMALL,
): readonly Prediction[] {
  const spot = new Spot(new Int32Array(Spot.wordsNeeded(shape)), shape, rules);
  return trace.map((found) => spot.miss(found));
}

/** The reference's answers differ at these misses. */
export function spotDisagreements(trace: readonly Miss[], rules: SpotRules = SPOT_RULES): readonly number[] {
  let state = initialSpot(SMALL);
  const answers = predictions(trace, rules);
  return trace.flatMap((found, index) => {
    const expected = miss(state, found);
    state = expected.state;
    return JSON.stringify(expected.prediction) === JSON.stringify(answers[index]) ? [] : [index];
  });
}

/** Speculation is invisible unless the walk agrees: a prediction that counts as right names the walk's frame. */
export function visibleMistakes(trace: readonly Miss[], rules: SpotRules = SPOT_RULES): readonly number[] {
  return predictions(trace, rules).flatMap((prediction, index) =>
    prediction.kind === "right" && prediction.frame !== trace[index]!.frame ? [index] : [],
  );
}

/** The share of misses that were predicted right. */
export function predictionRate(trace: readonly Miss[], shape: SpotShape): number {
  const right = predictions(trace, SPOT_RULES, shape).filter(({ kind }) => kind === "right").length;
  return trace.length === 0 ? 0 : right / trace.length;
}
