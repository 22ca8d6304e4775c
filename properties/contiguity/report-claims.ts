/** What must hold of every report (7.2), whatever the address space. */

import { reportOf } from "../../impl/contiguity/coverage.js";
import { RangeCount } from "../../impl/contiguity/range-count.js";
import { REPORT_RULES, type ReportRules } from "../../impl/contiguity/report-rules.js";
import { walk } from "../../impl/contiguity/walk.js";
import { type Histogram, type Histograms, HUGE_PAGES, type SectionName } from "../../vocabulary/contiguity/report.js";
import { named, presentPages, type ReportClaim, type Reporter } from "./report-reading.js";
import { variantClaims } from "./report-variants.js";
import { spaceOf, withinLimit } from "./spaces.js";

/** The implementation with some of its rules. */
export function reporterWith(rules: ReportRules = REPORT_RULES): Reporter {
  return (machine, distance) => {
    const count = new RangeCount(distance, rules, false);
    for (const process of machine.processes) walk(spaceOf(machine, process, rules), count);
    const histograms = count.histograms();
    return { histograms, report: reportOf(histograms, rules) };
  };
}

const PHYSICAL: readonly SectionName[] = ["Virtual_TLB", "Range_TLB", "SpOT", "across_VMAs"];

const alone: readonly ReportClaim[] = [
  {
    id: "S1",
    name: "countedOnce",
    claim: "each present page is counted once: 4 KiB pages and 512 times the 2 MiB pages are all of them",
    *violations(machine, reporter) {
      const { presentPages, smallPages, hugePages } = reporter(machine).report.workingSet;
      const counted = smallPages + HUGE_PAGES * hugePages;
      if (counted !== presentPages) yield `${smallPages} of 4 KiB, ${hugePages} of 2 MiB, ${presentPages} present`;
    },
  },
  {
    id: "S2",
    name: "runsTile",
    claim: "runs tile the present pages: Virtual, Range, SpOT and the uncut ranges hold each page once",
    *violations(machine, reporter) {
      const present = presentPages(machine);
      const { report } = reporter(machine);
      if (report.workingSet.presentPages !== present)
        yield `present: ${report.workingSet.presentPages}, not ${present}`;
      for (const section of report.sections) {
        if (PHYSICAL.includes(section.name) && section.pages !== present) {
          yield `${section.name} holds ${section.pages} pages of ${present}`;
        }
      }
    },
  },
  {
    id: "S3",
    name: "anchorsCoverRanges",
    claim: "anchors cover what ranges cover",
    *violations(machine, reporter) {
      const { report } = reporter(machine);
      const [anchors, ranges] = [named(report, "Anchor_TLB"), named(report, "Range_TLB")];
      if (anchors.pages !== ranges.pages) yield `anchors ${anchors.pages}, ranges ${ranges.pages}`;
    },
  },
  {
    id: "S4",
    name: "entriesAreOrdered",
    claim: "entries: Virtual <= Range <= Anchor, SpOT <= Range <= present pages, uncut <= Range",
    *violations(machine, reporter) {
      const { report } = reporter(machine);
      const entries = (name: SectionName): number => named(report, name).entries;
      const chains: readonly (readonly [string, number, number])[] = [
        ["Virtual <= Range", entries("Virtual_TLB"), entries("Range_TLB")],
        ["Range <= Anchor", entries("Range_TLB"), entries("Anchor_TLB")],
        ["SpOT <= Range", entries("SpOT"), entries("Range_TLB")],
        ["Range <= present", entries("Range_TLB"), presentPages(machine)],
        ["uncut <= Range", entries("across_VMAs"), entries("Range_TLB")],
      ];
      for (const [name, low, high] of chains) if (low > high) yield `${name}: ${low} > ${high}`;
    },
  },
  {
    id: "S5",
    name: "areasHaveRuns",
    claim: "each area with a present page has a virtual run of its own",
    *violations(machine, reporter) {
      const { processes } = withinLimit(machine);
      const areas = processes.flatMap(({ areas, pages }) =>
        areas.filter(({ first, end }) => pages.some(({ page }) => page >= first && page < end)),
      );
      const { entries } = named(reporter(machine).report, "Virtual_TLB");
      if (areas.length > entries) yield `${areas.length} areas, ${entries} virtual runs`;
    },
  },
  {
    id: "S6",
    name: "largestAreOrdered",
    claim: "the K largest entries: SpOT covers at least what Range does, Virtual too, and Range what Anchor does",
    *violations(machine, reporter) {
      const { report } = reporter(machine);
      const pairs: readonly (readonly [SectionName, SectionName])[] = [
        ["SpOT", "Range_TLB"],
        ["Virtual_TLB", "Range_TLB"],
        ["Range_TLB", "Anchor_TLB"],
      ];
      for (const [more, less] of pairs) {
        for (const [index, line] of named(report, more).top.entries()) {
          const other = named(report, less).top[index]!;
          if (line.pages < other.pages) yield `${line.entries}: ${more} ${line.pages} < ${less} ${other.pages}`;
        }
      }
    },
  },
  {
    id: "S7",
    name: "coverageIsConcave",
    claim: "coverage never falls with more entries, and each further entry adds no more than the one before",
    *violations(machine, reporter) {
      for (const { name, top, entries, pages } of reporter(machine).report.sections) {
        const points = [{ entries: 0, pages: 0 }, ...top];
        for (let at = 1; at < points.length; at++) {
          const [before, point] = [points[at - 1]!, points[at]!];
          if (point.pages < before.pages) yield `${name}: ${point.entries} entries cover less than ${before.entries}`;
          const gain = (point.pages - before.pages) / (point.entries - before.entries);
          const earlier = at < 2 ? Number.POSITIVE_INFINITY : slope(points[at - 2]!, before);
          if (gain > earlier) yield `${name}: from ${before.entries} entries on each adds more than before`;
          if (point.entries >= entries && point.pages !== pages)
            yield `${name}: all ${entries} entries do not cover all`;
        }
      }
    },
  },
  {
    id: "S8",
    name: "sharesAreReached",
    claim: "the entries for 80, 90 and 99 percent ascend, reach their share, and one fewer would not",
    *violations(machine, reporter) {
      const { report, histograms } = reporter(machine);
      for (const { name, reach } of report.sections) {
        if (name === "VMA_TLB") continue;
        const present = report.workingSet.presentPages;
        for (const [index, line] of reach.entries()) {
          if (index > 0 && line.entries < reach[index - 1]!.entries)
            yield `${name}: ${line.percent}% needs fewer entries`;
          if (100 * line.pages < line.percent * present) yield `${name}: ${line.entries} entries miss ${line.percent}%`;
          const fewer = pagesOfLargest(histogramNamed(histograms, name), line.entries - 1);
          if (line.entries > 0 && 100 * fewer >= line.percent * present) {
            yield `${name}: ${line.entries - 1} entries reach ${line.percent}% already`;
          }
        }
      }
    },
  },
];

export const reportClaims: readonly ReportClaim[] = [...alone, ...variantClaims];

const slope = (from: { entries: number; pages: number }, to: { entries: number; pages: number }): number =>
  (to.pages - from.pages) / (to.entries - from.entries);

function histogramNamed(histograms: Histograms, name: SectionName): Histogram {
  return histograms.sections.find((section) => section.name === name)!.histogram;
}

function pagesOfLargest({ sizes, counts }: Histogram, entries: number): number {
  const all = sizes.flatMap((size, bucket) => Array<number>(counts[bucket]!).fill(size)).sort((a, b) => b - a);
  return all.slice(0, Math.max(0, entries)).reduce((sum, size) => sum + size, 0);
}
