/**
 * The authors' tool, word by word as it reads (4.2, 4.3, 4.5): the reference of `--compat`.
 *
 * Not here: the widths of its integers and the printing, which need numbers that no list of pages can hold.
 */
import {
  ANCHOR_DISTANCES,
  FIXED_ANCHOR_DISTANCE,
  type Histograms,
  HUGE_PAGES,
} from "../../vocabulary/contiguity/report.js";
import type { Frames, Process } from "./pages.js";
import { histogram } from "./report.js";

export interface ToolFiles {
  /** Words of pagemap; a read at or beyond it gives nothing and leaves the last word in place. */
  readonly pagemapLimit: number;
  readonly flagsLimit: number;
}

/** What the tool knows after a number of words read. */
interface Tally {
  readonly areas: readonly number[];
  readonly virtual: readonly number[];
  readonly ranges: readonly number[];
  readonly anchors: readonly number[];
  readonly offsets: { readonly [offset: string]: number };
  readonly presentPages: number;
  readonly smallPages: number;
  readonly hugePages: number;
  readonly complaints: readonly (readonly [number, number])[];
}

/** Variables that the tool never initialises. */
interface Leftovers {
  readonly step: number;
  readonly frame: number | undefined;
  readonly hugeFlag: boolean;
}

interface Cursor {
  readonly page: number;
  readonly left: number;
  readonly place: number;
  readonly anchorStart: number;
  readonly previousPage: number;
  readonly previousFrame: number;
  readonly virtualRun: number;
  readonly rangeRun: number;
}

interface Tool {
  readonly tally: Tally;
  readonly leftovers: Leftovers;
  readonly cursor: Cursor;
}

export interface ToolResult {
  readonly histograms: Histograms;
  readonly complaints: readonly (readonly [number, number])[];
}

const NOTHING: Tally = {
  areas: [],
  virtual: [],
  ranges: [],
  anchors: [],
  offsets: {},
  presentPages: 0,
  smallPages: 0,
  hugePages: 0,
  complaints: [],
};

/** @returns undefined where the tool does not end */
export function toolHistograms(
  processes: readonly Process[],
  frames: Frames,
  files: ToolFiles,
): ToolResult | undefined {
  let tally = NOTHING;
  let leftovers: Leftovers = { step: 0, frame: undefined, hugeFlag: false };
  for (const process of processes) {
    let runs = { virtualRun: 1, rangeRun: 1 };
    for (const { first, end } of process.areas) {
      const fresh = { page: first, left: end - first, place: first, anchorStart: first };
      const cursor: Cursor = { ...fresh, previousPage: 0, previousFrame: 0, ...runs };
      let tool: Tool = { tally: { ...tally, areas: [...tally.areas, end - first] }, leftovers, cursor };
      while (tool.cursor.left > 0) {
        if (isEndless(tool, files)) return undefined;
        tool = readWord(tool, process, frames, files);
      }
      tally = tool.tally;
      leftovers = tool.leftovers;
      runs = { virtualRun: tool.cursor.virtualRun, rangeRun: tool.cursor.rangeRun };
    }
  }
  return { histograms: histogramsOfTally(tally), complaints: tally.complaints };
}

/** At the end of the file with step 0, and the word that is read again and again leaves the step as it is. */
function isEndless({ leftovers, cursor }: Tool, files: ToolFiles): boolean {
  if (leftovers.step !== 0 || cursor.place < files.pagemapLimit) return false;
  if (leftovers.frame === undefined) return true;
  return leftovers.hugeFlag && (cursor.page % HUGE_PAGES !== 0 || leftovers.frame % HUGE_PAGES !== 0);
}

function readWord(tool: Tool, process: Process, frames: Frames, files: ToolFiles): Tool {
  const { cursor } = tool;
  const isRead = cursor.place < files.pagemapLimit;
  const frame = isRead ? process.pages.find(({ page }) => page === cursor.place)?.frame : tool.leftovers.frame;
  const place = isRead ? cursor.place + 1 : cursor.place;
  const read: Tool = { ...tool, leftovers: { ...tool.leftovers, frame }, cursor: { ...cursor, place } };
  return moveOn(frame === undefined ? read : takePage(read, frame, frames, files));
}

/** Goes on by the step, whatever it was left at. */
function moveOn(tool: Tool): Tool {
  const { step } = tool.leftovers;
  const page = tool.cursor.page + step;
  const left = tool.cursor.left - step;
  const place = step === HUGE_PAGES && left !== 0 ? page : tool.cursor.place;
  return { ...tool, cursor: { ...tool.cursor, page, left, place } };
}

function takePage(tool: Tool, frame: number, frames: Frames, files: ToolFiles): Tool {
  const { page } = tool.cursor;
  const hugeFlag = frame < files.flagsLimit ? frames.huge.includes(frame) : tool.leftovers.hugeFlag;
  const aligned = page % HUGE_PAGES === 0 && frame % HUGE_PAGES === 0;
  const { step: oldStep } = tool.leftovers;
  const step = hugeFlag ? (aligned ? HUGE_PAGES : oldStep) : 1;
  const { tally } = tool;
  const counted: Tally = {
    ...tally,
    smallPages: tally.smallPages + (hugeFlag ? 0 : 1),
    hugePages: tally.hugePages + (hugeFlag && aligned ? 1 : 0),
    complaints: hugeFlag && !aligned ? [...tally.complaints, [page, frame]] : tally.complaints,
  };
  return countPage({ ...tool, tally: counted, leftovers: { step, frame, hugeFlag } }, frame, step);
}

function countPage(tool: Tool, frame: number, step: number): Tool {
  const { tally, cursor } = tool;
  const { page, previousPage, previousFrame } = cursor;
  const follows = page === previousPage + 1;
  const goesOn = follows && frame === previousFrame + 1;
  const ranges = goesOn ? tally.ranges : [...tally.ranges, cursor.rangeRun];
  const closed = goesOn
    ? []
    : toolAnchors(cursor.anchorStart, cursor.anchorStart + cursor.rangeRun, toolDistance(ranges));
  const offset = String(page - frame);
  return {
    ...tool,
    tally: {
      ...tally,
      virtual: follows ? tally.virtual : [...tally.virtual, cursor.virtualRun],
      ranges,
      anchors: [...tally.anchors, ...closed],
      offsets: { ...tally.offsets, [offset]: (tally.offsets[offset] ?? 0) + step },
      presentPages: tally.presentPages + step,
    },
    cursor: {
      ...cursor,
      virtualRun: follows ? cursor.virtualRun + step : step,
      rangeRun: goesOn ? cursor.rangeRun + step : step,
      anchorStart: goesOn ? cursor.anchorStart : page,
      previousPage: page + step - 1,
      previousFrame: frame + step - 1,
    },
  };
}

/** The exponent is 14 until one that costs no more than 2^0 is found; a later one wins a tie. */
function toolDistance(sizes: readonly number[]): number {
  let chosen = 2 ** FIXED_ANCHOR_DISTANCE;
  let lowest = toolCost(sizes, 1);
  for (let exponent = 1; exponent < ANCHOR_DISTANCES; exponent++) {
    const cost = toolCost(sizes, 2 ** exponent);
    if (cost > lowest) continue;
    lowest = cost;
    chosen = 2 ** exponent;
  }
  return chosen;
}

function toolCost(sizes: readonly number[], distance: number): number {
  return sizes.reduce((sum, size) => {
    const rest = size % distance;
    return sum + Math.floor(size / distance) + Math.floor(rest / HUGE_PAGES) + (rest % HUGE_PAGES);
  }, 0);
}

function toolAnchors(start: number, end: number, distance: number): readonly number[] {
  const entries: number[] = [];
  const aligned = start + (distance - (start % distance));
  for (let page = start; page < end; page += entries.at(-1)!) {
    if (page >= aligned) entries.push(Math.min(distance, end - page));
    else entries.push(page % HUGE_PAGES !== 0 || page + HUGE_PAGES > Math.min(end, aligned) ? 1 : HUGE_PAGES);
  }
  return entries;
}

function histogramsOfTally(tally: Tally): Histograms {
  return {
    sections: [
      { name: "VMA_TLB", histogram: histogram(tally.areas) },
      { name: "Virtual_TLB", histogram: histogram(tally.virtual) },
      { name: "Anchor_TLB", histogram: histogram(tally.anchors) },
      { name: "Range_TLB", histogram: histogram(tally.ranges) },
      { name: "SpOT", histogram: histogram(Object.values(tally.offsets)) },
    ],
    workingSet: {
      presentPages: tally.presentPages,
      smallPages: tally.smallPages,
      hugePages: tally.hugePages,
    },
  };
}
