/**
 * Random schedules, for programs too large to be covered. What they do not find proves nothing, and the verdict says so;
 * what they find is shrunk.
 */
import type { Interleaving } from "./interleaving.js";
import { type Broken, Judge } from "./judge.js";
import { type Picker, PriorityPicker, UniformPicker } from "./pickers.js";
import type { Claims, Program } from "./program.js";
import { Random } from "./random.js";
import { checkRange } from "./range.js";
import type { ReplayOptions } from "./replayed-threads.js";
import { conclude, outsideOf } from "./report.js";
import { shrink } from "./shrink.js";
import { ThreadMachine } from "./thread-machine.js";

const TURNS_MAX = 100_000;
/** Beyond so many local states the table of what the code does is begun anew. */
const LOCAL_STATES_MAX = 2 ** 20;

export interface RandomLimits extends ReplayOptions {
  /** How many schedules to try, from 1. */
  readonly runs: number;
  /** Any 32-bit integer; the same one gives the same schedules. */
  readonly seed: number;
  /** `uniform`: each thread is as likely as the others, at each turn. A number: probabilistic concurrency testing, for
   * failures that need so many ordering constraints, from 1. */
  readonly strategy: "uniform" | number;
  /** Most turns of a schedule. By default 100,000; one that is longer is left there. */
  readonly turns?: number;
}

/**
 * Runs random schedules until one breaks a claim, and shrinks it.
 * @throws Error for a program or limits out of range, and what claims and the model throw
 */
export function tryRandomSchedules<State, Question>(
  program: Program<Question>,
  claims: Claims<State, Question>,
  limits: RandomLimits,
): Interleaving {
  const pristine = { ...program, shared: program.shared.slice() };
  const trial = new Trial(program, claims as Claims, limits);
  try {
    const found = trial.run();
    const machine = trial.machine!;
    machine.threads.audit();
    const failure = found && shrink(pristine, claims as Claims, limits, found.schedule, found.broken.claim);
    return conclude(machine, program, {
      method: "random",
      bound: `${trial.runs} random schedules`,
      estimate: null,
      states: null,
      steps: trial.steps,
      depth: trial.depth,
      executions: trial.executions,
      blocked: 0,
      outcomes: trial.outcomes(),
      store: "none",
      missProbability: 0,
      failure: failure ?? null,
    });
  } catch (error) {
    return outsideOf(program.name, "random", error);
  } finally {
    trial.machine?.threads.close();
  }
}

class Trial {
  machine: ThreadMachine | undefined;
  runs = 0;
  executions = 0;
  steps = 0;
  depth = 0;
  private readonly program: Program;
  private readonly claims: Claims;
  private readonly limits: RandomLimits;
  private readonly picker: Picker;
  private judge: Judge | undefined;
  private readonly seen = new Set<string>();

  constructor(program: Program, claims: Claims, limits: RandomLimits) {
    const { runs, strategy } = limits;
    checkRange("runs", runs, 1);
    checkRange("turns", limits.turns ?? TURNS_MAX, 1);
    if (strategy !== "uniform") checkRange("strategy", strategy, 1);
    const random = new Random(limits.seed);
    this.program = program;
    this.claims = claims;
    this.limits = limits;
    this.picker = strategy === "uniform" ? new UniformPicker(random) : new PriorityPicker(random, strategy);
  }

  run(): { readonly schedule: readonly number[]; readonly broken: Broken } | undefined {
    while (this.runs < this.limits.runs) {
      const { machine, judge } = this.atBeginning();
      const schedule: number[] = [];
      const broken = this.runOnce(machine, judge, schedule);
      this.runs++;
      this.depth = Math.max(this.depth, schedule.length);
      if (broken !== undefined) return { schedule, broken };
    }
    return undefined;
  }

  outcomes(): string[] {
    for (const outcome of this.judge?.outcomes ?? []) this.seen.add(outcome);
    return [...this.seen].sort();
  }

  private runOnce(machine: ThreadMachine, judge: Judge, schedule: number[]): Broken | undefined {
    const turnsMax = this.limits.turns ?? TURNS_MAX;
    this.picker.begin(machine, this.depth);
    for (let broken = judge.broken(); ; broken = judge.broken()) {
      if (broken !== undefined) return broken;
      if (schedule.length === turnsMax) return undefined;
      const thread = this.picker.pick(machine);
      if (thread < 0) break;
      schedule.push(thread);
      machine.perform(thread);
      this.steps++;
    }
    this.executions++;
    return undefined;
  }

  private atBeginning(): { readonly machine: ThreadMachine; readonly judge: Judge } {
    if (this.machine !== undefined && this.machine.locals.count > LOCAL_STATES_MAX) {
      this.outcomes();
      this.machine.threads.audit();
      this.machine.threads.close();
      this.machine = undefined;
    }
    if (this.machine === undefined || this.judge === undefined) {
      this.machine = new ThreadMachine(this.program, this.claims.model, this.limits);
      this.judge = new Judge(this.machine, this.claims);
    }
    this.machine.initialise();
    return { machine: this.machine, judge: this.judge };
  }
}
