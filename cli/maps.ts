/**
 * Reads the address-space layout of a process, as Linux writes it to /proc/PID/maps (proc(5)):
 *
 *   55d0c8a00000-55d0c8a25000 r-xp 00000000 08:01 131090    /usr/bin/cat
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { Region } from "../properties/replication/maps-workload.js";
import { PagetwinError } from "../vocabulary/errors.js";
import type { Rights } from "../vocabulary/page-table/access.js";

export interface NamedRegion extends Region {
  /** File, `[heap]` and the like, or empty. */
  readonly name: string;
}

export interface Layout {
  /** Ascending and disjoint. */
  readonly regions: readonly NamedRegion[];
  /** Regions above the user half of four-level paging (such as vsyscall), which are left out. */
  readonly skipped: number;
}

/** A process has 65,530 regions at most unless its administrator has raised that; lines have some hundred bytes. */
const MAPS_BYTES_MAX = 2 ** 26;
const CHUNK_BYTES = 2 ** 16;
/** The first page above the user half: 2^47 bytes. */
const USER_PAGES = 2 ** 35;
/** Hexadecimal digits of an offset in a 4 KiB page. */
const OFFSET_DIGITS = 3;
const LINE =
  /^([0-9a-f]{4,16})-([0-9a-f]{4,16}) ([r-])([w-])([x-])([ps]) [0-9a-f]{1,16} [0-9a-f]+:[0-9a-f]+ [0-9]+(?: +(.*))?$/;

/** @throws PagetwinError `FORMAT` naming file, line and what was expected */
export function readMaps(file: string): Layout {
  return parseMaps(readText(file), file);
}

function readText(file: string): string {
  const expected = "expected a file like /proc/PID/maps";
  let handle: number | undefined;
  let text: string | undefined;
  try {
    handle = openSync(file, "r");
    text = readUpTo(handle, MAPS_BYTES_MAX);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const process = /^\/proc\/(\d+)\/maps$/.exec(file);
    const reason =
      process !== null && (code === "ENOENT" || code === "ESRCH") ? `no process ${process[1]} is running` : code;
    throw new PagetwinError("FORMAT", `${file}: cannot be read (${reason}), ${expected}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  if (text === undefined) throw new PagetwinError("FORMAT", `${file}: more than ${MAPS_BYTES_MAX} bytes, ${expected}`);
  return text;
}

/** The whole file, whose size is not known before (in /proc it is 0); undefined when there is more than `bytesMax`. */
function readUpTo(handle: number, bytesMax: number): string | undefined {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes <= bytesMax; ) {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const count = readSync(handle, chunk);
    if (count === 0) return Buffer.concat(chunks).toString("utf8");
    chunks.push(chunk.subarray(0, count));
    bytes += count;
  }
  return undefined;
}

export function parseMaps(text: string, file: string): Layout {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const all = lines.map((line, at) => regionOf(line, `${file}:${at + 1}`));
  for (const [at, region] of all.entries()) {
    const before = all[at - 1];
    if (before !== undefined && region.page < before.page + before.pages) {
      throw new PagetwinError(
        "FORMAT",
        `${file}:${at + 1}: the region begins before the one above ends, expected ascending regions`,
      );
    }
  }
  const regions = all.filter(({ page, pages }) => page + pages <= USER_PAGES);
  if (regions.length === 0) {
    throw new PagetwinError(
      "FORMAT",
      `${file}: no region, expected at least one (a kernel thread or a process that has ended has none)`,
    );
  }
  return { regions, skipped: all.length - regions.length };
}

function regionOf(line: string, place: string): NamedRegion {
  const found = LINE.exec(line);
  if (found === null) {
    throw new PagetwinError(
      "FORMAT",
      `${place}: "${line.slice(0, 60).replace(/[^ -~]/g, "?")}", expected START-END PERMISSIONS OFFSET DEVICE INODE [NAME]`,
    );
  }
  const [, start = "", end = "", , write, execute, sharing, name = ""] = found;
  const page = pageOf(start, place);
  const pages = pageOf(end, place) - page;
  if (pages < 1) throw new PagetwinError("FORMAT", `${place}: ${start}-${end} is empty, expected START below END`);
  const readable = found[3] === "r";
  return {
    page,
    pages,
    rights: rightsOf(readable, write === "w", execute === "x"),
    sharing: sharing === "s" ? "shared" : "private",
    name,
  };
}

function pageOf(address: string, place: string): number {
  if (!address.endsWith("0".repeat(OFFSET_DIGITS))) {
    throw new PagetwinError("FORMAT", `${place}: address ${address}, expected a multiple of 1000 (hexadecimal)`);
  }
  return Number.parseInt(address.slice(0, -OFFSET_DIGITS), 16);
}

/** x86-64 pages that can be written or executed can be read. */
function rightsOf(read: boolean, write: boolean, execute: boolean): Rights {
  if (write) return execute ? "rwx" : "rw-";
  if (execute) return "r-x";
  return read ? "r--" : "---";
}
