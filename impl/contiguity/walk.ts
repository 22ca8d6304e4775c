/**
 * The walk of the corrected report over one process: area by area, run by run, never page by page.
 *
 * A 2 MiB page is 512 pages of one range, aligned in both address spaces, whose first frame is flagged as part of a
 * transparent huge page; a second compound page that begins inside means that smaller folios lie side by side.
 */
import { HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import type { AddressSpace } from "./address-space.js";
import type { FrameFlags } from "./frame-flags.js";
import { PageCursor } from "./page-runs.js";
import type { RangeCount } from "./range-count.js";
import type { ReportRules } from "./report-rules.js";

/** Adds all pages of a process to the count. */
export function walk(space: AddressSpace, count: RangeCount): void {
  const run = new OpenRun(space.flags, count);
  const cursor = new PageCursor(space.pages);
  const { areas } = space;
  const limit = space.pages.limit;
  for (let area = 0; area < areas.length; area += 2) {
    const first = areas[area]!;
    const end = areas[area + 1]!;
    count.areas.add(end - first, 1);
    walkArea(cursor, first, Math.min(end, limit), run);
    if (count.rules.areasCut) run.endArea(areas[area + 2]);
    count.area++;
  }
  run.endArea();
  count.endProcess();
}

function walkArea(cursor: PageCursor, first: number, end: number, run: OpenRun): void {
  for (let page = first; page < end; ) {
    cursor.seek(page);
    const size = Math.min(cursor.span, end - page);
    if (cursor.present) {
      run.take(page, cursor.frame, size);
      page += size;
    } else page += run.pass(size);
  }
}

/** The virtual run and the range that the last page looked at belongs to. */
class OpenRun {
  private readonly flags: FrameFlags;
  private readonly count: RangeCount;
  private virtualSize = 0;
  private virtualEnd = 0;
  private page = 0;
  private frame = 0;
  private size = 0;
  /** The last pages taken are a 2 MiB page; kept only where a hole behind one counts as so many pages. */
  private endsHuge = false;

  constructor(flags: FrameFlags, count: RangeCount) {
    this.flags = flags;
    this.count = count;
    if (count.rules.beginsWithNothing) return;
    count.virtual.add(1, 1);
    count.ranges.add(1, 1);
  }

  /** Pages [page, page + size) in consecutive frames. */
  take(page: number, frame: number, size: number): void {
    const { rules } = this.count;
    if (!rules.holesAreSingle) this.endsHuge = hugePagesIn(page, frame, size, this.flags, rules) > 0;
    const follows = this.virtualSize > 0 && (page === this.virtualEnd || !rules.holesCut);
    if (!follows) this.endVirtual();
    this.virtualSize += size;
    this.virtualEnd = page + size;
    if (follows && (frame === this.frame + this.size || !rules.framesContinue)) this.size += size;
    else {
      this.endRange();
      this.page = page;
      this.frame = frame;
      this.size = size;
    }
  }

  /** Pages that are not present. @returns how many of them are passed by */
  pass(size: number): number {
    if (this.count.rules.holesCut) {
      this.endVirtual();
      this.endRange();
    }
    return this.endsHuge ? HUGE_PAGES : size;
  }

  /** @param next the first page of the next area */
  endArea(next?: number): void {
    if (this.count.rules.lastRunCounts) {
      this.endVirtual();
      this.endRange(this.count.rules.ownStartAnchors ? undefined : next);
    }
    this.virtualSize = 0;
    this.size = 0;
  }

  private endVirtual(): void {
    if (this.virtualSize > 0) this.count.virtual.add(this.virtualSize, 1);
    this.virtualSize = 0;
  }

  private endRange(anchorStart?: number): void {
    const { page, frame, size, flags, count } = this;
    if (size > 0) count.addRange(page, frame, size, hugePagesIn(page, frame, size, flags, count.rules), anchorStart);
    this.size = 0;
  }
}

function hugePagesIn(page: number, frame: number, size: number, flags: FrameFlags, rules: ReportRules): number {
  const aligned = (page - frame) % HUGE_PAGES === 0;
  if (size < HUGE_PAGES || (!aligned && rules.hugeIsAligned)) return 0;
  let huge = 0;
  const before = (HUGE_PAGES - (page % HUGE_PAGES)) % HUGE_PAGES;
  for (let at = frame + before; at + HUGE_PAGES <= frame + size; ) {
    flags.huge.seek(at);
    if (flags.huge.inside || !rules.hugeIsFlagged) {
      if (isOneFolio(at, flags) || !rules.hugeIsOneFolio) huge++;
      at += HUGE_PAGES;
    } else at += HUGE_PAGES * Math.max(1, Math.ceil(flags.huge.span / HUGE_PAGES));
  }
  return huge;
}

/** No compound page begins inside of the 512 frames. */
function isOneFolio(frame: number, flags: FrameFlags): boolean {
  flags.heads.seek(frame + 1);
  return !flags.heads.inside && flags.heads.span >= HUGE_PAGES - 1;
}
