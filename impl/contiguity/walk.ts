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

/** Adds all pages of a process to the count. */
export function walk(space: AddressSpace, count: RangeCount): void {
  const cursor = new PageCursor(space.pages);
  const { areas, flags } = space;
  const limit = space.pages.limit;
  for (let area = 0; area < areas.length; area += 2) {
    const first = areas[area]!;
    const end = areas[area + 1]!;
    count.areas.add(end - first, 1);
    walkArea(cursor, first, Math.min(end, limit), flags, count);
  }
  count.endProcess();
}

function walkArea(cursor: PageCursor, first: number, end: number, flags: FrameFlags, count: RangeCount): void {
  let virtualSize = 0;
  let rangePage = 0;
  let rangeFrame = 0;
  let rangeSize = 0;
  for (let page = first; page < end; ) {
    cursor.seek(page);
    const size = Math.min(cursor.span, end - page);
    if (!cursor.present) {
      if (virtualSize > 0) count.virtual.add(virtualSize, 1);
      if (rangeSize > 0) endRange(rangePage, rangeFrame, rangeSize, flags, count);
      virtualSize = 0;
      rangeSize = 0;
    } else {
      virtualSize += size;
      if (rangeSize > 0 && cursor.frame === rangeFrame + rangeSize) rangeSize += size;
      else {
        if (rangeSize > 0) endRange(rangePage, rangeFrame, rangeSize, flags, count);
        rangePage = page;
        rangeFrame = cursor.frame;
        rangeSize = size;
      }
    }
    page += size;
  }
  if (virtualSize > 0) count.virtual.add(virtualSize, 1);
  if (rangeSize > 0) endRange(rangePage, rangeFrame, rangeSize, flags, count);
}

function endRange(page: number, frame: number, size: number, flags: FrameFlags, count: RangeCount): void {
  count.addRange(page, frame, size, hugePagesIn(page, frame, size, flags));
}

function hugePagesIn(page: number, frame: number, size: number, flags: FrameFlags): number {
  if (size < HUGE_PAGES || (page - frame) % HUGE_PAGES !== 0) return 0;
  let huge = 0;
  const before = (HUGE_PAGES - (page % HUGE_PAGES)) % HUGE_PAGES;
  for (let at = frame + before; at + HUGE_PAGES <= frame + size; ) {
    flags.huge.seek(at);
    if (flags.huge.inside) {
      if (isOneFolio(at, flags)) huge++;
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
