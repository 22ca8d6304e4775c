/** `--compat`: what the authors' tool prints. Its output file goes to stdout, what it says besides to stderr. */
import { type ComposedRuns, compose } from "../impl/contiguity/composed-runs.js";
import type { FrameFlags } from "../impl/contiguity/frame-flags.js";
import { toolAreasOf } from "../impl/contiguity/maps-text.js";
import type { PageRuns } from "../impl/contiguity/page-runs.js";
import { histogramOf } from "../impl/contiguity/range-count.js";
import { dimensionOf, frameFlagsOf, pageRunsOf } from "../impl/contiguity/run-document.js";
import { ToolGuestWalk } from "../impl/contiguity/tool-guest-walk.js";
import { toolReportText } from "../impl/contiguity/tool-report.js";
import { ENDLESS, ToolWalk } from "../impl/contiguity/tool-walk.js";
import type { Print } from "./contiguity.js";
import { isThere, readParsed } from "./contiguity-files.js";
import { type GuestSnapshot, mapsTextOf, type NativeSnapshot } from "./contiguity-snapshot.js";

const NO_SUCH_FILE = 2;
export const ENDLESS_MESSAGE = "the authors' tool does not end on this input: it would read the same place for ever";

/** One process as the tool meets it. */
export interface ToolProcess {
  readonly pid: number;
  mapsText(): string;
  /** Undefined where the tool could not open the file. */
  pages(): PageRuns | undefined;
}

/**
 * @param flagsErrno what the system says when the flags cannot be opened: by default that there is no such file
 * @returns the exit code
 */
export function toolReport(
  processes: readonly ToolProcess[],
  flags: FrameFlags | undefined,
  out: Print,
  err: Print,
  flagsErrno = NO_SUCH_FILE,
): number {
  const walk = new ToolWalk((page, frame) => err(`What is going on ${page} ${frame}\n`));
  for (const process of processes) {
    const text = process.mapsText();
    const pages = process.pages();
    if (pages === undefined || flags === undefined) {
      const missing = pages === undefined ? `/proc/${process.pid}/pagemap` : "/proc/kpageflags";
      const errno = pages === undefined ? NO_SUCH_FILE : flagsErrno;
      err(`Unable to open "${missing}" for reading (errno=${errno}). (7)\n`);
      break;
    }
    const areas = toolAreasOf(text, (line) => err(`Invalid line read from "/proc/${process.pid}/maps": ${line} (6)\n`));
    if (walk.walk({ areas, pages, flags }) === ENDLESS) {
      err(`${ENDLESS_MESSAGE}\n`);
      return 2;
    }
  }
  const sections = [
    { name: "VMA_TLB", histogram: histogramOf(walk.areas) },
    { name: "Virtual_TLB", histogram: histogramOf(walk.virtual) },
    { name: "Anchor_TLB", histogram: histogramOf(walk.anchors.entries) },
    { name: "Range_TLB", histogram: histogramOf(walk.ranges) },
    { name: "SpOT", histogram: histogramOf(walk.offsets.countsOfCounts()) },
  ];
  out(toolReportText(sections, walk.presentPages, walk.smallPages, walk.hugePages));
  return 0;
}

export function toolSnapshotReport(snapshot: NativeSnapshot, out: Print, err: Print): number {
  const processes = snapshot.processes.map((process) => ({
    pid: process.pid,
    mapsText: () => mapsTextOf(process),
    pages: () => (isThere(process.pagesPath) ? readParsed(process.pagesPath, pageRunsOf) : undefined),
  }));
  const flags = snapshot.flagsPath === undefined ? undefined : readParsed(snapshot.flagsPath, frameFlagsOf);
  return toolReport(processes, flags, out, err);
}

export function toolGuestReport(snapshot: GuestSnapshot, out: Print, err: Print): number {
  const runs = compose(
    readParsed(snapshot.guestPath, (text) => dimensionOf(text, "vmi-guest-runs-v1")),
    readParsed(snapshot.hostPath, (text) => dimensionOf(text, "vmi-host-runs-v1")),
  );
  const areas = toolAreasOf(mapsTextOf(snapshot), (line) => err(`Invalid line read from "maps": ${line} (6)\n`));
  return toolGuestReportOf(areas, runs, out, err);
}

export function toolGuestReportOf(areas: Float64Array, runs: ComposedRuns, out: Print, err: Print): number {
  const walk = new ToolGuestWalk();
  if (walk.walk(areas, runs) === ENDLESS) {
    err(`${ENDLESS_MESSAGE}\n`);
    return 2;
  }
  const sections = [
    { name: "VMA_TLB", histogram: histogramOf(walk.areas) },
    { name: "Virtual_TLB", histogram: histogramOf(walk.virtual) },
    { name: "Guest_Range_TLB", histogram: histogramOf(walk.guestRanges) },
    { name: "Anchor_TLB", histogram: histogramOf(walk.anchors.entries) },
    { name: "Range_TLB", histogram: histogramOf(walk.ranges) },
    { name: "SpOT", histogram: histogramOf(walk.offsets.countsOfCounts()) },
  ];
  out(toolReportText(sections, walk.presentPages, walk.presentPages, 0));
  return 0;
}
