import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Port } from "../../../explore/interleave/port.js";
import type { Claims, Program } from "../../../explore/interleave/program.js";
import { programOf } from "./programs.js";
import { everyPageIsSomewhereOnce, stackProgram } from "./treiber.js";

/** An access; what it answers decides whether the next one is made. */
interface Access {
  readonly kind: "load" | "store" | "exchange" | "compareExchange" | "add" | "and" | "or";
  readonly index: number;
  readonly value: number;
  /** Skip the next access if the answers so far add up to this, modulo 3; 3 = never. */
  readonly skipsAt: number;
}

const WORDS = 2;
const access = fc.record<Access>({
  kind: fc.constantFrom("load", "store", "exchange", "compareExchange", "add", "and", "or"),
  index: fc.integer({ min: 0, max: WORDS - 1 }),
  value: fc.integer({ min: 0, max: 3 }),
  skipsAt: fc.integer({ min: 0, max: 3 }),
});
const operation = fc.array(access, { minLength: 0, maxLength: 3 });
const two = fc.array(fc.array(operation, { maxLength: 2 }), { minLength: 2, maxLength: 2 });
const three = fc.array(fc.array(fc.array(access, { maxLength: 2 }), { maxLength: 1 }), { minLength: 3, maxLength: 3 });

function perform(port: Port, { kind, index, value }: Access): number {
  switch (kind) {
    case "load":
      return port.load("load", index);
    case "store":
      port.store("store", index, value);
      return 0;
    case "compareExchange":
      return port.compareExchange("compareExchange", index, value, value + 1);
    default:
      return port[kind](kind, index, value);
  }
}

function run(port: Port, accesses: readonly Access[]): number {
  let sum = 0;
  let skips = false;
  for (const one of accesses) {
    if (!skips) sum += perform(port, one);
    skips = !skips && sum % 3 === one.skipsAt;
  }
  return sum;
}

function built(threads: readonly (readonly (readonly Access[])[])[]): Program {
  const shared = [1, 2];
  return programOf(
    shared,
    threads.map((operations) =>
      operations.map((accesses, at) => ({ name: `operation ${at}`, run: (port: Port) => run(port, accesses) })),
    ),
    { keepsResults: true },
  );
}

const ends: Claims = {
  outcome: (view) => {
    const results = Array.from({ length: view.threadCount }, (_, thread) =>
      Array.from({ length: view.returned(thread) }, (_unused, at) => view.result(thread, at)).join(),
    );
    return `${view.shared.join()} | ${results.join(" | ")}`;
  },
};

describe("any small program", () => {
  it("ends in the same ways by states, by all executions and by sleep sets, with every reduction on and off", () => {
    let outcomes = 0;
    fc.assert(
      fc.property(fc.oneof(two, three), (threads) => {
        const program = built(threads);
        const every = enumerateExecutions(program, ends, { sleepSets: false, spinRounds: 0 });
        expect(every.verdict).toBe("held");
        outcomes = Math.max(outcomes, every.outcomes.length);
        const others = [
          enumerateExecutions(program, ends, { sleepSets: true }),
          interleave(program, ends, { walks: 5 }),
          interleave(program, ends, { walks: 0, spinRounds: 0 }),
          interleave(program, ends, { walks: 0, repeats: true, store: "fingerprint" }),
        ];
        for (const other of others) {
          expect(other.verdict).toBe("held");
          expect(other.outcomes).toEqual(every.outcomes);
        }
        expect(others[0]!.executions).toBeLessThanOrEqual(every.executions!);
      }),
      { seed: 1, numRuns: 150 },
    );
    expect(outcomes).toBeGreaterThan(5);
  });
});

describe("merging fruitless rounds", () => {
  it.each([0, 1, 16])("changes no verdict where the search ends without it: %i tag bits", (tagBits) => {
    for (const letters of [
      ["ouou", "ouou"],
      ["o", "oou"],
      ["ou", "ou", "o"],
    ]) {
      const claims = { always: [everyPageIsSomewhereOnce] };
      const on = interleave(stackProgram(letters, 3, tagBits), claims);
      const off = interleave(stackProgram(letters, 3, tagBits), claims, { spinRounds: 0 });
      expect(off.code.spins).toBe(0);
      expect(on.verdict).toBe(off.verdict);
      expect(on.failure?.schedule.length).toBe(off.failure?.schedule.length);
      expect(on.states).toBeLessThanOrEqual(off.states!);
    }
  });
});
