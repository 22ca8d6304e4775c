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

type Fields = Readonly<Record<string, unknown>>;

interface Halves {
  readonly first: number;
  readonly second: number;
}

/** A value that never changes, with its digest and those of everything in it. */
export interface Digested extends Halves {
  readonly value: unknown;
  /** Of a record, in the order of `parts`; empty for all else. */
  readonly keys: readonly string[];
  readonly parts: readonly Digested[];
  /** Of a part of a record: what it adds to the record's digest under its key. */
  readonly share: Halves | undefined;
}

const NOTHING: readonly never[] = [];

/** What no plain value is: its digest is never taken from here. */
const UNKNOWN: Digested = {
  value: Symbol("unknown"),
  first: 0,
  second: 0,
  keys: NOTHING,
  parts: NOTHING,
  share: undefined,
};

/** A record, or with no keys an array, whose parts are known; what is undefined is not. */
export function knownParts(keys: readonly string[], parts: readonly (Digested | undefined)[]): Digested {
  return { ...UNKNOWN, keys, parts: parts.map((part) => part ?? UNKNOWN) };
}

export class Digester {
  first = 0;
  second = 0;
  private readonly real = new Float64Array(1);
  private readonly realWords = new Int32Array(this.real.buffer);
  private readonly strings = new Map<string, Halves>();

  /**
   * Digests `value`. The result stands in `first` and `second` until the next call.
   * @param like a value that shares parts with it: the digests of those are taken from there, and are the same
   */
  take(value: unknown, like?: Digested): void {
    if (like !== undefined && like.value === value) this.be(like);
    else if (typeof value === "number") this.takeNumber(value);
    else if (typeof value === "string") this.takeString(value);
    else if (typeof value === "boolean") this.begin(value ? KIND.true : KIND.false);
    else if (value === null || value === undefined) this.begin(KIND.null);
    else if (Array.isArray(value)) this.takeArray(value, like?.parts);
    else this.takeRecord(value as Fields, like);
  }

  /** The value with its digest, for values like it. */
  digested(value: unknown): Digested {
    let keys: readonly string[] = NOTHING;
    let parts: readonly Digested[] = NOTHING;
    if (Array.isArray(value)) parts = value.map((item) => this.digested(item));
    else if (typeof value === "object" && value !== null) {
      const record = value as Fields;
      keys = Object.keys(record);
      parts = keys.map((key) => this.part(key, this.digested(record[key])));
    }
    this.take(value, knownParts(keys, parts));
    return { value, first: this.first, second: this.second, keys, parts, share: undefined };
  }

  private part(key: string, digested: Digested): Digested {
    this.takeShare(key, digested.first, digested.second);
    return { ...digested, share: { first: this.first, second: this.second } };
  }

  /** What a value with this digest adds to a record's under `key`. */
  private takeShare(key: string, first: number, second: number): void {
    this.takeString(key);
    const share = mixFirst(first, this.first);
    this.second = mixSecond(second ^ share, this.second);
    this.first = share;
  }

  /** The digest as sixteen hexadecimal digits. */
  hexadecimal(value: unknown): string {
    this.take(value);
    return [this.first, this.second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  private be({ first, second }: Halves): void {
    this.first = first;
    this.second = second;
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
      this.be(known);
      return;
    }
    this.begin(KIND.string);
    this.add(text.length);
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    if (this.strings.size >= STRINGS_MAX) this.strings.clear();
    this.strings.set(text, { first: this.first, second: this.second });
  }

  private takeArray(items: readonly unknown[], known?: readonly Digested[]): void {
    let first: number = KIND.array;
    let second = items.length;
    for (let at = 0; at < items.length; at++) {
      this.take(items[at], known?.[at]);
      first = mixFirst(first, this.first);
      second = mixSecond(second ^ this.second, first);
    }
    this.begin(KIND.array);
    this.add(first);
    this.add(second);
  }

  /** The shares of the keys are added up, so that their order does not count. */
  private takeRecord(record: Fields, like?: Digested): void {
    let first = 0;
    let second = 0;
    const keys = Object.keys(record);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!;
      const value = record[key];
      if (value === undefined) continue;
      const part = like === undefined ? undefined : partOf(like, key, at);
      if (part?.share !== undefined && part.value === value) this.be(part.share);
      else {
        this.take(value, part);
        this.takeShare(key, this.first, this.second);
      }
      first = (first + this.first) | 0;
      second = (second + this.second) | 0;
    }
    this.begin(KIND.object);
    this.add(first);
    this.add(second);
  }
}

/** The part with this key, most likely at this place. */
function partOf({ keys, parts }: Digested, key: string, place: number): Digested | undefined {
  return keys[place] === key ? parts[place] : parts[keys.indexOf(key)];
}
