/**
 * The report, page by page (4.2 to 4.4 with rulings C5 and C6): what it says, not how it is found quickly.
 *
 * Not here: the text of the report, and the authors' tool (see tool.ts).
 */
import {
  ANCHOR_DISTANCES,
  COVERAGE_SHARES,
  type Histogram,
  type Histograms,
  HUGE_PAGES,
  type Report,
  type Section,
  type SectionName,
  TOP_ENTRIES,
} from "../../vocabulary/contiguity/report.js";
import { cut, type Frames, nextPage, nextPageAndFrame, type Page, type Process, pagesOf } from "./pages.js";

type Run = readonly Page[];

export function histogramsOf(processes: readonly Process[], frames: Frames): Histograms {
  const inAreas = processes.flatMap((process) => process.areas.map((area) => pagesOf(process, area)));
  const ranges = inAreas.flatMap((pages) => cut(pages, nextPageAndFrame));
  const uncut = processes.flatMap((process) =>
    cut(
      process.areas.flatMap((area) => pagesOf(process, area)),
      nextPageAndFrame,
    ),
  );
  const present = inAreas.flat();
  const hugePages = ranges.reduce((sum, range) => sum + hugePagesOf(range, frames).length, 0);
  const entries: readonly (readonly [SectionName, readonly number[]])[] = [
    ["VMA_TLB", processes.flatMap(({ areas }) => areas.map(({ first, end }) => end - first))],
    ["Virtual_TLB", inAreas.flatMap((pages) => cut(pages, nextPage)).map(sizeOf)],
    ["Anchor_TLB", anchorEntries(ranges)],
    ["Range_TLB", ranges.map(sizeOf)],
    ["SpOT", offsetEntries(present)],
    ["across_VMAs", uncut.map(sizeOf)],
  ];
  return {
    sections: entries.map(([name, sizes]) => ({ name, histogram: histogram(sizes) })),
    workingSet: {
      presentPages: present.length,
      smallPages: present.length - HUGE_PAGES * hugePages,
      hugePages,
    },
  };
}

export function reportOf(histograms: Histograms): Report {
  const { presentPages } = histograms.workingSet;
  return {
    workingSet: histograms.workingSet,
    sections: histograms.sections.map(({ name, histogram: found }) => section(name, entriesOf(found), presentPages)),
  };
}

const sizeOf = (run: Run): number => run.length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function histogram(entries: readonly number[]): Histogram {
  const sizes = [...new Set(entries)].sort((a, b) => b - a);
  return { sizes, counts: sizes.map((size) => entries.filter((entry) => entry === size).length) };
}

/** Every entry by itself, the largest first. */
function entriesOf({ sizes, counts }: Histogram): readonly number[] {
  return sizes.flatMap((size, bucket) => Array<number>(counts[bucket]!).fill(size));
}

function section(name: SectionName, entries: readonly number[], presentPages: number): Section {
  const percent = (pages: number): number => (presentPages === 0 ? 0 : 100 * (pages / presentPages));
  const largest = (count: number): number => sum(entries.slice(0, count));
  return {
    name,
    entries: entries.length,
    pages: sum(entries),
    top: TOP_ENTRIES.map((count) => ({ entries: count, pages: largest(count), percent: percent(largest(count)) })),
    reach: COVERAGE_SHARES.map((share) => {
      const counts = Array.from({ length: entries.length + 1 }, (_, count) => count);
      const fewest = counts.find((count) => 100 * largest(count) >= share * presentPages) ?? 0;
      return { percent: share, entries: fewest, pages: largest(fewest), coveredPercent: percent(largest(fewest)) };
    }),
  };
}

/** One entry per offset: all its pages. */
function offsetEntries(present: readonly Page[]): readonly number[] {
  const offsets = present.map(({ page, frame }) => page - frame);
  return [...new Set(offsets)].map((offset) => offsets.filter((each) => each === offset).length);
}

/** The first pages of the 2 MiB pages of a range. */
function hugePagesOf(range: Run, frames: Frames): readonly Page[] {
  return range.filter(({ page, frame }, index) => {
    const whole = index + HUGE_PAGES <= range.length;
    const aligned = page % HUGE_PAGES === 0 && frame % HUGE_PAGES === 0;
    if (!whole || !aligned || !frames.huge.includes(frame)) return false;
    return !frames.heads.some((head) => head > frame && head < frame + HUGE_PAGES);
  });
}

/** Range after range, each with the distance that suits it and the ranges before it best (4.3). */
function anchorEntries(ranges: readonly Run[]): readonly number[] {
  return ranges.flatMap((range, index) => {
    const seen = ranges.slice(0, index + 1).map(sizeOf);
    return anchorsOf(range[0]!.page, range[0]!.page + range.length, bestDistance(seen));
  });
}

function bestDistance(sizes: readonly number[]): number {
  const distances = Array.from({ length: ANCHOR_DISTANCES }, (_, exponent) => 2 ** exponent);
  const cost = (distance: number): number =>
    sum(
      sizes.map((size) => {
        const rest = size % distance;
        return Math.floor(size / distance) + Math.floor(rest / HUGE_PAGES) + (rest % HUGE_PAGES);
      }),
    );
  const lowest = Math.min(...distances.map(cost));
  return distances.filter((distance) => cost(distance) === lowest).at(-1)!;
}

function anchorsOf(start: number, end: number, distance: number): readonly number[] {
  const entries: number[] = [];
  const firstAnchor = Math.ceil(start / distance) * distance;
  for (let page = start; page < end; page += entries.at(-1)!) {
    const fits = page % HUGE_PAGES === 0 && page + HUGE_PAGES <= Math.min(end, firstAnchor);
    if (page >= firstAnchor) entries.push(Math.min(distance, end - page));
    else entries.push(fits ? HUGE_PAGES : 1);
  }
  return entries;
}
