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
import { GUEST_RULES, type GuestRules } from "./guest-rules.js";
import { PageCursor } from "./page-runs.js";
import { RangeCount } from "./range-count.js";
import { REPORT_RULES } from "./report-rules.js";

const HUGE_LEVEL = 2;

export interface GuestWalkOptions {
  readonly rules?: GuestRules;
  /** Pages of a huge page; those of 2 MiB unless given. */
  readonly hugePages?: number;
  /** Hears of each range; a fresh one unless given. */
  readonly count?: RangeCount;
}

/** A count of a guest's ranges. @param countsStrip for the picture as well */
export const guestRangeCount = (countsStrip = true): RangeCount =>
  new RangeCount(FIXED_ANCHOR_DISTANCE, REPORT_RULES, countsStrip);

/** @param areas page numbers first, end, … ascending */
export function walkGuest(areas: Float64Array, runs: ComposedRuns, options: GuestWalkOptions = {}): Histograms {
  const walk = new GuestWalk(runs, options);
  for (let area = 0; area < areas.length; area += 2) walk.walkArea(areas[area]!, areas[area + 1]!);
  walk.count.endProcess();
  return walk.count.histograms(walk.guestRanges);
}

class GuestWalk {
  readonly count: RangeCount;
  readonly guestRanges = new CountTable();
  private readonly rules: GuestRules;
  private readonly hugePages: number;
  private readonly runs: ComposedRuns;
  private readonly cursor: PageCursor;
  private virtualSize = 0;
  private guestSize = 0;
  private guestFrame = 0;
  private guestFlags = 0;
  private rangePage = 0;
  private rangeFrame = 0;
  private rangeGuestFrame = 0;
  private rangeSize = 0;
  private rangeHuge = 0;
  private hostFlags = 0;

  constructor(
    runs: ComposedRuns,
    { rules = GUEST_RULES, hugePages = HUGE_PAGES, count = guestRangeCount() }: GuestWalkOptions,
  ) {
    this.runs = runs;
    this.rules = rules;
    this.hugePages = hugePages;
    this.count = count;
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
    const { runs, cursor, rules } = this;
    const run = cursor.run;
    const guestFrame = runs.guestFrame[run]! + (page - runs.pages.start[run]!);
    const guestFlags = runs.guestFlags[run]!;
    const hostFlags = runs.hostFlags[run]!;
    this.virtualSize += size;
    const sameGuestFlags = guestFlags === this.guestFlags || !rules.flagsCut;
    const nextGuestFrame = guestFrame === this.guestFrame + this.guestSize;
    const guestGoesOn = this.guestSize > 0 && nextGuestFrame && sameGuestFlags;
    const rangeGoesOn =
      this.rangeSize > 0 &&
      sameGuestFlags &&
      (nextGuestFrame || !rules.guestFramesContinue) &&
      (cursor.frame === this.rangeFrame + this.rangeSize || !rules.hostFramesContinue) &&
      (hostFlags === this.hostFlags || !rules.flagsCut);
    if (!rangeGoesOn) {
      this.endRange();
      this.rangePage = page;
      this.rangeFrame = cursor.frame;
      this.rangeGuestFrame = guestFrame;
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
    const { hugePages, rules } = this;
    const guestIsHuge = this.runs.guestLevel[run] === HUGE_LEVEL;
    const hostIsHuge = this.runs.hostLevel[run] === HUGE_LEVEL;
    if (rules.hugeInBoth ? !(guestIsHuge && hostIsHuge) : !(guestIsHuge || hostIsHuge)) return 0;
    const aligned = (page - guestFrame) % hugePages === 0 && (page - this.cursor.frame) % hugePages === 0;
    if (!aligned) return 0;
    return Math.max(0, Math.floor((page + size) / hugePages) - Math.ceil(page / hugePages));
  }

  private cut(): void {
    if (this.virtualSize > 0) this.count.virtual.add(this.virtualSize, 1);
    this.virtualSize = 0;
    this.endRange();
    this.endGuestRange();
  }

  private endRange(): void {
    const frame = this.rules.offsetsReachHost ? this.rangeFrame : this.rangeGuestFrame;
    if (this.rangeSize > 0) this.count.addRange(this.rangePage, frame, this.rangeSize, this.rangeHuge);
    this.rangeSize = 0;
    this.rangeHuge = 0;
  }

  private endGuestRange(): void {
    if (this.guestSize > 0) this.guestRanges.add(this.guestSize, 1);
    this.guestSize = 0;
  }
}
