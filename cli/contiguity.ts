/** `pagetwin contiguity`: how contiguous the memory of a process is. */
import { join } from "node:path";
import { reportOf } from "../impl/contiguity/coverage.js";
import { composedRunsOf } from "../impl/contiguity/guest-text.js";
import { walkGuest } from "../impl/contiguity/guest-walk.js";
import { areasOf } from "../impl/contiguity/maps-text.js";
import { reportText } from "../impl/contiguity/report-text.js";
import type { Histograms } from "../vocabulary/contiguity/report.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { countGuest, countSnapshot } from "./contiguity-count.js";
import { readParsed, writeWhole } from "./contiguity-files.js";
import { countLive, toolLiveReport } from "./contiguity-live.js";
import { reportPicture } from "./contiguity-picture.js";
import { PROC, ProcessGone, type ProcFolder } from "./contiguity-proc.js";
import { openSnapshot } from "./contiguity-snapshot.js";
import { toolGuestReport, toolGuestReportOf, toolSnapshotReport } from "./contiguity-tool.js";

export type Print = (text: string) => void;

export interface ContiguityOptions {
  /** A live process, 0 for all; with `snapshot`, one of its processes. */
  readonly pid?: number;
  /** The same as pid 0. */
  readonly all?: boolean;
  /** A snapshot folder. */
  readonly snapshot?: string;
  /** A folder with the recorded texts `maps` and `pagemap` of a guest process. */
  readonly guest?: string;
  /** The authors' tool with its quirks: its output file on stdout, all else on stderr. */
  readonly compat?: boolean;
  /** One JSON document on stdout. */
  readonly json?: boolean;
  /** Where to write a picture of the coverage curves. */
  readonly svg?: string;
}

/** @returns the exit code: 0 a report was printed, 2 bad input */
export async function contiguity(
  options: ContiguityOptions,
  out: Print,
  err: Print,
  proc: ProcFolder = PROC,
): Promise<number> {
  return guarded(err, () => {
    checkOptions(options);
    if (options.compat) return toolReportOf(options, out, err, proc);
    const histograms = count(options, err, proc);
    const report = reportOf(histograms);
    if (options.svg !== undefined) writeWhole(options.svg, reportPicture(histograms));
    out(options.json ? `${JSON.stringify({ version: 1, ...report })}\n` : reportText(report));
    return 0;
  });
}

/** Runs a command; bad input becomes one line and exit code 2. */
export function guarded(err: Print, command: () => number): number {
  try {
    return command();
  } catch (error) {
    if (!(error instanceof PagetwinError || error instanceof ProcessGone)) throw error;
    // A message may quote what it found: it stays one line that a terminal can show.
    const message = error.message
      .trim()
      .replace(/\s*\n\s*/g, " ")
      .replace(/\p{Cc}/gu, "?");
    err(`pagetwin: ${message}\n`);
    return 2;
  }
}

function checkOptions({ pid, all, snapshot, guest, compat, json, svg }: ContiguityOptions): void {
  if (pid === undefined && !all && snapshot === undefined && guest === undefined) {
    throw new PagetwinError("ARGUMENT", "expected --pid N, --all, --snapshot DIR or --guest DIR");
  }
  if (snapshot !== undefined && guest !== undefined) {
    throw new PagetwinError("ARGUMENT", "--snapshot with --guest: expected one of them");
  }
  if (compat && (json || svg !== undefined)) {
    throw new PagetwinError(
      "ARGUMENT",
      "--compat prints what the authors' tool prints: expected neither --json nor --svg",
    );
  }
}

function askedPid({ pid, all }: ContiguityOptions): number | undefined {
  return all ? 0 : pid;
}

function count(options: ContiguityOptions, err: Print, proc: ProcFolder): Histograms {
  if (options.guest !== undefined) {
    const { areas, runs } = guestTexts(options.guest);
    return walkGuest(areas, runs);
  }
  if (options.snapshot === undefined) return countLive(proc, askedPid(options)!, err);
  const snapshot = openSnapshot(options.snapshot, askedPid(options));
  return snapshot.kind === "guest" ? countGuest(snapshot) : countSnapshot(snapshot);
}

function toolReportOf(options: ContiguityOptions, out: Print, err: Print, proc: ProcFolder): number {
  if (options.guest !== undefined) {
    const { areas, runs } = guestTexts(options.guest);
    return toolGuestReportOf(areas, runs, out, err);
  }
  if (options.snapshot === undefined) return toolLiveReport(proc, askedPid(options)!, out, err);
  const snapshot = openSnapshot(options.snapshot, askedPid(options));
  return snapshot.kind === "guest" ? toolGuestReport(snapshot, out, err) : toolSnapshotReport(snapshot, out, err);
}

function guestTexts(folder: string) {
  const areas = readParsed(join(folder, "maps"), areasOf);
  return { areas, runs: readParsed(join(folder, "pagemap"), (text) => composedRunsOf(text, areas)) };
}
