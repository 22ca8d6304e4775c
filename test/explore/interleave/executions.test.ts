import { describe, expect, it } from "vitest";
import { enumerateExecutions } from "../../../explore/interleave/executions.js";
import { interleave } from "../../../explore/interleave/interleave.js";
import { writes } from "../../../explore/interleave/port.js";
import type { Program } from "../../../explore/interleave/program.js";
import { ThreadMachine } from "../../../explore/interleave/thread-machine.js";
import { LITMUS, litmus, reads } from "./litmus.js";
import { everyPageIsSomewhereOnce, stackProgram } from "./treiber.js";

/** `threads` threads that each store `steps` times to a word of their own, or all to one. */
function stores(threads: number, steps: number, ownWords: boolean): Program {
  return {
    name: "stores",
    shared: new Int32Array(threads),
    threads: (port) =>
      Array.from({ length: threads }, (_, thread) => ({
        name: `T${thread}`,
        operations: [
          {
            name: "store",
            run: () => {
              for (let step = 1; step <= steps; step++) port.store("Store", ownWords ? thread : 0, thread * 100 + step);
              return 0;
            },
          },
        ],
      })),
  };
}

/** Counts classes of executions that differ in the order of independent accesses only: two executions are of one class
 * exactly if on each word the writes stand in the same order, with the same reads between them. */
function classesOf(program: Program): number {
  const machine = new ThreadMachine(program, undefined);
  const classes = new Set<string>();
  const visit = (schedule: readonly number[]): void => {
    const before = machine.words.slice();
    let isEnd = true;
    for (let thread = 0; thread < machine.actionCount; thread++) {
      if (!machine.canGoOn(thread)) continue;
      isEnd = false;
      machine.perform(thread);
      visit([...schedule, thread]);
      machine.words.set(before);
    }
    if (isEnd) classes.add(signature(machine, schedule));
    machine.words.set(before);
  };
  machine.initialise();
  visit([]);
  machine.threads.close();
  return classes.size;
}

function signature(machine: ThreadMachine, schedule: readonly number[]): string {
  const turns = new Array(machine.actionCount).fill(0);
  const words: { writes: string[]; reads: string[] }[][] = machine.shared.reduce<typeof words>(
    (all) => [...all, []],
    [],
  );
  machine.initialise();
  for (const thread of schedule) {
    machine.perform(thread);
    const name = `${thread}.${turns[thread]++}`;
    const local = machine.turnLocals[0]!;
    const word = words[machine.locals.index(local)]!;
    const isWrite = writes(machine.locals.kind(local), machine.turnAnswers[0]!, machine.locals.first(local));
    if (word.length === 0) word.push({ writes: [], reads: [] });
    if (isWrite) word.push({ writes: [name], reads: [] });
    else word.at(-1)!.reads.push(name);
  }
  return JSON.stringify(words.map((word) => word.map((epoch) => [epoch.writes, epoch.reads.sort()])));
}

describe("all executions", () => {
  it("counts 12,870 of two threads with eight steps, as combinatorics does", () => {
    const found = enumerateExecutions(stores(2, 8, false), {}, { sleepSets: false });
    expect(found).toMatchObject({ verdict: "held", executions: 12_870, blocked: 0, depth: 16, bound: null });
    const others = [stores(3, 3, false), stores(4, 2, true)].map(
      (program) => enumerateExecutions(program, {}, { sleepSets: false }).executions,
    );
    expect(others).toEqual([1680, 2520]);
  });

  it("estimates them before it starts", () => {
    const { estimate } = enumerateExecutions(stores(2, 8, false), {}, { sleepSets: true });
    expect(estimate).toBeGreaterThan(12_870 * 0.8);
    expect(estimate).toBeLessThan(12_870 * 1.2);
    expect(interleave(stores(2, 8, false), {}, { walks: 0 }).estimate).toBe(null);
  });

  it("counts 9,355 of a pop beside pop, pop, push and 13,344 of two times pop, push", () => {
    const counts = [stackProgram(["o", "oou"], 3, 16), stackProgram(["ou", "ou"], 2, 16)].map(
      (program) =>
        enumerateExecutions(program, { always: [everyPageIsSomewhereOnce] }, { sleepSets: false }).executions,
    );
    expect(counts).toEqual([9355, 13_344]);
  });

  it("ends when the time is over and says so, as the search of states does", () => {
    const ranOut = () => "time" as const;
    const one = enumerateExecutions(stores(2, 8, false), {}, { sleepSets: false, ranOut });
    expect(one).toMatchObject({ verdict: "unfinished", executions: 1, bound: "1 executions, out of time" });
    const states = interleave(stores(2, 8, false), {}, { ranOut });
    expect(states).toMatchObject({ verdict: "unfinished", states: 1, bound: "1 states, out of time" });
  });

  it("stops at a bound and says so", () => {
    const found = enumerateExecutions(stores(2, 8, false), {}, { sleepSets: false, executions: 100 });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "100 executions", claim: null });
  });
});

describe("sleep sets", () => {
  it("run independent threads once and dependent ones in every order", () => {
    const independent = enumerateExecutions(stores(2, 8, true), {}, { sleepSets: true });
    const dependent = enumerateExecutions(stores(2, 8, false), {}, { sleepSets: true });
    expect(independent).toMatchObject({ verdict: "held", executions: 1 });
    expect(dependent).toMatchObject({ verdict: "held", executions: 12_870, blocked: 0 });
  });

  it.each([
    ["o / oou", stackProgram(["o", "oou"], 3, 16)],
    ["ou / ou", stackProgram(["ou", "ou"], 2, 16)],
    ...LITMUS.map(({ name, bodies }): [string, Program] => [name, litmus(name, bodies)]),
  ])("run one execution of each class: %s", (_, program) => {
    expect(enumerateExecutions(program, {}, { sleepSets: true }).executions).toBe(classesOf(program));
  });

  it.each([
    { letters: ["o", "oou"], pages: 3, executions: 33, blocked: 9 },
    { letters: ["ou", "ou"], pages: 2, executions: 62, blocked: 16 },
    { letters: ["oou", "oou"], pages: 3, executions: 374, blocked: 84 },
    { letters: ["o", "o", "ou"], pages: 3, executions: 882, blocked: 298 },
    { letters: ["o", "ou", "ou"], pages: 3, executions: 12_960, blocked: 4073 },
  ])("come to the verdict of the search of states: $letters", ({ letters, pages, executions, blocked }) => {
    const claims = { always: [everyPageIsSomewhereOnce] };
    for (const tagBits of [0, 1, 16]) {
      const program = stackProgram(letters, pages, tagBits);
      const found = enumerateExecutions(program, claims, { sleepSets: true });
      expect(found.verdict).toBe(interleave(program, claims).verdict);
      if (tagBits === 16) expect(found).toMatchObject({ verdict: "held", executions, blocked });
    }
  });

  it("do not end on a program that waits, and say so", () => {
    const waits: Program = {
      name: "waits",
      shared: new Int32Array(1),
      threads: (port) => [
        {
          name: "T0",
          operations: [
            {
              name: "wait",
              run: () => {
                while (port.load("LoadFlag", 0) === 0) {}
                return 0;
              },
            },
          ],
        },
      ],
    };
    const found = enumerateExecutions(waits, {}, { sleepSets: true });
    expect(found).toMatchObject({ verdict: "unfinished", bound: "2000 turns an execution", estimate: null });
  });

  it("see the same outcomes whether they are on or off", () => {
    for (const { name, bodies } of LITMUS) {
      const [on, off] = [true, false].map((sleepSets) =>
        enumerateExecutions(litmus(name, bodies), reads, { sleepSets }),
      );
      expect(on!.outcomes).toEqual(off!.outcomes);
    }
  });
});
