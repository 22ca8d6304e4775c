/** `pagetwin contiguity`: how contiguous the memory of a process is. */
import type { AddressSpace } from "../impl/contiguity/address-space.js";
import { ComposedRuns } from "../impl/contiguity/composed-runs.js";
import { reportOf } from "../impl/contiguity/coverage.js";
import { walkGuest } from "../impl/contiguity/guest-walk.js";
import { areasOf } from "../impl/contiguity/maps-text.js";
import { framesAreHidden } from "../impl/contiguity/page-runs.js";
import { RangeCount } from "../impl/contiguity/range-count.js";
import { reportText } from "../impl/contiguity/report-text.js";
import { dimensionOf, frameFlagsOf, pageRunsOf } from "../impl/contiguity/run-document.js";
import { walk } from "../impl/contiguity/walk.js";
import type { Histograms } from "../vocabulary/contiguity/report.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { readParsed } from "./contiguity-files.js";
import { type GuestSnapshot, type NativeSnapshot, openSnapshot } from "./contiguity-snapshot.js";
import { toolGuestReport, toolSnapshotReport } from "./contiguity-tool.js";

export type Print = (text: string) => void;

export interface ContiguityOptions {
  /** A live process, 0 for all; with `snapshot`, one of its processes. */
  readonly pid?: number;
  readonly all?: boolean;
  readonly snapshot?: string;
  /** The authors' tool with its quirks. */
  readonly compat?: boolean;
  readonly json?: boolean;
}

/** @returns the exit code: 0 a report was printed, 2 bad input */
export async function contiguity(options: ContiguityOptions, out: Print, err: Print): Promise<number> {
  return guarded(err, () => {
    if (options.snapshot === undefined)
      throw new PagetwinError("ARGUMENT", "expected --pid N, --all or --snapshot DIR");
    const snapshot = openSnapshot(options.snapshot, options.all ? 0 : options.pid);
    if (options.compat) {
      return snapshot.kind === "guest" ? toolGuestReport(snapshot, out, err) : toolSnapshotReport(snapshot, out, err);
    }
    const histograms = snapshot.kind === "guest" ? countGuest(snapshot) : countSnapshot(snapshot);
    print(histograms, options, out);
    return 0;
  });
}

/** Runs a command; bad input becomes one line and exit code 2. */
export function guarded(err: Print, command: () => number): number {
  try {
    return command();
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    err(`${error.message}\n`);
    return 2;
  }
}

function print(histograms: Histograms, options: ContiguityOptions, out: Print): void {
  const report = reportOf(histograms);
  out(options.json ? `${JSON.stringify({ version: 1, ...report })}\n` : reportText(report));
}

function countSnapshot(snapshot: NativeSnapshot): Histograms {
  if (snapshot.processes.length === 0) throw new PagetwinError("FORMAT", `there is no ${snapshot.asked}`);
  if (snapshot.flagsPath === undefined) {
    throw new PagetwinError("FORMAT", `${snapshot.asked}: expected kpageflags.json beside its pagemap`);
  }
  const flags = readParsed(snapshot.flagsPath, frameFlagsOf);
  const count = new RangeCount();
  for (const { mapsPath, pagesPath } of snapshot.processes) {
    const areas = readParsed(mapsPath, areasOf);
    const pages = readParsed(pagesPath, pageRunsOf);
    countProcess({ areas, pages, flags }, pagesPath, count);
  }
  return count.histograms();
}

/** @param source what the pages were read from, for a message */
export function countProcess(space: AddressSpace, source: string, count: RangeCount): void {
  if (framesAreHidden(space.pages)) {
    throw new PagetwinError(
      "FORMAT",
      `${source}: all frames are 0, hidden from a reader without the right to see them: no physical sections`,
    );
  }
  walk(space, count);
}

function countGuest(snapshot: GuestSnapshot): Histograms {
  const areas = readParsed(snapshot.mapsPath, areasOf);
  const guest = readParsed(snapshot.guestPath, (text) => dimensionOf(text, "vmi-guest-runs-v1"));
  const host = readParsed(snapshot.hostPath, (text) => dimensionOf(text, "vmi-host-runs-v1"));
  return walkGuest(areas, new ComposedRuns(guest, host));
}
