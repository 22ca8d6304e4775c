import { describe, expect, it } from "vitest";
import { sample } from "../../properties/engine/sample.js";
import { runScenario } from "../../properties/engine/scenario.js";
import { publicationMutants } from "../../properties/replication/publication/interleaved-mutants.js";
import { replication } from "../../properties/replication/system.js";

const SEED = 20;
const RUNS: Readonly<Record<string, number>> = {
  crowded: 200,
  starved: 400,
  "x86-64": 20,
  "five-levels": 15,
  "eight-nodes": 60,
  "offline-nodes": 100,
};

describe("replication at random, both twins, all comparisons", () => {
  it.each(replication.sampleScopes)("$name: $title", (scope) => {
    const found = sample(replication, scope, { seed: SEED, runs: RUNS[scope.name]! });
    expect(found.counterexample?.violation).toBeUndefined();
    expect(found.verdict).toBe("held");
    expect(found.runs).toBe(RUNS[scope.name]);
    // Commands are drawn against the state: none of them evaporates, and everything on the menu comes up.
    const taken = Object.values(found.taken);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(found.commands);
    const offered = Object.entries(found.taken).filter(
      ([name]) => name !== "kernelEntry" || scope.shape.kernelRootEntries !== 0,
    );
    if (found.commands > 5_000) expect(offered.filter(([, count]) => count === 0)).toEqual([]);
  });
});

describe("replication, kept stories", () => {
  it.each(replication.scenarios)("$id: $title", (scenario) => {
    expect(runScenario(replication, scenario)).toEqual({ verdict: "held", steps: scenario.steps.length });
  });

  it("leaves no regression of the specification unaccounted for", () => {
    const told = replication.scenarios.map(({ id }) => id);
    const scheduled = publicationMutants.flatMap(({ rule }) => /\((B\d+)\)/.exec(rule)?.[1] ?? []);
    const elsewhere = ["B29"]; // the page cache's count: M46
    const notModelled = ["B9", "B20", "B21", "B23", "B25", "B28"];
    const ids = [...told, ...scheduled, ...elsewhere, ...notModelled].filter((id) => id.startsWith("B"));
    const all = Array.from({ length: 34 }, (_, at) => `B${at + 1}`);
    expect([...new Set(ids)].sort()).toEqual(all.sort());
    expect(new Set(told).size).toBe(told.length);
  });
});
