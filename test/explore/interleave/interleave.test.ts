import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Claim, Program } from "../../../explore/interleave/program.js";
import { ThreadMachine } from "../../../explore/interleave/thread-machine.js";
import { LITMUS, litmus } from "./litmus.js";
import { type NamedRun, programOf } from "./programs.js";
import { everyPageIsSomewhereOnce, stackProgram } from "./treiber.js";

const claims = { always: [everyPageIsSomewhereOnce] };

const PROGRAMS: readonly Program[] = [
  ...[0, 1, 16].flatMap((tagBits) => [
    stackProgram(["o", "oou"], 3, tagBits),
    stackProgram(["ou", "ou"], 2, tagBits),
    stackProgram(["o", "ou", "ou"], 2, tagBits),
  ]),
];

/** Fewest switches of a schedule of `turns` turns that breaks the claim, by trying all. */
function fewestByTrying(program: Program, claim: Claim, turns: number): number {
  const machine = new ThreadMachine(program, undefined);
  let fewest = Number.POSITIVE_INFINITY;
  const visit = (left: number, last: number, switches: number): void => {
    if (left === 0 && claim.violation(machine) !== undefined) fewest = Math.min(fewest, switches);
    if (left === 0) return;
    const before = machine.words.slice();
    for (let thread = 0; thread < machine.actionCount; thread++) {
      if (!machine.canGoOn(thread)) continue;
      machine.perform(thread);
      visit(left - 1, thread, switches + (last >= 0 && last !== thread ? 1 : 0));
      machine.words.set(before);
    }
  };
  machine.initialise();
  visit(turns, -1, 0);
  machine.threads.close();
  return fewest;
}

describe("the table of what the code does", () => {
  it.each(PROGRAMS)("$name: comes to the same as running the code on every step", (program) => {
    const once = interleave(program, claims);
    const always = interleave(program, claims, { repeats: true });
    expect({ ...always, code: null, claim: null }).toEqual({ ...once, code: null, claim: null });
    expect(always.code.localStates).toBe(once.code.localStates);
    expect(always.code.runs).toBeGreaterThan(once.code.runs);
  });
});

describe("the store", () => {
  it.each(PROGRAMS)("$name: fingerprints and whole states count the same", (program) => {
    const full = interleave(program, claims);
    const fingerprints = interleave(program, claims, { store: "fingerprint" });
    expect(full).toMatchObject({ store: "full", missProbability: 0 });
    expect(fingerprints).toMatchObject({ verdict: full.verdict, states: full.states, steps: full.steps });
    expect(fingerprints.missProbability).toBeGreaterThan(0);
  });
});

describe("a failing schedule", () => {
  it.each([
    stackProgram(["o", "oou"], 3, 0),
    stackProgram(["o", "o", "ou"], 3, 0),
    litmus("lost update", LITMUS.find(({ name }) => name === "lost update")!.bodies),
  ])("$name: is a shortest one with the fewest switches", (program) => {
    const nothingIsLost: Claim = {
      name: "nothingIsLost",
      violation: (view) => (view.isFinished() && view.shared[0] !== 2 ? "lost" : undefined),
    };
    const claim = program.name === "lost update" ? nothingIsLost : everyPageIsSomewhereOnce;
    const { schedule, switches, minimality } = interleave(program, { always: [claim] }).failure!;
    expect(minimality).toBe("fewest turns, then fewest switches");
    expect(fewestByTrying(program, claim, schedule.length - 1)).toBe(Number.POSITIVE_INFINITY);
    expect(fewestByTrying(program, claim, schedule.length)).toBe(switches);
  });
});

describe("a bound of switches", () => {
  it("says that it cut something off, or that it did not", () => {
    const found = [0, 1, 2, 3].map((switches) => interleave(stackProgram(["o", "oou"], 3, 0), claims, { switches }));
    expect(found.map(({ verdict }) => verdict)).toEqual(["unfinished", "unfinished", "violated", "violated"]);
    expect(found[0]!.bound).toBe("at most 0 context switches");
    expect(found[2]!.failure!.schedule.join("")).toBe("001111111110");
    const wide = interleave(stackProgram(["ou", "ou"], 2, 16), claims, { switches: 40 });
    expect(wide).toMatchObject({ verdict: "held", bound: null });
  });

  it("of states says so too", () => {
    const found = interleave(stackProgram(["ou", "ou"], 2, 16), claims, { states: 50 });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "50 states", claim: null });
  });

  it("out of range is refused", () => {
    expect(() => interleave(PROGRAMS[0]!, claims, { switches: -1 })).toThrow(
      "switches is -1: expected an integer from 0",
    );
    expect(() => interleave(PROGRAMS[0]!, claims, { states: 0 })).toThrow("states is 0");
    expect([...PROGRAMS[0]!.shared]).toEqual([1, 2, 3, 0]);
  });
});

describe("schedule points", () => {
  const STATISTICS = 100;
  /** A stack whose operations count themselves, which nobody asks for. */
  function counted(letters: readonly string[], pages: number, tagBits: number): Program {
    const program = stackProgram(letters, pages, tagBits);
    const shared = new Int32Array(STATISTICS + 2);
    shared.set(program.shared);
    return {
      name: `counted ${program.name}`,
      shared,
      threads: (port, words) =>
        program.threads(port, words).map((thread) => ({
          ...thread,
          operations: thread.operations.map(({ name, run }) => ({
            name,
            run: (own) => {
              port.add("CountAsked", STATISTICS, 1);
              const result = run(own);
              port.add("CountReturned", STATISTICS + 1, 1);
              return result;
            },
          })),
        })),
    };
  }
  const onStackOnly = (_: string, index: number): boolean => index < STATISTICS;
  const stackIsWhole: Claim = {
    name: everyPageIsSomewhereOnce.name,
    violation: (view) => {
      const shared = view.shared.subarray(0, 4);
      return everyPageIsSomewhereOnce.violation({ ...viewOf(view), shared });
    },
  };
  const viewOf = (view: Parameters<Claim["violation"]>[0]) => ({
    shared: view.shared,
    threadCount: view.threadCount,
    own: (thread: number) => view.own(thread),
    returned: (thread: number) => view.returned(thread),
    result: (thread: number, operation: number) => view.result(thread, operation),
    isFinished: () => view.isFinished(),
  });

  it.each([
    { letters: ["o", "oou"], tagBits: 0 },
    { letters: ["o", "oou"], tagBits: 16 },
    { letters: ["ou", "ou"], tagBits: 0 },
    { letters: ["o", "ooou"], tagBits: 1 },
    { letters: ["o", "ooou"], tagBits: 3 },
  ])(
    "$letters, $tagBits tag bits: leaving out words that no claim reads changes no verdict",
    ({ letters, tagBits }) => {
      const every = counted(letters, 3, tagBits);
      const some = { ...every, isSchedulePoint: onStackOnly };
      // What is counted after the last access to the stack is returned later: a page is on its way meanwhile.
      const atEnd = { atEnd: [stackIsWhole] };
      const [all, few] = [interleave(every, atEnd), interleave(some, atEnd)];
      expect(few.verdict).toBe(all.verdict);
      expect(few.failure?.witness).toBe(all.failure?.witness);
      expect(few.states).toBeLessThan(all.states!);
      expect(few.claim ?? "access to a declared schedule point").toContain("access to a declared schedule point");
      const bySleepSets = enumerateExecutions(some, atEnd, { sleepSets: true });
      expect(bySleepSets.verdict).toBe(few.verdict);
    },
  );

  it("begin an operation with what rides along before them, and end it with what rides behind", () => {
    const { failure } = interleave(
      { ...counted(["o", "oou"], 3, 0), isSchedulePoint: onStackOnly },
      { atEnd: [stackIsWhole] },
    );
    expect(failure!.schedule.join("")).toBe("001111111110");
    expect(failure!.rows.slice(0, 2).map(({ turn, label }) => [turn, label])).toEqual([
      [1, "CountAsked"],
      [1, "LoadHead"],
    ]);
    expect(failure!.rows.at(-1)).toMatchObject({ turn: 12, label: "CountReturned", returns: 1 });
  });

  it("must be met sooner or later", () => {
    const spins: NamedRun = {
      name: "spin",
      run: (port) => {
        while (port.load("Look", 0) === 0) {}
        return 0;
      },
    };
    const program = programOf([0], [[spins]], { isSchedulePoint: () => false });
    expect(() => interleave(program, {})).toThrow("ride along without end");
  });
});

describe("a turn without access", () => {
  it("is a turn: an operation that touches nothing still happens at some moment", () => {
    const idle: NamedRun = { name: "idle", run: () => 7 };
    const add: NamedRun = { name: "add", run: (port) => port.add("Add", 0, 1) };
    const found = interleave(programOf([0], [[idle], [add]], { keepsResults: true }), {
      outcome: (view) => `${view.result(0, 0)} ${view.result(1, 0)}`,
    });
    expect(found).toMatchObject({ verdict: "held", states: 4, steps: 4, depth: 2, outcomes: ["7 0"] });
  });

  it("may be all there is", () => {
    const found = interleave(programOf([0], [[], []]), { outcome: () => "done" });
    expect(found).toMatchObject({ verdict: "held", states: 1, steps: 0, outcomes: ["done"] });
  });
});
