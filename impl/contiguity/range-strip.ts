/**
 * How long the ranges are, along the address space: all present pages side by side in the order of their addresses, cut
 * into at most {@link BINS} bins of equal width. Memory is fixed: when the bins are full, neighbours are joined.
 *
 *   counts[bin · classes + class]   pages of the bin in ranges of that class
 */
import { RANGE_CLASSES, type Strip } from "../../vocabulary/contiguity/report.js";

const BINS = 1024;
const CLASSES = RANGE_CLASSES.length;

export class RangeStrip {
  private readonly counts = new Float64Array(BINS * CLASSES);
  private width = 1;
  private pages = 0;

  /** A range follows, of so many pages. */
  add(size: number): void {
    const classOf = sizeClass(size);
    while (this.pages + size > BINS * this.width) this.join();
    for (let left = size; left > 0; ) {
      const bin = Math.floor(this.pages / this.width);
      const part = Math.min(left, (bin + 1) * this.width - this.pages);
      this.counts[bin * CLASSES + classOf]! += part;
      this.pages += part;
      left -= part;
    }
  }

  strip(): Strip {
    const used = Math.ceil(this.pages / this.width);
    return {
      pages: this.pages,
      pagesPerBin: this.width,
      bins: Array.from({ length: used }, (_, bin) => [...this.counts.subarray(bin * CLASSES, (bin + 1) * CLASSES)]),
    };
  }

  private join(): void {
    const { counts } = this;
    for (let bin = 0; bin < BINS; bin++) {
      for (let each = 0; each < CLASSES; each++) {
        const from = 2 * bin * CLASSES + each;
        counts[bin * CLASSES + each] = 2 * bin < BINS ? counts[from]! + counts[from + CLASSES]! : 0;
      }
    }
    this.width *= 2;
  }
}

/** The last class that begins at or below a size. */
function sizeClass(size: number): number {
  let found = 0;
  while (found + 1 < CLASSES && RANGE_CLASSES[found + 1]!.pages <= size) found++;
  return found;
}
