/** What must hold between the reports of an address space and of variants of it (7.2, S9 to S14). */
import type { Page, Process } from "../../model/contiguity/pages.js";
import { HUGE_PAGES, type SectionName } from "../../vocabulary/contiguity/report.js";
import { named, type ReportClaim } from "./report-reading.js";
import { type Machine, withinLimit } from "./spaces.js";

/** Ranges are shorter than this, for S13. */
const LARGEST_DISTANCE = 21;

export const variantClaims: readonly ReportClaim[] = [
  {
    id: "S9",
    name: "splitAreaIsSame",
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
    name: "movedFramesAreSame",
    claim: "all frames moved by 512: nothing changes",
    *violations(machine, reporter) {
      const moved = shifted(machine, HUGE_PAGES);
      if (JSON.stringify(reporter(machine)) !== JSON.stringify(reporter(moved))) yield "the report changed";
    },
  },
  {
    id: "S11",
    name: "orderOfAreasIsNothing",
    claim: "the areas of a process in another order: nothing changes but anchors and what runs across areas",
    *violations(machine, reporter) {
      const before = reporter(machine).report;
      const after = reporter({ ...machine, processes: machine.processes.map(reversed) }).report;
      for (const name of ["VMA_TLB", "Virtual_TLB", "Range_TLB", "SpOT"] as const) {
        if (JSON.stringify(named(before, name)) !== JSON.stringify(named(after, name))) yield `${name} changed`;
      }
      if (JSON.stringify(before.workingSet) !== JSON.stringify(after.workingSet)) yield "the working set changed";
    },
  },
  {
    id: "S12",
    name: "onePageIsOne",
    claim: "one more page: each total grows by one, runs and ranges change by one at most, SpOT does not shrink",
    *violations(machine, reporter) {
      const before = reporter(machine).report;
      for (const { process, page } of additions(machine)) {
        const after = reporter(withPage(machine, process, page)).report;
        for (const [name, least, most] of STEPS_OF_ENTRIES) {
          const pages = named(after, name).pages - named(before, name).pages;
          const entries = named(after, name).entries - named(before, name).entries;
          const told = `${name} with page ${page.page} in frame ${page.frame}`;
          if (pages !== 1) yield `${told}: ${pages} more pages`;
          if (entries < least || entries > most) yield `${told}: ${entries} more entries`;
        }
      }
    },
  },
  {
    id: "S13",
    name: "anchorFreeIsGroups",
    claim:
      "distance 1 has an entry per page; where no anchor lies, a range takes its groups of 512 and the other pages",
    *violations(machine, reporter) {
      const single = named(reporter(machine, 0).report, "Anchor_TLB");
      const { pages } = named(reporter(machine).report, "Range_TLB");
      if (single.entries !== pages) yield `distance 1: ${single.entries} entries for ${pages} pages`;
      const ranges = reporter(machine).histograms.sections.find(({ name }) => name === "Range_TLB");
      for (const size of ranges?.histogram.sizes ?? []) {
        const { entries } = named(reporter(oneRange(size), LARGEST_DISTANCE).report, "Anchor_TLB");
        const cost = Math.floor(size / HUGE_PAGES) + (size % HUGE_PAGES);
        if (entries !== cost) yield `a range of ${size} pages behind an anchor: ${entries} entries, not ${cost}`;
      }
    },
  },
  {
    id: "S14",
    name: "swappedIsAbsent",
    claim: "a page that is swapped out is a page that is not present",
    *violations(machine, reporter) {
      if (machine.swapped === undefined) return;
      const { swapped: _, ...without } = machine;
      if (JSON.stringify(reporter(machine)) !== JSON.stringify(reporter(without))) yield "the report tells them apart";
    },
  },
];

const STEPS_OF_ENTRIES: readonly (readonly [SectionName, number, number])[] = [
  ["Virtual_TLB", -1, 1],
  ["Range_TLB", -1, 1],
  ["SpOT", 0, 1],
];

/** A range that begins where a group of 512 does and no anchor of the largest distance. */
function oneRange(size: number): Machine {
  const pages = Array.from({ length: size }, (_, at) => ({ page: HUGE_PAGES + at, frame: at }));
  const areas = [{ first: HUGE_PAGES, end: HUGE_PAGES + size }];
  const limit = HUGE_PAGES + size;
  return { processes: [{ areas, pages }], frames: { huge: [], heads: [] }, pagemapLimit: limit, flagsLimit: limit };
}

/** The first page of each process that is not there: in the next frame of the page before it, and in one that is unused. */
function additions(machine: Machine): readonly { readonly process: number; readonly page: Page }[] {
  const unused = 1 + Math.max(0, ...machine.processes.flatMap(({ pages }) => pages.map(({ frame }) => frame)));
  return withinLimit(machine).processes.flatMap(({ areas, pages }, process) => {
    const present = new Map(pages.map(({ page, frame }) => [page, frame]));
    for (const { first, end } of areas) {
      for (let page = first; page < Math.min(end, machine.pagemapLimit); page++) {
        if (present.has(page)) continue;
        const frames = [unused, (present.get(page - 1) ?? unused) + 1];
        return frames.map((frame) => ({ process, page: { page, frame } }));
      }
    }
    return [];
  });
}

function withPage({ swapped: _, ...machine }: Machine, process: number, added: Page): Machine {
  const { areas, pages } = machine.processes[process]!;
  const more = [...pages, added].sort((a, b) => a.page - b.page);
  return { ...machine, processes: machine.processes.with(process, { areas, pages: more }) };
}

const reversed = ({ areas, pages }: Process): Process => ({ areas: areas.toReversed(), pages });

function splitFirstArea(process: Process): Process {
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
