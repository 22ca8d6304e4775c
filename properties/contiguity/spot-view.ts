/**
 * The predictor as the engines see it: its table, and beside it what the claims about several misses have to remember.
 *
 *   │ ghost: per counter LENGTH SAME ALTERNATING last offset ×2 LAST WRITABLE │ table │ statistics │
 *
 * The ghost speaks of the misses of a counter since its entry was filled in; no guard reads it.
 */
import { setWideAt, wideAt } from "../../impl/contiguity/allocator-layout.js";
import { SPOT_RULES, Spot, type SpotRules, type SpotWay } from "../../impl/contiguity/spot.js";
import type { Miss, Prediction, SpotShape } from "../../vocabulary/contiguity/spot.js";

export interface SpotSystemShape extends SpotShape {
  /** Program counters are 0 to this minus 1. */
  readonly counters: number;
}

const LENGTH = 0;
const SAME = 1;
const ALTERNATING = 2;
const LAST_OFFSET = 3;
const LAST_WRITABLE = 5;
const GHOST_WORDS = 6;
/** Longer histories make no difference to the claims. */
const LENGTH_MAX = 2;

export class SpotView {
  readonly shape: SpotSystemShape;
  readonly spot: Spot;
  private readonly words: Int32Array;

  static wordsNeeded(shape: SpotSystemShape): number {
    return shape.counters * GHOST_WORDS + Spot.wordsNeeded(shape);
  }

  static stateWords(shape: SpotSystemShape): number {
    return shape.counters * GHOST_WORDS + Spot.stateWords(shape);
  }

  constructor(words: Int32Array, shape: SpotSystemShape, rules: SpotRules = SPOT_RULES) {
    this.words = words;
    this.shape = shape;
    this.spot = new Spot(words.subarray(shape.counters * GHOST_WORDS), shape, rules);
  }

  /** The entry of a counter. */
  entryOf(counter: number): SpotWay | undefined {
    return this.spot.ways(counter % this.shape.sets).find((way) => way.counter === counter);
  }

  /** Misses since the entry was filled in, {@link LENGTH_MAX} at most, all with one and the same translation; else 0. */
  sameMisses(counter: number): number {
    return this.ghost(counter, SAME) === 1 ? this.ghost(counter, LENGTH) : 0;
  }

  /** Each miss since the entry was filled in differed from the one before, and so does this one. */
  alternates({ counter, page, frame, writable }: Miss): boolean {
    return this.ghost(counter, ALTERNATING) === 1 && !this.repeatsLast(counter, page - frame, writable);
  }

  miss(miss: Miss): Prediction {
    const { counter, page, frame, writable } = miss;
    if (this.entryOf(counter) === undefined) this.forget(counter);
    const prediction = this.spot.miss(miss);
    const repeats = this.repeatsLast(counter, page - frame, writable);
    const isFirst = this.ghost(counter, LENGTH) === 0;
    const base = counter * GHOST_WORDS;
    this.words[base + SAME] = isFirst || (this.ghost(counter, SAME) === 1 && repeats) ? 1 : 0;
    this.words[base + ALTERNATING] = isFirst || (this.ghost(counter, ALTERNATING) === 1 && !repeats) ? 1 : 0;
    this.words[base + LENGTH] = Math.min(LENGTH_MAX, this.ghost(counter, LENGTH) + 1);
    setWideAt(this.words, base + LAST_OFFSET, page - frame);
    this.words[base + LAST_WRITABLE] = writable ? 1 : 0;
    for (let other = 0; other < this.shape.counters; other++) {
      if (this.entryOf(other) === undefined) this.forget(other);
    }
    return prediction;
  }

  private repeatsLast(counter: number, offset: number, writable: boolean): boolean {
    const last = wideAt(this.words, counter * GHOST_WORDS + LAST_OFFSET);
    return last === offset && (this.ghost(counter, LAST_WRITABLE) === 1) === writable;
  }

  private forget(counter: number): void {
    this.words.fill(0, counter * GHOST_WORDS, (counter + 1) * GHOST_WORDS);
  }

  private ghost(counter: number, field: number): number {
    return this.words[counter * GHOST_WORDS + field]!;
  }
}
