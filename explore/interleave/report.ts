/** Puts together what a search found. */
import type { CodeFigures, Interleaving, Method } from "./interleaving.js";
import type { Program } from "./program.js";
import type { ReplayedThreads } from "./replayed-threads.js";
import type { ThreadMachine } from "./thread-machine.js";
import { OutsideTheory } from "./trap.js";

/** What a method has to say; the rest follows. `random` never exhausts anything, so it always names a bound. */
export type Findings = Omit<Interleaving, "program" | "verdict" | "code" | "outside" | "claim">;

/** The document. The code must have been audited. */
export function conclude(machine: ThreadMachine, program: Program, findings: Findings): Interleaving {
  const { failure, bound } = findings;
  const verdict = failure !== null ? "violated" : bound !== null ? "unfinished" : "held";
  const code = figuresOf(machine.threads);
  return {
    program: program.name,
    verdict,
    ...findings,
    code,
    outside: null,
    claim: verdict === "held" ? claimOf(machine, program, code) : null,
  };
}

/** The document for code that is not what the theory speaks of. @throws any other error, as it is */
export function outsideOf(program: string, method: Method, error: unknown): Interleaving {
  if (!(error instanceof OutsideTheory)) throw error;
  return {
    program,
    method,
    verdict: "outside",
    bound: null,
    estimate: null,
    states: null,
    steps: 0,
    depth: 0,
    executions: null,
    blocked: null,
    outcomes: [],
    store: "none",
    missProbability: 0,
    code: { localStates: 0, runs: 0, accesses: 0, spins: 0 },
    failure: null,
    outside: error.message,
    claim: null,
  };
}

function figuresOf({ locals, runner, spins }: ReplayedThreads): CodeFigures {
  return { localStates: locals.count, runs: runner.runs, accesses: runner.accesses, spins };
}

function claimOf(machine: ThreadMachine, program: Program, { runs, spins }: CodeFigures): string {
  const grain = program.isSchedulePoint === undefined ? "shared access" : "access to a declared schedule point";
  const waiting =
    spins === 0 ? "" : ` ${spins} fruitless rounds of waiting were taken to leave the thread where it was.`;
  return (
    `All schedules of ${machine.threadCount} threads, one ${grain} at a time. Complete because every shared access went ` +
    `through the port: the words were nowhere else, what stood in for them was trapped and never touched, and all ` +
    `steps of the code came out the same when they were run again (${runs} runs).${waiting}`
  );
}
