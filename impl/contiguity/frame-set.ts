/**
 * A set of frames as sorted, disjoint, not adjacent intervals: border[2i] is in the set, border[2i + 1] no longer.
 *
 * Frames are looked up in any order, mostly near the last one: {@link seek} says whether a frame is in the set and how
 * many frames from it on share the answer.
 */
export class FrameSet {
  /** The frame of the last {@link seek} is in the set. */
  inside = false;
  /** Frames from it on that are all inside or all outside; infinite behind the last interval. */
  span = 0;
  private borders: Float64Array;
  private length = 0;
  /** Borders at or before the last frame looked up. */
  private passed = 0;

  constructor(capacity = 16) {
    this.borders = new Float64Array(2 * capacity);
  }

  /** Intervals in the set. */
  get intervals(): number {
    return this.length / 2;
  }

  /** Adds frames [first, end), which must not begin before the end of the last ones added. */
  append(first: number, end: number): void {
    if (this.length > 0 && this.borders[this.length - 1] === first) {
      this.borders[this.length - 1] = end;
      return;
    }
    if (this.length === this.borders.length) {
      const grown = new Float64Array(2 * this.borders.length);
      grown.set(this.borders);
      this.borders = grown;
    }
    this.borders[this.length++] = first;
    this.borders[this.length++] = end;
  }

  seek(frame: number): void {
    const { borders, length } = this;
    let passed = this.passed;
    const behind = passed === 0 || borders[passed - 1]! <= frame;
    if (behind && passed < length && borders[passed]! <= frame) passed++;
    if (!behind || (passed < length && borders[passed]! <= frame)) {
      let low = -1;
      let high = length;
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (borders[middle]! <= frame) low = middle;
        else high = middle;
      }
      passed = low + 1;
    }
    this.passed = passed;
    this.inside = (passed & 1) === 1;
    this.span = passed < length ? borders[passed]! - frame : Number.POSITIVE_INFINITY;
  }
}
