/**
 * What the threads do, as a table that fills up: local state and answer lead to the next local state.
 *
 * The first time that an answer is given to a local state, the operation is run again from its start, with the answers
 * that it has had and the new one, to its next access. After that the table knows. `repeats` looks at nothing but runs
 * the code every time; both must come to the same.
 *
 * A fruitless round of waiting leads back to the local state before it.
 */
import { type CodeRunner, ENDING, type RunOrder } from "./code-runner.js";
import { type LocalState, LocalStates, NO_PARENT, NOT_KNOWN } from "./local-states.js";
import { PairTable } from "./pair-table.js";
import { ACCESS } from "./port.js";
import type { Program } from "./program.js";
import { checkRange } from "./range.js";
import { ENTRY_WORDS, type LoggedAccess, writeEntry } from "./replay-port.js";
import { roundThatRepeats } from "./waiting.js";
import { WatchedCode } from "./watched-code.js";

const SPIN_ROUNDS = 64;
const NO_ACCESS: LoggedAccess = { kind: ACCESS.None, label: 0, index: 0, first: 0, second: 0 };

export interface ReplayOptions {
  /** Run the code on every step instead of once per local state and answer. Slow; for cross-checks. */
  readonly repeats?: boolean;
  /** How often a round must be repeated with the same answers until it passes for waiting; 0 = nothing does. By default 64. */
  readonly spinRounds?: number;
}

export class ReplayedThreads {
  readonly locals = new LocalStates();
  readonly code: WatchedCode;
  runner: CodeRunner;
  /** Where the last `advance` has led, and the result if the operation returned on the way. */
  next = 0;
  result = 0;
  /** Rounds that passed for waiting. */
  spins = 0;
  private readonly program: Program;
  private readonly transitions = new PairTable();
  /** The pairs in `transitions`, in the order in which they were entered. */
  private readonly discoveries: number[] = [];
  private readonly repeats: boolean;
  private readonly spinRounds: number;
  private readonly starts = new Map<string, number>();
  private readonly owns: Int32Array[] = [];
  private readonly ownNumbers = new Map<string, number>();
  private readonly messages = new Map<number, string>();

  constructor(program: Program, options: ReplayOptions = {}) {
    checkRange("spinRounds", options.spinRounds ?? SPIN_ROUNDS, 0);
    this.program = program;
    this.repeats = options.repeats ?? false;
    this.spinRounds = options.spinRounds ?? SPIN_ROUNDS;
    this.code = new WatchedCode(program);
    this.runner = this.code.runner;
  }

  /** The local state in which a thread begins. */
  first(thread: number): number {
    const start = this.startOf(thread, 0, this.runner.ownAtFirst(thread));
    this.code.insist();
    return start;
  }

  /** Gives an answer to a local state. @throws OutsideTheory if the code turns out not to be covered */
  advance(local: number, answer: number): void {
    const { transitions, locals } = this;
    const recent = locals.recentNext(local, answer);
    if (recent !== NOT_KNOWN) {
      this.next = recent;
      this.result = locals.recentResult(local);
    } else if (transitions.find(local, answer)) {
      this.next = transitions.first;
      this.result = transitions.second;
    } else {
      this.discover(local, answer);
      return;
    }
    if (this.repeats) this.confirm(local, answer, this.next, this.result);
    else locals.setRecent(local, answer, this.next, this.result);
  }

  own(local: number): Int32Array {
    return this.owns[this.locals.own(local)]!;
  }

  /** Where, behind the declared private words, the kept results begin. */
  resultsAt(thread: number): number {
    return this.runner.threads[thread]!.own?.length ?? 0;
  }

  /** What the operation has thrown that has led to this local state. */
  message(local: number): string {
    return this.messages.get(local) ?? "";
  }

  /** Builds the code afresh and runs all that was run once more, the last first, with other nonsense where plain accesses
   * would look. So also code is found out that remembers something elsewhere than in words. The last use of this object.
   * @throws OutsideTheory if anything comes out otherwise */
  audit(): void {
    const { transitions, code, discoveries } = this;
    code.spoilAnew();
    const { runs, accesses } = this.runner;
    this.runner = code.rebuild();
    this.runner.runs = runs;
    this.runner.accesses = accesses;
    for (let at = discoveries.length - 2; at >= 0; at -= 2) {
      const local = discoveries[at]!;
      if (transitions.find(local, discoveries[at + 1]!)) {
        this.confirm(local, discoveries[at + 1]!, transitions.first, transitions.second);
      }
      if (this.locals.isStart(local)) this.confirmStart(local);
    }
    code.insistUntouched();
  }

  /** Ends the use of the program. */
  close(): void {
    this.code.restore();
  }

  private discover(local: number, answer: number): void {
    const { locals, runner } = this;
    const thread = locals.thread(local);
    const operation = locals.operation(local);
    const entries = this.draft(local, answer);
    const start = this.drafted;
    const ending = runner.run(this.orderFor(local, start, entries));
    this.result = 0;
    runner.examine();
    this.code.insist();
    if (ending === ENDING.Returned) {
      this.result = runner.result;
      this.next = this.startOf(thread, operation + 1, runner.own.slice());
    } else if (ending === ENDING.Thrown) {
      this.code.blameTrap(this.orderFor(local, start, entries));
      this.next = this.addState(local, { ...NO_ACCESS, kind: ACCESS.Thrown }, start, entries);
      this.messages.set(this.next, runner.message);
    } else {
      const access = this.stoppedAt();
      const period = this.repeatedRound(local, access, start, entries);
      this.next = period > 0 ? locals.ancestor(local, period - 1) : this.addState(local, access, start, entries);
    }
    this.code.insist();
    this.transitions.find(local, answer);
    this.transitions.enter(local, answer, this.next, this.result);
    this.discoveries.push(local, answer);
  }

  /** Where `draft` has put the log. */
  private drafted = 0;

  /** Drafts the log of `local` with one more answer. @returns its entries */
  private draft(local: number, answer: number): number {
    const { locals } = this;
    const entries = locals.logEntries(local);
    this.drafted = locals.draftLog(local);
    if (locals.kind(local) === ACCESS.None) return entries;
    writeEntry(locals.logs, this.drafted + entries * ENTRY_WORDS, this.accessOf(local), answer);
    return entries + 1;
  }

  private orderFor(local: number, logStart: number, logEntries: number): RunOrder {
    const { locals } = this;
    return {
      thread: locals.thread(local),
      operation: locals.operation(local),
      own: this.own(local),
      log: locals.logs,
      logStart,
      logEntries,
    };
  }

  private addState(parent: number, access: LoggedAccess, logStart: number, logEntries: number): number {
    const { locals } = this;
    locals.keepLog(logEntries);
    return locals.add({
      access,
      isSchedulePoint: this.isSchedulePoint(access),
      thread: locals.thread(parent),
      operation: locals.operation(parent),
      own: locals.own(parent),
      logStart,
      logEntries,
      parent,
    });
  }

  /** The local state of a thread between two operations. */
  private startOf(thread: number, operation: number, own: Int32Array): number {
    const ownNumber = this.ownNumber(own);
    const key = `${thread} ${operation} ${ownNumber}`;
    const known = this.starts.get(key);
    if (known !== undefined) return known;
    const { locals } = this;
    const access = this.firstAccess(thread, operation, own);
    const state: LocalState = {
      access,
      isSchedulePoint: this.isSchedulePoint(access),
      thread,
      operation,
      own: ownNumber,
      logStart: 0,
      logEntries: 0,
      parent: NO_PARENT,
    };
    const start = locals.add(state);
    this.starts.set(key, start);
    return start;
  }

  private firstAccess(thread: number, operation: number, own: Int32Array): LoggedAccess {
    if (operation === this.runner.threads[thread]!.operations.length) return { ...NO_ACCESS, kind: ACCESS.Finished };
    const log = this.locals.logs;
    const ending = this.runner.run({ thread, operation, own, log, logStart: 0, logEntries: 0 });
    return ending === ENDING.Stopped ? this.stoppedAt() : NO_ACCESS;
  }

  private isSchedulePoint({ kind, label, index }: LoggedAccess): boolean {
    if (kind >= ACCESS.None || this.program.isSchedulePoint === undefined) return true;
    return this.program.isSchedulePoint(this.runner.port.labelName(label), index);
  }

  private stoppedAt(): LoggedAccess {
    const { kind, label, index, first, second } = this.runner.port;
    return { kind, label, index, first, second };
  }

  private accessOf(local: number): LoggedAccess {
    const { locals } = this;
    return {
      kind: locals.kind(local),
      label: locals.label(local),
      index: locals.index(local),
      first: locals.first(local),
      second: locals.second(local),
    };
  }

  /** How many accesses the round has that the operation goes on repeating; 0 if it waits for nothing. */
  private repeatedRound(local: number, access: LoggedAccess, start: number, entries: number): number {
    if (this.spinRounds === 0) return 0;
    const { port } = this.runner;
    const log = this.locals.logs.subarray(start, start + entries * ENTRY_WORDS);
    const accesses = roundThatRepeats(log, this.spinRounds, (longer) => {
      const ending = this.runner.run({ ...this.orderFor(local, 0, longer.length / ENTRY_WORDS), log: longer });
      const isThrough = ending === ENDING.Stopped && port.deviation === undefined && port.isThrough;
      return isThrough && isSameAccess(access, this.stoppedAt());
    });
    if (accesses > 0) this.spins++;
    return accesses;
  }

  private confirmStart(start: number): void {
    const { locals } = this;
    const found = this.firstAccess(locals.thread(start), locals.operation(start), this.own(start));
    if (!isSameAccess(found, this.accessOf(start)))
      this.code.suspicion.raise("run again, an operation began otherwise");
    this.code.insist();
  }

  private confirm(local: number, answer: number, next: number, result: number): void {
    const { runner, locals } = this;
    const entries = this.draft(local, answer);
    const ending = runner.run(this.orderFor(local, this.drafted, entries));
    runner.examine();
    const isSame =
      ending === ENDING.Stopped
        ? isSameAccess(this.stoppedAt(), this.accessOf(next))
        : ending === ENDING.Thrown
          ? locals.kind(next) === ACCESS.Thrown && this.message(next) === runner.message
          : runner.result === result && isSameOwn(runner.own, this.own(next)) && locals.isStart(next);
    if (!isSame) this.code.suspicion.raise("run again with the same answers, the code went on otherwise");
    this.code.insist();
  }

  private ownNumber(own: Int32Array): number {
    const key = own.join();
    const known = this.ownNumbers.get(key);
    if (known !== undefined) return known;
    this.ownNumbers.set(key, this.owns.length);
    return this.owns.push(own) - 1;
  }
}

function isSameAccess(one: LoggedAccess, other: LoggedAccess): boolean {
  return (
    one.kind === other.kind &&
    one.label === other.label &&
    one.index === other.index &&
    one.first === other.first &&
    one.second === other.second
  );
}

function isSameOwn(one: Int32Array, other: Int32Array): boolean {
  return one.every((word, at) => word === other[at]);
}
