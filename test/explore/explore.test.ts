/** The engine on toys whose answers are known. */
import { describe, expect, it } from "vitest";
import { German, germanChecks } from "../../bench/peers/german.js";
import { type Checks, explore, type Machine, replay } from "../../explore/index.js";
import { ACTIONS, counterCountsTheFinished, LostUpdate } from "./toys/lost-update.js";
import { clock, crossedLocks, machineOf } from "./toys/machine-of.js";
import { TwoPhaseCommit, twoPhaseCommitChecks } from "./toys/two-phase-commit.js";

const STORES = ["full", "fingerprint"] as const;

describe.each(STORES)("explore with the %s store", (store) => {
  it("finds the 13 states of two threads that increment once", () => {
    const found = explore(new LostUpdate(), {}, { store });
    expect(found).toMatchObject({ verdict: "held", exhausted: true, states: 13, transitions: 14, depth: 4 });
  });

  it("finds the lost update by its shortest path", () => {
    const machine = new LostUpdate();
    const found = explore(machine, { always: [counterCountsTheFinished(machine)] }, { store });
    expect(found).toMatchObject({ verdict: "violated", exhausted: false });
    expect(found.violations).toHaveLength(1);
    const { kind, invariant, witness, path } = found.violations[0]!;
    expect({ kind, invariant, witness }).toEqual({
      kind: "state",
      invariant: "counterCountsTheFinished",
      witness: "counter 1, finished 2",
    });
    expect(path.map((action) => ACTIONS[action])).toEqual(["A.Read", "B.Read", "A.Write", "B.Write"]);
  });

  it.each([
    [3, 288],
    [5, 8_832],
  ])("finds the states of two-phase commit with %i resource managers: %i", (resources, states) => {
    const machine = new TwoPhaseCommit(resources);
    const found = explore(machine, twoPhaseCommitChecks(machine), { store });
    expect(found).toMatchObject({ verdict: "held", states, sometimes: { allCommit: true, allAbort: true } });
  });

  it.each([
    [2, 3_381, 9_888, 26],
    [3, 58_077, 235_764, 34],
  ])(
    "exhausts German's protocol with %i caches: %i states, %i transitions, depth %i",
    (caches, states, transitions, depth) => {
      const machine = new German(caches);
      const found = explore(machine, germanChecks(machine), { store });
      expect(found).toMatchObject({ verdict: "held", exhausted: true, states, transitions, depth, violations: [] });
      expect(found.actionCounts.reduce((sum, count) => sum + count)).toBe(transitions);
      expect(found.actionCounts.every((count) => count > 0)).toBe(true);
    },
  );

  it("states how likely a miss is: never in full mode, by the birthday bound for 64 bits otherwise", () => {
    const found = explore(new German(2), {}, { store });
    expect(found.store).toBe(store);
    expect(found.missProbability).toBe(store === "full" ? 0 : (3_381 * 3_380) / 2 / 2 ** 64);
  });

  it("counts an action that leads back to its state, and goes round", () => {
    const found = explore(clock(5), {}, { store });
    expect(found).toMatchObject({ states: 5, transitions: 10, depth: 4, actionCounts: [5, 5] });
  });

  it("never splits states by their statistics, and shows each step the difference alone", () => {
    const machine = machineOf({
      stateWords: 1,
      statisticsWords: 2,
      actions: [
        {
          effect(words) {
            words[0] = (words[0]! + 1) % 3;
            words[2]! += words[0]! + 1;
          },
        },
      ],
    });
    const seen: number[][] = [];
    const steps = [
      {
        name: "watch",
        violation(before: Int32Array) {
          seen.push([before.length, before[0]!, ...machine.words]);
          return undefined;
        },
      },
    ];
    const atRest = [
      { name: "clear", violation: () => (machine.words.subarray(1).some((word) => word !== 0) ? "dirt" : undefined) },
    ];
    const found = explore(machine, { steps, always: atRest }, { store });
    expect(found).toMatchObject({ verdict: "held", states: 3, transitions: 3 });
    expect(seen).toEqual([
      [1, 0, 1, 0, 2],
      [1, 1, 2, 0, 3],
      [1, 2, 0, 0, 1],
    ]);
  });

  it("calls a search that a limit cut unfinished, and one that just fits held", () => {
    expect(explore(new German(2), {}, { store, states: 3_380 })).toMatchObject({
      verdict: "unfinished",
      exhausted: false,
      states: 3_380,
    });
    expect(explore(new German(2), {}, { store, states: 3_381 })).toMatchObject({ verdict: "held", exhausted: true });
    expect(explore(clock(2), {}, { store, states: 1 })).toMatchObject({ verdict: "unfinished", states: 1 });
  });

  it.each(["time", "memory"] as const)("ends with what it has reached when %s has run out", (resource) => {
    let left = 20;
    const found = explore(new German(2), {}, { store, ranOut: () => (left-- === 0 ? resource : undefined) });
    expect(found).toMatchObject({ verdict: "unfinished", exhausted: false, limit: resource, violations: [] });
    expect(found.states).toBeGreaterThan(100);
    expect(found.states).toBeLessThan(3_381);
    expect(explore(new German(2), {}, { store, ranOut: () => undefined }).limit).toBeNull();
    expect(explore(new German(2), {}, { store, states: 9 }).limit).toBe("states");
  });

  it.each(["a claim", "an action"])("ends likewise when %s cannot have an array", (who) => {
    const machine = clock(50);
    const failing = (): string | undefined => {
      if (machine.words[0] === 30) throw new RangeError("Array buffer allocation failed");
      return undefined;
    };
    const { perform } = machine;
    if (who === "an action") machine.perform = (action) => failing() ?? perform.call(machine, action);
    const always = who === "a claim" ? [{ name: "fits", violation: failing }] : [];
    const found = explore(machine, { always }, { store });
    expect(found).toMatchObject({ verdict: "unfinished", limit: "memory", violations: [], states: 31 });
  });

  it("does not blame a sometimes on a search that a limit cut", () => {
    const never = [{ name: "never", holds: () => false }];
    const found = explore(clock(5), { sometimes: never }, { store, states: 4 });
    expect(found).toMatchObject({ verdict: "unfinished", violations: [], sometimes: { never: false } });
  });

  it("reports a sometimes that never is", () => {
    const machine = clock(5);
    const sometimes = [
      { name: "four", holds: () => machine.words[0] === 4 },
      { name: "five", holds: () => machine.words[0] === 5 },
    ];
    const found = explore(machine, { sometimes }, { store });
    expect(found).toMatchObject({ verdict: "violated", exhausted: true, sometimes: { four: true, five: false } });
    expect(found.violations).toMatchObject([{ kind: "sometimes", invariant: "five", path: [] }]);
  });

  it("reports the deadlock of crossed locks, and not the proper end", () => {
    const machine = crossedLocks();
    const isOver = () => machine.words[2] === 3 && machine.words[3] === 3;
    const found = explore(machine, { deadlockAllowed: isOver }, { store });
    expect(found.violations).toMatchObject([{ kind: "deadlock", invariant: "noDeadlock", path: [0, 3] }]);
    expect(explore(machine, {}, { store }).verdict).toBe("held");
    expect(explore(machine, { deadlockAllowed: () => true }, { store }).verdict).toBe("held");
  });

  it("reports the stuck state of crossed locks as missing progress too", () => {
    const machine = crossedLocks();
    const wants = {
      name: "bothFinish",
      pending: () => true,
      granted: () => machine.words[2] === 3 && machine.words[3] === 3,
    };
    const found = explore(machine, { progress: [wants] }, { store });
    expect(found.violations).toMatchObject([{ kind: "progress", invariant: "bothFinish", path: [0, 3] }]);
    expect(found.exhausted).toBe(true);
  });

  it("reports the step that breaks a step invariant, also where it changes no state word", () => {
    const machine = clock(5);
    const moves = {
      name: "moves",
      violation: (before: Int32Array) => (before[0] === machine.words[0] ? `stays at ${before[0]}` : undefined),
    };
    const found = explore(machine, { steps: [moves] }, { store });
    expect(found.violations).toEqual([{ kind: "step", invariant: "moves", witness: "stays at 0", path: [1] }]);
  });

  it("reports an action that throws, with the way to it", () => {
    const machine = machineOf({
      stateWords: 1,
      actions: [
        {
          effect(words) {
            words[0]!++;
            if (words[0] === 4) throw new Error("four is unreachable");
          },
        },
      ],
    });
    const found = explore(machine, {}, { store });
    expect(found.violations).toEqual([
      { kind: "thrown", invariant: "performDoesNotThrow", witness: "Error: four is unreachable", path: [0, 0, 0, 0] },
    ]);
  });

  it("fails the canary: an invariant that no initial state satisfies", () => {
    const found = explore(clock(5), { always: [{ name: "canary", violation: () => "sings" }] }, { store });
    expect(found).toMatchObject({ verdict: "violated", exhausted: false, states: 1, transitions: 0 });
    expect(found.violations).toEqual([{ kind: "state", invariant: "canary", witness: "sings", path: [] }]);
  });

  it("collects the first violation of each invariant when told to go on, and does not look behind them", () => {
    const machine = clock(10);
    const below = (limit: number) => ({
      name: `below${limit}`,
      violation: () => (machine.words[0]! >= limit ? `at ${machine.words[0]}` : undefined),
    });
    const found = explore(machine, { always: [below(3), below(3.5), below(7)] }, { store, stopAtFirst: false });
    expect(found.violations.map(({ invariant, path }) => [invariant, path.length])).toEqual([["below3", 3]]);
    const branching = machineOf({
      stateWords: 1,
      actions: [1, 2, 5].map((step) => ({
        guard: (words) => words[0]! + step < 10,
        effect(words) {
          words[0]! += step;
        },
      })),
    });
    const notAt = (place: number) => ({
      name: `notAt${place}`,
      violation: () => (branching.words[0] === place ? "there" : undefined),
    });
    const all = explore(branching, { always: [notAt(9), notAt(4), notAt(20)] }, { store, stopAtFirst: false });
    expect(all).toMatchObject({ verdict: "violated", exhausted: true });
    expect(all.violations.map(({ invariant, path }) => [invariant, path])).toEqual([
      ["notAt4", [1, 1]],
      ["notAt9", [1, 2, 1]],
    ]);
  });

  it("tells how far it is", () => {
    const heard: number[][] = [];
    explore(new German(2), {}, { store }, { every: 1_000, onProgress: (...said) => heard.push(said) });
    expect(heard.map(([states]) => states)).toEqual([1_000, 2_000, 3_000]);
    for (const [states, depth, frontier] of heard) {
      expect(depth).toBeGreaterThan(0);
      expect(depth).toBeLessThanOrEqual(26);
      expect(frontier).toBeLessThan(states!);
    }
  });

  it("keeps to its memory: 24 bytes a state for fingerprints, the state and 12 bytes in full", () => {
    const machine = new German(3);
    const { memory, states } = explore(machine, {}, { store });
    const perState = memory.set / states;
    expect(perState).toBeLessThanOrEqual(store === "full" ? 4 * machine.stateWords + 12 : 24);
    expect(memory.frontierPeak === 0).toBe(store === "full");
  });
});

describe("explore", () => {
  it.each<[string, Partial<Machine>, object, object | undefined]>([
    ["stateWords is 0: expected an integer from 1 to 1", { stateWords: 0 }, {}, undefined],
    ["stateWords is 2: expected an integer from 1 to 1", { stateWords: 2 }, {}, undefined],
    ["actionCount is 0: expected an integer from 1 to 1048576", { actionCount: 0 }, {}, undefined],
    ["states is 0.5: expected an integer from 1 to 1073741824", {}, { states: 0.5 }, undefined],
    ["inStep is 1.5: expected a share from 0 to 1", {}, { inStep: 1.5 }, undefined],
    ["inStep is NaN: expected a share from 0 to 1", {}, { inStep: Number.NaN }, undefined],
    ["every is 0: expected an integer from 1 to 1073741824", {}, {}, { every: 0, onProgress: () => {} }],
  ])("refuses: %s", (message, machine, limits, observer) => {
    const checks: Checks = {};
    expect(() => explore({ ...clock(5), ...machine }, checks, { store: "full", ...limits }, observer as never)).toThrow(
      message,
    );
  });

  it("asks a machine that lists its enabled actions, and finds the same", () => {
    const slow = new German(2);
    const found = explore(slow, {}, { store: "full" });
    const asked: Machine = {
      words: slow.words,
      stateWords: slow.stateWords,
      actionCount: slow.actionCount,
      initialise: () => slow.initialise(),
      enabled: (action) => slow.enabled(action),
      perform: (action) => slow.perform(action),
    };
    expect(explore(asked, {}, { store: "full" })).toEqual(found);
  });

  it("refuses to replay a path whose step is not enabled", () => {
    expect(() => replay(new LostUpdate(), [0, 0], () => {})).toThrow("step 2: action 0 is not enabled");
  });
});
