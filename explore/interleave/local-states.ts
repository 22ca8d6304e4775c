/**
 * The local states of the threads, numbered from 0 in the order in which they are first reached.
 *
 * A synchronous function is determined by the answers that it has seen. So a local state is: the thread, how many of its
 * operations have returned, its private words at that moment, and the log of the operation that is under way. What it
 * will do next, one access, is a function of that and is kept with it.
 *
 *   row = [ kind | index | first operand | second operand | label | schedule point | thread | operation | own |
 *           log start | log entries | parent | recent answer | where it led | result ]
 */
import { ENTRY_WORDS, type LoggedAccess } from "./replay-port.js";

const KIND = 0;
const INDEX = 1;
const FIRST = 2;
const SECOND = 3;
const LABEL = 4;
const POINT = 5;
const THREAD = 6;
const OPERATION = 7;
const OWN = 8;
const LOG_START = 9;
const LOG_ENTRIES = 10;
const PARENT = 11;
const RECENT_ANSWER = 12;
const RECENT_NEXT = 13;
const RECENT_RESULT = 14;
const ROW_WORDS = 15;

/** The parent of a state in which no access of the operation has happened. */
export const NO_PARENT = -1;

/** Where a state leads that has not been given this answer recently. */
export const NOT_KNOWN = -1;

export interface LocalState {
  readonly access: LoggedAccess;
  readonly isSchedulePoint: boolean;
  readonly thread: number;
  readonly operation: number;
  /** Number of the private words. */
  readonly own: number;
  /** Where the log begins in `logs`, and how many entries it has. */
  readonly logStart: number;
  readonly logEntries: number;
  readonly parent: number;
}

export class LocalStates {
  count = 0;
  /** The logs of all states. Replaced when it grows. */
  logs = new Int32Array(2 ** 12);
  private logsEnd = 0;
  private rows = new Int32Array(2 ** 10 * ROW_WORDS);

  add(state: LocalState): number {
    if ((this.count + 1) * ROW_WORDS > this.rows.length) this.rows = roomier(this.rows, this.rows.length);
    const { rows } = this;
    const at = this.count * ROW_WORDS;
    rows[at + KIND] = state.access.kind;
    rows[at + INDEX] = state.access.index;
    rows[at + FIRST] = state.access.first;
    rows[at + SECOND] = state.access.second;
    rows[at + LABEL] = state.access.label;
    rows[at + POINT] = state.isSchedulePoint ? 1 : 0;
    rows[at + THREAD] = state.thread;
    rows[at + OPERATION] = state.operation;
    rows[at + OWN] = state.own;
    rows[at + LOG_START] = state.logStart;
    rows[at + LOG_ENTRIES] = state.logEntries;
    rows[at + PARENT] = state.parent;
    rows[at + RECENT_NEXT] = NOT_KNOWN;
    return this.count++;
  }

  kind(state: number): number {
    return this.rows[state * ROW_WORDS + KIND]!;
  }

  index(state: number): number {
    return this.rows[state * ROW_WORDS + INDEX]!;
  }

  first(state: number): number {
    return this.rows[state * ROW_WORDS + FIRST]!;
  }

  second(state: number): number {
    return this.rows[state * ROW_WORDS + SECOND]!;
  }

  label(state: number): number {
    return this.rows[state * ROW_WORDS + LABEL]!;
  }

  isSchedulePoint(state: number): boolean {
    return this.rows[state * ROW_WORDS + POINT] === 1;
  }

  thread(state: number): number {
    return this.rows[state * ROW_WORDS + THREAD]!;
  }

  operation(state: number): number {
    return this.rows[state * ROW_WORDS + OPERATION]!;
  }

  own(state: number): number {
    return this.rows[state * ROW_WORDS + OWN]!;
  }

  /** Whether no access of the operation has happened. */
  isStart(state: number): boolean {
    return this.rows[state * ROW_WORDS + PARENT] === NO_PARENT;
  }

  logStart(state: number): number {
    return this.rows[state * ROW_WORDS + LOG_START]!;
  }

  logEntries(state: number): number {
    return this.rows[state * ROW_WORDS + LOG_ENTRIES]!;
  }

  /** Where this answer has led from `state`, if it is the one that it was given last; then `recentResult` is the result. */
  recentNext(state: number, answer: number): number {
    const { rows } = this;
    const at = state * ROW_WORDS;
    return rows[at + RECENT_ANSWER] === answer ? rows[at + RECENT_NEXT]! : NOT_KNOWN;
  }

  recentResult(state: number): number {
    return this.rows[state * ROW_WORDS + RECENT_RESULT]!;
  }

  setRecent(state: number, answer: number, next: number, result: number): void {
    const { rows } = this;
    const at = state * ROW_WORDS;
    rows[at + RECENT_ANSWER] = answer;
    rows[at + RECENT_NEXT] = next;
    rows[at + RECENT_RESULT] = result;
  }

  /** The state of the same operation `accesses` accesses ago. */
  ancestor(state: number, accesses: number): number {
    let ancestor = state;
    for (let i = 0; i < accesses; i++) ancestor = this.rows[ancestor * ROW_WORDS + PARENT]!;
    return ancestor;
  }

  /** Copies the log of `state` behind all logs, with room for one entry more. @returns where it begins; it counts once
   * `keepLog` was called */
  draftLog(state: number): number {
    const start = this.logStart(state);
    const words = this.logEntries(state) * ENTRY_WORDS;
    if (this.logsEnd + words + ENTRY_WORDS > this.logs.length) this.logs = roomier(this.logs, words + this.logs.length);
    this.logs.copyWithin(this.logsEnd, start, start + words);
    return this.logsEnd;
  }

  /** Keeps the log that was last drafted, of so many entries. */
  keepLog(entries: number): void {
    this.logsEnd += entries * ENTRY_WORDS;
  }

  get bytes(): number {
    return this.rows.byteLength + this.logs.byteLength;
  }
}

function roomier(words: Int32Array, more: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(words.length + more);
  larger.set(words);
  return larger;
}
