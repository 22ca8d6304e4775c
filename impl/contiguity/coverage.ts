/** The numbers of one section from its histogram (4.4 with ruling C5). */
import {
  COVERAGE_SHARES,
  type Histogram,
  type Histograms,
  type Report,
  type Section,
  type SectionName,
  TOP_ENTRIES,
} from "../../vocabulary/contiguity/report.js";
import { REPORT_RULES, type ReportRules } from "./report-rules.js";

export function reportOf(histograms: Histograms, rules = REPORT_RULES): Report {
  const all = rules.sharesArePresent ? histograms.workingSet.presentPages : areaPagesOf(histograms);
  return {
    sections: histograms.sections.map(({ name, histogram }) => sectionOf(name, histogram, all, rules)),
    workingSet: histograms.workingSet,
  };
}

function sectionOf(name: SectionName, histogram: Histogram, presentPages: number, rules: ReportRules): Section {
  const sizes = rules.largestFirst ? histogram.sizes : histogram.sizes.toReversed();
  const counts = rules.largestFirst ? histogram.counts : histogram.counts.toReversed();
  let entries = 0;
  let pages = 0;
  const top = TOP_ENTRIES.map((asked) => ({ entries: asked, pages: 0 }));
  const reach = COVERAGE_SHARES.map((percent) => ({ percent, entries: -1, pages: 0 }));
  for (const [bucket, size] of sizes.entries()) {
    const count = counts[bucket]!;
    for (const line of top) {
      if (line.entries > entries) line.pages += Math.min(count, line.entries - entries) * size;
    }
    for (const line of reach) {
      if (line.entries >= 0 || !isReached(line.percent, pages + count * size, presentPages, rules)) continue;
      const needed = Math.max(
        rules.sharesAreExact ? 0 : 1,
        Math.ceil((pagesFor(line.percent, presentPages) - pages) / size),
      );
      line.entries = entries + needed;
      line.pages = pages + needed * size;
    }
    entries += count;
    pages += count * size;
  }
  return {
    name,
    entries,
    pages,
    top: top
      .map((line) => (isFilled(entries, line.entries, rules) ? line : { ...line, pages: 0 }))
      .map((line) => ({ ...line, percent: percentOf(line.pages, presentPages) })),
    reach: reach.map((line) => {
      const reached = line.entries < 0 ? { ...line, entries: 0 } : line;
      return { ...reached, coveredPercent: percentOf(reached.pages, presentPages) };
    }),
  };
}

function isReached(percent: number, pages: number, presentPages: number, rules: ReportRules): boolean {
  if (!rules.sharesAreExact) return Math.fround(Math.fround(pages) / Math.fround(presentPages)) >= percent / 100;
  const missing = pagesFor(percent, presentPages) - pages;
  return rules.equalityReaches ? missing <= 0 : missing < 0;
}

/** The line of the `asked` largest of so many entries says what they hold. */
function isFilled(entries: number, asked: number, rules: ReportRules): boolean {
  if (entries === asked && !rules.exactEntriesCount) return false;
  return entries > asked || rules.fewEntriesCount;
}

function areaPagesOf({ sections }: Histograms): number {
  const areas = sections.find(({ name }) => name === "VMA_TLB")?.histogram ?? { sizes: [], counts: [] };
  return areas.sizes.reduce((sum, size, bucket) => sum + size * areas.counts[bucket]!, 0);
}

/** The fewest pages that are at least so many percent of all. The quotient is exact where it is an integer. */
function pagesFor(percent: number, presentPages: number): number {
  return Math.ceil((percent * presentPages) / 100);
}

function percentOf(pages: number, presentPages: number): number {
  return presentPages === 0 ? 0 : 100 * (pages / presentPages);
}
