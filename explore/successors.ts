/**
 * The successors of a few states, on hold until they are looked up.
 *
 * A successor is kept as what differs from its base, the state from which the action was taken: the words that changed,
 * and the fingerprint, which follows from the base's by these alone. One pass over the state finds them and takes them
 * back, so a transition costs one comparison a word, however wide the state is. Most successors turn out to be known and
 * are never written out. They wait in a group so that the look-ups, each of which misses the processor's cache, overlap.
 *
 *   records = [ first | second | action | end of changes ] …        changes = [ position | value ] …
 */
import { type Fingerprinter, mixFirst, mixSecond } from "./fingerprint.js";

const BASES_MAX = 16;
const RECORDS_AT_FIRST = 2 ** 15;
const CHANGES_AT_FIRST = 2 ** 13;

export const RECORD_WORDS = 4;
const SECOND = 1;
const ACTION = 2;
const END = 3;

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
  private readonly words: Int32Array;
  private readonly firstKeys: Int32Array;
  private readonly secondKeys: Int32Array;
  private changes = new Int32Array(CHANGES_AT_FIRST);
  private changesEnd = 0;

  /** @param words the live state, in the first `stateWords` words */
  constructor(words: Int32Array, stateWords: number, actionCount: number, fingerprinter: Fingerprinter) {
    const baseCount = Math.max(1, Math.min(BASES_MAX, Math.floor(RECORDS_AT_FIRST / actionCount)));
    this.words = words;
    this.firstKeys = fingerprinter.firstKeys;
    this.secondKeys = fingerprinter.secondKeys;
    this.bases = Array.from({ length: baseCount }, () => new Int32Array(stateWords));
    this.records = new Int32Array(baseCount * actionCount * RECORD_WORDS);
    this.expected = new Int32Array(baseCount * actionCount);
  }

  clear(): void {
    this.count = 0;
    this.changesEnd = 0;
  }

  /** Puts the live state on hold as a successor of `base`, whose fingerprint is given, unless it equals it. The live state is
   * then the base again. @returns whether anything had changed */
  hold(base: Int32Array, baseFirst: number, baseSecond: number, action: number): boolean {
    const { words, firstKeys, secondKeys } = this;
    const width = base.length;
    let end = this.changesEnd;
    if (end + 2 * width > this.changes.length) this.makeRoom(2 * width);
    const { changes } = this;
    let first = baseFirst;
    let second = baseSecond;
    for (let position = 0; position < width; position++) {
      const now = words[position]!;
      const was = base[position]!;
      if (now === was) continue;
      words[position] = was;
      changes[end] = position;
      changes[end + 1] = now;
      end += 2;
      const mixedWas = mixFirst(was, firstKeys[position]!);
      const mixedNow = mixFirst(now, firstKeys[position]!);
      first ^= mixedWas ^ mixedNow;
      second ^= mixSecond(mixedWas, secondKeys[position]!) ^ mixSecond(mixedNow, secondKeys[position]!);
    }
    if (end === this.changesEnd) return false;
    const { records } = this;
    const record = this.count * RECORD_WORDS;
    records[record] = first;
    records[record + SECOND] = second;
    records[record + ACTION] = action;
    records[record + END] = end;
    this.changesEnd = end;
    this.count++;
    return true;
  }

  first(successor: number): number {
    return this.records[successor * RECORD_WORDS]!;
  }

  second(successor: number): number {
    return this.records[successor * RECORD_WORDS + SECOND]!;
  }

  action(successor: number): number {
    return this.records[successor * RECORD_WORDS + ACTION]!;
  }

  /** Turns the live state from its base into a successor. */
  apply(successor: number): void {
    const { words, changes } = this;
    const end = this.end(successor);
    for (let change = this.end(successor - 1); change < end; change += 2)
      words[changes[change]!] = changes[change + 1]!;
  }

  /** Turns the live state from a successor back into its base. */
  undo(successor: number, base: Int32Array): void {
    const { words, changes } = this;
    const end = this.end(successor);
    for (let change = this.end(successor - 1); change < end; change += 2) {
      const position = changes[change]!;
      words[position] = base[position]!;
    }
  }

  private end(successor: number): number {
    return successor < 0 ? 0 : this.records[successor * RECORD_WORDS + END]!;
  }

  private makeRoom(words: number): void {
    const roomier = new Int32Array(2 * (this.changes.length + words));
    roomier.set(this.changes);
    this.changes = roomier;
  }
}
