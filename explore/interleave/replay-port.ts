/**
 * The port of the code under test: answers what has already happened from a log, and stops the code at the first access
 * that has not.
 *
 *   log = [ label | kind and index | operands | answer ] [ … ] …      one entry an access, in the order of the operation
 *
 * An access that differs from the one in the log is a deviation: the code does not do the same when it is run again.
 */
import { mixFirst } from "../fingerprint.js";
import { ACCESS, accessName, type Port } from "./port.js";

export const ENTRY_WORDS = 4;
const ENTRY_PLACE = 1;
const ENTRY_OPERANDS = 2;
const ENTRY_ANSWER = 3;
const KIND_BITS = 4;
/** Word indices that fit an entry beside the kind. */
export const INDICES = 2 ** 24;

/** What is thrown to leave an operation in the middle. Not an error, and made once. */
export const STOP: unique symbol = Symbol("stopped at an access");

/** The labels of accesses, numbered from 0 as they are met. */
export class Labels {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  number(label: string): number {
    const known = this.numbers.get(label);
    if (known !== undefined) return known;
    this.numbers.set(label, this.names.length);
    return this.names.push(label) - 1;
  }
}

export class ReplayPort implements Port {
  /** The access at which the code was stopped. */
  kind = 0;
  label = 0;
  index = 0;
  first = 0;
  second = 0;
  isStopped = false;
  /** How the code did something else than the log says, or nothing. */
  deviation: string | undefined;
  private readonly wordCount: number;
  private readonly labels: Labels;
  /** The words that loads are answered from while the code is being built; nothing afterwards. */
  private building: Int32Array | undefined;
  private log: Int32Array = new Int32Array(0);
  private cursor = 0;
  private end = 0;

  /** @param labels may be shared with another port, so that one's logs can be read by the other */
  constructor(wordCount: number, labels: Labels) {
    this.wordCount = wordCount;
    this.labels = labels;
  }

  /** Lets `build` read these words: code that attaches itself to words may look at them before its threads begin. */
  whileBuilding<Code>(words: Int32Array, build: () => Code): Code {
    this.building = words;
    const code = build();
    this.building = undefined;
    return code;
  }

  /** Gets ready for one run that is answered from `entries` entries of `log`. */
  begin(log: Int32Array, start: number, entries: number): void {
    this.log = log;
    this.cursor = start;
    this.end = start + entries * ENTRY_WORDS;
    this.isStopped = false;
    this.deviation = undefined;
  }

  /** Whether the run has consumed the whole log. */
  get isThrough(): boolean {
    return this.cursor === this.end;
  }

  labelName(label: number): string {
    return this.labels.names[label] ?? "";
  }

  load(label: string, index: number): number {
    return this.access(label, ACCESS.Load, index, 0, 0);
  }

  store(label: string, index: number, value: number): void {
    this.access(label, ACCESS.Store, index, value | 0, 0);
  }

  exchange(label: string, index: number, value: number): number {
    return this.access(label, ACCESS.Exchange, index, value | 0, 0);
  }

  compareExchange(label: string, index: number, expected: number, value: number): number {
    return this.access(label, ACCESS.CompareExchange, index, expected | 0, value | 0);
  }

  add(label: string, index: number, value: number): number {
    return this.access(label, ACCESS.Add, index, value | 0, 0);
  }

  and(label: string, index: number, value: number): number {
    return this.access(label, ACCESS.And, index, value | 0, 0);
  }

  or(label: string, index: number, value: number): number {
    return this.access(label, ACCESS.Or, index, value | 0, 0);
  }

  private access(label: string, kind: number, index: number, first: number, second: number): number {
    // Code that runs on after the stop, in a `finally`, gets no further.
    if (this.isStopped) throw STOP;
    const { log, cursor } = this;
    if (this.building !== undefined) return this.readWhileBuilding(this.building, label, kind, index);
    if (cursor < this.end) {
      if (
        this.labels.names[log[cursor]!] !== label ||
        log[cursor + ENTRY_PLACE] !== place(kind, index) ||
        log[cursor + ENTRY_OPERANDS] !== operandsOf(first, second)
      ) {
        this.deviate(label, kind, index);
      }
      this.cursor = cursor + ENTRY_WORDS;
      return log[cursor + ENTRY_ANSWER]!;
    }
    this.checkIndex(label, kind, index);
    this.isStopped = true;
    this.kind = kind;
    this.label = this.labels.number(label);
    this.index = index;
    this.first = first;
    this.second = second;
    throw STOP;
  }

  private checkIndex(label: string, kind: number, index: number): void {
    if (Number.isInteger(index) && index >= 0 && index < this.wordCount) return;
    throw new Error(`${label}: ${accessName(kind)} of word ${index}: expected 0 to ${this.wordCount - 1}`);
  }

  private readWhileBuilding(words: Int32Array, label: string, kind: number, index: number): number {
    this.checkIndex(label, kind, index);
    if (kind === ACCESS.Load) return words[index]!;
    throw new Error(
      `${label}: ${accessName(kind)} while the threads are built: expected it to be done in the initial words`,
    );
  }

  private deviate(label: string, kind: number, index: number): never {
    this.isStopped = true;
    const then = this.log[this.cursor + ENTRY_PLACE]!;
    this.deviation =
      `run again with the same answers, the code came to ${label} (${accessName(kind)} of word ${index}) ` +
      `where it had come to ${this.labels.names[this.log[this.cursor]!]} (${accessName(then & (2 ** KIND_BITS - 1))} of word ${then >>> KIND_BITS})`;
    throw STOP;
  }
}

/** Writes the log entry of an access that was answered. */
export function writeEntry(log: Int32Array, at: number, access: LoggedAccess, answer: number): void {
  log[at] = access.label;
  log[at + ENTRY_PLACE] = place(access.kind, access.index);
  log[at + ENTRY_OPERANDS] = operandsOf(access.first, access.second);
  log[at + ENTRY_ANSWER] = answer;
}

export interface LoggedAccess {
  readonly kind: number;
  readonly label: number;
  readonly index: number;
  readonly first: number;
  readonly second: number;
}

const place = (kind: number, index: number): number => kind | (index << KIND_BITS);
const operandsOf = (first: number, second: number): number => mixFirst(first, mixFirst(second, ENTRY_WORDS));
