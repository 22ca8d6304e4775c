/**
 * What a report needs of /proc/kpageflags: the frames that belong to a transparent huge page, and those that are the
 * first of a compound page.
 *
 * Bits of a flags word (include/uapi/linux/kernel-page-flags.h):
 *
 *    22    …   15   …   0
 *   ┌────┬───┬──────┬─────┐
 *   │THP │   │ HEAD │     │
 *   └────┴───┴──────┴─────┘
 */
import { FrameSet } from "./frame-set.js";

const COMPOUND_HEAD = 1 << 15;
const TRANSPARENT_HUGE = 1 << 22;

export class FrameFlags {
  readonly huge = new FrameSet();
  readonly heads = new FrameSet();
  /** Frames from here on have no flags word. */
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds frames [first, first + count), all behind those added before. @param low the low 32 bits of their flags words */
  append(first: number, count: number, low: number): void {
    if ((low & TRANSPARENT_HUGE) === 0) return;
    this.huge.append(first, first + count);
    if ((low & COMPOUND_HEAD) !== 0) this.heads.append(first, first + count);
  }
}
