/** What must hold of every report (7.2), whatever the address space. */

import { reportOf } from "../../impl/contiguity/coverage.js";
import { RangeCount } from "../../impl/contiguity/range-count.js";
import { REPORT_RULES, type ReportRules } from "../../impl/contiguity/report-rules.js";
import { walk } from "../../impl/contiguity/walk.js";
import type { Histogram, Histograms, Report, Section, SectionName } from "../../vocabulary/contiguity/report.js";
import { type Machine, spaceOf, withinLimit } from "./spaces.js";

/** A way to a report: the implementation, one of its mutants, or the authors' tool. */
export type Reporter = (machine: Machine) => { readonly histograms: Histograms; readonly report: Report };

export interface ReportClaim {
  /** Rule id of the specification, such as `S2`. */
  readonly id: string;
  readonly claim: string;
  violations(machine: Machine, reporter: Reporter): Iterable<string>;
}

/** The implementation with some of its rules. */
export function reporterWith(rules: ReportRules = REPORT_RULES): Reporter {
  return (machine) => {
    const count = new RangeCount(undefined, rules);
    for (const process of machine.processes) walk(spaceOf(machine, process), count);
    const { sections, workingSet } = count.histograms(); // the strip belongs to the picture
    const histograms = { sections, workingSet };
    return { histograms, report: reportOf(histograms, rules) };
  };
}

const PHYSICAL: readonly SectionName[] = ["Virtual_TLB", "Range_TLB", "SpOT", "across_VMAs"];

export const reportClaims: readonly ReportClaim[] = [
  {
    id: "S2",
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
    claim: "anchors cover what ranges cover",
    *violations(machine, reporter) {
      const { report } = reporter(machine);
      const [anchors, ranges] = [named(report, "Anchor_TLB"), named(report, "Range_TLB")];
      if (anchors.pages !== ranges.pages) yield `anchors ${anchors.pages}, ranges ${ranges.pages}`;
    },
  },
  {
    id: "S4",
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
  {
    id: "S9",
    claim: "an area split in two: the same SpOT and the same uncut ranges, at most one more run and range",
    *violations(machine, reporter) {
      const before = reporter(machine).report;
      const after = reporter({ ...machine, processes: machine.processes.map(splitFirstArea) }).report;
      for (const name of ["SpOT", "across_VMAs"] as const) {
        if (named(before, name).entries !== named(after, name).entries) yield `${name} changed`;
      }
      for (const name of ["Virtual_TLB", "Range_TLB"] as const) {
        const more = named(after, name).entries - named(before, name).entries;
        if (more < 0 || more > machine.processes.length) yield `${name}: ${more} more entries`;
      }
    },
  },
  {
    id: "S10",
    claim: "all frames moved by 512: nothing changes",
    *violations(machine, reporter) {
      const moved = shifted(machine, 512);
      if (JSON.stringify(reporter(machine)) !== JSON.stringify(reporter(moved))) yield "the report changed";
    },
  },
];

const slope = (from: { entries: number; pages: number }, to: { entries: number; pages: number }): number =>
  (to.pages - from.pages) / (to.entries - from.entries);

function presentPages(machine: Machine): number {
  return withinLimit(machine).processes.reduce(
    (sum, { areas, pages }) =>
      sum + pages.filter(({ page }) => areas.some(({ first, end }) => page >= first && page < end)).length,
    0,
  );
}

function named(report: Report, name: SectionName): Section {
  return report.sections.find((section) => section.name === name)!;
}

function histogramNamed(histograms: Histograms, name: SectionName): Histogram {
  return histograms.sections.find((section) => section.name === name)!.histogram;
}

function pagesOfLargest({ sizes, counts }: Histogram, entries: number): number {
  const all = sizes.flatMap((size, bucket) => Array<number>(counts[bucket]!).fill(size)).sort((a, b) => b - a);
  return all.slice(0, Math.max(0, entries)).reduce((sum, size) => sum + size, 0);
}

function splitFirstArea(process: Machine["processes"][number]): Machine["processes"][number] {
  const [area, ...rest] = process.areas;
  if (area === undefined || area.end - area.first < 2) return process;
  const middle = area.first + Math.floor((area.end - area.first) / 2);
  return { ...process, areas: [{ ...area, end: middle }, { ...area, first: middle }, ...rest] };
}

function shifted(machine: Machine, by: number): Machine {
  const move = (frame: number): number => frame + by;
  return {
    ...machine,
    flagsLimit: machine.flagsLimit + by,
    frames: { huge: machine.frames.huge.map(move), heads: machine.frames.heads.map(move) },
    processes: machine.processes.map(({ areas, pages }) => ({
      areas,
      pages: pages.map(({ page, frame }) => ({ page, frame: move(frame) })),
    })),
  };
}
