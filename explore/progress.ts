/**
 * Progress: from every state in which something is pending a state that grants it can be reached.
 *
 * The transitions are kept, forward, 4 bytes each, and each claim is judged backwards from the states that grant, after
 * the search: sweeps over all transitions from the last to the first until a sweep finds nothing new. Most transitions
 * lead to states with higher numbers, so that few sweeps are needed. Transitions that lead back to their own state help
 * nobody forward and are not kept.
 *
 *   targets = …, ~t (the first of a state's transitions), t, t, ~t (the next state's first), …
 */
import type { Progress } from "./machine.js";
import { Rows } from "./rows.js";

export const PROGRESS_CLAIMS_MAX = 15;

export class ProgressGraph {
  private readonly claims: readonly Progress[];
  private readonly targets = new Rows(1);
  /** Per state, two bits a claim: pending, granted. */
  private readonly flags = new Rows(1);
  private parent = 0;
  private isFirst = true;

  constructor(claims: readonly Progress[]) {
    if (claims.length > PROGRESS_CLAIMS_MAX) {
      throw new Error(`${claims.length} progress claims: expected at most ${PROGRESS_CLAIMS_MAX}`);
    }
    this.claims = claims;
  }

  /** Judges the next state in turn, which is the live one. */
  addState(): void {
    let flags = 0;
    this.claims.forEach((claim, index) => {
      if (claim.pending()) flags |= pendingBit(index);
      if (claim.granted()) flags |= grantedBit(index);
    });
    this.flags.push(flags);
  }

  /** The current parent has a transition to state `target`. */
  addTransition(target: number): void {
    this.targets.push(this.isFirst ? ~target : target);
    this.isFirst = false;
  }

  /** The next state in turn becomes the current parent. */
  endOfTransitions(): void {
    if (this.isFirst) this.addTransition(this.parent); // a place holder that tells where its transitions are
    this.parent++;
    this.isFirst = true;
  }

  /** After an exhausted search: for each claim that does not hold, its index and the first state that shows it. */
  *stuck(): Generator<{ readonly claim: Progress; readonly state: number }> {
    for (const [index, claim] of this.claims.entries()) {
      const reaches = this.reachesGrant(index);
      for (let state = 0; state < this.flags.count; state++) {
        if ((this.flags.value(state) & pendingBit(index)) !== 0 && reaches[state] === 0) {
          yield { claim, state };
          break;
        }
      }
    }
  }

  get bytes(): number {
    return this.targets.bytes + this.flags.bytes;
  }

  private reachesGrant(index: number): Uint8Array {
    const reaches = new Uint8Array(this.flags.count);
    for (let state = 0; state < reaches.length; state++) {
      if ((this.flags.value(state) & grantedBit(index)) !== 0) reaches[state] = 1;
    }
    while (this.sweep(reaches)) {}
    return reaches;
  }

  private sweep(reaches: Uint8Array): boolean {
    let isNew = false;
    let state = this.parent - 1;
    for (let at = this.targets.count - 1; at >= 0; at--) {
      const entry = this.targets.value(at);
      const target = entry < 0 ? ~entry : entry;
      if (reaches[target] === 1 && reaches[state] === 0) {
        reaches[state] = 1;
        isNew = true;
      }
      if (entry < 0) state--;
    }
    return isNew;
  }
}

const pendingBit = (claim: number): number => 1 << (2 * claim);
const grantedBit = (claim: number): number => 2 << (2 * claim);
