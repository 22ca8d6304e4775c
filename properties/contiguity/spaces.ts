/** Small address spaces as both twins take them, and how they are drawn. */
import fc from "fast-check";
import type { AddressSpace } from "../../impl/contiguity/address-space.js";
import { FrameFlags } from "../../impl/contiguity/frame-flags.js";
import { PageRuns } from "../../impl/contiguity/page-runs.js";
import { REPORT_RULES, type ReportRules } from "../../impl/contiguity/report-rules.js";
import { pageRunsOf } from "../../impl/contiguity/run-document.js";
import type { Area, Frames, Page, Process } from "../../model/contiguity/pages.js";
import { HUGE_PAGES } from "../../vocabulary/contiguity/report.js";
import type { ReportOperation } from "../../vocabulary/contiguity/report-pieces.js";

export interface Machine {
  readonly processes: readonly Process[];
  readonly frames: Frames;
  /** Entries of pagemap and of kpageflags. */
  readonly pagemapLimit: number;
  readonly flagsLimit: number;
  /** Pages that are swapped out, of each process; none unless given. */
  readonly swapped?: readonly (readonly number[])[];
}

/** Part of an area: pages in consecutive frames, pages in scattered frames, a 2 MiB page or a hole. */
export type Piece = Exclude<ReportOperation, { readonly kind: "area" | "process" }>;

type HugePiece = Extract<Piece, { readonly kind: "huge" }>;

/** An area. */
export interface Plan {
  /** Pages between the areas before and this one. */
  readonly gap: number;
  readonly pieces: readonly Piece[];
}

const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      pages: fc.integer({ min: 1, max: 9 }),
      skip: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      pages: fc.integer({ min: 500, max: 1100 }),
      skip: fc.integer({ min: 0, max: 600 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("scattered" as const), pages: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("huge" as const),
      whole: fc.boolean(),
      folios: fc.constantFrom(1, 1, 2),
      flagged: fc.constantFrom(true, true, false),
      shift: fc.constantFrom(0, 0, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("hole" as const), pages: fc.integer({ min: 1, max: 6 }) }) },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  gap: fc.constantFrom(0, 0, 1, 3, 64, 512),
  pieces: fc.array(piece, { minLength: 1, maxLength: 5 }),
});

/** One or two processes of a few areas. Frames ascend, so that runs meet across areas and offsets repeat. */
export const machines: fc.Arbitrary<Machine> = fc
  .record({
    start: fc.constantFrom(1, 500, 512, 1000, 4096),
    frame: fc.constantFrom(1, 2, 512, 700, 5000),
    areas: fc.array(fc.array(plan, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 }),
    beyond: fc.constantFrom(0, 0, 0, 5, 600),
  })
  .map(({ start, frame, areas, beyond }) => built(start, frame, areas, beyond));

/**
 * @param plans of each process the areas
 * @param beyond pages at the end that pagemap does not reach
 */
export function built(start: number, frame: number, plans: readonly (readonly Plan[])[], beyond = 0): Machine {
  const heap = new Heap(frame);
  const swapped: number[][] = [];
  const processes = plans.map((areas) => {
    let at = start;
    const pages: Page[] = [];
    heap.swapped = [];
    swapped.push(heap.swapped);
    const ends: Area[] = [];
    for (const { gap, pieces } of areas) {
      const first = at + gap;
      at = first;
      for (const each of pieces) at = heap.lay(each, at, pages);
      ends.push({ first, end: at });
    }
    return { areas: ends, pages };
  });
  const last = Math.max(0, ...processes.flatMap(({ areas }) => areas.map(({ end }) => end)));
  return {
    processes,
    ...(swapped.flat().length > 0 ? { swapped } : {}),
    frames: { huge: heap.huge, heads: heap.heads },
    pagemapLimit: Math.max(1, last - beyond + (beyond === 0 ? 1000 : 0)),
    flagsLimit: heap.frame + 1000,
  };
}

/** Hands out frames in ascending order and remembers their flags. */
class Heap {
  readonly huge: number[] = [];
  readonly heads: number[] = [];
  /** Of the process that is laid now. */
  swapped: number[] = [];
  frame: number;

  constructor(frame: number) {
    this.frame = frame;
  }

  /** Lays a piece from a page on. @returns the page behind it */
  lay(each: Piece, page: number, pages: Page[]): number {
    if (each.kind === "hole") return page + each.pages;
    if (each.kind === "swapped") {
      for (let index = 0; index < each.pages; index++) this.swapped.push(page + index);
      return page + each.pages;
    }
    if (each.kind === "huge") return this.layHuge(page, each, pages);
    if (each.kind === "run") this.frame += each.skip;
    for (let index = 0; index < each.pages; index++) {
      if (each.kind === "scattered") this.frame += 1 + (index % 3);
      pages.push({ page: page + index, frame: this.frame++ });
    }
    return page + each.pages;
  }

  private layHuge(page: number, piece: HugePiece, pages: Page[]): number {
    const { whole, folios, flagged, shift } = piece;
    const first = Math.ceil(page / HUGE_PAGES) * HUGE_PAGES;
    const size = whole ? HUGE_PAGES : 300;
    this.frame = Math.ceil(this.frame / HUGE_PAGES) * HUGE_PAGES + shift;
    if (flagged) {
      for (let index = 0; index < HUGE_PAGES; index++) this.huge.push(this.frame + index);
      for (let folio = 0; folio < folios; folio++) this.heads.push(this.frame + (folio * HUGE_PAGES) / folios);
    }
    for (let index = 0; index < size; index++) pages.push({ page: first + index, frame: this.frame + index });
    this.frame += HUGE_PAGES;
    return first + size;
  }
}

/** A process as the implementation takes it. */
export function spaceOf(machine: Machine, process: Process, rules: ReportRules = REPORT_RULES): AddressSpace {
  const flags = new FrameFlags(machine.flagsLimit);
  for (const frame of machine.frames.huge) flags.append(frame, 1, flagsWord(machine.frames.heads.includes(frame)));
  const areas = Float64Array.from(process.areas.flatMap(({ first, end }) => [first, end]));
  return { areas, pages: pagesOf(machine, process, rules), flags };
}

function pagesOf(machine: Machine, process: Process, rules: ReportRules): PageRuns {
  const swapped = machine.swapped?.[machine.processes.indexOf(process)] ?? [];
  if (swapped.length > 0) return pageRunsOf(pagemapOf(machine, process, swapped), rules);
  const pages = new PageRuns(machine.pagemapLimit);
  for (const { page, frame } of process.pages) pages.appendPage(page, frame);
  return pages;
}

/** As a snapshot has it: a word for each page that is present or swapped out, where it lies in the low bits. */
function pagemapOf({ pagemapLimit }: Machine, { pages }: Process, swapped: readonly number[]): string {
  const word = (flag: string, place: number): string => `0x${flag}${place.toString(16).padStart(15, "0")}`;
  const runs = [
    ...pages.map(({ page, frame }) => [page, 1, word("8", frame), 1, 1] as const),
    ...swapped.map((page, slot) => [page, 1, word("4", slot), 1, 1] as const),
  ];
  return JSON.stringify({ format: "pagemap-runs-v1", limit: pagemapLimit, runs: runs.sort((a, b) => a[0] - b[0]) });
}

/** As the kernel prints the flags of a page of a transparent huge page: a head, or a tail. */
const flagsWord = (isHead: boolean): number => (isHead ? 0x409020 : 0x411020);

/** What a report that reads no page beyond the end of pagemap has to go by. */
export function withinLimit({ processes, pagemapLimit, ...rest }: Machine): Machine {
  return {
    ...rest,
    pagemapLimit,
    processes: processes.map(({ areas, pages }) => ({
      areas,
      pages: pages.filter(({ page }) => page < pagemapLimit),
    })),
  };
}
