import { describe, expect, it } from "vitest";
import { Pair } from "../../properties/engine/pair.js";
import { sample } from "../../properties/engine/sample.js";
import { shrink } from "../../properties/engine/shrink.js";
import { type ToyOperation, toy } from "./toy.js";

const scope = toy.sampleScopes[0]!;

describe("sample", () => {
  it("draws commands that do not evaporate, from every item of the menu", () => {
    const { verdict, runs, commands, taken } = sample(toy, scope, { seed: 7, runs: 200 });
    expect({ verdict, runs }).toEqual({ verdict: "held", runs: 200 });
    expect(commands).toBeGreaterThan((runs * scope.commandsMax) / 3);
    expect(Object.values(taken).reduce((sum, count) => sum + count, 0)).toBe(commands);
    expect(Math.min(...Object.values(taken))).toBeGreaterThan(commands / 20);
  });

  it("gives the same result for the same seed, byte for byte, and another for another", () => {
    const text = (seed: number) => JSON.stringify(sample(toy, scope, { seed, runs: 50, without: "T2" }));
    expect(text(3)).toBe(text(3));
    const counts = (seed: number) => sample(toy, scope, { seed, runs: 50 }).commands;
    expect(counts(3)).not.toBe(counts(4));
  });

  it.each([
    ["T2", "meaning", ["write 3"]],
    ["T6", "thrown", ["write 3"]],
  ])("kills mutant %s with %s and shrinks it to %j", (without, invariant, says) => {
    const { counterexample } = sample(toy, scope, { seed: 1, runs: 100, without });
    expect(counterexample).toMatchObject({ minimality: "1-minimal", seed: 1, violation: { invariant } });
    expect(counterexample?.steps.map((step) => step.says)).toEqual(says);
  });

  it("does not see that an implementation allows more than it should: nobody asks for what is not enabled", () => {
    expect(sample(toy, scope, { seed: 1, runs: 100, without: "T7" }).verdict).toBe("held");
  });

  it("tells a set-up that breaks a claim as the story itself", () => {
    const { counterexample } = sample(toy, scope, { seed: 1, runs: 5, without: "T3" });
    expect(counterexample?.scope.setup).toEqual([]);
    expect(counterexample?.steps.map((step) => step.says)).toEqual(["write 1"]);
  });

  it("does not take what is drawn where it is not enabled", () => {
    const blind = { ...scope, menu: [{ name: "unlock", draw: (): ToyOperation => ({ kind: "unlock", cpu: 0 }) }] };
    expect(sample(toy, blind, { seed: 1, runs: 5 })).toMatchObject({
      verdict: "held",
      commands: 0,
      taken: { unlock: 0 },
    });
  });
});

describe("shrink", () => {
  const write = (value: number): ToyOperation => ({ kind: "write", cpu: 1, value });

  it("finds the two steps that matter under two hundred that do not", () => {
    const noise = Array.from(
      { length: 200 },
      (_, i): ToyOperation => (i % 3 === 0 ? write(i % 3) : { kind: "read", cpu: i % 2 }),
    );
    const operations = [...noise, { kind: "lock", cpu: 1 } as const, { kind: "read", cpu: 0 } as const, write(2)];
    const breach = new Pair(toy, scope.shape, "T7");
    breach.begin(operations.slice(0, -1));
    const offer = breach.offer(operations.at(-1)!);
    if (typeof offer === "string") throw new Error("the last step must be disputed");
    const shrunk = shrink(toy, { shape: scope.shape, setup: [] }, operations, offer, "T7");
    expect(shrunk).toMatchObject({
      isMinimal: true,
      operations: [
        { kind: "lock", cpu: 0 },
        { kind: "write", cpu: 0, value: 0 },
      ],
    });
    expect(shrunk.attempts).toBeLessThan(120);
  });

  it("leaves a list as it is whose every step is needed", () => {
    const breach = { invariant: "meaning", name: "", why: "", witness: [] };
    expect(shrink(toy, { shape: {}, setup: [] }, [write(3)], breach, "T2").operations).toEqual([
      { kind: "write", cpu: 0, value: 3 },
    ]);
  });
});
