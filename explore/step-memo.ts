/**
 * What the reference said, so that it is asked once for each distinct pair of meaning and action.
 *
 *   entry = [ meaning + 1 (0 = free) | action | next meaning | answer ]
 *
 * Bounded: a memo that has reached its largest size and fills up is emptied and begins anew. That costs time, never
 * truth: the reference's step is a pure function.
 */
import { mixFirst } from "./fingerprint.js";
import type { Reference } from "./machine.js";

const ENTRY_WORDS = 4;
const ENTRIES_AT_FIRST = 2 ** 10;
const ENTRIES_MAX = 2 ** 24;
const LOAD_MAX = 0.7;

export class StepMemo {
  meaning = 0;
  answer = 0;
  private readonly reference: Reference;
  private readonly entriesMax: number;
  private entries = new Int32Array(ENTRIES_AT_FIRST * ENTRY_WORDS);
  private mask = ENTRIES_AT_FIRST - 1;
  private used = 0;

  /** @param entriesMax a power of two from 1024: the size that the memo does not outgrow */
  constructor(reference: Reference, entriesMax = ENTRIES_MAX) {
    this.reference = reference;
    this.entriesMax = entriesMax;
  }

  /** Lets the reference, or the memory of it, take a step. The result stands in `meaning` and `answer`. */
  step(meaning: number, action: number): void {
    const { entries } = this;
    const at = this.place(meaning, action);
    if (entries[at] === 0) this.ask(at, meaning, action);
    this.meaning = this.entries[at + 2]!;
    this.answer = this.entries[at + 3]!;
    if (this.used > LOAD_MAX * (this.mask + 1)) this.makeRoom();
  }

  get bytes(): number {
    return this.entries.byteLength;
  }

  private ask(at: number, meaning: number, action: number): void {
    const said = this.reference.step(meaning, action);
    this.entries[at] = meaning + 1;
    this.entries[at + 1] = action;
    this.entries[at + 2] = said.meaning;
    this.entries[at + 3] = said.answer;
    this.used++;
  }

  /** Where the entry is, or where it would go. */
  private place(meaning: number, action: number): number {
    const { entries, mask } = this;
    let slot = mixFirst(meaning, mixFirst(action, ENTRY_WORDS)) & mask;
    for (;;) {
      const at = slot * ENTRY_WORDS;
      const found = entries[at]!;
      if (found === 0 || (found === meaning + 1 && entries[at + 1] === action)) return at;
      slot = (slot + 1) & mask;
    }
  }

  private makeRoom(): void {
    const old = this.entries;
    const size = this.mask + 1;
    const grows = size < this.entriesMax;
    this.entries = new Int32Array((grows ? 2 * size : size) * ENTRY_WORDS);
    this.mask = (grows ? 2 * size : size) - 1;
    if (!grows) {
      this.used = 0;
      return;
    }
    for (let at = 0; at < old.length; at += ENTRY_WORDS) {
      if (old[at] === 0) continue;
      const to = this.place(old[at]! - 1, old[at + 1]!);
      for (let word = 0; word < ENTRY_WORDS; word++) this.entries[to + word] = old[at + word]!;
    }
  }
}
