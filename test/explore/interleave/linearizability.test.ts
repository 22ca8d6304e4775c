import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { checkHistory, type RecordedOperation } from "../../../explore/interleave/history.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import type { Port } from "../../../explore/interleave/port.js";
import type { Program } from "../../../explore/interleave/program.js";
import type { SequentialModel } from "../../../explore/interleave/sequential-model.js";
import { ThreadMachine } from "../../../explore/interleave/thread-machine.js";
import { stackModel, stackProgram } from "./treiber.js";

/** A counter that is asked to add one, or to tell its value. */
const counter: SequentialModel<number, "add" | "tell"> = {
  initial: 0,
  step: (state, question) => (question === "add" ? { state: state + 1, result: 0 } : { state, result: state }),
  key: String,
};

type Run = (port: Port) => number;

function counters(threads: readonly (readonly (readonly ["add" | "tell", Run])[])[]): Program<"add" | "tell"> {
  return {
    name: "counter",
    shared: new Int32Array(2),
    threads: (port) =>
      threads.map((operations, thread) => ({
        name: `T${thread}`,
        operations: operations.map(([question, run]) => ({
          name: question,
          run: () => run(port),
          asks: () => question,
        })),
      })),
  };
}

const add: Run = (port) => {
  port.add("Add", 0, 1);
  return 0;
};
const addTorn: Run = (port) => {
  port.store("Store", 0, port.load("Load", 0) + 1);
  return 0;
};
/** Counts in two words, one a thread; the reader sums up. */
const addOwn =
  (word: number): Run =>
  (port) => {
    port.add("AddOwn", word, 1);
    return 0;
  };
const tell: Run = (port) => port.load("Tell", 0);
const tellSum: Run = (port) => port.load("TellFirst", 0) + port.load("TellSecond", 1);
/** Reads, then reads again and answers the older value. */
const tellStale: Run = (port) => {
  const stale = port.load("TellStale", 0);
  port.load("TellAgain", 0);
  return stale;
};
/** Remembers in shared memory what was told first, and tells that for ever. */
const tellCached: Run = (port) => {
  const cached = port.load("LoadCache", 1);
  if (cached > 0) return cached - 1;
  const value = port.load("Tell", 0);
  port.store("StoreCache", 1, value + 1);
  return value;
};

const CASES: readonly [string, Program<"add" | "tell">, boolean][] = [
  [
    "an atomic counter",
    counters([
      [
        ["add", add],
        ["tell", tell],
      ],
      [
        ["add", add],
        ["tell", tell],
      ],
    ]),
    true,
  ],
  [
    "a torn update",
    counters([
      [
        ["add", addTorn],
        ["tell", tell],
      ],
      [
        ["add", addTorn],
        ["tell", tell],
      ],
    ]),
    false,
  ],
  ["a torn update that nobody reads", counters([[["add", addTorn]], [["add", addTorn]]]), true],
  [
    "a stale answer, still inside its operation",
    counters([
      [["add", add]],
      [
        ["tell", tellStale],
        ["tell", tell],
      ],
    ]),
    true,
  ],
  [
    "a cached answer",
    counters([
      [
        ["add", add],
        ["tell", tellCached],
      ],
      [["tell", tellCached]],
    ]),
    false,
  ],
  [
    "a sum of two words that only grow",
    counters([[["add", addOwn(0)]], [["add", addOwn(1)]], [["tell", tellSum]]]),
    true,
  ],
  [
    "a sum of two words, by two readers who may disagree",
    counters([
      [["add", addOwn(0)]],
      [["add", addOwn(1)]],
      [["tell", tellSum]],
      [["tell", (port) => port.load("TellSecond", 1) + port.load("TellFirst", 0)]],
    ]),
    true,
  ],
];

/** The verdict without a monitor: every execution is recorded and handed to the history checker. */
function byHistories<Question>(program: Program<Question>, model: SequentialModel<unknown, Question>): boolean {
  const machine = new ThreadMachine(program, undefined);
  const { threads } = machine.threads.runner;
  let isLinearizable = true;
  const visit = (
    moment: number,
    done: readonly RecordedOperation<Question>[],
    open: readonly (number | null)[],
  ): void => {
    const before = machine.words.slice();
    let isEnd = true;
    for (let thread = 0; thread < machine.actionCount && isLinearizable; thread++) {
      if (!machine.canGoOn(thread)) continue;
      isEnd = false;
      const operation = machine.returned(thread);
      const own = machine.own(thread);
      machine.perform(thread);
      const invoked = open[thread] ?? moment;
      if (machine.turnReturns) {
        const question = threads[thread]!.operations[operation]!.asks!(own) as Question;
        const recorded = { question, result: machine.answered, invoked, returned: moment + 0.5 };
        visit(moment + 1, [...done, recorded], open.with(thread, null));
      } else visit(moment + 1, done, open.with(thread, invoked));
      machine.words.set(before);
    }
    if (isEnd && checkHistory(model, done).linearizable !== "yes") isLinearizable = false;
  };
  machine.initialise();
  visit(0, [], new Array(machine.actionCount).fill(null));
  machine.threads.close();
  return isLinearizable;
}

describe("linearizability", () => {
  it.each(CASES)("%s: the monitor, all executions, sleep sets and recorded histories agree", (_, program, expected) => {
    const claims = { model: counter };
    const verdict = expected ? "held" : "violated";
    expect(byHistories(program, counter)).toBe(expected);
    const found = interleave(program, claims);
    expect(found.verdict).toBe(verdict);
    if (!expected) expect(found.failure!.claim).toBe("historiesAreLinearizable");
    for (const sleepSets of [true, false]) {
      expect(enumerateExecutions(program, claims, { sleepSets }).verdict).toBe(verdict);
    }
  });

  it("merges equal states only if their histories allow the same futures", () => {
    // Whether the answer 0 is right depends on whether the add had returned before: the words are the same in both cases.
    const late: Run = (port) => {
      port.load("Look", 1);
      return 0;
    };
    const program = counters([[["add", add]], [["tell", late]]]);
    const found = interleave(program, { model: counter });
    expect(found).toMatchObject({
      verdict: "violated",
      failure: { schedule: [0, 1], claim: "historiesAreLinearizable" },
    });
    expect(byHistories(program, counter)).toBe(false);
    // Their words are apart, so only the order of return and beginning makes these turns dependent.
    for (const threads of [program, counters([[["tell", late]], [["add", add]]])]) {
      expect(enumerateExecutions(threads, { model: counter }, { sleepSets: true }).verdict).toBe("violated");
    }
  });

  it("of the stack is the same by monitor and by histories, with and without a tag", () => {
    for (const tagBits of [0, 16]) {
      const { meaning: _, ...answersOnly } = stackModel(3);
      const program = stackProgram(["o", "oouo"], 3, tagBits);
      const byMonitor = interleave(program, { model: answersOnly }).verdict;
      expect(byMonitor).toBe(byHistories(program, answersOnly) ? "held" : "violated");
      expect(byMonitor).toBe(tagBits === 0 ? "violated" : "held");
    }
  });
});
