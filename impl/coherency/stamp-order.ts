/** How the time stamps of an instance relate: dense ranks, and the places where a new stamp can stand. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { isWriting } from "./layout.js";
import { STAMPS_PER_RANK } from "./vector-layout.js";

export class StampOrder {
  private readonly keepsDeadStamps: boolean;
  private readonly isBounded: boolean;
  private readonly hasTies: boolean;
  private readonly isPerfect: boolean;
  private readonly bound: number;

  constructor({ stamps, ties }: Configuration) {
    this.keepsDeadStamps = stamps === "monotone";
    this.isBounded = typeof stamps === "object";
    this.bound = typeof stamps === "object" ? stamps.bounded : 0;
    this.hasTies = ties === "explicit";
    this.isPerfect = stamps === "perfect";
  }

  /** The stamp that counts of a kernel in `state` that drew `stamp` last; 0 = none does. */
  counted(state: number, stamp: number): number {
    return this.keepsDeadStamps || isWriting(state) ? stamp : 0;
  }

  /** The position of a kernel's stamp among `stamps`, 1 = oldest, equal ones at one position; 0 = it has none. */
  rank(stamps: Int32Array, kernel: number): number {
    const own = stamps[kernel]!;
    if (own === 0 || this.isBounded) return own;
    let rank = 1;
    for (let other = 0; other < stamps.length; other++) {
      const stamp = stamps[other]!;
      if (stamp !== 0 && stamp < own && !(this.hasTies && isRepeated(stamps, other))) rank++;
    }
    return rank;
  }

  /** Ranks stand at multiples of STAMPS_PER_RANK, so that a new stamp fits before, between and after them. */
  stampOfRank(rank: number): number {
    return this.isBounded ? rank : rank * STAMPS_PER_RANK;
  }

  /** The stamp at place `draw`. */
  stampOfDraw(draw: number): number {
    return this.isBounded || this.hasTies ? draw + 1 : draw * STAMPS_PER_RANK + 1;
  }

  /** Whether a new stamp of a kernel that has rank `own` can take place `draw`, when `newest` is the highest rank. */
  canDraw(draw: number, own: number, newest: number): boolean {
    if (this.isBounded) return draw < this.bound;
    const stamp = this.stampOfDraw(draw);
    const youngest = this.stampOfRank(newest) + 1;
    if (stamp > youngest) return false;
    if (this.isPerfect) return stamp === youngest;
    return !this.keepsDeadStamps || stamp > this.stampOfRank(own);
  }
}

/** Whether a kernel with a smaller number has the same stamp. */
function isRepeated(stamps: Int32Array, kernel: number): boolean {
  for (let other = 0; other < kernel; other++) if (stamps[other] === stamps[kernel]) return true;
  return false;
}
