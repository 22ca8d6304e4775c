/**
 * The threads of a program as a machine for the explorer: one action a thread, which lets it take a turn.
 *
 *   words = [ shared words ][ local state of each thread ][ monitor ][ last thread + 1 | switches so far ]
 *
 * The monitor's word is there if there is a sequential model, the last two if switches are bounded. A turn is one access to
 * a schedule point with what rides along; an operation that returns ends it, one that begins begins with it.
 */
import type { Machine } from "../machine.js";
import type { LocalStates } from "./local-states.js";
import { Monitor, NOTHING_HAPPENED } from "./monitor.js";
import { ACCESS, valueAfter } from "./port.js";
import type { Program, View } from "./program.js";
import { ReplayedThreads, type ReplayOptions } from "./replayed-threads.js";
import type { SequentialModel } from "./sequential-model.js";

/** Most accesses of a turn. */
const ACCESSES_MAX = 4096;

export interface MachineOptions extends ReplayOptions {
  /** Most context switches in a schedule; by default any number. */
  readonly switches?: number;
}

export class ThreadMachine implements Machine, View {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly shared: Int32Array;
  readonly threads: ReplayedThreads;
  readonly locals: LocalStates;
  readonly monitor: Monitor | undefined;
  /** The last turn: how many accesses it had, which local states made them, and what they were answered. */
  turnAccesses = 0;
  readonly turnLocals = new Int32Array(ACCESSES_MAX);
  readonly turnAnswers = new Int32Array(ACCESSES_MAX);
  /** Whether an operation began in the last turn, and whether one returned. */
  turnBegins = false;
  turnReturns = false;
  /** What the last operation to return has answered. */
  answered = 0;
  /** Whether the bound of switches has ever held a thread back. */
  isCut = false;
  /** What stopped the machine, other than a violation. */
  failure: unknown;
  private readonly initial: Int32Array;
  private readonly localsAt: number;
  private readonly monitorAt: number;
  private readonly switchesAt: number;
  private readonly switchesMax: number | undefined;

  constructor(program: Program, model: SequentialModel<unknown, unknown> | undefined, options: MachineOptions = {}) {
    const width = program.shared.length;
    const initialShared = program.shared.slice();
    this.threads = new ReplayedThreads(program, options);
    this.locals = this.threads.locals;
    this.actionCount = this.threads.runner.threads.length;
    this.monitor = model && new Monitor(model, this.actionCount);
    this.switchesMax = options.switches;
    this.localsAt = width;
    this.monitorAt = width + this.actionCount;
    this.switchesAt = this.monitorAt + (model === undefined ? 0 : 1);
    this.stateWords = this.switchesAt + (this.switchesMax === undefined ? 0 : 2);
    this.words = new Int32Array(this.stateWords);
    this.shared = this.words.subarray(0, width);
    this.initial = new Int32Array(this.stateWords);
    this.initial.set(initialShared);
    this.guarded(() => {
      for (let thread = 0; thread < this.actionCount; thread++) {
        this.initial[this.localsAt + thread] = this.threads.first(thread);
      }
    });
    if (model !== undefined) this.initial[this.monitorAt] = NOTHING_HAPPENED;
    this.initialise();
  }

  get threadCount(): number {
    return this.actionCount;
  }

  initialise(): void {
    const { words, initial } = this;
    for (let at = 0; at < words.length; at++) words[at] = initial[at]!;
  }

  /** Whether the thread has accesses left, bound or no bound. */
  canGoOn(thread: number): boolean {
    return this.locals.kind(this.words[this.localsAt + thread]!) < ACCESS.Finished;
  }

  enabled(thread: number): boolean {
    return this.canGoOn(thread) && (this.switchesMax === undefined || this.mayTakeOver(thread));
  }

  perform(thread: number): void {
    try {
      this.takeTurn(thread);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    if (this.switchesMax !== undefined) this.countSwitch(thread);
  }

  local(thread: number): number {
    return this.words[this.localsAt + thread]!;
  }

  own(thread: number): Int32Array {
    return this.threads.own(this.local(thread));
  }

  returned(thread: number): number {
    return this.locals.operation(this.local(thread));
  }

  result(thread: number, operation: number): number {
    return this.own(thread)[this.threads.resultsAt(thread) + operation]!;
  }

  isFinished(): boolean {
    for (let thread = 0; thread < this.actionCount; thread++) {
      if (this.locals.kind(this.local(thread)) !== ACCESS.Finished) return false;
    }
    return true;
  }

  /** The monitor's set. Only with a sequential model. */
  get explanations(): number {
    return this.words[this.monitorAt]!;
  }

  private takeTurn(thread: number): void {
    const { words, threads, locals, turnLocals, turnAnswers } = this;
    let local = words[this.localsAt + thread]!;
    this.turnBegins = locals.isStart(local);
    this.turnReturns = false;
    const question = local;
    let accesses = 0;
    for (let hasPoint = false; ; ) {
      if (locals.isSchedulePoint(local)) {
        if (hasPoint) break;
        hasPoint = true;
      }
      const answer = this.access(local);
      turnLocals[accesses] = local;
      turnAnswers[accesses] = answer;
      accesses++;
      threads.advance(local, answer);
      local = threads.next;
      this.turnReturns = locals.isStart(local);
      if (this.turnReturns || locals.kind(local) === ACCESS.Thrown) break;
      if (accesses === ACCESSES_MAX) throw new Error("accesses ride along without end: expected a schedule point");
    }
    words[this.localsAt + thread] = local;
    this.turnAccesses = accesses;
    this.answered = threads.result;
    if (this.monitor !== undefined) this.tellMonitor(this.monitor, thread, question);
  }

  /** Makes the access that a local state is about to make. @returns what the code is told */
  private access(local: number): number {
    const { words, locals } = this;
    const kind = locals.kind(local);
    if (kind === ACCESS.None) return 0;
    const index = locals.index(local);
    const found = words[index]!;
    if (kind === ACCESS.Load) return found;
    const first = locals.first(local);
    words[index] = valueAfter(kind, found, first, locals.second(local));
    return kind === ACCESS.Store ? first : found;
  }

  private tellMonitor(monitor: Monitor, thread: number, question: number): void {
    const { words, monitorAt, locals } = this;
    const operation = this.threads.runner.threads[thread]!.operations[locals.operation(question)]!;
    if (operation.asks === undefined) return;
    if (this.turnBegins) {
      if (!monitor.knows(question)) monitor.define(question, operation.asks(this.threads.own(question)));
      words[monitorAt] = monitor.invoke(words[monitorAt]!, thread, question);
    }
    if (this.turnReturns) words[monitorAt] = monitor.return(words[monitorAt]!, thread, this.answered);
  }

  private mayTakeOver(thread: number): boolean {
    const { words, switchesAt } = this;
    const last = words[switchesAt]!;
    if (last === 0 || last === thread + 1 || words[switchesAt + 1]! < this.switchesMax!) return true;
    this.isCut = true;
    return false;
  }

  private countSwitch(thread: number): void {
    const { words, switchesAt } = this;
    const last = words[switchesAt]!;
    if (last !== 0 && last !== thread + 1) words[switchesAt + 1]!++;
    words[switchesAt] = thread + 1;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.threads.close();
      throw error;
    }
  }
}
