/**
 * What the corrected walks share: runs of pages become entries of the histograms (4.2 to 4.4 with ruling C5).
 *
 * A virtual run is a run of present pages, a range also one of consecutive frames. Both end at a page that is not
 * present and at the border of an area; "across" is the range without that last cut.
 */
import type { Histogram, Histograms, SectionName } from "../../vocabulary/contiguity/report.js";
import { HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import { Anchors } from "./anchors.js";
import { CountTable } from "./count-table.js";
import { RangeStrip } from "./range-strip.js";
import { REPORT_RULES, type ReportRules } from "./report-rules.js";

/** Offsets of different areas differ by more than this, where they are kept apart. */
const OFFSETS_OF_AREA = 2 ** 40;

export class RangeCount {
  readonly areas = new CountTable();
  readonly virtual = new CountTable();
  readonly ranges = new CountTable();
  readonly across = new CountTable();
  /** Pages by offset: page number minus frame number. */
  readonly offsets = new CountTable();
  readonly anchors: Anchors;
  private readonly strip: RangeStrip | undefined;
  readonly rules: ReportRules;
  presentPages = 0;
  hugePages = 0;

  /** Number of the area that is walked. */
  area = 0;
  /** Ranges whose anchors are cut at the end: start and pages. */
  private readonly uncut: (readonly [number, number])[] = [];
  private acrossPage = 0;
  private acrossFrame = 0;
  private acrossSize = 0;

  /**
   * @param fixedDistance the exponent of the anchor distance, where it is not chosen from the runs
   * @param countsStrip for the picture as well
   */
  constructor(fixedDistance?: number, rules = REPORT_RULES, countsStrip = true) {
    this.rules = rules;
    this.strip = countsStrip ? new RangeStrip() : undefined;
    const rule = {
      skipsAlignedStart: !rules.alignedStartAnchors,
      tiesGoDown: !rules.tiesGoUp,
      losesRest: !rules.restCounts,
      fillsSingly: !rules.groupsOf512,
      narrowCosts: false,
    };
    this.anchors = new Anchors(fixedDistance === undefined ? rule : { ...rule, fixedDistance });
  }

  /**
   * A whole range: pages [page, page + size) in frames from `frame` on, `huge` of them being 2 MiB pages.
   * @param anchorStart the page from which its anchors are cut
   */
  addRange(page: number, frame: number, size: number, huge: number, anchorStart = page): void {
    this.ranges.add(size, 1);
    this.strip?.add(size);
    if (this.rules.ownRunCounts) this.anchors.weigh(size);
    if (this.rules.distanceGrows) this.anchors.cut(anchorStart, size);
    else this.uncut.push([anchorStart, size]);
    if (!this.rules.ownRunCounts) this.anchors.weigh(size);
    const offset = this.rules.offsetsAreSigned ? page - frame : Math.max(0, page - frame);
    this.offsets.add(this.rules.offsetsSpanAreas ? offset : offset + this.area * OFFSETS_OF_AREA, size);
    this.presentPages += size;
    this.hugePages += huge;
    if (this.acrossSize > 0 && page === this.acrossPage && frame === this.acrossFrame) this.acrossSize += size;
    else {
      this.endAcross();
      this.acrossSize = size;
    }
    this.acrossPage = page + size;
    this.acrossFrame = frame + size;
  }

  /** The process ends: nothing continues into the next one. */
  endProcess(): void {
    this.endAcross();
  }

  /** @param guestRanges the runs of the guest's own table, in two dimensions */
  histograms(guestRanges?: CountTable): Histograms {
    for (const [start, size] of this.uncut.splice(0)) this.anchors.cut(start, size);
    const sections: [SectionName, CountTable][] = [
      ["VMA_TLB", this.areas],
      ["Virtual_TLB", this.virtual],
      ["Anchor_TLB", this.anchors.entries],
      ["Range_TLB", this.ranges],
      ["SpOT", this.offsets.countsOfCounts()],
      ["across_VMAs", this.across],
    ];
    if (guestRanges !== undefined) sections.splice(2, 0, ["Guest_Range_TLB", guestRanges]);
    return {
      sections: sections.map(([name, table]) => ({ name, histogram: histogramOf(table) })),
      workingSet: {
        presentPages: this.presentPages,
        smallPages: this.presentPages - (this.rules.hugeIsNotSmall ? HUGE_PAGES * this.hugePages : 0),
        hugePages: this.hugePages,
      },
      ...(this.strip === undefined ? {} : { strip: this.strip.strip() }),
    };
  }

  private endAcross(): void {
    if (this.acrossSize > 0) this.across.add(this.acrossSize, 1);
    this.acrossSize = 0;
  }
}

/** Sizes descend as unsigned 64-bit numbers do: negative keys, largest first, before all others. */
export function histogramOf(table: CountTable): Histogram {
  const keys = table.sortedKeys().reverse();
  const sizes = [...keys.filter((key) => key < 0), ...keys.filter((key) => key >= 0)];
  return { sizes, counts: sizes.map((size) => table.get(size)) };
}
