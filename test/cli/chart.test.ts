import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { chart, turnText, wrap } from "../../cli/chart.js";
import {
  COUNTEREXAMPLE_KIND,
  type Counterexample,
  type CounterexampleStep,
} from "../../properties/engine/counterexample.js";

const step = (
  number: number,
  actor: string,
  says: string,
  more: Partial<CounterexampleStep> = {},
): CounterexampleStep => ({
  number,
  actor,
  operation: { kind: "touch" },
  says,
  answer: "done",
  messages: [],
  changes: [],
  ...more,
});

const story = (steps: readonly CounterexampleStep[]): Counterexample => ({
  kind: COUNTEREXAMPLE_KIND,
  version: 1,
  system: "replication",
  engine: "sample",
  mutant: null,
  scope: { name: "crowded", shape: {}, setup: [] },
  seed: 4,
  minimality: "1-minimal",
  actors: [...new Set(steps.map(({ actor }) => actor))],
  initialState: {},
  steps,
  violation: {
    invariant: "I5",
    name: "replicasAgree",
    why: "a walk may use any copy",
    witness: ["copy 1 differs"],
    step: steps.length,
  },
  replay: "",
});
const text = (document: Counterexample) => stripVTControlCharacters(chart(document));

describe("the chart of a counterexample", () => {
  it("has a column for each actor, a row for each step, and beneath it what changed", () => {
    const steps = [
      step(1, "cpu 0", "map page 3", { changes: [{ path: "spaces.0.ranges.0", after: { page: 3, pages: 1 } }] }),
      step(2, "cpu 2", "touch page 3, write", { answer: "segfault", expected: "served by a fault" }),
      step(3, "clock", "advance 5 ms", { messages: [{ from: "kernel 0", to: "kernel 1", says: "Invalid page 3" }] }),
    ];
    expect(text(story(steps))).toMatchInlineSnapshot(`
      "replication
      scope crowded, sample, seed 4: 3 steps, no single step can be dropped

           cpu 0                          cpu 2                          clock
        1  map page 3
           → done
             spaces.0.ranges.0: nothing → {"page":3,"pages":1}
        2                                 touch page 3, write
                                          → segfault (expected: served
                                          by a fault)
        3                                                                advance 5 ms
                                                                         → done
             kernel 0 ⇒ kernel 1: Invalid page 3

      I5 replicasAgree is violated after step 3
        copy 1 differs
        because a walk may use any copy
      "
    `);
  });

  it("shows a few changes and how many more there are", () => {
    const changes = Array.from({ length: 9 }, (_, i) => ({ path: `tables.${i}`, before: "x".repeat(200), after: 1 }));
    const lines = text(story([step(1, "cpu 0", "enable", { changes })])).split("\n");
    expect(lines.filter((line) => line.includes("tables."))).toHaveLength(6);
    expect(lines).toContain("       … and 3 more changes");
  });

  it("names the actor in each row when there are too many for columns", () => {
    const steps = Array.from({ length: 8 }, (_, i) => step(i + 1, `cpu ${i}`, "touch page 1, read"));
    expect(text(story(steps))).toContain("  8  cpu 7: touch page 1, read\n            → done\n");
  });

  it("keeps within a hundred columns, whatever the words are", () => {
    const long = "pneumono ".repeat(40) + "x".repeat(300);
    for (const actors of [1, 2, 3, 4, 5, 6, 9]) {
      const steps = Array.from({ length: actors }, (_, i) =>
        step(i + 1, `cpu ${i}`, long, { answer: long, expected: long, changes: [{ path: long, before: long }] }),
      );
      const { violation } = story(steps);
      const lines = text({ ...story(steps), violation: { ...violation, witness: [long], why: long } }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  it("is narrower on a narrow terminal", () => {
    const steps = [0, 1, 2].map((cpu) => step(cpu + 1, `cpu ${cpu}`, "touch page 3, write ".repeat(6)));
    const widest = (columns: number) => {
      const lines = stripVTControlCharacters(chart(story(steps), { columns })).split("\n");
      return Math.max(...lines.map((line) => line.length));
    };
    expect(widest(80)).toBeLessThanOrEqual(80);
    expect(widest(80)).toBeGreaterThan(70);
    expect(widest(20)).toBeLessThanOrEqual(60);
    expect(widest(300)).toBeLessThanOrEqual(100);
  });

  it("says which rule is left out, and what the set-up does", () => {
    const document: Counterexample = {
      ...story([step(1, "cpu 0", "touch page 1")]),
      mutant: { id: "M1", rule: "readers wait" },
      scope: { name: "crowded", shape: {}, setup: [{ kind: "map" }] },
    };
    expect(
      stripVTControlCharacters(chart(document, { setup: ["cpu 0: map page 1"] }))
        .split("\n")
        .slice(0, 4),
    ).toEqual([
      'replication without the rule "readers wait" (mutant M1)',
      "scope crowded, sample, seed 4: 1 step, no single step can be dropped",
      "before it, 1 operation of set-up:",
      "  cpu 0: map page 1",
    ]);
  });

  it("names a thread's operation where it begins and where the thread is back, not in each of its turns", () => {
    const turn = (actor: string, says: string, answer = "") => step(0, actor, says, { answer });
    const turns = [
      turn("T1", "pop: pop.head [0] = 1"),
      turn("T1", "pop: pop.next [4] = 2", "returns 1"),
      turn("T1", "pop: pop.head [0] = 2"),
      turn("T2", "prctl 104: steer: steer.set [1] := 2"),
      turn("T1", "pop: pop.next [8] = 3; pop.count [1] 2 → 1"),
    ];
    expect(turns.map((each, at) => turnText(each, turns[at - 1]))).toEqual([
      "pop: pop.head [0] = 1",
      "pop.next [4] = 2",
      "pop: pop.head [0] = 2",
      "prctl 104: steer: steer.set [1] := 2",
      "pop: pop.next [8] = 3; pop.count [1] 2 → 1",
    ]);
  });

  it("has no line for an answer that says nothing, unless another was expected", () => {
    expect(text(story([step(1, "cpu 0", "sends", { answer: "" })]))).not.toContain("→");
    expect(text(story([step(1, "cpu 0", "sends", { answer: "", expected: "done" })]))).toContain(
      "→ nothing (expected: done)",
    );
  });

  it("breaks lines at spaces and loses no word", () => {
    expect(wrap("one two  three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefghij kl", 4)).toEqual(["abcd", "efgh", "ij", "kl"]);
    expect(wrap("", 4)).toEqual([""]);
  });
});
