/**
 * The second method: one execution after another, depth first, with or without sleep sets.
 *
 * Two turns are independent if neither writes what the other touches and they do not order one operation's return before
 * another's beginning. A sleep set holds threads whose next turn has been tried before, from a state that differs by
 * independent turns only (Godefroid, "Partial-order methods for the verification of concurrent systems"). Every state
 * is still visited; what is saved are executions that differ in the order of independent turns only. Nothing is
 * remembered of states, so this shares no theory with the search of states. Programs that wait do not end here.
 */
import type { Limits } from "../machine.js";
import { estimateExecutions } from "./estimate.js";
import { Footprint } from "./footprint.js";
import type { Failure, Interleaving } from "./interleaving.js";
import { Judge } from "./judge.js";
import type { Claims, Program } from "./program.js";
import { checkRange } from "./range.js";
import type { ReplayOptions } from "./replayed-threads.js";
import { conclude, outsideOf } from "./report.js";
import { tell } from "./story.js";
import { ThreadMachine } from "./thread-machine.js";

const TURNS_MAX = 2_000;
const THREADS_MAX = 31;
const WALKS = 100;
const SEED = 1;

export interface ExecutionLimits extends ReplayOptions {
  readonly sleepSets: boolean;
  /** Most executions, blocked ones included, from 1. By default any number. */
  readonly executions?: number;
  /** What has run out, if anything: asked after each execution. */
  readonly ranOut?: Limits["ranOut"];
  /** Most turns of an execution. By default 2,000: what takes longer is taken to wait. */
  readonly turns?: number;
}

/** What is known where a thread has been chosen. */
interface Level {
  readonly words: Int32Array;
  readonly footprints: readonly Footprint[];
  /** Threads that need not be tried, and threads to try, as bits. */
  sleeping: number;
  able: number;
  /** The thread at hand. */
  thread: number;
}

/**
 * Runs executions of `program` one by one and judges every state on the way; the first violation ends it.
 * @throws Error for a program or limits out of range, and what claims and the model throw
 */
export function enumerateExecutions<State, Question>(
  program: Program<Question>,
  claims: Claims<State, Question>,
  limits: ExecutionLimits,
): Interleaving {
  checkRange("executions", limits.executions ?? 1, 1);
  checkRange("turns", limits.turns ?? TURNS_MAX, 1);
  const method = limits.sleepSets ? "sleep-sets" : "executions";
  let machine: ThreadMachine | undefined;
  try {
    machine = new ThreadMachine(program, claims.model as Claims["model"], limits);
    if (machine.actionCount > THREADS_MAX)
      throw new Error(`${machine.actionCount} threads: expected at most ${THREADS_MAX}`);
    const estimate = estimateExecutions(machine, WALKS, SEED);
    const search = new ExecutionSearch(machine, new Judge(machine, claims as Claims), limits);
    search.run();
    machine.threads.audit();
    const { bound, steps, depth, executions, blocked, judge, failure } = search;
    const { outcomes } = judge;
    const counts = { estimate, states: null, steps, depth, executions, blocked, outcomes };
    return conclude(machine, program, { method, bound, ...counts, store: "none", missProbability: 0, failure });
  } catch (error) {
    return outsideOf(program.name, method, error);
  } finally {
    machine?.threads.close();
  }
}

class ExecutionSearch {
  readonly judge: Judge;
  executions = 0;
  blocked = 0;
  steps = 0;
  depth = 0;
  bound: string | null = null;
  failure: Failure | null = null;
  private readonly machine: ThreadMachine;
  private readonly limits: Required<Pick<ExecutionLimits, "sleepSets" | "executions" | "turns">> &
    Pick<ExecutionLimits, "ranOut">;
  private readonly levels: Level[] = [];

  constructor(machine: ThreadMachine, judge: Judge, limits: ExecutionLimits) {
    this.machine = machine;
    this.judge = judge;
    this.limits = { executions: Number.POSITIVE_INFINITY, turns: TURNS_MAX, ...limits };
  }

  run(): void {
    this.machine.initialise();
    this.enter(0, 0);
    let turn = 0;
    while (turn >= 0 && this.failure === null && this.bound === null) {
      const level = this.levels[turn]!;
      const ready = level.able & ~level.sleeping;
      if (ready === 0) {
        turn--;
        if (turn >= 0) this.putToSleep(this.levels[turn]!);
        continue;
      }
      level.thread = 31 - Math.clz32(ready & -ready);
      copy(level.words, this.machine.words);
      this.machine.perform(level.thread);
      this.steps++;
      turn++;
      this.enter(turn, this.stillAsleep(level));
    }
  }

  /** The live state is reached with so many turns. */
  private enter(turn: number, sleeping: number): void {
    const { machine } = this;
    this.depth = Math.max(this.depth, turn);
    const level = this.levels[turn] ?? this.newLevel();
    this.levels[turn] = level;
    copy(machine.words, level.words);
    level.able = 0;
    level.sleeping = sleeping;
    this.judgeState(turn);
    if (this.failure !== null) return;
    for (let thread = 0; thread < machine.actionCount; thread++) {
      if (machine.canGoOn(thread)) level.able |= 1 << thread;
    }
    if (level.able === 0 || (level.able & ~sleeping) === 0) this.count(level.able === 0);
    else if (turn >= this.limits.turns) this.bound = `${this.limits.turns} turns an execution`;
    else if (this.limits.sleepSets) this.takeFootprints(level);
  }

  private count(isComplete: boolean): void {
    // Only one more than allowed shows that the limit leaves something out.
    if (this.executions + this.blocked === this.limits.executions) this.bound = `${this.limits.executions} executions`;
    else if (isComplete) this.executions++;
    else this.blocked++;
    const missing = this.limits.ranOut?.();
    if (missing !== undefined) this.bound = `${this.executions + this.blocked} executions, out of ${missing}`;
  }

  private judgeState(turn: number): void {
    const broken = this.judge.broken();
    if (broken === undefined) return;
    const schedule = this.levels.slice(0, turn).map(({ thread }) => thread);
    this.failure = tell(this.machine, schedule, broken, "as found");
  }

  /** What each thread that is able to would touch from here. */
  private takeFootprints({ words, footprints, able }: Level): void {
    const { machine } = this;
    for (let thread = 0; thread < machine.actionCount; thread++) {
      if ((able & (1 << thread)) === 0) continue;
      machine.perform(thread);
      footprints[thread]!.take(machine);
      copy(words, machine.words);
    }
  }

  /** Sleeping threads whose turn does not depend on the turn of the thread at hand. */
  private stillAsleep({ sleeping, able, footprints, thread }: Level): number {
    let asleep = 0;
    for (let other = 0; other < footprints.length; other++) {
      const bit = 1 << other;
      if ((sleeping & able & bit) === 0) continue;
      if (!footprints[other]!.isDependentOn(footprints[thread]!)) asleep |= bit;
    }
    return asleep;
  }

  /** What begins with the thread at hand has been seen. */
  private putToSleep(level: Level): void {
    if (this.limits.sleepSets) level.sleeping |= 1 << level.thread;
    else level.able &= ~(1 << level.thread);
  }

  private newLevel(): Level {
    const { machine } = this;
    return {
      words: new Int32Array(machine.stateWords),
      footprints: Array.from({ length: machine.actionCount }, () => new Footprint()),
      sleeping: 0,
      able: 0,
      thread: 0,
    };
  }
}

/** Copies a state; it is too short for `set` to be the faster way. */
function copy(from: Int32Array, to: Int32Array): void {
  for (let at = 0; at < from.length; at++) to[at] = from[at]!;
}
