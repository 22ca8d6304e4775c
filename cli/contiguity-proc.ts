/**
 * Reading a live process: the raw words of /proc/<pid>/pagemap and /proc/kpageflags, as pairs of 32-bit halves.
 *
 * A page that is not present, swapped out or beyond the end of the address space is simply not reported.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { PagetwinError } from "../vocabulary/errors.js";
import { reasonOf } from "./contiguity-files.js";

const WORD_BYTES = 8;
const CHUNK_WORDS = 65_536;
/** Frames that are not asked for but lie in between are read along, up to so many. */
const GAP_FRAMES = 256;

/** Where the kernel's files are; another folder than /proc in tests. */
export interface ProcFolder {
  readonly root: string;
}

export const PROC: ProcFolder = { root: "/proc" };

/** The process was there and is no longer, or never was. */
export class ProcessGone extends Error {}

/** The process may not be read by this user. */
export class ProcessClosed extends PagetwinError {
  constructor(message: string) {
    super("FORMAT", message);
  }
}

export function mapsTextOfProcess(proc: ProcFolder, pid: number): string {
  const path = join(proc.root, String(pid), "maps");
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw explained(error, path, pid);
  }
}

/** The ids of all processes, in the order of the folder. */
export function processIds(proc: ProcFolder): number[] {
  return readdirSync(proc.root).flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
}

/**
 * Reads the words of pages [first, end) of each area and hands on those that are not 0.
 * @param areas page numbers first, end, first, end, …
 * @returns the first page beyond the end of the file, or infinity if no read came to it
 */
export function readPagemap(
  proc: ProcFolder,
  pid: number,
  areas: Float64Array,
  take: (page: number, high: number, low: number) => void,
): number {
  const path = join(proc.root, String(pid), "pagemap");
  const file = opened(path, pid);
  const buffer = new Uint32Array(2 * CHUNK_WORDS);
  let limit = Number.POSITIVE_INFINITY;
  try {
    for (let area = 0; area < areas.length; area += 2) {
      const end = areas[area + 1]!;
      for (let page = areas[area]!; page < end; page += CHUNK_WORDS) {
        const asked = Math.min(CHUNK_WORDS, end - page);
        const words = readWords(file, buffer, page, asked);
        for (let word = 0; word < words; word++) {
          const low = buffer[2 * word]!;
          const high = buffer[2 * word + 1]!;
          if (low !== 0 || high !== 0) take(page + word, high, low);
        }
        if (words < asked) {
          limit = Math.min(limit, page + words);
          break;
        }
      }
    }
  } catch (error) {
    throw explained(error, path, pid);
  } finally {
    closeSync(file);
  }
  return limit;
}

/**
 * Reads the flags of frames and hands them on in ascending order, each frame once.
 * @param frames may repeat and be in any order; sorted in place
 * @returns how many frames the file has, or infinity if no read came to its end
 */
export function readFrameFlags(
  proc: ProcFolder,
  frames: Float64Array,
  take: (frame: number, high: number, low: number) => void,
): number {
  const path = join(proc.root, "kpageflags");
  const file = opened(path);
  const buffer = new Uint32Array(2 * CHUNK_WORDS);
  frames.sort();
  try {
    for (let at = 0; at < frames.length; ) {
      const first = frames[at]!;
      let last = at;
      while (
        last + 1 < frames.length &&
        frames[last + 1]! - frames[last]! <= GAP_FRAMES &&
        frames[last + 1]! - first < CHUNK_WORDS
      ) {
        last++;
      }
      const asked = frames[last]! - first + 1;
      const words = readWords(file, buffer, first, asked);
      for (let each = at; each <= last; each++) {
        const word = frames[each]! - first;
        if (word < words && (each === at || frames[each] !== frames[each - 1])) {
          take(frames[each]!, buffer[2 * word + 1]!, buffer[2 * word]!);
        }
      }
      if (words < asked) return first + words;
      at = last + 1;
    }
  } catch (error) {
    throw explained(error, path);
  } finally {
    closeSync(file);
  }
  return Number.POSITIVE_INFINITY;
}

export function mayReadFlags(proc: ProcFolder): boolean {
  try {
    closeSync(openSync(join(proc.root, "kpageflags"), "r"));
    return true;
  } catch {
    return false;
  }
}

function opened(path: string, pid?: number): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw explained(error, path, pid);
  }
}

/** @returns how many whole words could be read */
function readWords(file: number, buffer: Uint32Array, first: number, count: number): number {
  let bytes = 0;
  const wanted = count * WORD_BYTES;
  while (bytes < wanted) {
    const read = readSync(file, buffer, bytes, wanted - bytes, BigInt(first) * BigInt(WORD_BYTES) + BigInt(bytes));
    if (read === 0) break;
    bytes += read;
  }
  return Math.floor(bytes / WORD_BYTES);
}

function explained(error: unknown, path: string, pid?: number): Error {
  const reason = reasonOf(error);
  if (pid !== undefined && (reason === "ENOENT" || reason === "ESRCH")) {
    return new ProcessGone(`there is no process ${pid}`);
  }
  const message = `${path}: cannot be read (${reason})`;
  if (reason !== "EACCES" && reason !== "EPERM") return new PagetwinError("FORMAT", message);
  const hinted = `${message}, expected the right of root`;
  return pid === undefined ? new PagetwinError("FORMAT", hinted) : new ProcessClosed(hinted);
}
