import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Counterexample } from "../../properties/engine/counterexample.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { replay } from "../../properties/engine/replay.js";
import { runScenario } from "../../properties/engine/scenario.js";
import { everyThreadCanFinish } from "../../properties/migration/progress.js";
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

/** What a mutant breaks when only the claims of these ids or names judge; undefined where they hold in the exhausted scope. */
function brokenBy(mutant: string, claims: readonly string[], scope: string): string | undefined {
  const isAsked = ({ id, name }: { readonly id: string; readonly name: string }) =>
    claims.includes(id) || claims.includes(name);
  const judged = {
    ...migration,
    invariants: migration.invariants.filter(isAsked),
    stepInvariants: migration.stepInvariants.filter(isAsked),
  };
  const found = migration.scopes.find(({ name }) => name === scope)!;
  const { exploration, verdict } = exhaust(judged, found, { without: mutant, inStep: false });
  expect(verdict).not.toBe("unfinished");
  const [violation] = exploration!.violations.filter(({ kind }) => kind !== "sometimes");
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
    ["creation-clears-copies", "late-reader", "P4 after 22"],
    ["creation-clears-copies", "late-reader-newest", "P4 after 29"],
  ] as const)("%s in %s: %s", (mutant, scope, expected) => {
    expect(brokenBy(mutant, PROTOCOL, scope)).toBe(expected);
  });
});

describe("each claim fails by a mutant, alone and without the reference", () => {
  it.each([
    ["concurrentArrivalsMakeOneProcess", "blind-to-construction", "crossing", 4],
    ["oneProcessPerKernel", "search-by-thread", "return", 8],
    ["threadIsInOnePlace", "source-keeps-thread", "crossing", 1],
    ["arrivalJoinsOrCreates", "no-sigfork", "crossing", 4],
    ["memberMakesRoom", "past-its-members", "crossing", 6],
    ["noMessageOnOneKernel", "on-from-the-start", "first-span", 1],
    ["pagesInUseStay", "on-as-shared", "first-span", 2],
    ["everyProcessReplicates", "newcomer-off", "first-span", 4],
    ["copiesLieInProcesses", "pages-go-along", "first-span", 2],
    ["makingAProcessChangesNoCopy", "creation-clears-copies", "late-newcomer", 11],
    ["departureLeavesAllInPlace", "departure-drops-copies", "return-to-copies", 7],
    ["processStandsToTheEnd", "off-again", "return-to-copies", 8],
    ["onlyTheEndReaps", "early-reaping", "return-to-copies", 8],
    ["nothingIsUnderWayAtTheEnd", "early-reaping", "exits", 8],
    ["everyThreadGoesOn", "members-only", "return", 8],
  ] as const)("%s: %s in %s", (claim, mutant, scope, steps) => {
    expect(brokenBy(mutant, [claim], scope)?.split(" after ")[1]).toBe(String(steps));
  });
});

describe("every thread can come to the end of its program, from every state", () => {
  it.each(quick.map((scope) => [scope.name, scope] as const))("%s", (_, scope) => {
    const { verdict, exhausted, states } = everyThreadCanFinish(scope);
    expect({ verdict, exhausted, states }).toEqual({
      verdict: "held",
      exhausted: true,
      states: scope.expected!.states,
    });
  });

  it("but not if only a member can make room", () => {
    const { verdict, violations } = everyThreadCanFinish(quick[0]!, "members-only");
    expect([verdict, violations[0]?.invariant]).toEqual(["violated", "thread 0 can finish"]);
  });
});

it.each(["migration-M1-search_by_thread-4a1b65b0", "migration-L1-members_only-70e7aa09"])(
  "the kept finding %s recurs",
  (name) => {
    const document = JSON.parse(readFileSync(`docs/findings/${name}.json`, "utf8")) as Counterexample;
    expect(replay(migration, document)).toMatchObject({ verdict: "recurs", step: 8 });
  },
);
