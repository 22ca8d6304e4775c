import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { interleave } from "../../explore/interleave/interleave.js";
import { contiguity } from "../../properties/contiguity/system.js";
import { threadPrograms } from "../../properties/contiguity/threads/interleaved.js";
import { threadMutants, threadScopes } from "../../properties/contiguity/threads/scopes.js";
import type { Counterexample } from "../../properties/engine/counterexample.js";
import { hunt } from "../../properties/engine/hunt.js";
import { interleaveScope } from "../../properties/engine/interleave.js";
import { replaySchedule } from "../../properties/engine/interleaved-story.js";

describe("all schedules of threads in one fault", () => {
  it.each(threadPrograms.filter(({ effort }) => effort === "quick"))("$name: $title", (each) => {
    const found = interleave(each.program(), each.claims);
    expect(found.failure).toBeNull();
    expect(found).toMatchObject({ verdict: "held", bound: null, store: "full", ...each.expected });
    expect(found.claim).toContain("Complete because every shared access went through the port");
  });
});

/** Turns of the shortest schedule that kills each. */
const TURNS: Readonly<Record<string, number>> = {
  "one-places": 20,
  "look-behind-guard": 33,
  "placing-counted-at-once": 31,
  "huge-in-progress": 26,
  "unlocked-placement": 52,
  "table-locked": 43,
  "one-zone-at-a-time": 16,
  "allocation-locked": 46,
  "sole-user-keeps": 32,
  "loser-gives-back": 29,
};

describe("each rule that only threads need", () => {
  it.each(threadMutants)("$id: $rule", (mutant) => {
    const { verdict, unexpected, counterexample } = hunt(contiguity, mutant, { seed: 1, runs: 0 });
    expect([verdict, unexpected]).toEqual(["killed", false]);
    expect(counterexample!.steps).toHaveLength(TURNS[mutant.id]!);
  });

  it("placing-returns: after a failed fault the area never places again, whatever the kernel gives back meanwhile", () => {
    const scope = threadScopes.find(({ name }) => name === "huge, huge / give")!;
    const { counterexample } = interleaveScope(contiguity, scope, { without: "placing-returns", only: ["A6"] });
    expect(counterexample!.violation.witness).toEqual(["area 0: 0"]);
  });

  it("unlocked-placement: the walk over the map may also meet a range that another fault is taking apart", () => {
    const scope = threadScopes.find(({ name }) => name === "huge / huge, first faults")!;
    const { counterexample } = interleaveScope(contiguity, scope, { without: "unlocked-placement" });
    expect(counterexample!.steps.some(({ answer }) => answer === "returns -2")).toBe(true);
  });
});

it("the schedule that is kept of two areas placed at the same frames still goes that way", () => {
  const kept = readFileSync("docs/findings/contiguity-A27-unlocked_placement-63887765.json", "utf8");
  const { verdict } = replaySchedule(contiguity, JSON.parse(kept) as Counterexample);
  expect(verdict).toBe("recurs");
});
