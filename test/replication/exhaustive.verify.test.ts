import { describe, expect, it } from "vitest";
import { exhaust } from "../../properties/engine/exhaust.js";
import { replication } from "../../properties/replication/system.js";

describe("replication, every reachable state of the long scopes, the reference in step on every transition", () => {
  it.each(replication.scopes.filter(({ effort }) => effort === "long"))("$name: $title", (scope) => {
    const { verdict, exploration, counterexample, unreached } = exhaust(replication, scope);
    expect(counterexample?.violation).toBeUndefined();
    expect(verdict).toBe("held");
    expect(unreached).toEqual([]);
    expect(exploration).toMatchObject({ exhausted: true, store: "full", missProbability: 0, inStep: 1 });
    expect(exploration!.actionCounts.every((count) => count > 0)).toBe(true);
    const { states, transitions, depth } = exploration!;
    expect({ states, transitions, depth }).toEqual(scope.expected);
  });
});
