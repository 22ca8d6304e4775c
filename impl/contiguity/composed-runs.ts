/**
 * A guest's pages through both dimensions: guest page → guest frame by the guest's table, guest frame → host frame by
 * the host's (6, V1). One run = consecutive pages, guest frames and host frames with the same flags and levels.
 *
 *   pages.frame[r]    first host frame of run r        guestFrame[r]   first guest frame
 *   guestFlags[r], hostFlags[r]   numbers that are equal where the flags words are, 0 for a word of 0
 *   guestLevel[r], hostLevel[r]   1 = 4 KiB, 2 = 2 MiB leaf
 *
 * A page without a guest entry, or whose guest frame has no host entry, is in no run: it is not present.
 */
import { PageRuns } from "./page-runs.js";

/** One dimension: runs `from + i → to + i`, ascending by `from`, not overlapping. */
export interface Dimension {
  readonly length: number;
  readonly from: Float64Array;
  readonly count: Float64Array;
  readonly to: Float64Array;
  readonly flags: Int32Array;
  readonly level: Uint8Array;
}

/** What one dimension says of a run of pages. */
export interface Leaf {
  readonly frame: number;
  readonly flags: number;
  readonly level: number;
}

export class ComposedRuns {
  readonly pages = new PageRuns(Number.POSITIVE_INFINITY);
  readonly guestFrame: number[] = [];
  readonly guestFlags: number[] = [];
  readonly hostFlags: number[] = [];
  readonly guestLevel: number[] = [];
  readonly hostLevel: number[] = [];

  /** Appends pages [page, page + count) behind all earlier ones, to the last run if they continue it. */
  append(page: number, count: number, guest: Leaf, host: Leaf): void {
    if (this.continues(page, guest, host)) {
      this.pages.count[this.pages.length - 1]! += count;
      return;
    }
    this.pages.append(page, count, 1, host.frame, 1);
    this.guestFrame.push(guest.frame);
    this.guestFlags.push(guest.flags);
    this.hostFlags.push(host.flags);
    this.guestLevel.push(guest.level);
    this.hostLevel.push(host.level);
  }

  private continues(page: number, guest: Leaf, host: Leaf): boolean {
    const { pages } = this;
    const last = pages.length - 1;
    if (last < 0) return false;
    const count = pages.count[last]!;
    return (
      page === pages.start[last]! + count &&
      host.frame === pages.frame[last]! + count &&
      guest.frame === this.guestFrame[last]! + count &&
      guest.flags === this.guestFlags[last] &&
      host.flags === this.hostFlags[last] &&
      guest.level === this.guestLevel[last] &&
      host.level === this.hostLevel[last]
    );
  }
}

/** The composition of two tables. */
export function compose(guest: Dimension, host: Dimension): ComposedRuns {
  const runs = new ComposedRuns();
  for (let run = 0; run < guest.length; run++) {
    const page = guest.from[run]!;
    const first = guest.to[run]!;
    const end = first + guest.count[run]!;
    for (let part = firstEndingBehind(host, first); part < host.length && host.from[part]! < end; part++) {
      const from = Math.max(first, host.from[part]!);
      const to = Math.min(end, host.from[part]! + host.count[part]!);
      runs.append(
        page + (from - first),
        to - from,
        { frame: from, flags: guest.flags[run]!, level: guest.level[run]! },
        { frame: host.to[part]! + (from - host.from[part]!), flags: host.flags[part]!, level: host.level[part]! },
      );
    }
  }
  return runs;
}

/** The first run of a dimension whose end lies behind `place`. */
function firstEndingBehind(dimension: Dimension, place: number): number {
  let low = -1;
  let high = dimension.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (dimension.from[middle]! + dimension.count[middle]! <= place) low = middle;
    else high = middle;
  }
  return high;
}
