/**
 * The walk of the corrected report over a guest process, through both dimensions (4.6, 6).
 *
 * A guest range is a run of consecutive pages and guest frames with equal guest flags; a range also has consecutive host
 * frames and equal host flags, so a host that repairs a gap of the guest makes no longer range (V3). A 2 MiB page is one
 * in both dimensions, aligned in all three address spaces (V4).
 */
import { FIXED_ANCHOR_DISTANCE, type Histograms, HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import type { ComposedRuns } from "./composed-runs.js";
import { CountTable } from "./count-table.js";
import { PageCursor } from "./page-runs.js";
import { RangeCount } from "./range-count.js";

const HUGE_LEVEL = 2;

export function walkGuest(areas: Float64Array, runs: ComposedRuns): Histograms {
  const walk = new GuestWalk(runs);
  for (let area = 0; area < areas.length; area += 2) walk.walkArea(areas[area]!, areas[area + 1]!);
  walk.count.endProcess();
  return walk.count.histograms(walk.guestRanges);
}

class GuestWalk {
  readonly count = new RangeCount(FIXED_ANCHOR_DISTANCE);
  readonly guestRanges = new CountTable();
  private readonly runs: ComposedRuns;
  private readonly cursor: PageCursor;
  private virtualSize = 0;
  private guestSize = 0;
  private guestFrame = 0;
  private guestFlags = 0;
  private rangePage = 0;
  private rangeFrame = 0;
  private rangeSize = 0;
  private rangeHuge = 0;
  private hostFlags = 0;

  constructor(runs: ComposedRuns) {
    this.runs = runs;
    this.cursor = new PageCursor(runs.pages);
  }

  walkArea(first: number, end: number): void {
    this.count.areas.add(end - first, 1);
    for (let page = first; page < end; ) {
      this.cursor.seek(page);
      const size = Math.min(this.cursor.span, end - page);
      if (this.cursor.present) this.take(page, size);
      else this.cut();
      page += size;
    }
    this.cut();
  }

  private take(page: number, size: number): void {
    const { runs, cursor } = this;
    const run = cursor.run;
    const guestFrame = runs.guestFrame[run]! + (page - runs.pages.start[run]!);
    const guestFlags = runs.guestFlags[run]!;
    const hostFlags = runs.hostFlags[run]!;
    this.virtualSize += size;
    const guestGoesOn =
      this.guestSize > 0 && guestFrame === this.guestFrame + this.guestSize && guestFlags === this.guestFlags;
    if (!guestGoesOn || cursor.frame !== this.rangeFrame + this.rangeSize || hostFlags !== this.hostFlags) {
      this.endRange();
      this.rangePage = page;
      this.rangeFrame = cursor.frame;
      this.hostFlags = hostFlags;
    }
    if (!guestGoesOn) {
      this.endGuestRange();
      this.guestFrame = guestFrame;
      this.guestFlags = guestFlags;
    }
    this.guestSize += size;
    this.rangeSize += size;
    this.rangeHuge += this.hugePagesIn(run, page, guestFrame, size);
  }

  /** Both leaves must be large, so a whole 2 MiB page lies in one run. */
  private hugePagesIn(run: number, page: number, guestFrame: number, size: number): number {
    if (this.runs.guestLevel[run] !== HUGE_LEVEL || this.runs.hostLevel[run] !== HUGE_LEVEL) return 0;
    const aligned = (page - guestFrame) % HUGE_PAGES === 0 && (page - this.cursor.frame) % HUGE_PAGES === 0;
    if (!aligned) return 0;
    return Math.max(0, Math.floor((page + size) / HUGE_PAGES) - Math.ceil(page / HUGE_PAGES));
  }

  private cut(): void {
    if (this.virtualSize > 0) this.count.virtual.add(this.virtualSize, 1);
    this.virtualSize = 0;
    this.endRange();
    this.endGuestRange();
  }

  private endRange(): void {
    if (this.rangeSize > 0) this.count.addRange(this.rangePage, this.rangeFrame, this.rangeSize, this.rangeHuge);
    this.rangeSize = 0;
    this.rangeHuge = 0;
  }

  private endGuestRange(): void {
    if (this.guestSize > 0) this.guestRanges.add(this.guestSize, 1);
    this.guestSize = 0;
  }
}
