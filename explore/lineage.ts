/**
 * Who is whose parent, in two bits a state.
 *
 * Breadth first, states are numbered in the order of their parents. So the parents are told by one row of bits: a 1 for
 * each child in turn, a 0 where the children of a parent end.
 *
 *   1 1 0 1 0 0 …     states 1 and 2 are children of 0; state 3 is a child of 1; state 2 has none
 *
 * Which action led from a parent to a child is not kept: it is found again by trying.
 */
import { Rows } from "./rows.js";

const WORD_BITS = 32;

export class Lineage {
  /** Words of 32 bits, the first bit lowest. The last bits are in `word`. */
  private readonly full = new Rows(1);
  private word = 0;
  private wordBits = 0;

  /** The next state is a child of the current parent. */
  child(): void {
    this.word |= 1 << this.wordBits;
    this.next();
  }

  /** The current parent has no more children; the next state in turn becomes the current parent. */
  endOfChildren(): void {
    this.next();
  }

  /** The numbers of the states on the way from the initial state to `state`, both included. */
  ancestry(state: number): number[] {
    const length = this.full.count * WORD_BITS + this.wordBits;
    let children = 0;
    for (let at = 0; at < length; at++) children += this.bit(at);
    let ends = length - children;
    const way = [state];
    // Backwards: a parent's own bit stands before those of its children, and `ends` is the parent of the child at hand.
    for (let at = length - 1; way[0]! > 0; at--) {
      if (this.bit(at) === 0) ends--;
      else if (children-- === way[0]) way.unshift(ends);
    }
    return way;
  }

  get bytes(): number {
    return this.full.bytes;
  }

  private bit(at: number): number {
    const row = Math.floor(at / WORD_BITS);
    const word = row === this.full.count ? this.word : this.full.value(row);
    return (word >>> (at % WORD_BITS)) & 1;
  }

  private next(): void {
    if (++this.wordBits < WORD_BITS) return;
    this.full.push(this.word);
    this.word = 0;
    this.wordBits = 0;
  }
}
