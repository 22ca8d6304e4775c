/**
 * The only way in which an implementation touches the words it was given.
 *
 * A port makes every access to shared memory visible: the plain port is a typed-array access for one owner, the atomic
 * port is `Atomics` for several threads, and a checking port (elsewhere) stops before each access and lets a scheduler
 * choose who goes on. An implementation is built once per port, so its call sites see one shape of object.
 *
 * `label` is a constant string that names the access ("walk.low"): the words of a counterexample. Labels that begin
 * with "tlb.", "walkCache." and "cpu." touch words of one CPU only; "pool." touches words that the zone lock guards.
 * `index` is a word index. All operations are atomic for the port's own notion of threads; values are 32-bit integers,
 * and whatever a caller stores comes back as a signed one.
 */
export interface MemoryPort {
  load(label: string, index: number): number;
  store(label: string, index: number, value: number): void;
  /** Stores `value`; answers the old value, as all operations below do. */
  exchange(label: string, index: number, value: number): number;
  /** Stores `value` if the word holds `expected`. */
  compareExchange(label: string, index: number, expected: number, value: number): number;
  add(label: string, index: number, value: number): number;
  and(label: string, index: number, value: number): number;
  or(label: string, index: number, value: number): number;
}

/** One owner, no other thread: plain reads and writes. The speed figures against C are for this port. */
export class PlainPort implements MemoryPort {
  readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  load(_label: string, index: number): number {
    return this.words[index]!;
  }

  store(_label: string, index: number, value: number): void {
    this.words[index] = value;
  }

  exchange(_label: string, index: number, value: number): number {
    const old = this.words[index]!;
    this.words[index] = value;
    return old;
  }

  compareExchange(_label: string, index: number, expected: number, value: number): number {
    const old = this.words[index]!;
    if (old === (expected | 0)) this.words[index] = value;
    return old;
  }

  add(_label: string, index: number, value: number): number {
    const old = this.words[index]!;
    this.words[index] = old + value;
    return old;
  }

  and(_label: string, index: number, value: number): number {
    const old = this.words[index]!;
    this.words[index] = old & value;
    return old;
  }

  or(_label: string, index: number, value: number): number {
    const old = this.words[index]!;
    this.words[index] = old | value;
    return old;
  }
}

/** Several threads on one `SharedArrayBuffer`: every access is sequentially consistent. */
export class AtomicPort implements MemoryPort {
  readonly words: Int32Array;

  /** @param words a view of a `SharedArrayBuffer`; a private buffer works too and only costs time */
  constructor(words: Int32Array) {
    this.words = words;
  }

  load(_label: string, index: number): number {
    return Atomics.load(this.words, index);
  }

  store(_label: string, index: number, value: number): void {
    Atomics.store(this.words, index, value);
  }

  exchange(_label: string, index: number, value: number): number {
    return Atomics.exchange(this.words, index, value);
  }

  compareExchange(_label: string, index: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.words, index, expected, value);
  }

  add(_label: string, index: number, value: number): number {
    return Atomics.add(this.words, index, value);
  }

  and(_label: string, index: number, value: number): number {
    return Atomics.and(this.words, index, value);
  }

  or(_label: string, index: number, value: number): number {
    return Atomics.or(this.words, index, value);
  }
}
