/** The spaces whose counts other tools have counted too (SPIN, Rumur, TLC; Stateright). */
import { describe, expect, it } from "vitest";
import { German, germanChecks } from "../../bench/peers/german.js";
import { explore } from "../../explore/index.js";
import { TwoPhaseCommit, twoPhaseCommitChecks } from "./toys/two-phase-commit.js";

describe.each(["full", "fingerprint"] as const)("explore with the %s store", (store) => {
  it("exhausts German's protocol with 4 caches: 1,105,353 states, 5,921,856 transitions, depth 42", () => {
    const machine = new German(4);
    const { memory, ...found } = explore(machine, germanChecks(machine), { store });
    expect(found).toMatchObject({
      verdict: "held",
      exhausted: true,
      states: 1_105_353,
      transitions: 5_921_856,
      depth: 42,
    });
    expect(memory.set / found.states).toBeLessThanOrEqual(store === "full" ? 4 * machine.stateWords + 12 : 24);
  });

  it("finds the states of two-phase commit with 8 resource managers: 1,745,408", () => {
    const machine = new TwoPhaseCommit(8);
    const found = explore(machine, twoPhaseCommitChecks(machine), { store });
    expect(found).toMatchObject({ verdict: "held", exhausted: true, states: 1_745_408 });
  });
});
