/**
 * The set for large spaces: 64 bits of each state, and whole states only until they are expanded.
 *
 * A state costs 8 bytes of fingerprint and its slot of the table. Two states with one fingerprint are taken for one, and
 * what lies behind the second is not seen: `missProbability` says how likely that is.
 */
import { FINGERPRINT_BITS } from "./fingerprint.js";
import { Rows } from "./rows.js";
import { StateSet } from "./state-set.js";

/** With the fingerprint and the parents less than 22 bytes a state. */
const GROWTH_SMALL = 2.5;

export class FingerprintSet extends StateSet {
  readonly comparesStates = false;
  private readonly fingerprints = new Rows(2);
  private readonly frontier: Rows;

  constructor(stateWords: number) {
    super(GROWTH_SMALL);
    this.frontier = new Rows(stateWords);
  }

  get count(): number {
    return this.fingerprints.count;
  }

  take(number: number, into: Int32Array): void {
    const { frontier, fingerprints } = this;
    frontier.copy(number, into);
    frontier.release(number);
    const chunk = fingerprints.chunk(number);
    const start = fingerprints.start(number);
    this.takenFirst = chunk[start]!;
    this.takenSecond = chunk[start + 1]!;
  }

  is(number: number, first: number, second: number, _words: Int32Array): boolean {
    const chunk = this.fingerprints.chunk(number);
    const start = this.fingerprints.start(number);
    return chunk[start] === first && chunk[start + 1] === second;
  }

  get missProbability(): number {
    return Math.min(1, (this.count * (this.count - 1)) / 2 / 2 ** FINGERPRINT_BITS);
  }

  get frontierBytesPeak(): number {
    return this.frontier.bytesPeak;
  }

  protected get keptBytes(): number {
    return this.fingerprints.bytes;
  }

  protected keep(first: number, second: number, words: Int32Array): void {
    this.fingerprints.pushPair(first, second);
    this.frontier.append(words);
  }

  protected enterAll(): void {
    const { fingerprints } = this;
    for (let number = 0; number < fingerprints.count; number++) {
      const chunk = fingerprints.chunk(number);
      const start = fingerprints.start(number);
      this.enterAnew(chunk[start]!, chunk[start + 1]!, number);
    }
  }
}
