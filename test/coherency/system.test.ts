/** The protocol behind the interface that all engines share. */
import { expect, it } from "vitest";
import { huntForStory } from "../../properties/coherency/mutant-story.js";
import { searchCoherency } from "../../properties/coherency/search.js";
import { type CoherencyShape, configurationOfShape } from "../../properties/coherency/shape.js";
import { coherency } from "../../properties/coherency/system.js";
import { storyOfViolation } from "../../properties/coherency/whole-space.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { replay } from "../../properties/engine/replay.js";
import { mutantResults } from "./mutant-results.js";

const literal: CoherencyShape = {
  kernels: 2,
  channels: "unordered",
  exit: "atomic",
  profile: "literal",
  without: null,
  claim: null,
};

it("has the same spaces under the common engine, every claim and the reference included", () => {
  for (const scope of coherency.scopes.filter(({ effort }) => effort === "quick")) {
    const { verdict, exploration } = exhaust(coherency, { ...scope, shape: { ...scope.shape, claim: "P9" } });
    expect(verdict).toBe("held");
    expect(exploration).toMatchObject({ ...scope.expected!, inStep: 1, exhausted: true });
  }
});

it("sees a mutant as a disagreement with the reference, which does not know it", () => {
  const [scope] = coherency.scopes.filter(({ name }) => name === "normative-2-unordered-atomic");
  const { counterexample } = exhaust(coherency, scope!, { without: "void-says-nothing" });
  expect(["answer", "meaning"]).toContain(counterexample!.violation.invariant);
});

it("tells a run from which an access cannot be completed any more, before it is a deadlock", () => {
  const { violations } = searchCoherency(configurationOfShape(literal), { collect: true });
  const deadlock = violations.find(({ invariant }) => invariant.startsWith("P8"))!;
  const violation = { ...deadlock, kind: "progress", invariant: "P9 accessCanComplete K0" } as const;
  const document = storyOfViolation(literal, deadlock.path, violation);
  expect(document.violation).toMatchObject({ invariant: "P9", step: 17 });
  expect(replay(coherency, document)).toMatchObject({ verdict: "recurs", step: 17 });
});

it("tells what only three kernels show, found modulo renaming", () => {
  const mutant = coherency.mutants.find(({ id }) => id === "void-says-fetching")!;
  const { counterexample, exhausted } = huntForStory(mutant);
  expect(exhausted).toHaveLength(4);
  expect(`${counterexample!.violation.invariant}:${counterexample!.steps.length}`).toBe("P4:17");
  expect(mutantResults[mutant.id]).toContain("| P4:17");
  expect(replay(coherency, counterexample!)).toMatchObject({ verdict: "recurs", step: 17 });
});

it("refuses a document whose shape it does not know", () => {
  expect(() => coherency.twin({ ...literal, channels: "lifo" })).toThrow(
    'channels is "lifo": expected fifo or unordered',
  );
  expect(() => coherency.twin({ ...literal, kernels: 9 })).toThrow("kernels is 9: expected an integer from 2 to 5");
  expect(() => coherency.twin(literal, "none")).toThrow("coherency has no mutant none");
});
