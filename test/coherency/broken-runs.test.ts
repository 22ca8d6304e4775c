/** Programs under a protocol that is broken: every run ends, with an answer or with a word on what is wrong. */
import { expect, it } from "vitest";
import { simulate } from "../../impl/coherency/runtime-simulation.js";
import { MUTANT_MODES } from "../../properties/coherency/mutant-hunt.js";
import { type CoherencyMutant, coherencyMutants } from "../../properties/coherency/mutants.js";
import { PROFILES } from "../../vocabulary/coherency/rules.js";
import { PAGE_WORDS, type SteppedProgram } from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";

/** Kernels meet, and then all add to one word at the same time. */
function rounds(kernels: number): SteppedProgram {
  return function* () {
    for (let round = 1; round <= 4; round++) {
      yield { kind: "add", word: 0, delta: 1 };
      yield { kind: "await", word: 0, value: round * kernels };
      yield { kind: "load", first: PAGE_WORDS, words: 1 };
      yield { kind: "add", word: PAGE_WORDS, delta: 1 };
    }
    return yield { kind: "load", first: PAGE_WORDS, words: 1 };
  };
}

/** What becomes of one run: the error, or "ended". */
function endOf(mutant: CoherencyMutant, kernels: number, mode: (typeof MUTANT_MODES)[number], seed: number): string {
  const rules = { ...PROFILES[mutant.profile], ...mutant.rules };
  const timing = { latency: 50, jitter: 200, stall: 2_000, stallOneIn: 5 };
  const programs = Array.from({ length: kernels }, () => rounds(kernels));
  try {
    simulate({ ...timing, ...mode, kernels, pages: 2, rules, seed }, programs);
    return "ended";
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** Two and three kernels, every mode, some seeds. */
function endsOf(mutant: CoherencyMutant): readonly string[] {
  return [2, 3].flatMap((kernels) =>
    MUTANT_MODES.flatMap((mode) => [1, 2].map((seed) => endOf(mutant, kernels, mode, seed))),
  );
}

it("every run ends, whatever rule is left out", () => {
  for (const mutant of coherencyMutants)
    for (const end of endsOf(mutant)) expect(end, mutant.id).toMatch(/^(ended|UNREACHABLE: .*)$/);
});

it.each([
  ["step2-waits-for-all", "all kernels wait and nothing is in flight: K0 watches, K1 faults"],
  ["lean-tie-nack", "messages go round and serve nobody: K0 faults, K1 faults"],
  ["multicast-first-touch", "kernel 0: knows nobody to ask about page 0"],
  ["multicast-askers-unknown", "kernel 1: knows nobody to ask about page 1"],
])("without %s: %s", (id, message) => {
  const mutant = coherencyMutants.find((one) => one.id === id)!;
  expect(endsOf(mutant)).toContain(`UNREACHABLE: ${message}`);
});

it.each(["normative", "normative-r7", "lean"] as const)(
  "with all rules of %s every run comes to its end",
  (profile) => {
    const whole: CoherencyMutant = { id: "none", rule: "none", source: "", profile, rules: {} };
    expect(new Set(endsOf(whole))).toEqual(new Set(["ended"]));
  },
);
