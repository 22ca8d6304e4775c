import { describe, expect, it } from "vitest";
import { type Counterexample, fileNameOf } from "../../properties/engine/counterexample.js";
import { applyChanges } from "../../properties/engine/differences.js";
import { exhaust } from "../../properties/engine/exhaust.js";
import { hunt } from "../../properties/engine/hunt.js";
import { replay } from "../../properties/engine/replay.js";
import { runScenario } from "../../properties/engine/scenario.js";
import type { Plain } from "../../properties/engine/system.js";
import { toy } from "./toy.js";

const told = (without: string): Counterexample => exhaust(toy, toy.scopes[0]!, { without }).counterexample!;
const throughJson = (document: Counterexample): Counterexample => JSON.parse(JSON.stringify(document));

describe("a counterexample", () => {
  it("holds the states: the initial one and what each step changes", () => {
    const { initialState, steps, actors, violation, mutant } = told("T2");
    expect({ initialState, actors, mutant }).toEqual({
      initialState: { value: 1, locked: false, statistics: { writes: 1 } },
      actors: ["cpu 1"],
      mutant: { id: "T2", rule: "the value is stored as it is" },
    });
    const after = steps.reduce<Plain>((state, { changes }) => applyChanges(state, changes), initialState);
    expect(after).toEqual({ value: 2, locked: false, statistics: { writes: 2 } });
    expect(violation).toMatchObject({ step: 1, witness: ["value: the reference has 3, the implementation 2"] });
  });

  it("says what was expected where the answers differ", () => {
    expect(told("T3").steps[0]).toMatchObject({ answer: "0", expected: "1" });
  });

  it("has a name that follows from the story, and the command that replays it", () => {
    const { replay: command, ...document } = told("T1");
    expect(fileNameOf(document)).toMatch(/^toy-T_agree-T1-[0-9a-f]{8}\.json$/);
    expect(command).toBe(`npx pagetwin replay ${fileNameOf(document)}`);
    expect(fileNameOf(told("T1"))).toBe(fileNameOf(document));
  });
});

describe("replay", () => {
  it.each(["T1", "T2", "T3", "T4", "T6", "T7"])("shows %s's violation again, from the document alone", (mutant) => {
    const document = throughJson(told(mutant));
    const { step, invariant } = document.violation;
    expect(replay(toy, document)).toMatchObject({ verdict: "recurs", step, breach: { invariant } });
  });

  it("holds once the rule is there", () => {
    expect(replay(toy, { ...told("T2"), mutant: null })).toEqual({ verdict: "holds" });
  });

  it("names the step that no longer applies", () => {
    const document = told("T2");
    const [first] = document.steps;
    const unlock = { ...first!, operation: { kind: "unlock", cpu: 0 } };
    const found = replay(toy, { ...document, steps: [unlock] });
    expect(found).toEqual({ verdict: "inapplicable", step: 1, why: "the operation is not enabled there any more" });
    const unknown = { ...document, mutant: { id: "T99", rule: "" } };
    expect(replay(toy, unknown)).toEqual({ verdict: "inapplicable", step: 0, why: "toy has no mutant T99" });
  });
});

describe("hunt", () => {
  const options = { seed: 1, runs: 50 };
  const mutant = (id: string) => toy.mutants.find((candidate) => candidate.id === id)!;

  it.each([
    ["T1", "killed", "T-agree", "explore"],
    ["T2", "killed", "meaning", "explore"],
    ["T6", "killed", "thrown", "sample"],
  ])("%s is %s by %s, found by %s", (id, verdict, invariant, engine) => {
    const found = hunt(toy, mutant(id), options);
    expect(found).toMatchObject({ verdict, unexpected: false, counterexample: { engine, violation: { invariant } } });
  });

  it("calls a mutant equivalent only when all its scopes were exhausted", () => {
    expect(hunt(toy, mutant("T5"), options)).toMatchObject({ verdict: "equivalent", exhausted: ["all"] });
    expect(hunt(toy, mutant("T5"), { ...options, states: 3 })).toMatchObject({
      verdict: "unfinished",
      unfinished: ["all"],
    });
    const inNoTime = hunt(toy, mutant("T5"), { ...options, seconds: 1e-9 });
    expect(inNoTime).toMatchObject({ verdict: "unfinished", exhausted: [], unfinished: ["all", "long"] });
    expect(hunt(toy, { ...mutant("T5"), scopes: [] }, options)).toMatchObject({ verdict: "survived", exhausted: [] });
  });

  it("does not take a scope's word for it in which the rule never comes into play", () => {
    const [scope] = toy.scopes;
    const timid = {
      ...toy,
      scopes: [{ ...scope!, actions: scope!.actions.filter(([first]) => first!.kind !== "write"), sometimes: [] }],
    };
    expect(exhaust(timid, timid.scopes[0]!, { without: "T2" }).verdict).toBe("held");
    expect(hunt(timid, mutant("T2"), options)).toMatchObject({
      verdict: "killed",
      counterexample: { engine: "sample" },
    });
  });

  it("marks a mutant that is killed by something else than what its rule is for", () => {
    expect(hunt(toy, { ...mutant("T2"), killers: ["T-agree"] }, options)).toMatchObject({
      verdict: "killed",
      unexpected: true,
    });
  });
});

describe("a scenario", () => {
  const [scenario] = toy.scenarios;

  it("holds, and does not when a rule that it needs is dropped", () => {
    expect(runScenario(toy, scenario!)).toEqual({ verdict: "held", steps: 2 });
    expect(runScenario(toy, scenario!, "T1")).toMatchObject({ verdict: "violated", step: 1 });
  });

  it("is violated by an answer that both twins give and the story does not", () => {
    const wrong = { ...scenario!, steps: [{ operation: { kind: "read", cpu: 0 } as const, answer: 3 }] };
    expect(runScenario(toy, wrong)).toMatchObject({
      verdict: "violated",
      step: 1,
      breach: { witness: ['both answer "0", the story has "3"'] },
    });
  });
});
