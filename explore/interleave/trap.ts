/**
 * Notices what the theory does not cover: accesses to shared words that bypass the port, and code that does not do the same when
 * it is run again.
 */
const NONSENSE: readonly number[] = [0x5ca1ab1e, -0x21524111];

/** The search cannot go on: the theory does not cover the code. */
export class OutsideTheory extends Error {}

/** The first thing noticed; nothing, as long as the theory holds. */
export class Suspicion {
  reason: string | undefined;

  raise(reason: string): void {
    this.reason ??= reason;
  }
}

/** An array of `length` words in which every plain access is noticed. It is no real typed array: `Atomics` and the methods
 * of arrays refuse it, by throwing. Whoever throws is asked again with `worthlessWords`. */
export function trappedWords(length: number, suspicion: Suspicion): Int32Array {
  const target = new Int32Array(length);
  const notice = (what: string, key: string | symbol): void => {
    suspicion.raise(
      `the code ${what} ${typeof key === "symbol" ? "a property" : `[${key}]`} of the shared words plainly`,
    );
  };
  return new Proxy(target, {
    get(_, key) {
      if (key === "length") return length;
      if (key === "byteLength") return target.byteLength;
      if (key === Symbol.toStringTag || key === "constructor") return Reflect.get(target, key, target);
      notice("reads", key);
      return Reflect.get(target, key, target);
    },
    set(_, key) {
      notice("writes", key);
      return true;
    },
    has(_, key) {
      notice("asks for", key);
      return true;
    },
  });
}

/** An array that may be used, of words that mean nothing. */
export function worthlessWords(length: number): Int32Array {
  return new Int32Array(length).fill(NONSENSE[0]!);
}

/** Makes an array worthless for whoever reads it plainly, and tells whether somebody has written to it. */
export class Decoy {
  private readonly words: Int32Array;
  private readonly original: Int32Array;
  private filling = 0;

  constructor(words: Int32Array) {
    this.words = words;
    this.original = words.slice();
  }

  /** Fills the array with nonsense, different in every round. */
  spoil(round: number): void {
    this.filling = NONSENSE[round % NONSENSE.length]!;
    this.words.fill(this.filling);
  }

  /** The first word that somebody has written to since `spoil`, or -1. */
  touched(): number {
    return this.words.findIndex((word) => word !== this.filling);
  }

  restore(): void {
    this.words.set(this.original);
  }
}
