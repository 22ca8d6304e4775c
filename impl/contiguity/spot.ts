/**
 * SpOT's table in one `Int32Array`.
 *
 *   set s = [ way 0 │ way 1 │ … ]      way = [ TAG │ CONFIDENCE │ WRITABLE │ AGE │ offset ×2 ]
 *
 * TAG is the program counter plus 1, 0 in an empty way; AGE counts up from 0, the most recently used way, and is the
 * number of ways of the set used since. Behind the sets: MISSES, RIGHT, SQUASHED, which are statistics.
 */
import {
  CONFIDENCE_MAX,
  type Miss,
  PREDICTING,
  type Prediction,
  type SpotShape,
} from "../../vocabulary/contiguity/spot.js";
import { setWideAt, wideAt } from "./allocator-layout.js";

const TAG = 0;
const CONFIDENCE = 1;
const WRITABLE = 2;
const AGE = 3;
const OFFSET = 4;
const WAY_WORDS = 6;
const MISSES = 0;
const RIGHT = 1;
const SQUASHED = 2;
const STATISTICS_WORDS = 3;

/** The rules of the predictor, each of which can be dropped to see what it is for. */
export interface SpotRules {
  /** Only a confident entry predicts. */
  readonly predictsWhenConfident: boolean;
  /** A wrong offset lowers the confidence, and is replaced at 0 only. */
  readonly replacesAtZero: boolean;
  /** A wrong prediction is undone. */
  readonly squashes: boolean;
  /** An entry belongs to one program counter. */
  readonly comparesTags: boolean;
  /** A prediction is right only if the walk gives the same rights. */
  readonly comparesRights: boolean;
  /** The same offset again raises the confidence. */
  readonly agreementRaises: boolean;
  /** A confidence ends at 3. */
  readonly saturates: boolean;
}

/** What one way holds. */
export interface SpotWay {
  readonly counter: number;
  readonly offset: number;
  readonly writable: boolean;
  readonly confidence: number;
}

export const SPOT_RULES: SpotRules = {
  predictsWhenConfident: true,
  replacesAtZero: true,
  squashes: true,
  comparesTags: true,
  comparesRights: true,
  agreementRaises: true,
  saturates: true,
};

export class Spot {
  static wordsNeeded(shape: SpotShape): number {
    return Spot.stateWords(shape) + STATISTICS_WORDS;
  }

  /** Words of the table; the statistics lie behind. */
  static stateWords({ sets, ways }: SpotShape): number {
    return sets * ways * WAY_WORDS;
  }

  private readonly words: Int32Array;
  private readonly shape: SpotShape;
  private readonly rules: SpotRules;
  private readonly statistics: number;

  /** @param words zero at first */
  constructor(words: Int32Array, shape: SpotShape, rules: SpotRules = SPOT_RULES) {
    this.words = words;
    this.shape = shape;
    this.rules = rules;
    this.statistics = Spot.stateWords(shape);
  }

  get misses(): number {
    return this.words[this.statistics + MISSES]!;
  }

  /** Misses whose translation was predicted, and the walk agreed. */
  get right(): number {
    return this.words[this.statistics + RIGHT]!;
  }

  get squashed(): number {
    return this.words[this.statistics + SQUASHED]!;
  }

  /** What the ways of a set hold, the most recently used one first. */
  ways(set: number): readonly SpotWay[] {
    const { words } = this;
    const first = set * this.shape.ways * WAY_WORDS;
    const filled = Array.from({ length: this.shape.ways }, (_, way) => first + way * WAY_WORDS).filter(
      (way) => words[way + TAG] !== 0,
    );
    return filled
      .sort((a, b) => words[a + AGE]! - words[b + AGE]!)
      .map((way) => ({
        counter: words[way + TAG]! - 1,
        offset: wideAt(words, way + OFFSET),
        writable: words[way + WRITABLE] === 1,
        confidence: words[way + CONFIDENCE]!,
      }));
  }

  /** Predicts, compares with what the walk found, and learns from it. */
  miss(miss: Miss): Prediction {
    this.words[this.statistics + MISSES]! += 1;
    const way = this.find(miss.counter);
    if (way < 0) {
      this.fill(miss);
      return { kind: "none" };
    }
    const prediction = this.predict(way, miss);
    this.learn(way, miss);
    this.touch(miss.counter, way);
    return prediction;
  }

  private predict(way: number, miss: Miss): Prediction {
    const enough = this.rules.predictsWhenConfident ? PREDICTING : PREDICTING - 1;
    if (this.words[way + CONFIDENCE]! < enough) return { kind: "none" };
    const frame = miss.page - wideAt(this.words, way + OFFSET);
    const mayDiffer = !this.rules.comparesRights;
    const agrees = frame === miss.frame && (mayDiffer || (this.words[way + WRITABLE] === 1) === miss.writable);
    const isRight = agrees || !this.rules.squashes;
    this.words[this.statistics + (isRight ? RIGHT : SQUASHED)]! += 1;
    return { kind: isRight ? "right" : "squashed", frame };
  }

  private learn(way: number, miss: Miss): void {
    const { words } = this;
    const offset = miss.page - miss.frame;
    const same = wideAt(words, way + OFFSET) === offset && (words[way + WRITABLE] === 1) === miss.writable;
    if (same) {
      const raised = words[way + CONFIDENCE]! + (this.rules.agreementRaises ? 1 : 0);
      words[way + CONFIDENCE] = this.rules.saturates ? Math.min(CONFIDENCE_MAX, raised) : raised;
    } else {
      if (this.rules.replacesAtZero) words[way + CONFIDENCE]! -= 1;
      if (this.rules.replacesAtZero && words[way + CONFIDENCE]! > 0) return;
      if (this.rules.replacesAtZero) words[way + CONFIDENCE] = 1;
      setWideAt(words, way + OFFSET, offset);
      words[way + WRITABLE] = miss.writable ? 1 : 0;
    }
  }

  /** The empty way of the set, or the one that was not used for longest. */
  private fill(miss: Miss): void {
    const first = this.setOf(miss.counter);
    let oldest = first;
    for (let way = first; way < first + this.shape.ways * WAY_WORDS; way += WAY_WORDS) {
      if (this.words[way + TAG] === 0) {
        oldest = way;
        break;
      }
      if (this.words[way + AGE]! > this.words[oldest + AGE]!) oldest = way;
    }
    this.words[oldest + AGE] = this.shape.ways;
    this.touch(miss.counter, oldest);
    this.words[oldest + TAG] = miss.counter + 1;
    this.words[oldest + CONFIDENCE] = 1;
    this.words[oldest + WRITABLE] = miss.writable ? 1 : 0;
    setWideAt(this.words, oldest + OFFSET, miss.page - miss.frame);
  }

  /** The way becomes the most recently used one; those that were younger grow older. */
  private touch(counter: number, used: number): void {
    const first = this.setOf(counter);
    const age = this.words[used + AGE]!;
    for (let way = first; way < first + this.shape.ways * WAY_WORDS; way += WAY_WORDS) {
      if (this.words[way + TAG] !== 0 && this.words[way + AGE]! < age) this.words[way + AGE]! += 1;
    }
    this.words[used + AGE] = 0;
  }

  private find(counter: number): number {
    const first = this.setOf(counter);
    for (let way = first; way < first + this.shape.ways * WAY_WORDS; way += WAY_WORDS) {
      const tag = this.words[way + TAG]!;
      if (tag === counter + 1 || (tag !== 0 && !this.rules.comparesTags)) return way;
    }
    return -1;
  }

  private setOf(counter: number): number {
    return (counter & (this.shape.sets - 1)) * this.shape.ways * WAY_WORDS;
  }
}
