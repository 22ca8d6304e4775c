/**
 * The reference in step with the machine: what each state means, and whether a transition leads where the reference goes.
 *
 * Meanings are asked for when they are first needed and kept, 4 bytes a state.
 */
import { mixFirst } from "./fingerprint.js";
import type { Reference } from "./machine.js";
import { Rows } from "./rows.js";
import { StepMemo } from "./step-memo.js";

const UNKNOWN = -1;

export class Companion {
  /** Transitions on which the reference walked along. */
  walked = 0;
  private readonly reference: Reference;
  private readonly memo: StepMemo;
  private readonly meanings = new Rows(1);
  private readonly shareOf32Bits: number;

  /** @param share of transitions to walk along, 0 to 1 */
  constructor(reference: Reference, share: number) {
    this.reference = reference;
    this.memo = new StepMemo(reference);
    this.shareOf32Bits = share * 2 ** 32;
  }

  /** Whether the reference walks along when the state with this half of a fingerprint takes `action`. */
  chooses(fingerprintHalf: number, action: number): boolean {
    return mixFirst(fingerprintHalf, mixFirst(action, 1)) >>> 0 < this.shareOf32Bits;
  }

  /** What state `number` means. It is the live state. */
  meaningOf(number: number): number {
    while (this.meanings.count <= number) this.meanings.push(UNKNOWN);
    const known = this.meanings.value(number);
    if (known !== UNKNOWN) return known;
    const meaning = this.reference.meaning();
    if (!Number.isInteger(meaning) || meaning < 0) throw new Error(`meaning is ${meaning}: expected an integer from 0`);
    this.meanings.setValue(number, meaning);
    return meaning;
  }

  /** Takes the reference's step; its answer and its `meaning` can then be asked for. */
  walk(meaning: number, action: number): void {
    this.walked++;
    this.memo.step(meaning, action);
  }

  /** Where the last `walk` has led. */
  get meaning(): number {
    return this.memo.meaning;
  }

  /** How the answer of the live step differs from the one of the last `walk`, or undefined. */
  answerDisagreement(): string | undefined {
    const found = this.reference.answer();
    return found === this.memo.answer ? undefined : this.explain("answer", this.memo.answer, found);
  }

  /** How the meaning of the initial, live state differs from the reference's own, or undefined. */
  initialDisagreement(): string | undefined {
    const expected = this.reference.initial?.();
    if (expected === undefined) return undefined;
    const found = this.meaningOf(0);
    return expected === found ? undefined : this.explain("meaning", expected, found);
  }

  get bytes(): number {
    return this.memo.bytes + this.meanings.bytes;
  }

  /** Puts a disagreement into words. */
  explain(kind: "answer" | "meaning", expected: number, found: number): string {
    return (
      this.reference.explain?.(kind, expected, found) ??
      `the reference's ${kind} is ${expected}, the machine's is ${found}`
    );
  }
}
