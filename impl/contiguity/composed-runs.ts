/**
 * A guest's pages through both dimensions: guest page → guest frame by the guest's table, guest frame → host frame by
 * the host's (6, V1). One run = consecutive pages, guest frames and host frames with the same flags and levels.
 *
 *   pages.frame[r]    first host frame of run r        guestFrame[r]   first guest frame
 *   guestFlags[r], hostFlags[r]   numbers that are equal where the flags words are
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

export class ComposedRuns {
  readonly pages = new PageRuns(Number.POSITIVE_INFINITY);
  readonly guestFrame: number[] = [];
  readonly guestFlags: number[] = [];
  readonly hostFlags: number[] = [];
  readonly guestLevel: number[] = [];
  readonly hostLevel: number[] = [];

  constructor(guest: Dimension, host: Dimension) {
    for (let run = 0; run < guest.length; run++) this.composeRun(guest, run, host);
  }

  private composeRun(guest: Dimension, run: number, host: Dimension): void {
    const first = guest.to[run]!;
    const end = first + guest.count[run]!;
    for (let part = firstEndingBehind(host, first); part < host.length && host.from[part]! < end; part++) {
      const from = Math.max(first, host.from[part]!);
      const to = Math.min(end, host.from[part]! + host.count[part]!);
      const frame = host.to[part]! + (from - host.from[part]!);
      this.pages.append(guest.from[run]! + (from - first), to - from, 1, frame, 1);
      this.guestFrame.push(from);
      this.guestFlags.push(guest.flags[run]!);
      this.hostFlags.push(host.flags[part]!);
      this.guestLevel.push(guest.level[run]!);
      this.hostLevel.push(host.level[part]!);
    }
  }
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
