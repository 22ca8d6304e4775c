import { describe, expect, it } from "vitest";
import { Spot } from "../../impl/contiguity/spot.js";
import { spotSystem } from "../../properties/contiguity/spot-system.js";
import { sample } from "../../properties/engine/sample.js";
import { expectExhausted, expectKilled, isSeenToFail } from "./judge.js";

describe("every reachable state", () => {
  it.each(spotSystem.scopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    expectExhausted(spotSystem, scope);
  });
});

it("predicts as the reference does in long traces", () => {
  const [scope] = spotSystem.sampleScopes;
  expect(sample(spotSystem, scope!, { seed: 5, runs: 100 }).verdict).toBe("held");
});

describe("each rule is needed", () => {
  it.each(spotSystem.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))("%s", (_, mutant) => {
    expectKilled(spotSystem, mutant);
  });
});

describe("each claim is seen to fail", () => {
  const claims = [...spotSystem.invariants, ...spotSystem.stepInvariants];
  it.each(claims.map(({ id, name }) => [id, name]))("%s %s", (id) => {
    expect(isSeenToFail(spotSystem, id)).toBe(true);
  });
});

describe("a trace", () => {
  const shape = { sets: 8, ways: 4 };
  const rates = (offsets: readonly number[]): readonly [number, number, number] => {
    const spot = new Spot(new Int32Array(Spot.wordsNeeded(shape)), shape);
    for (const [at, offset] of offsets.entries()) {
      spot.miss({ counter: 1, page: 100 + at, frame: 100 + at - offset, writable: true });
    }
    return [spot.misses, spot.right, spot.squashed];
  };

  it("of one offset is predicted from the third miss on", () => {
    expect(rates(Array(100).fill(-800))).toEqual([100, 98, 0]);
  });

  it("of offsets that alternate is never predicted", () => {
    expect(rates(Array.from({ length: 100 }, (_, at) => 50 * (at % 2)))).toEqual([100, 0, 0]);
  });
});
