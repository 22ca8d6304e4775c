import { describe, expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { type ToyState, toy } from "./toy.js";

const scope = toy.scopes[0]!;

describe("exhaust", () => {
  it("exhausts 4 values, locked or not, the reference in step on every transition", () => {
    const { verdict, exploration, counterexample, unreached } = exhaust(toy, scope);
    expect({ verdict, counterexample, unreached }).toEqual({
      verdict: "held",
      counterexample: undefined,
      unreached: [],
    });
    // 4 unlocked states with 4 writes, lock, read; 4 locked ones with unlock, read.
    expect(exploration).toMatchObject({
      states: 8,
      transitions: 32,
      depth: 2,
      exhausted: true,
      inStep: 1,
      store: "full",
    });
  });

  it.each([
    ["T1", "T-agree", ["write 1"]], // the set-up itself
    ["T2", "meaning", ["write 3"]],
    ["T3", "answer", ["write 1"]],
    ["T4", "meaning", ["write 1"]],
    ["T7", "answer", ["lock", "write 0"]],
  ])("finds a shortest story for mutant %s: %s", (without, invariant, says) => {
    const { verdict, counterexample } = exhaust(toy, scope, { without });
    expect(verdict).toBe("violated");
    expect(counterexample?.violation.invariant).toBe(invariant);
    expect(counterexample?.steps.map((step) => step.says)).toEqual(says);
  });

  it("finds a broken step invariant without the reference", () => {
    const { exploration } = exhaust(toy, scope, { without: "T7", inStep: false });
    expect(exploration).toMatchObject({ inStep: 0, violations: [{ kind: "step", invariant: "T-locked" }] });
  });

  it("reports a throwing implementation as a violation", () => {
    const { counterexample } = exhaust(toy, scope, { without: "T6" });
    expect(counterexample?.violation).toMatchObject({
      invariant: "thrown",
      witness: ["the implementation threw: Error: 3 is special"],
    });
  });

  it("says unfinished when the limit cuts it", () => {
    expect(exhaust(toy, scope, { states: 5 })).toMatchObject({
      verdict: "unfinished",
      exploration: { exhausted: false },
    });
  });

  it("reports a state that had to occur and does not", () => {
    const vain = { ...scope, sometimes: [{ name: "value 9", holds: ({ value }: ToyState) => value === 9 }] };
    expect(exhaust(toy, vain)).toMatchObject({
      verdict: "violated",
      unreached: ["value 9"],
      counterexample: undefined,
    });
  });

  it("reports a transition that had to occur and does not", () => {
    const happens = [1, 2].map((count) => ({
      name: `${count} writes in one transition`,
      holds: ({ statistics }: ToyState) => statistics.writes === count,
    }));
    expect(exhaust(toy, { ...scope, happens })).toMatchObject({
      verdict: "violated",
      unreached: ["2 writes in one transition"],
      counterexample: undefined,
    });
    expect(exhaust(toy, { ...scope, happens: happens.slice(0, 1) })).toMatchObject({ verdict: "held", unreached: [] });
  });
});
