/** The engine against the search that a beginner would write, on machines that nobody designed. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explore, type Machine, replay } from "../../explore/index.js";
import { machineOf } from "./toys/machine-of.js";
import { naiveGraph, reaches } from "./toys/naive.js";

const STORES = ["full", "fingerprint"] as const;

/** Three words, a few actions: where one word has a certain value, another one becomes a sum of two, modulo a small number. */
const anyMachine: fc.Arbitrary<Machine> = fc
  .record({
    modulus: fc.integer({ min: 2, max: 7 }),
    initial: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
    actions: fc.array(fc.array(fc.nat(6), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ modulus, initial, actions }) =>
    machineOf({
      stateWords: 3,
      initial,
      actions: actions.map(([tested, value, target, left, right, added]) => ({
        guard: (words) => words[tested! % 3] !== value! % modulus,
        effect(words) {
          words[target! % 3] = (words[left! % 3]! + words[right! % 3]! + added!) % modulus;
        },
      })),
    }),
  );

describe.each(STORES)("explore with the %s store", (store) => {
  it("counts what the naive search counts, on any machine", () => {
    fc.assert(
      fc.property(anyMachine, (machine) => {
        const graph = naiveGraph(machine);
        const found = explore(machine, {}, { store });
        expect(found).toMatchObject({
          verdict: "held",
          exhausted: true,
          states: graph.states.length,
          transitions: graph.edges.length,
          depth: Math.max(...graph.depths),
          actionCounts: Array.from(
            { length: machine.actionCount },
            (_, action) => graph.edges.filter((edge) => edge.action === action).length,
          ),
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("leads to each state on a path of its depth, on any machine", () => {
    fc.assert(
      fc.property(anyMachine, fc.nat(), (machine, choice) => {
        const graph = naiveGraph(machine);
        const forbidden = graph.states[choice % graph.states.length]!;
        const violation = () => (forbidden.every((word, i) => machine.words[i] === word) ? "reached" : undefined);
        const found = explore(machine, { always: [{ name: "avoidsIt", violation }] }, { store });
        expect(found.violations).toHaveLength(1);
        const { path } = found.violations[0]!;
        expect(path).toHaveLength(graph.depths[choice % graph.states.length]!);
        replay(machine, path, () => {});
        expect([...machine.words]).toEqual(forbidden);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("judges progress as a walk forward from every state does, on any machine", () => {
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(anyMachine, fc.nat(6), fc.nat(6), (machine, asked, served) => {
        const isPending = (state: readonly number[] | Int32Array) => state[0] === asked;
        const isGranted = (state: readonly number[] | Int32Array) => state[1] === served;
        const graph = naiveGraph(machine);
        const stuck = graph.states.findIndex((state, i) => isPending(state) && !reaches(graph, i, isGranted));
        const progress = [
          { name: "served", pending: () => isPending(machine.words), granted: () => isGranted(machine.words) },
        ];
        const found = explore(machine, { progress }, { store });
        expect(found.verdict).toBe(stuck < 0 ? "held" : "violated");
        if (stuck >= 0) expect(found.violations[0]).toMatchObject({ kind: "progress", invariant: "served" });
        if (stuck >= 0) expect(found.violations[0]!.path).toHaveLength(graph.depths[stuck]!);
        verdicts.add(found.verdict);
      }),
      { seed: 3, numRuns: 200 },
    );
    expect([...verdicts].sort()).toEqual(["held", "violated"]);
  });
});
