/**
 * Run lists as JSON: pagemap and kpageflags of a snapshot, and the two tables of a guest.
 *
 *   { "format": …, "limit": n, "runs": [[start, count, "0x…", valueStep, indexStep], …] }
 *   { "format": …, "runs": [[from, count, to, "0x…", level], …] }                          guest and host tables
 *
 * Entry start + i · indexStep holds value + i · valueStep, i < count; entries that are not named hold 0. Runs ascend and
 * do not overlap. Bits of a pagemap word: 63 present, 0 to 54 frame; all others are passed over.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Dimension } from "./composed-runs.js";
import { FrameFlags } from "./frame-flags.js";
import { PageRuns } from "./page-runs.js";
import { REPORT_RULES, type ReportRules } from "./report-rules.js";

const HEXADECIMAL = /^0[xX][0-9a-fA-F]{1,16}$/;
const HALF_DIGITS = 8;
const HALF = 2 ** 32;
const PRESENT_HIGH = 0x80000000;
const SWAPPED_HIGH = 0x40000000;
/** The frame's bits in the high half of a pagemap word: bits 32 to 54. */
const FRAME_HIGH = 0x7fffff;
const FRAME_END = 2 ** 53;
const PRESENT_VALUE = 2 ** 63;
/** Entries of a run whose flags words differ or do not lie side by side are looked at one by one. */
const SINGLE_ENTRIES_MAX = 2 ** 26;

/** @throws PagetwinError `FORMAT` naming the run and what was expected */
export function pageRunsOf(text: string, rules: ReportRules = REPORT_RULES): PageRuns {
  const lowest = rules.swappedIsAbsent ? PRESENT_HIGH : SWAPPED_HIGH;
  const document = documentOf(text, "pagemap-runs-v1");
  const pages = new PageRuns(limitOf(document), document.runs.length);
  forEachRun(document.runs, (place, start, count, value, valueStep, indexStep) => {
    const high = Number.parseInt(value.slice(0, HALF_DIGITS), 16);
    const low = Number.parseInt(value.slice(HALF_DIGITS), 16);
    const present = high >= lowest;
    const frame = present ? (high & FRAME_HIGH) * HALF + low : high * HALF + low;
    const last = frame + (count - 1) * valueStep;
    if (Math.min(frame, last) < 0 || Math.max(frame, last) >= (present ? FRAME_END : PRESENT_VALUE)) {
      throw malformed(place, `expected frames from 0 to 2^53 − 1 that do not run into the flags of the word`);
    }
    if (present) pages.append(start, count, indexStep, frame, valueStep);
  });
  return pages;
}

/** @throws PagetwinError `FORMAT` naming the run and what was expected */
export function frameFlagsOf(text: string): FrameFlags {
  const document = documentOf(text, "kpageflags-runs-v1");
  const flags = new FrameFlags(limitOf(document));
  forEachRun(document.runs, (place, start, count, value, valueStep, indexStep) => {
    const low = Number.parseInt(value.slice(HALF_DIGITS), 16);
    if (valueStep === 0 && (indexStep === 1 || count === 1)) {
      flags.append(start, count, low);
      return;
    }
    if (count > SINGLE_ENTRIES_MAX) throw malformed(place, `expected at most ${SINGLE_ENTRIES_MAX} entries with steps`);
    for (let entry = 0; entry < count; entry++)
      flags.append(start + entry * indexStep, 1, (low + entry * valueStep) | 0);
  });
  return flags;
}

/** @throws PagetwinError `FORMAT` naming the run and what was expected */
export function dimensionOf(text: string, format: "vmi-guest-runs-v1" | "vmi-host-runs-v1"): Dimension {
  const { runs } = documentOf(text, format);
  const length = runs.length;
  const dimension = {
    length,
    from: new Float64Array(length),
    count: new Float64Array(length),
    to: new Float64Array(length),
    flags: new Int32Array(length),
    level: new Uint8Array(length),
  };
  const names = new Map<string, number>();
  let end = 0;
  for (const [index, run] of runs.entries()) {
    const [from, count, to, flags, level] = fieldsOf(index, run);
    checkPlace(index, from, count, 1, end);
    natural(index, "target", to, 0, FRAME_END - (count as number));
    const name = hexadecimal(index, "flags", flags);
    natural(index, "level", level, 1, 3);
    if (!names.has(name)) names.set(name, Number.parseInt(name, 16) === 0 ? 0 : names.size + 1);
    dimension.from[index] = from as number;
    dimension.count[index] = count as number;
    dimension.to[index] = to as number;
    dimension.flags[index] = names.get(name)!;
    dimension.level[index] = level as number;
    end = (from as number) + (count as number);
  }
  return dimension;
}

interface RunDocument {
  readonly limit?: unknown;
  readonly runs: readonly unknown[];
}

function documentOf(text: string, format: string): RunDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new PagetwinError("FORMAT", `expected JSON: ${(error as Error).message.replaceAll("\n", " ")}`);
  }
  if (typeof parsed !== "object" || parsed === null || !("runs" in parsed) || !Array.isArray(parsed.runs)) {
    throw new PagetwinError("FORMAT", `expected an object with a list "runs"`);
  }
  if ("format" in parsed && parsed.format !== format) {
    throw new PagetwinError("FORMAT", `format: expected "${format}"`);
  }
  return parsed as RunDocument;
}

function limitOf(document: RunDocument): number {
  const { limit } = document;
  if (typeof limit === "number" && Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new PagetwinError("FORMAT", "limit: expected the number of entries, an integer from 0 to 2^53 − 1");
}

/** Hands each run on, checked; its value as 16 hexadecimal digits. */
function forEachRun(
  runs: readonly unknown[],
  take: (place: number, start: number, count: number, value: string, valueStep: number, indexStep: number) => void,
): void {
  let end = 0;
  for (let place = 0; place < runs.length; place++) {
    const [start, count, value, valueStep, indexStep] = fieldsOf(place, runs[place]);
    checkPlace(place, start, count, indexStep, end);
    const digits = hexadecimal(place, "value", value);
    if (!Number.isSafeInteger(valueStep)) throw malformed(place, "valueStep: expected an integer");
    take(place, start as number, count as number, digits, valueStep as number, indexStep as number);
    end = (start as number) + ((count as number) - 1) * (indexStep as number) + 1;
  }
}

function fieldsOf(place: number, run: unknown): readonly unknown[] {
  if (Array.isArray(run) && run.length === 5) return run;
  throw malformed(place, "expected a list of five");
}

function checkPlace(place: number, start: unknown, count: unknown, indexStep: unknown, end: number): void {
  natural(place, "start", start, 0, FRAME_END - 1);
  natural(place, "count", count, 1, FRAME_END - 1);
  natural(place, "indexStep", indexStep, 1, FRAME_END - 1);
  if ((start as number) + ((count as number) - 1) * (indexStep as number) >= FRAME_END) {
    throw malformed(place, "expected entries below 2^53");
  }
  if ((start as number) < end) throw malformed(place, `start: expected at least ${end}, where the run before ends`);
}

function natural(place: number, name: string, value: unknown, low: number, high: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high) return;
  throw malformed(place, `${name}: expected an integer from ${low} to ${high}`);
}

/** The 16 digits of a word. */
function hexadecimal(place: number, name: string, value: unknown): string {
  if (typeof value === "string" && HEXADECIMAL.test(value)) return value.slice(2).padStart(16, "0").toLowerCase();
  throw malformed(place, `${name}: expected a string of 0x and 1 to 16 hexadecimal digits`);
}

function malformed(place: number, expectation: string): PagetwinError {
  return new PagetwinError("FORMAT", `runs[${place}]: ${expectation}`);
}
