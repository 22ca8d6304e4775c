/** A stream of small numbers out of one 32-bit seed: what a drawn command decides by. */
import { mixFirst, mixSecond } from "../../explore/fingerprint.js";
import type { Choose } from "./system.js";

const GOLDEN_RATIO = 0x9e3779b9;
const INT32_SPAN = 2 ** 32;

export class Decisions implements Choose {
  private state: number;

  /** @param seed any 32-bit integer */
  constructor(seed: number) {
    this.state = seed | 0;
  }

  below(bound: number): number {
    if (!(bound >= 1)) throw new Error(`below(${bound}): there is nothing to choose from`);
    this.state = (this.state + GOLDEN_RATIO) | 0;
    const mixed = mixSecond(mixFirst(this.state, GOLDEN_RATIO), this.state);
    return Math.floor(((mixed >>> 0) / INT32_SPAN) * bound);
  }

  from<Item>(list: readonly Item[]): Item {
    return list[this.below(list.length)]!;
  }
}
