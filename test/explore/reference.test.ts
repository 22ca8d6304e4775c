/** A reference in step: it agrees, it disagrees once in an answer, once in a meaning; and how often it is asked. */
import { describe, expect, it } from "vitest";
import { explore, type Machine, type Reference } from "../../explore/index.js";
import { StepMemo } from "../../explore/step-memo.js";
import { machineOf } from "./toys/machine-of.js";

const STORES = ["full", "fingerprint"] as const;
const MODULUS = 6;

/**
 * A counter that goes round by steps of 1 and 2, and a second word that nothing means anything by. Its answer, kept as a
 * statistic, is 1 on an overflow.
 */
const counter = (): Machine =>
  machineOf({
    stateWords: 2,
    statisticsWords: 1,
    actions: [1, 2, 0].map((step) => ({
      effect(words) {
        const sum = words[0]! + step;
        words[0] = sum % MODULUS;
        words[1] = 1 - words[1]!;
        words[2] = sum >= MODULUS ? 1 : 0;
      },
    })),
  });

/** The counter by itself, with `wrong` in place of the right step where it says so. */
function counting(machine: Machine, wrong: Partial<Record<string, { meaning: number; answer: number }>> = {}) {
  const asked: string[] = [];
  const meant: string[] = [];
  const reference: Reference = {
    meaning() {
      meant.push([...machine.words.subarray(0, 2)].join());
      return machine.words[0]!;
    },
    answer: () => machine.words[2]!,
    step(meaning, action) {
      asked.push(`${meaning} ${action}`);
      const sum = meaning + [1, 2, 0][action]!;
      return wrong[`${meaning} ${action}`] ?? { meaning: sum % MODULUS, answer: Math.floor(sum / MODULUS) };
    },
  };
  return { reference, asked, meant };
}

describe.each(STORES)("a reference in step with the %s store", (store) => {
  it("agrees on every transition, and is asked once for each distinct question", () => {
    const machine = counter();
    const { reference, asked, meant } = counting(machine);
    const found = explore(machine, { reference }, { store });
    expect(found).toMatchObject({ verdict: "held", states: 12, transitions: 36, inStep: 1 });
    expect(asked).toHaveLength(MODULUS * 3);
    expect(new Set(asked).size).toBe(asked.length);
    expect(meant).toHaveLength(12);
    expect(new Set(meant).size).toBe(12);
  });

  it("reports the one answer that differs, by a shortest path", () => {
    const machine = counter();
    const { reference } = counting(machine, { "5 0": { meaning: 0, answer: 0 } });
    const found = explore(machine, { reference }, { store });
    expect(found.violations).toEqual([
      {
        kind: "answer",
        invariant: "answersAgree",
        witness: "the reference's answer is 0, the machine's is 1",
        path: [0, 1, 1, 0],
      },
    ]);
  });

  it("reports the one meaning that differs, in the caller's words", () => {
    const machine = counter();
    const { reference } = counting(machine, { "3 1": { meaning: 4, answer: 0 } });
    const explain: Reference["explain"] = (kind, expected, found) => `${kind} ${expected}, not ${found}`;
    const found = explore(machine, { reference: { ...reference, explain } }, { store });
    expect(found.violations).toEqual([
      { kind: "meaning", invariant: "meaningsAgree", witness: "meaning 4, not 5", path: [0, 1, 1] },
    ]);
  });

  it("reports a meaning that differs though the machine has not moved", () => {
    const machine = machineOf({ stateWords: 1, actions: [{ effect() {} }] });
    const reference: Reference = { meaning: () => 0, answer: () => 0, step: () => ({ meaning: 1, answer: 0 }) };
    const found = explore(machine, { reference }, { store });
    expect(found.violations).toMatchObject([{ kind: "meaning", path: [0] }]);
  });

  it("compares the initial states when the reference names its own", () => {
    const machine = counter();
    const { reference } = counting(machine);
    expect(explore(machine, { reference: { ...reference, initial: () => 0 } }, { store }).verdict).toBe("held");
    const found = explore(machine, { reference: { ...reference, initial: () => 3 } }, { store });
    expect(found.violations).toMatchObject([{ kind: "meaning", path: [] }]);
  });

  it("walks along on the share it is given, the same transitions each time", () => {
    const long = machineOf({
      stateWords: 1,
      actions: [1, 7].map((step) => ({
        effect(words) {
          words[0] = (words[0]! + step) % 5_000;
        },
      })),
    });
    const walks = () => {
      const asked: number[] = [];
      const reference: Reference = {
        meaning: () => long.words[0]!,
        answer: () => 0,
        step(meaning, action) {
          asked.push(meaning, action);
          return { meaning: (meaning + [1, 7][action]!) % 5_000, answer: 0 };
        },
      };
      return { found: explore(long, { reference }, { store, inStep: 0.25 }), asked };
    };
    const once = walks();
    expect(once.found).toMatchObject({ verdict: "held", transitions: 10_000 });
    expect(once.found.inStep).toBe(once.asked.length / 2 / 10_000);
    expect(once.found.inStep).toBeGreaterThan(0.22);
    expect(once.found.inStep).toBeLessThan(0.28);
    expect(walks().asked).toEqual(once.asked);
    const none = explore(
      long,
      { reference: { meaning: () => 0, answer: () => 0, step: () => ({ meaning: 9, answer: 9 }) } },
      { store, inStep: 0 },
    );
    expect(none).toMatchObject({ verdict: "held", inStep: 0 });
  });

  it("goes on behind a disagreement when told to, in step again with what the machine means", () => {
    const machine = counter();
    const { reference } = counting(machine, { "0 0": { meaning: 4, answer: 0 }, "2 0": { meaning: 3, answer: 1 } });
    const found = explore(machine, { reference }, { store, stopAtFirst: false });
    expect(found.exhausted).toBe(true);
    expect(found.violations.map(({ kind, path }) => [kind, path])).toEqual([
      ["meaning", [0]],
      ["answer", [1, 0]],
    ]);
  });
});

describe("the memory of the reference's steps", () => {
  it("stays right when it has forgotten, and never outgrows its bound", () => {
    let asked = 0;
    const reference: Reference = {
      meaning: () => 0,
      answer: () => 0,
      step(meaning, action) {
        asked++;
        return { meaning: 3 * meaning + action, answer: meaning - action };
      },
    };
    const memo = new StepMemo(reference, 1_024);
    for (let round = 0; round < 2; round++) {
      for (let meaning = 0; meaning < 1_000; meaning++) {
        for (let action = 0; action < 3; action++) {
          memo.step(meaning, action);
          expect([memo.meaning, memo.answer]).toEqual([3 * meaning + action, meaning - action]);
        }
      }
    }
    expect(memo.bytes).toBe(1_024 * 16);
    expect(asked).toBeGreaterThan(3_000);
  });
});
