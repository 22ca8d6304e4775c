/** Live processes as address spaces, for the report and for the tool's. */
import { FrameFlags } from "../impl/contiguity/frame-flags.js";
import { areasOf } from "../impl/contiguity/maps-text.js";
import { PageRuns } from "../impl/contiguity/page-runs.js";
import { RangeCount } from "../impl/contiguity/range-count.js";
import type { Histograms } from "../vocabulary/contiguity/report.js";
import type { Print } from "./contiguity.js";
import { countProcess } from "./contiguity-count.js";
import {
  mapsTextOfProcess,
  mayReadFlags,
  ProcessClosed,
  ProcessGone,
  type ProcFolder,
  processIds,
  readFrameFlags,
  readPagemap,
} from "./contiguity-proc.js";
import { toolReport } from "./contiguity-tool.js";

const PRESENT_HIGH = 0x80000000;
const FRAME_HIGH = 0x7fffff;
const HALF = 2 ** 32;
/** The number of EACCES, as the tool prints it. */
const NOT_PERMITTED = 13;

/** Counts one process, or all for pid 0. What changes meanwhile, or cannot be read, is said through `err`. */
export function countLive(proc: ProcFolder, pid: number, err: Print): Histograms {
  const count = new RangeCount();
  if (pid !== 0) countOne(proc, pid, count, err);
  else for (const each of processIds(proc)) orSkipped(each, err, () => countOne(proc, each, count, err));
  return count.histograms();
}

/** What `read` answers; undefined, and one line, if the process is gone or may not be read. */
function orSkipped<Result>(pid: number, err: Print, read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProcessGone || error instanceof ProcessClosed)) throw error;
    err(`process ${pid} is not counted: ${error.message}\n`);
    return undefined;
  }
}

/** The tool's report of live processes. @returns the exit code */
export function toolLiveReport(proc: ProcFolder, pid: number, out: Print, err: Print): number {
  const pids = processIds(proc).filter((each) => pid === 0 || each === pid);
  // The tool reads flags frame by frame; here they are read for all frames of all processes at once.
  const read = pids.flatMap((each) => {
    const found = orSkipped(each, err, () => {
      const text = mapsTextOfProcess(proc, each);
      const pages = readPages(proc, each, areasOf(text));
      return { pid: each, mapsText: () => text, pages: () => pages };
    });
    return found === undefined ? [] : [found];
  });
  const flags = mayReadFlags(proc)
    ? readFlags(
        proc,
        read.map((process) => process.pages()),
      )
    : undefined;
  return toolReport(read, flags, out, err, NOT_PERMITTED);
}

function countOne(proc: ProcFolder, pid: number, count: RangeCount, err: Print): void {
  const text = mapsTextOfProcess(proc, pid);
  const areas = areasOf(text);
  if (areas.length === 0) return;
  const pages = readPages(proc, pid, areas);
  const flags = readFlags(proc, [pages]);
  if (textAfterwards(proc, pid) !== text) {
    err(`process ${pid} changed its areas while it was read: the report mixes before and after\n`);
  }
  countProcess({ areas, pages, flags }, `/proc/${pid}/pagemap`, count);
}

function textAfterwards(proc: ProcFolder, pid: number): string {
  const text = mapsTextOfProcess(proc, pid);
  if (text === "") throw new ProcessGone(`process ${pid} exited while it was read`);
  return text;
}

function readPages(proc: ProcFolder, pid: number, areas: Float64Array): PageRuns {
  const pages = new PageRuns(Number.POSITIVE_INFINITY, 1024);
  pages.limit = readPagemap(proc, pid, areas, (page, high, low) => {
    if (high >= PRESENT_HIGH) pages.appendPage(page, (high & FRAME_HIGH) * HALF + low);
  });
  return pages;
}

function readFlags(proc: ProcFolder, spaces: readonly PageRuns[]): FrameFlags {
  const frames = new Float64Array(spaces.reduce((sum, pages) => sum + pagesIn(pages), 0));
  let next = 0;
  for (const pages of spaces) {
    for (let run = 0; run < pages.length; run++) {
      for (let page = 0; page < pages.count[run]!; page++)
        frames[next++] = pages.frame[run]! + page * pages.frameStep[run]!;
    }
  }
  const flags = new FrameFlags(Number.POSITIVE_INFINITY);
  flags.limit = readFrameFlags(proc, frames, (frame, _high, low) => flags.append(frame, 1, low | 0));
  return flags;
}

function pagesIn(pages: PageRuns): number {
  let sum = 0;
  for (let run = 0; run < pages.length; run++) sum += pages.count[run]!;
  return sum;
}
