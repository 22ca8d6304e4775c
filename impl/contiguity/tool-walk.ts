/**
 * The walk of the authors' tool with all its quirks (4.2, 4.5), as its makefile builds it.
 *
 * What the tool never initialises outlives areas and processes here too: the step, the last pagemap word and the last
 * flags word. The pagemap is read from a place of its own, which falls behind or runs ahead of the page number as long
 * as the step is not 1 (Q6, Q7). Whatever is the same for many pages is done for all of them at once; the rest goes
 * page by page, as there.
 */
import { HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import type { AddressSpace } from "./address-space.js";
import { Anchors } from "./anchors.js";
import { CountTable } from "./count-table.js";
import type { FrameFlags } from "./frame-flags.js";
import { PageCursor, type PageRuns } from "./page-runs.js";

/** The walk cannot end: nothing that is left to read would ever advance the page. */
export const ENDLESS = "endless";

export class ToolWalk {
  readonly areas = new CountTable();
  readonly virtual = new CountTable();
  readonly ranges = new CountTable();
  readonly offsets = new CountTable();
  readonly anchors = new Anchors({ skipsAlignedStart: true, narrowCosts: true });
  presentPages = 0;
  smallPages = 0;
  hugePages = 0;
  private readonly complain: (page: number, frame: number) => void;

  // Persistent in the tool (4.2).
  private step = 0;
  private wordPresent = false;
  private wordFrame = 0;
  private hugeFlag = false;

  // Of the process.
  private virtualRun = 1;
  private rangeRun = 1;

  // Of the area.
  private page = 0;
  private left = 0;
  private anchorStart = 0;
  private previousPage = 0;
  private previousFrame = 0;
  /** Where the pagemap is read next. */
  private place = 0;

  /** @param complain called where the tool prints that a flagged page is not aligned (Q9) */
  constructor(complain: (page: number, frame: number) => void) {
    this.complain = complain;
  }

  /** Walks one process. @returns `ENDLESS` where the tool would run for ever, else undefined */
  walk(space: AddressSpace): typeof ENDLESS | undefined {
    const cursor = new PageCursor(space.pages);
    this.virtualRun = 1;
    this.rangeRun = 1;
    for (let area = 0; area < space.areas.length; area += 2) {
      // A count of pages is a signed 32-bit number (Q11).
      const first = space.areas[area]!;
      this.left = (space.areas[area + 1]! - first) | 0;
      this.page = first;
      this.place = first;
      this.anchorStart = first;
      this.previousPage = 0;
      this.previousFrame = 0;
      this.areas.add(this.left, 1);
      while (this.left > 0) {
        if (this.isStuck(space.pages, cursor)) return ENDLESS;
        this.advance(space, cursor);
      }
    }
    return undefined;
  }

  /** With step 0 only the place moves, and it does not move at the end of the pagemap (Q7). */
  private isStuck(pages: PageRuns, cursor: PageCursor): boolean {
    if (this.step !== 0) return false;
    if (this.place >= pages.limit) return !this.wordPresent || this.flagsStaySet();
    cursor.seek(this.place);
    return !cursor.present && this.place + cursor.span >= pages.limit;
  }

  /** The word that is read again and again is one that leaves the step at 0. */
  private flagsStaySet(): boolean {
    return this.hugeFlag && (this.page % HUGE_PAGES !== 0 || this.wordFrame % HUGE_PAGES !== 0);
  }

  private advance(space: AddressSpace, cursor: PageCursor): void {
    const limit = space.pages.limit;
    let span = Number.POSITIVE_INFINITY;
    const inFile = this.place < limit;
    if (inFile) {
      cursor.seek(this.place);
      this.wordPresent = cursor.present;
      if (cursor.present) this.wordFrame = cursor.frame;
      span = Math.min(cursor.span, limit - this.place);
    }
    if (!this.wordPresent) this.skip(span, inFile);
    else this.take(inFile ? span : 1, space.flags, inFile);
  }

  /** Not-present words: `span` of them follow each other. */
  private skip(span: number, inFile: boolean): void {
    if (this.step === 0) {
      this.place += span;
      return;
    }
    const pages =
      this.step === 1 ? Math.min(span, this.left) : HUGE_PAGES * Math.ceil(Math.min(span, this.left) / HUGE_PAGES);
    this.page += pages;
    this.left -= pages;
    if (this.step === HUGE_PAGES) {
      if (this.left !== 0) this.place = this.page;
    } else if (inFile) this.place += pages;
  }

  /** Present words: `span` of them, in consecutive frames. */
  private take(span: number, flags: FrameFlags, inFile: boolean): void {
    const frame = this.wordFrame;
    let same = Number.POSITIVE_INFINITY;
    if (frame < flags.limit) {
      flags.huge.seek(frame);
      this.hugeFlag = flags.huge.inside;
      same = Math.min(flags.huge.span, flags.limit - frame);
    }
    if (this.hugeFlag) {
      if (this.page % HUGE_PAGES === 0 && frame % HUGE_PAGES === 0) {
        this.hugePages++;
        this.step = HUGE_PAGES;
      } else this.complain(this.page, frame);
      this.count(frame, this.step, 1);
      if (inFile) this.place++;
      this.page += this.step;
      this.left -= this.step;
      if (this.step === HUGE_PAGES && this.left !== 0) this.place = this.page;
      return;
    }
    const pages = Math.min(span, same, this.left);
    this.step = 1;
    this.smallPages += pages;
    this.count(frame, 1, pages);
    this.wordFrame = frame + pages - 1;
    if (inFile) this.place += pages;
    this.page += pages;
    this.left -= pages;
  }

  /** Counts `times` words of weight `weight` at the present page; more than one only with weight 1. */
  private count(frame: number, weight: number, times: number): void {
    const size = weight * times;
    const follows = this.page === this.previousPage + 1;
    if (follows) this.virtualRun += size;
    else {
      this.virtual.add(this.virtualRun, 1);
      this.virtualRun = size;
    }
    if (follows && frame === this.previousFrame + 1) this.rangeRun += size;
    else {
      this.ranges.add(this.rangeRun, 1);
      this.anchors.weigh(this.rangeRun);
      this.anchors.cut(this.anchorStart, this.rangeRun);
      this.rangeRun = size;
      this.anchorStart = this.page;
    }
    this.offsets.add(this.page - frame, size);
    this.previousPage = this.page + size - 1;
    this.previousFrame = frame + size - 1;
    this.presentPages += size;
  }
}
