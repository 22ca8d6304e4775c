import { describe, expect, it } from "vitest";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PENDING_WRITE } from "../../impl/coherency/layout.js";
import { pendingIn } from "../../impl/coherency/vector-layout.js";
import { FairnessSearch } from "../../properties/coherency/fairness.js";
import { lassoOf } from "../../properties/coherency/lasso.js";
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";

const WRITING = ["WPend1", "WPend2", "WRead"] as const;
const everyMode = (["fifo", "unordered"] as const).flatMap((channels) =>
  (["atomic", "delayed"] as const).map((exit) => ({ channels, exit })),
);

describe.each(everyMode)("two kernels, $channels, $exit", (mode) => {
  const isOrdered = mode.channels === "fifo" && mode.exit === "atomic";

  it.each(["normative", "lean"] as const)(
    "starves whom the paper says, and no writer that has its stamp: %s",
    (profile) => {
      const search = new FairnessSearch(configuration({ ...mode, rules: PROFILES[profile] }), 10_000);
      for (const victim of [0, 1]) {
        const states = (question: Parameters<typeof search.starvation>[1]) =>
          search.starvation(victim, question).victimStates;
        expect(states({ access: "read", noOlderStamps: false })).toEqual(isOrdered ? [] : ["InvRead1", "InvRead2"]);
        expect(states({ access: "write", noOlderStamps: true })).toEqual(
          isOrdered ? ["Shared", "Invalid", "InvRead1"] : ["Shared", "Invalid", "InvRead1", "InvRead2"],
        );
        expect(states({ access: "write", noOlderStamps: true, within: WRITING })).toEqual([]);
        expect(states({ access: "write", noOlderStamps: false, within: WRITING })).not.toEqual([]);
      }
    },
  );

  it("lets no writer lose for ever when the newest stamp is the youngest", () => {
    const search = new FairnessSearch(configuration({ ...mode, stamps: "perfect" }), 10_000);
    expect(search.starvation(0, { access: "write", noOlderStamps: false, within: WRITING }).victimStates).toEqual([]);
  });

  it("lets a writer lose for ever to older stamps when clocks only rise, each by itself, without bound between", () => {
    const search = new FairnessSearch(configuration({ ...mode, stamps: "monotone" }), 10_000);
    const question = { access: "write", within: WRITING } as const;
    expect(search.starvation(0, { ...question, noOlderStamps: false }).victimStates).not.toEqual([]);
    expect(search.starvation(0, { ...question, noOlderStamps: true }).victimStates).toEqual([]);
  });
});

it("shows the starving writer as a lasso that can be walked", () => {
  const scope = configuration({ channels: "unordered", exit: "delayed" });
  const search = new FairnessSearch(scope, 10_000);
  const starvation = search.starvation(0, { access: "write", noOlderStamps: false, within: WRITING });
  const { stem, cycle } = lassoOf(search.graph, starvation.region, starvation.parts[0]!);
  const machine = new ExploredCluster(scope);
  const walk = (actions: readonly number[]) => {
    for (const action of actions) {
      expect(machine.enabled(action)).toBe(true);
      machine.perform(action);
    }
  };
  machine.initialise();
  walk(stem);
  const before = machine.words.slice(0, machine.stateWords);
  for (const action of cycle) {
    walk([action]);
    expect(pendingIn(machine.words, 0)).toBe(PENDING_WRITE);
  }
  expect(machine.words.slice(0, machine.stateWords)).toEqual(before);
  expect(cycle.length).toBeGreaterThan(0);
});
