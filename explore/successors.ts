/**
 * The successors of a few states, on hold until they are looked up.
 *
 * A successor is kept as what differs from its base, the state from which the action was taken: the words that changed,
 * and the fingerprint, which follows from the base's by these alone. One pass over the state finds them and takes them
 * back, so a transition costs one comparison a word, however wide the state is; a machine that knows what its actions change
 * writes it here itself (`Machine.listSteps`). Most successors turn out to be known and are never written out. They wait in
 * a group so that the look-ups, each of which misses the processor's cache, overlap.
 *
 *   records = [ first | second | where its step begins ] …
 *   steps = [ action | statistics | where the step ends | position | value | position | value … ] …
 */
import { type Fingerprinter, mixFirst, mixSecond } from "./fingerprint.js";
import type { Machine } from "./machine.js";

/** What other modules export is read anew at each use: the functions of the innermost loop are this module's own. */
const mixedFirst = mixFirst;
const mixedSecond = mixSecond;

const BASES_MAX = 16;
const RECORDS_AT_FIRST = 2 ** 15;
const STEPS_AT_FIRST = 2 ** 13;

export const RECORD_WORDS = 3;
const SECOND = 1;
const STEP = 2;

/** Parts of a step. */
const ACTION = 0;
const STATISTICS = 1;
const END = 2;
const HEADER_WORDS = 3;

/** A transition on which the reference does not walk along expects no meaning. */
export const NO_MEANING = -1;

export class Successors {
  /** One base for each state of a group. There are fewer where there are very many actions. */
  readonly bases: readonly Int32Array[];
  readonly records: Int32Array;
  /** What successors must mean; NO_MEANING where nobody said. */
  readonly expected: Int32Array;
  /** Successors on hold. */
  count = 0;
  /** Where the steps end that were written last. */
  stepsEnd = 0;
  private readonly words: Int32Array;
  private readonly firstKeys: Int32Array;
  private readonly secondKeys: Int32Array;
  /** Most words of the steps of one state. */
  private readonly stepsMax: number;
  private steps = new Int32Array(STEPS_AT_FIRST);
  /** The state from which actions are being taken. */
  private base: Int32Array;
  private baseFirst = 0;
  private baseSecond = 0;

  /** @param words the live state, in the first `stateWords` words */
  constructor(words: Int32Array, stateWords: number, actionCount: number, fingerprinter: Fingerprinter) {
    const baseCount = Math.max(1, Math.min(BASES_MAX, Math.floor(RECORDS_AT_FIRST / actionCount)));
    this.words = words;
    this.firstKeys = fingerprinter.firstKeys;
    this.secondKeys = fingerprinter.secondKeys;
    this.stepsMax = actionCount * (HEADER_WORDS + 2 * stateWords);
    this.bases = Array.from({ length: baseCount }, () => new Int32Array(stateWords));
    this.base = this.bases[0]!;
    this.records = new Int32Array(baseCount * actionCount * RECORD_WORDS);
    this.expected = new Int32Array(baseCount * actionCount);
  }

  clear(): void {
    this.count = 0;
    this.stepsEnd = 0;
  }

  /** Actions are taken from `base` from now on, whose fingerprint is given. */
  begin(base: Int32Array, first: number, second: number): void {
    this.base = base;
    this.baseFirst = first;
    this.baseSecond = second;
  }

  /** Puts the live state on hold, unless it equals its base. The live state is then the base again. @returns whether anything
   * had changed */
  hold(action: number): boolean {
    const { words, base } = this;
    const step = this.stepsEnd;
    let end = step + HEADER_WORDS;
    if (end + 2 * base.length > this.steps.length) this.makeRoom(HEADER_WORDS + 2 * base.length);
    const { steps } = this;
    for (let position = 0; position < base.length; position++) {
      const now = words[position]!;
      const was = base[position]!;
      if (now === was) continue;
      words[position] = was;
      steps[end] = position;
      steps[end + 1] = now;
      end += 2;
    }
    if (end === step + HEADER_WORDS) return false;
    steps[step + ACTION] = action;
    steps[step + END] = end;
    this.stepsEnd = end;
    this.record(step, end);
    return true;
  }

  /** Lets the machine write the steps of the live state. @returns where they begin */
  list(machine: Machine): number {
    if (this.stepsEnd + this.stepsMax > this.steps.length) this.makeRoom(this.stepsMax);
    const start = this.stepsEnd;
    this.stepsEnd = machine.listSteps!(this.steps, start);
    return start;
  }

  /**
   * Puts listed steps on hold, except those that change nothing, and counts their actions. Stops at the first whose statistics
   * have a bit of `suspicious`, and leaves that to the caller.
   * @returns where it has stopped, or `end`
   */
  holdListed(start: number, end: number, suspicious: number, actionCounts: Float64Array): number {
    const { steps } = this;
    let step = start;
    while (step < end && (steps[step + STATISTICS]! & suspicious) === 0) {
      const next = steps[step + END]!;
      actionCounts[steps[step + ACTION]!]!++;
      if (next !== step + HEADER_WORDS) this.record(step, next);
      step = next;
    }
    return step;
  }

  actionOf(step: number): number {
    return this.steps[step + ACTION]!;
  }

  endOf(step: number): number {
    return this.steps[step + END]!;
  }

  first(successor: number): number {
    return this.records[successor * RECORD_WORDS]!;
  }

  second(successor: number): number {
    return this.records[successor * RECORD_WORDS + SECOND]!;
  }

  action(successor: number): number {
    return this.actionOf(this.stepOf(successor));
  }

  /** Turns the live state from its base into a successor. */
  apply(successor: number): void {
    const { words, steps } = this;
    const step = this.stepOf(successor);
    const end = steps[step + END]!;
    for (let change = step + HEADER_WORDS; change < end; change += 2) words[steps[change]!] = steps[change + 1]!;
  }

  /** Turns the live state from a successor back into its base. */
  undo(successor: number, base: Int32Array): void {
    const { words, steps } = this;
    const step = this.stepOf(successor);
    const end = steps[step + END]!;
    for (let change = step + HEADER_WORDS; change < end; change += 2) {
      const position = steps[change]!;
      words[position] = base[position]!;
    }
  }

  /** Adds the successor to which a step leads. */
  private record(step: number, end: number): void {
    const { steps, records, base, firstKeys, secondKeys } = this;
    let first = this.baseFirst;
    let second = this.baseSecond;
    for (let change = step + HEADER_WORDS; change < end; change += 2) {
      const position = steps[change]!;
      const firstKey = firstKeys[position]!;
      const secondKey = secondKeys[position]!;
      const mixedWas = mixedFirst(base[position]!, firstKey);
      const mixedNow = mixedFirst(steps[change + 1]!, firstKey);
      first ^= mixedWas ^ mixedNow;
      second ^= mixedSecond(mixedWas, secondKey) ^ mixedSecond(mixedNow, secondKey);
    }
    const record = this.count++ * RECORD_WORDS;
    records[record] = first;
    records[record + SECOND] = second;
    records[record + STEP] = step;
  }

  private stepOf(successor: number): number {
    return this.records[successor * RECORD_WORDS + STEP]!;
  }

  private makeRoom(words: number): void {
    const roomier = new Int32Array(2 * (this.steps.length + words));
    roomier.set(this.steps);
    this.steps = roomier;
  }
}
