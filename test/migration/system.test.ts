import { describe, expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { replay } from "../../properties/engine/replay.js";
import { runScenario } from "../../properties/engine/scenario.js";
import { migration } from "../../properties/migration/system.js";

const quick = migration.scopes.filter(({ effort }) => effort === "quick");

describe("every interleaving of small programs, the reference in step", () => {
  it.each(quick.map((scope) => [scope.name, scope] as const))("%s", (_, scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(migration, scope);
    expect(counterexample?.violation).toBeUndefined();
    expect([verdict, unreached]).toEqual(["held", []]);
    expect(exploration).toMatchObject({ ...scope.expected!, exhausted: true, store: "full", inStep: 1 });
  });

  it("takes every kind of step somewhere", () => {
    const taken = new Set(
      quick.flatMap((scope) => {
        const { actionCounts } = exhaust(migration, scope, { inStep: false }).exploration!;
        return scope.actions.flatMap(([operation], action) => (actionCounts[action]! > 0 ? [operation!.kind] : []));
      }),
    );
    expect([...taken].sort()).toEqual(
      ["adopt", "arrive", "create", "exit", "fork", "migrate", "protocol", "read", "reap", "spawn", "write"].sort(),
    );
  });

  it.each(migration.scenarios.map((scenario) => [scenario.title, scenario] as const))("%s", (_, scenario) => {
    expect(runScenario(migration, scenario)).toEqual({ verdict: "held", steps: scenario.steps.length });
  });
});

describe("each rule is needed", () => {
  it.each(migration.mutants.map((mutant) => [`${mutant.id}: ${mutant.rule}`, mutant] as const))("%s", (_, mutant) => {
    const { verdict, unexpected, counterexample } = hunt(migration, mutant, { seed: 1, runs: 1 });
    expect([verdict, unexpected]).toEqual(["killed", false]);
    expect(counterexample!.minimality).toBe("shortest");
    expect(replay(migration, counterexample!).verdict).toBe("recurs");
  });

  it("and so is each of M1 to M7: a mutant falls by it", () => {
    const killers = new Set(migration.mutants.flatMap((mutant) => mutant.killers));
    expect(["M1", "M2", "M3", "M4", "M5", "M6", "M7", "L1"].filter((id) => !killers.has(id))).toEqual([]);
  });
});

/** What a mutant breaks when only the claims of these ids judge; undefined where they hold in the exhausted scope. */
function brokenBy(mutant: string, ids: readonly string[], scope: string): string | undefined {
  const judged = {
    ...migration,
    invariants: migration.invariants.filter(({ id }) => ids.includes(id)),
    stepInvariants: migration.stepInvariants.filter(({ id }) => ids.includes(id)),
  };
  const found = migration.scopes.find(({ name }) => name === scope)!;
  const { exploration, verdict } = exhaust(judged, found, { without: mutant, inStep: false });
  expect(verdict).not.toBe("unfinished");
  const [violation] = exploration?.violations.filter(({ kind }) => kind !== "sometimes") ?? [];
  return violation && `${violation.invariant} after ${violation.path.length}`;
}

const PROTOCOL = ["P1", "P2", "P3", "P4", "P5", "P7", "P8", "L1"];

describe("what the protocol's own claims see of a rule of migration", () => {
  it.each([
    ["on-without-its-pages", "first-span", "P4 after 5"],
    ["pages-go-along", "first-span", undefined],
    ["on-as-shared", "first-span", undefined],
    ["departure-drops-copies", "return-to-copies", "P5 after 10"],
    ["creation-clears-copies", "late-newcomer", undefined],
  ] as const)("%s in %s: %s", (mutant, scope, expected) => {
    expect(brokenBy(mutant, PROTOCOL, scope)).toBe(expected);
  });
});

describe("rules of who may do what, without the reference", () => {
  it.each([
    ["past-its-members", "crossing", "M3 after 6"],
    ["early-reaping", "return-to-copies", "M7 after 8"],
    ["on-from-the-start", "first-span", undefined],
  ] as const)("%s in %s: %s", (mutant, scope, expected) => {
    expect(brokenBy(mutant, ["M3", "M7"], scope)).toBe(expected);
  });
});
