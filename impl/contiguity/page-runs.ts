/**
 * The present pages of one address space as runs, in flat arrays, ascending by page number.
 *
 *   run r     entry i is page start[r] + i · stride[r], in frame frame[r] + i · frameStep[r], for i < count[r]
 *   limit     pages at or beyond it have no entry at all: a read there answers nothing
 *
 * {@link PageCursor} answers, for one page, how far what holds there holds on.
 */
import { PagetwinError } from "../../vocabulary/errors.js";

export class PageRuns {
  /** How many runs there are. */
  length = 0;
  start: Float64Array;
  count: Float64Array;
  stride: Float64Array;
  frame: Float64Array;
  frameStep: Float64Array;
  /** Pages from here on have no entry. */
  limit: number;

  /** @param capacity how many runs are expected; the arrays grow beyond it */
  constructor(limit: number, capacity = 16) {
    this.limit = limit;
    this.start = new Float64Array(capacity);
    this.count = new Float64Array(capacity);
    this.stride = new Float64Array(capacity);
    this.frame = new Float64Array(capacity);
    this.frameStep = new Float64Array(capacity);
  }

  /** The page behind the last page of a run. */
  end(run: number): number {
    return this.start[run]! + (this.count[run]! - 1) * this.stride[run]! + 1;
  }

  /** Appends a run behind all earlier ones. @throws PagetwinError `FORMAT` if it begins before the last one ends */
  append(start: number, count: number, stride: number, frame: number, frameStep: number): void {
    const last = this.length - 1;
    if (last >= 0 && start < this.end(last)) {
      throw new PagetwinError("FORMAT", `page run at ${start} begins before the run before it ends`);
    }
    if (this.length === this.start.length) this.grow();
    const run = this.length++;
    this.start[run] = start;
    this.count[run] = count;
    this.stride[run] = count === 1 ? 1 : stride;
    this.frame[run] = frame;
    this.frameStep[run] = count === 1 ? 1 : frameStep;
  }

  /** Appends one page, to the last run if it continues it. */
  appendPage(page: number, frame: number): void {
    const last = this.length - 1;
    if (
      last >= 0 &&
      this.stride[last] === 1 &&
      this.frameStep[last] === 1 &&
      page === this.start[last]! + this.count[last]! &&
      frame === this.frame[last]! + this.count[last]!
    ) {
      this.count[last]! += 1;
    } else this.append(page, 1, 1, frame, 1);
  }

  private grow(): void {
    const capacity = Math.max(16, 2 * this.start.length);
    const grown = (old: Float64Array): Float64Array => {
      const array = new Float64Array(capacity);
      array.set(old);
      return array;
    };
    this.start = grown(this.start);
    this.count = grown(this.count);
    this.stride = grown(this.stride);
    this.frame = grown(this.frame);
    this.frameStep = grown(this.frameStep);
  }
}

/** Runs passed over one by one before the cursor turns to bisection. */
const STEPS_BEFORE_BISECTION = 8;

export class PageCursor {
  /** The page is present; its frame. */
  present = false;
  frame = 0;
  /** Pages from this one on of which the same is true: present in consecutive frames, or absent (then maybe infinite). */
  span = 0;
  /** The last run that begins at or before the page, −1 before all of them. */
  run = -1;
  private readonly runs: PageRuns;

  constructor(runs: PageRuns) {
    this.runs = runs;
  }

  /** Moves to a page. Fastest when pages ascend. */
  seek(page: number): void {
    const runs = this.runs;
    this.run = this.runAt(page);
    const run = this.run;
    const next = run + 1 < runs.length ? runs.start[run + 1]! : Number.POSITIVE_INFINITY;
    this.present = false;
    if (run < 0) {
      this.span = next - page;
      return;
    }
    const start = runs.start[run]!;
    const count = runs.count[run]!;
    const stride = runs.stride[run]!;
    const distance = page - start;
    if (stride === 1) {
      if (distance >= count) {
        this.span = next - page;
        return;
      }
      const frameStep = runs.frameStep[run]!;
      this.present = true;
      this.frame = runs.frame[run]! + distance * frameStep;
      this.span = frameStep === 1 ? count - distance : 1;
      return;
    }
    const index = Math.floor(distance / stride);
    if (index >= count) this.span = next - page;
    else if (index * stride === distance) {
      this.present = true;
      this.frame = runs.frame[run]! + index * runs.frameStep[run]!;
      this.span = 1;
    } else this.span = (index + 1 < count ? start + (index + 1) * stride : next) - page;
  }

  private runAt(page: number): number {
    const { start, length } = this.runs;
    let run = this.run;
    if (run < 0 || start[run]! <= page) {
      for (let step = 0; step < STEPS_BEFORE_BISECTION; step++) {
        if (run + 1 >= length || start[run + 1]! > page) return run;
        run++;
      }
    }
    let low = -1;
    let high = length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (start[middle]! <= page) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** More than one page is present and every one of them claims frame 0: the kernel hid the frames from the reader (Q14). */
export function framesAreHidden(pages: PageRuns): boolean {
  let present = 0;
  for (let run = 0; run < pages.length; run++) {
    present += pages.count[run]!;
    if (pages.frame[run] !== 0 || (pages.frameStep[run] !== 0 && pages.count[run]! > 1)) return false;
  }
  return present > 1;
}
