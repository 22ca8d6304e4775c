import { describe, expect, it } from "vitest";
import { gigabytes, gigabytesOnTwoNodes } from "../../properties/contiguity/gigabytes.js";
import { contiguity } from "../../properties/contiguity/system.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { sample } from "../../properties/engine/sample.js";

const long = contiguity.scopes.filter(({ effort }) => effort === "long");

describe("every reachable state", () => {
  it.each(long.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(contiguity, scope);
    expect(counterexample).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    const { states, transitions, depth } = exploration!;
    expect({ states, transitions, depth }).toEqual(scope.expected);
  });
});

describe("random commands", () => {
  it.each(contiguity.sampleScopes.map((scope) => [scope.title, scope] as const))("%s", (_, scope) => {
    const { counterexample } = sample(contiguity, scope, { seed: 11, runs: scope.name === "x86-64" ? 20 : 1000 });
    expect(counterexample).toBeUndefined();
  });

  it.each([gigabytes, gigabytesOnTwoNodes])("$title", (scope) => {
    const { counterexample, commands } = sample(contiguity, scope, { seed: 1, runs: 8 });
    expect(counterexample).toBeUndefined();
    expect(commands).toBeGreaterThan(100);
  });
});
