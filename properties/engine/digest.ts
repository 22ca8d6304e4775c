/**
 * 64-bit digests of plain data, as two 32-bit words.
 *
 * Equal data have equal digests: the order of keys does not count, and a key whose value is undefined is absent. Different
 * data share one with the probability of 2^-64, as far as the mixing is as good as chance.
 */
import { mixFirst, mixSecond } from "../../explore/fingerprint.js";

const KIND = { null: 1, false: 2, true: 3, integer: 4, real: 5, string: 6, array: 7, object: 8 } as const;
const SECOND_KEY = 0x51ed270b;
const INT32_SPAN = 2 ** 32;
/** Strings remembered at a time; texts may be of any number, key names are few. */
const STRINGS_MAX = 2 ** 14;

interface Halves {
  readonly first: number;
  readonly second: number;
}

export class Digester {
  first = 0;
  second = 0;
  private readonly real = new Float64Array(1);
  private readonly realWords = new Int32Array(this.real.buffer);
  private readonly parts = new WeakMap<object, Halves>();
  private readonly strings = new Map<string, Halves>();

  /**
   * The same digest as {@link take}, for data that never change: those of the objects inside, down to `depth`, are
   * remembered by identity. States of a reference share most of their parts with the states that they come from.
   */
  takeShared(value: unknown, depth: number): void {
    if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) {
      this.take(value);
      return;
    }
    this.takeRecord(value as Readonly<Record<string, unknown>>, depth);
  }

  /** Digests `value`. The result stands in `first` and `second` until the next call. */
  take(value: unknown): void {
    if (typeof value === "number") this.takeNumber(value);
    else if (typeof value === "string") this.takeString(value);
    else if (typeof value === "boolean") this.begin(value ? KIND.true : KIND.false);
    else if (value === null || value === undefined) this.begin(KIND.null);
    else if (Array.isArray(value)) this.takeArray(value);
    else this.takeRecord(value as Readonly<Record<string, unknown>>, 0);
  }

  /** The digest as sixteen hexadecimal digits. */
  hexadecimal(value: unknown): string {
    this.take(value);
    return [this.first, this.second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  private begin(kind: number): void {
    this.first = mixFirst(kind, SECOND_KEY);
    this.second = mixSecond(this.first, SECOND_KEY);
  }

  private add(word: number): void {
    this.first = mixFirst(this.first, word);
    this.second = mixSecond(this.second ^ word, this.first);
  }

  private takeNumber(value: number): void {
    // Integers beyond 2^53 do not fit two words; as reals they keep all their bits.
    if (Number.isSafeInteger(value)) {
      this.begin(KIND.integer);
      this.add(value | 0);
      this.add(Math.floor(value / INT32_SPAN) | 0);
      return;
    }
    this.begin(KIND.real);
    this.real[0] = value;
    this.add(this.realWords[0]!);
    this.add(this.realWords[1]!);
  }

  private takeString(text: string): void {
    const known = this.strings.get(text);
    if (known !== undefined) {
      this.first = known.first;
      this.second = known.second;
      return;
    }
    this.begin(KIND.string);
    this.add(text.length);
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    if (this.strings.size >= STRINGS_MAX) this.strings.clear();
    this.strings.set(text, { first: this.first, second: this.second });
  }

  private takeArray(items: readonly unknown[]): void {
    let first: number = KIND.array;
    let second = items.length;
    for (const item of items) {
      this.take(item);
      first = mixFirst(first, this.first);
      second = mixSecond(second ^ this.second, first);
    }
    this.begin(KIND.array);
    this.add(first);
    this.add(second);
  }

  /** A value inside a shared record: what it digests to is the same whenever it is met again. */
  private takePart(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null) {
      this.take(value);
      return;
    }
    const known = this.parts.get(value);
    if (known !== undefined) {
      this.first = known.first;
      this.second = known.second;
      return;
    }
    this.takeShared(value, depth);
    this.parts.set(value, { first: this.first, second: this.second });
  }

  /** The shares of the keys are added up, so that their order does not count. */
  private takeRecord(record: Readonly<Record<string, unknown>>, depth: number): void {
    let first = 0;
    let second = 0;
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (value === undefined) continue;
      this.takeString(key);
      const keyFirst = this.first;
      const keySecond = this.second;
      if (depth > 0) this.takePart(value, depth - 1);
      else this.take(value);
      const share = mixFirst(this.first, keyFirst);
      first = (first + share) | 0;
      second = (second + mixSecond(this.second ^ share, keySecond)) | 0;
    }
    this.begin(KIND.object);
    this.add(first);
    this.add(second);
  }
}
