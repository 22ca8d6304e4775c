/**
 * The set for proofs: whole states, compared word by word.
 *
 * A state costs its own words and its slot of the table. Fingerprints are not kept; they are taken again when a state is
 * expanded and when the table grows.
 */
import type { Fingerprinter } from "./fingerprint.js";
import { Rows } from "./rows.js";
import { StateSet } from "./state-set.js";

/** With the parents less than 11 bytes a state beside the state itself. */
const GROWTH_SMALL = 2;

export class FullSet extends StateSet {
  readonly comparesStates = true;
  readonly missProbability = 0;
  readonly frontierBytesPeak = 0;
  private readonly states: Rows;
  private readonly fingerprinter: Fingerprinter;

  constructor(stateWords: number, fingerprinter: Fingerprinter) {
    super(GROWTH_SMALL);
    this.states = new Rows(stateWords);
    this.fingerprinter = fingerprinter;
  }

  get count(): number {
    return this.states.count;
  }

  take(number: number, into: Int32Array): void {
    this.states.copy(number, into);
    this.fingerprinter.take(into, 0);
    this.takenFirst = this.fingerprinter.first;
    this.takenSecond = this.fingerprinter.second;
  }

  is(number: number, _first: number, _second: number, words: Int32Array): boolean {
    return this.states.equals(number, words);
  }

  protected get keptBytes(): number {
    return this.states.bytes;
  }

  protected keep(_first: number, _second: number, words: Int32Array): void {
    this.states.append(words);
  }

  protected enterAll(): void {
    const { states, fingerprinter } = this;
    for (let number = 0; number < states.count; number++) {
      fingerprinter.take(states.chunk(number), states.start(number));
      this.enterAnew(fingerprinter.first, fingerprinter.second, number);
    }
  }
}
