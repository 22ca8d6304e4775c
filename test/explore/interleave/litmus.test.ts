import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Claim } from "../../../explore/interleave/program.js";
import { LITMUS, litmus, reads, X } from "./litmus.js";

describe.each(LITMUS)("$name", ({ name, bodies, allowed, forbidden }) => {
  const expected = [...allowed].sort();

  it("ends in each allowed way and in no forbidden one, by states, by all executions and by sleep sets", () => {
    const byStates = interleave(litmus(name, bodies), reads);
    const byExecutions = enumerateExecutions(litmus(name, bodies), reads, { sleepSets: false });
    const bySleepSets = enumerateExecutions(litmus(name, bodies), reads, { sleepSets: true });
    for (const found of [byStates, byExecutions, bySleepSets]) {
      expect(found.verdict).toBe("held");
      expect(found.outcomes).toEqual(expected);
      for (const outcome of forbidden) expect(found.outcomes).not.toContain(outcome);
    }
    expect(bySleepSets.executions).toBeLessThanOrEqual(byExecutions.executions!);
  });
});

describe("the canary", () => {
  const nothingIsLost: Claim = {
    name: "nothingIsLost",
    violation: (view) => (view.shared[X] === view.threadCount ? undefined : `X is ${view.shared[X]}`),
  };
  const canary = () => litmus("lost update", LITMUS.find(({ name }) => name === "lost update")!.bodies);

  it("loses an update in four turns and two switches, by every method", () => {
    const found = interleave(canary(), { atEnd: [nothingIsLost] });
    expect(found).toMatchObject({
      verdict: "violated",
      claim: null,
      failure: { claim: "nothingIsLost", witness: "X is 1" },
    });
    expect(found.failure).toMatchObject({ schedule: [1, 0, 0, 1], switches: 2, preemptions: 1 });
    expect(found.failure!.minimality).toBe("fewest turns, then fewest switches");
    for (const sleepSets of [false, true]) {
      const other = enumerateExecutions(canary(), { atEnd: [nothingIsLost] }, { sleepSets });
      expect(other).toMatchObject({ verdict: "violated", failure: { claim: "nothingIsLost", witness: "X is 1" } });
    }
  });

  it("is seen to be one: with an atomic add the same claim holds", () => {
    const safe = litmus("update by add", LITMUS.find(({ name }) => name === "update by add")!.bodies);
    expect(interleave(safe, { atEnd: [nothingIsLost] }).verdict).toBe("held");
  });
});
