/**
 * What the interleaving engine is given: a few threads, each a short program of operations through production code, and
 * what is claimed of them.
 */
import type { Port } from "./port.js";
import type { SequentialModel } from "./sequential-model.js";

/**
 * One operation of a thread. It is run again and again, from its start, and abandoned in the middle: all that it knows
 * must come from the port and from `own`, and all that it leaves must go there.
 */
export interface Operation<Question = unknown> {
  /** As it stands in the table of a schedule: "pop", "push 2". */
  readonly name: string;
  /**
   * Calls the production function.
   * @param own the thread's private words, as its last operation left them. What is written here counts from the moment
   * at which the operation has returned
   * @returns the result, a 32-bit integer
   */
  run(own: Int32Array): number;
  /** What the operation asks of the sequential model, told by the private words at its start. Without it the operation is
   * no part of the history that is checked for linearizability. */
  asks?(own: Int32Array): Question;
}

export interface Thread<Question = unknown> {
  readonly name: string;
  /** Private words, part of the state: which frames the thread owns, what it has read. None by default. */
  readonly own?: readonly number[];
  readonly operations: readonly Operation<Question>[];
}

export interface Program<Question = unknown> {
  readonly name: string;
  /**
   * The shared words at the beginning, 1 to 2^24. The engine works on a copy behind its port. While it works, this array
   * is overwritten with nonsense, and restored at the end: code that holds on to it and reads it plainly is found out.
   */
  readonly shared: Int32Array;
  /**
   * Builds the threads' code. Called several times a search: each time a new copy, which shares nothing with the others.
   * @param port the only way to the shared words. While the threads are built it answers loads, from the initial words
   * @param words stands in for the array of shared words where the code wants one: it has its length, and each plain access to
   * it turns the verdict to "outside"
   */
  threads(port: Port, words: Int32Array): readonly Thread<Question>[];
  /**
   * Whether another thread may come in before this access. Others ride along: with the access before them in the same
   * operation, or, at its start, with the one behind. By default every access is a schedule point.
   *
   * Leaving words out changes no verdict if (1) whatever an operation does and answers does not depend on what these accesses
   * answer, or the words are one thread's own while it accesses them, and (2) no claim reads them before all has
   * returned, unless their accesses commute. Then an access to such a word can be moved, in any schedule, past the accesses
   * of other threads up to the schedule point that it rides with: it touches other words than they do, or commutes with
   * them, so all schedule points still find what they found, and every claim is judged on the same words.
   */
  readonly isSchedulePoint?: (label: string, index: number) => boolean;
  /** Whether the results of operations that have returned stay in the state, for `View.result`. By default they do not. */
  readonly keepsResults?: boolean;
}

/** What a claim is judged on. Valid during the call only, and not to be written to. */
export interface View {
  readonly shared: Int32Array;
  readonly threadCount: number;
  /** The thread's private words, as its last complete operation left them; kept results stand behind. */
  own(thread: number): Int32Array;
  /** How many operations of the thread have returned. */
  returned(thread: number): number;
  /** What operation number `operation`, from 0, of the thread has answered. Only in programs that keep results. */
  result(thread: number, operation: number): number;
  /** Whether all operations of all threads have returned. */
  isFinished(): boolean;
}

export interface Claim {
  readonly name: string;
  /** The values that break the claim, or nothing when it holds. */
  violation(view: View): string | undefined;
}

export interface Claims<State = unknown, Question = unknown> {
  /** Must hold after every turn. */
  readonly always?: readonly Claim[];
  /** Must hold when all operations have returned. */
  readonly atEnd?: readonly Claim[];
  /** Every history must be explained by this model: the claim `historiesAreLinearizable`. */
  readonly model?: SequentialModel<State, Question>;
  /** A name for how a complete execution ended. The set of names that occurred is part of the result. */
  outcome?(view: View): string;
  /** Whether in every state each thread could return from its operation if it ran alone from there: whoever stops, wherever
   * it stops, holds up nobody. The claim `nobodyIsHeldUp`. By default it is not made. */
  readonly nobodyIsHeldUp?: boolean;
  /** By default it is a violation when from some moment on no schedule lets all operations return. */
  readonly allowsDeadlock?: boolean;
}
