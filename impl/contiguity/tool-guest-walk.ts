/**
 * The walk of the authors' tool for a guest process (4.6), as its makefile builds it: the same start-up runs and lost
 * last runs as on the host, no 2 MiB page ever recognised, and an endless loop where the first page is not present.
 */
import { FIXED_ANCHOR_DISTANCE } from "../../vocabulary/contiguity/report.js";
import { Anchors } from "./anchors.js";
import type { ComposedRuns } from "./composed-runs.js";
import { CountTable } from "./count-table.js";
import { PageCursor } from "./page-runs.js";
import { ENDLESS } from "./tool-walk.js";

/** How the tool writes "no entry"; a frame of this number is taken for one. */
const NO_FRAME = 0xffffffff;

export class ToolGuestWalk {
  readonly areas = new CountTable();
  readonly virtual = new CountTable();
  readonly guestRanges = new CountTable();
  readonly ranges = new CountTable();
  readonly offsets = new CountTable();
  readonly anchors = new Anchors({
    skipsAlignedStart: true,
    narrowCosts: true,
    fixedDistance: FIXED_ANCHOR_DISTANCE,
  });
  presentPages = 0;
  /** 0 until the first present page, then 1. */
  private step = 0;
  private virtualRun = 1;
  private guestRun = 1;
  private rangeRun = 1;
  private anchorStart = 0;
  private previousPage = 0;
  private previousGuest = 0;
  private previousFrame = 0;
  private previousGuestFlags = 0;
  private previousHostFlags = 0;

  walk(areas: Float64Array, runs: ComposedRuns): typeof ENDLESS | undefined {
    const cursor = new PageCursor(runs.pages);
    for (let area = 0; area < areas.length; area += 2) {
      const first = areas[area]!;
      const size = (areas[area + 1]! - first) | 0;
      this.areas.add(size, 1);
      this.anchorStart = first;
      this.previousPage = 0;
      this.previousGuest = 0;
      this.previousFrame = 0;
      for (let page = first; page < first + size; ) {
        cursor.seek(page);
        const span = Math.min(cursor.span, first + size - page);
        const taken = cursor.present ? this.take(runs, cursor, page, span) : 0;
        if (taken === 0 && this.step === 0) return ENDLESS;
        page += taken === 0 ? (cursor.present ? 1 : span) : taken;
      }
    }
    return undefined;
  }

  /** Counts pages of one run. @returns how many; 0 if the first one carries the mark of a missing entry */
  private take(runs: ComposedRuns, cursor: PageCursor, page: number, span: number): number {
    const run = cursor.run;
    const guest = runs.guestFrame[run]! + (page - runs.pages.start[run]!);
    const frame = cursor.frame;
    if (guest === NO_FRAME || frame === NO_FRAME) return 0;
    let size = span;
    if (guest < NO_FRAME) size = Math.min(size, NO_FRAME - guest);
    if (frame < NO_FRAME) size = Math.min(size, NO_FRAME - frame);
    this.count(page, guest, frame, runs.guestFlags[run]!, runs.hostFlags[run]!, size);
    return size;
  }

  private count(page: number, guest: number, frame: number, guestFlags: number, hostFlags: number, size: number): void {
    this.step = 1;
    const follows = page === this.previousPage + 1;
    const guestFollows = follows && guest === this.previousGuest + 1 && guestFlags === this.previousGuestFlags;
    if (follows) this.virtualRun += size;
    else {
      this.virtual.add(this.virtualRun, 1);
      this.virtualRun = size;
    }
    if (guestFollows) this.guestRun += size;
    else {
      this.guestRanges.add(this.guestRun, 1);
      this.guestRun = size;
    }
    if (guestFollows && frame === this.previousFrame + 1 && hostFlags === this.previousHostFlags) this.rangeRun += size;
    else {
      this.ranges.add(this.rangeRun, 1);
      this.anchors.cut(this.anchorStart, this.rangeRun);
      this.rangeRun = size;
      this.anchorStart = page;
    }
    this.offsets.add(page - frame, size);
    this.previousPage = page + size - 1;
    this.previousGuest = guest + size - 1;
    this.previousFrame = frame + size - 1;
    this.previousGuestFlags = guestFlags;
    this.previousHostFlags = hostFlags;
    this.presentPages += size;
  }
}
