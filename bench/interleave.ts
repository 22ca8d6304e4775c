/**
 * How fast interleavings are covered: against `fc.scheduler()` on the same program, and in steps a second.
 *
 * Figures are per CPU second of this process, medians of the rounds, contenders in turn; compilation is inside. Run the
 * compiled file with node; an argument gives the number of rounds.
 */
import fc from "fast-check";
import { enumerateExecutions } from "../explore/interleave/executions.js";
import { interleave } from "../explore/interleave/interleave.js";
import type { Port } from "../explore/interleave/port.js";
import type { Claim, Operation, Program } from "../explore/interleave/program.js";
import { tryRandomSchedules } from "../explore/interleave/random-schedules.js";
import { median, medianRatio } from "./median.js";

const ROUNDS = 5;
const INCREMENTS = 5;
const SCHEDULES = 184_756; // 20 accesses, 10 of each of two threads: 20! / (10! 10!)
const FC_RUNS = 20_000;
const RANDOM_RUNS = 200_000;

/** Two threads that add to one word five times each, by a load and a store: ten steps a thread. */
function counterProgram(): Program {
  const increment = (port: Port): Operation => ({
    name: "increment",
    run: () => {
      port.store("StoreCount", 0, port.load("LoadCount", 0) + 1);
      return 0;
    },
  });
  return {
    name: "two threads of ten steps",
    shared: new Int32Array(1),
    threads: (port) =>
      ["T0", "T1"].map((name) => ({ name, operations: Array.from({ length: INCREMENTS }, () => increment(port)) })),
  };
}

const somethingIsCounted: Claim = {
  name: "somethingIsCounted",
  violation: ({ shared }) => (shared[0]! >= 2 ? undefined : `count is ${shared[0]}`),
};
const claims = { atEnd: [somethingIsCounted] };

/** The same program and the same claim for fast-check: each access is one scheduled step. */
async function underFastCheck(): Promise<number> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      let count = 0;
      const thread = (name: string) => {
        let read = 0;
        return Array.from({ length: 2 * INCREMENTS }, (_, step) => ({
          label: `${name} ${step}`,
          builder: async () => {
            if (step % 2 === 0) read = count;
            else count = read + 1;
          },
        }));
      };
      scheduler.scheduleSequence(thread("T0"));
      scheduler.scheduleSequence(thread("T1"));
      await scheduler.waitAll();
      if (count < 2) throw new Error(`count is ${count}`);
    }),
    { numRuns: FC_RUNS, seed: 1 },
  );
  return FC_RUNS;
}

function byExecutions(): number {
  const { verdict, executions } = enumerateExecutions(counterProgram(), claims, { sleepSets: false });
  if (verdict !== "held" || executions !== SCHEDULES) throw new Error(`${verdict}: ${executions} executions`);
  return executions;
}

function byStates(): number {
  const { verdict } = interleave(counterProgram(), claims, { walks: 0 });
  if (verdict !== "held") throw new Error(verdict);
  return SCHEDULES;
}

function atRandom(strategy: "uniform" | number): number {
  const found = tryRandomSchedules(counterProgram(), claims, { runs: RANDOM_RUNS, seed: 1, strategy });
  if (found.executions !== RANDOM_RUNS) throw new Error(found.verdict);
  return RANDOM_RUNS;
}

/** Three threads that pop two pages and push one, on a stack with a tag. */
function stackProgram(): Program {
  const pages = 4;
  const pop = (port: Port): number => {
    for (;;) {
      const head = port.load("LoadHead", 0);
      if (head % 8 === 0) return 0;
      const next = port.load("LoadNext", head % 8);
      if (port.compareExchange("SwapHead", 0, head, head - (head % 8) + 8 + next) === head) return head % 8;
    }
  };
  const push = (port: Port, page: number): void => {
    for (;;) {
      const head = port.load("LoadHead", 0);
      port.store("StoreNext", page, head % 8);
      if (port.compareExchange("SwapHead", 0, head, head - (head % 8) + 8 + page) === head) return;
    }
  };
  const takes = (port: Port, slot: number): Operation => ({
    name: "pop",
    run: (own) => {
      own[slot] = pop(port);
      return 0;
    },
  });
  const gives = (port: Port, slot: number): Operation => ({
    name: "push",
    run: (own) => {
      if (own[slot] !== 0) push(port, own[slot]!);
      own[slot] = 0;
      return 0;
    },
  });
  return {
    name: "three threads on a stack",
    shared: Int32Array.from({ length: pages + 1 }, (_, page) => (page + 1) % (pages + 1)),
    threads: (port) =>
      ["T0", "T1", "T2"].map((name) => ({
        name,
        own: [0, 0],
        operations: [takes(port, 0), takes(port, 1), gives(port, 0), gives(port, 1)],
      })),
  };
}

function steps(limits: { readonly repeats?: boolean; readonly store?: "full" | "fingerprint" }): number {
  const found = interleave(stackProgram(), { allowsDeadlock: true }, { ...limits, walks: 0, states: 1_000_000 });
  return found.steps;
}

/** Accesses that the code made while it was run again on every step. */
function replayedAccesses(): number {
  const found = interleave(stackProgram(), { allowsDeadlock: true }, { repeats: true, walks: 0, states: 200_000 });
  return found.code.accesses;
}

async function perCpuSecond(work: () => number | Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const done = await work();
  const { user, system } = process.cpuUsage(before);
  return done / ((user + system) / 1e6);
}

const CONTENDERS: readonly (readonly [string, string, () => number | Promise<number>])[] = [
  ["fc.scheduler()", "schedules", underFastCheck],
  ["every execution", "schedules", byExecutions],
  ["random, uniform", "schedules", () => atRandom("uniform")],
  ["random, by priorities", "schedules", () => atRandom(3)],
  ["search of states", "schedules covered", byStates],
  ["search of states, whole states", "steps", () => steps({ store: "full" })],
  ["search of states, fingerprints", "steps", () => steps({ store: "fingerprint" })],
  ["code run again on every step", "accesses", replayedAccesses],
];

const rounds = Number(process.argv[2] ?? ROUNDS);
const figures = CONTENDERS.map((): number[] => []);
for (let round = 0; round < rounds; round++) {
  for (const [at, [, , work]] of CONTENDERS.entries()) figures[at]!.push(await perCpuSecond(work));
}
for (const [at, [name, unit]] of CONTENDERS.entries()) {
  const ratio = unit.startsWith("schedules") ? `  ${medianRatio(figures[at]!, figures[0]!).toFixed(1)} x` : "";
  const figure = Math.round(median(figures[at]!)).toLocaleString("en-US").padStart(16);
  process.stdout.write(`${name.padEnd(34)}${figure} ${unit} per CPU second${ratio}\n`);
}
