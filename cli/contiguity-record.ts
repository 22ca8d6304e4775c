/**
 * `pagetwin contiguity record`: a live process as a snapshot folder that can be sent to someone else.
 *
 * It holds the areas with file names replaced by numbers, all words of pagemap within them, and flags of the frames that
 * these words name, of no others. Pages are read twice; what differs is reported and the second reading is kept. The folder
 * appears with all its files or not at all.
 */
import { areasOf } from "../impl/contiguity/maps-text.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { guarded, type Print } from "./contiguity.js";
import { WholeFolder } from "./contiguity-folder.js";
import {
  mapsTextOfProcess,
  PROC,
  ProcessGone,
  type ProcFolder,
  readFrameFlags,
  readPagemap,
} from "./contiguity-proc.js";
import { whileStopped } from "./contiguity-stop.js";

export interface RecordOptions {
  readonly pid: number;
  readonly out: string;
  /** Stops the process while it is read. */
  readonly stop?: boolean;
}

const PRESENT_HIGH = 0x80000000;
const FRAME_HIGH = 0x7fffff;
const HALF = 2 ** 32;
/** Entries of the user half of a 47-bit address space. */
const USER_ENTRIES = 2 ** 35 - 1;

/** @returns the exit code: 0 written, 2 it could not be read or written */
export async function contiguityRecord(
  options: RecordOptions,
  out: Print,
  err: Print,
  proc: ProcFolder = PROC,
): Promise<number> {
  return guarded(err, () => {
    const folder = new WholeFolder(options.out);
    try {
      const read = () => recordOf(options.pid, err, proc);
      const { files, summary } = options.stop ? whileStopped(proc.root, options.pid, read) : read();
      folder.finish(files);
      out(`${options.out}: ${summary}\n`);
    } finally {
      folder.discard();
    }
    return 0;
  });
}

interface Recorded {
  readonly files: Readonly<Record<string, string>>;
  readonly summary: string;
}

function recordOf(pid: number, err: Print, proc: ProcFolder): Recorded {
  const text = mapsTextOfProcess(proc, pid);
  const areas = areasOf(text);
  const first = readWords(proc, pid, areas);
  const second = readWords(proc, pid, areas);
  const changed = differences(first, second);
  if (changed > 0) err(`process ${pid}: ${changed} pages changed between two readings; the second one is kept\n`);
  const textAfterwards = mapsTextOfProcess(proc, pid);
  if (textAfterwards === "" && text !== "") throw new ProcessGone(`process ${pid} exited while it was read`);
  if (textAfterwards !== text) err(`process ${pid} changed its areas while it was read\n`);
  const flags = readFlags(proc, second);
  if (second.frames.length > 1 && second.frames.every((frame) => frame === 0)) {
    throw new PagetwinError("FORMAT", `/proc/${pid}/pagemap: all frames are hidden, expected the right of root`);
  }
  const description = {
    name: `process-${pid}`,
    tool_args: ["-p", String(pid), "-o", "<out>"],
    processes_in_visit_order: [pid],
    pages_changed_between_readings: changed,
  };
  const limit = Number.isFinite(second.limit) ? second.limit : USER_ENTRIES;
  return {
    files: {
      "maps.txt": withoutNames(text),
      "pagemap.json": documentText("pagemap-runs-v1", limit, second.runs),
      "kpageflags.json": documentText("kpageflags-runs-v1", flags.limit, flags.runs),
      "case.json": `${JSON.stringify(description, undefined, 1)}\n`,
    },
    summary: `${areas.length / 2} areas, ${second.frames.length} present pages`,
  };
}

/** A run of words, the value as high and low half: entry start + i holds value + i · step. */
interface WordRun {
  readonly start: number;
  count: number;
  readonly high: number;
  readonly low: number;
  step: number;
}

interface Reading {
  readonly runs: readonly WordRun[];
  readonly limit: number;
  readonly frames: Float64Array;
}

function readWords(proc: ProcFolder, pid: number, areas: Float64Array): Reading {
  const runs: WordRun[] = [];
  const frames: number[] = [];
  const limit = readPagemap(proc, pid, areas, (page, high, low) => {
    appendWord(runs, page, high, low, true);
    if (high >= PRESENT_HIGH) frames.push((high & FRAME_HIGH) * HALF + low);
  });
  return { runs, limit, frames: Float64Array.from(frames) };
}

function readFlags(proc: ProcFolder, reading: Reading): { readonly runs: readonly WordRun[]; readonly limit: number } {
  const runs: WordRun[] = [];
  const limit = readFrameFlags(proc, reading.frames.slice(), (frame, high, low) =>
    appendWord(runs, frame, high, low, false),
  );
  const last = runs.at(-1);
  return { runs, limit: Number.isFinite(limit) ? limit : last === undefined ? 0 : last.start + last.count };
}

/** Adds a word to the last run, if it continues it: the same value again or, with `steps`, the next one. */
function appendWord(runs: WordRun[], place: number, high: number, low: number, steps: boolean): void {
  const last = runs.at(-1);
  if (last !== undefined && place === last.start + last.count && high === last.high) {
    if (last.count === 1 && (low === last.low || (steps && low === last.low + 1))) {
      last.step = low - last.low;
      last.count++;
      return;
    }
    if (last.count > 1 && low === last.low + last.count * last.step) {
      last.count++;
      return;
    }
  }
  runs.push({ start: place, count: 1, high, low, step: 0 });
}

/** Entries in which two readings differ. */
function differences(first: Reading, second: Reading): number {
  const words = new Map<number, string>();
  for (const { place, word } of wordsOf(first)) words.set(place, word);
  let changed = 0;
  for (const { place, word } of wordsOf(second)) {
    if (words.get(place) !== word) changed++;
    words.delete(place);
  }
  return changed + words.size;
}

function* wordsOf(reading: Reading): Generator<{ readonly place: number; readonly word: string }> {
  for (const run of reading.runs) {
    for (let index = 0; index < run.count; index++) {
      yield { place: run.start + index, word: hexadecimal(run.high, run.low + index * run.step) };
    }
  }
}

function hexadecimal(high: number, low: number): string {
  return `0x${high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, "0")}`;
}

function documentText(format: string, limit: number, runs: readonly WordRun[]): string {
  const lines = runs.map((run) => `  [${run.start},${run.count},"${hexadecimal(run.high, run.low)}",${run.step},1]`);
  return `{\n "format": "${format}",\n "limit": ${limit},\n "runs": [\n${lines.join(",\n")}\n ]\n}\n`;
}

/** Names of files say more of a machine than a report needs: they become numbers; names in brackets stay. */
function withoutNames(maps: string): string {
  const numbers = new Map<string, number>();
  return maps.replace(/\/.*$/gm, (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
    return `file:${numbers.get(name)}`;
  });
}
