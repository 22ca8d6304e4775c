/**
 * A snapshot folder: `maps.txt` and `pagemap.json`, or one pair per process (`maps.<pid>.txt`, `pagemap.<pid>.json`),
 * `kpageflags.json`, and `case.json` with the pid that is asked for and the order of the processes; or a guest:
 * `maps.txt`, `guest.json`, `host.json`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PagetwinError } from "../vocabulary/errors.js";
import { isThere, readParsed, readText, reasonOf } from "./contiguity-files.js";

export interface NativeSnapshot {
  readonly kind: "native";
  /** The processes that are asked for, in the order of the visit. */
  readonly processes: readonly SnapshotProcess[];
  /** kpageflags.json, if there is one. */
  readonly flagsPath: string | undefined;
  /** What was asked for, for a message. */
  readonly asked: string;
}

export interface SnapshotProcess {
  /** 0 where the snapshot does not say. */
  readonly pid: number;
  readonly mapsPath: string;
  /** Where the page runs are, or would be. */
  readonly pagesPath: string;
}

export interface GuestSnapshot {
  readonly kind: "guest";
  readonly mapsPath: string;
  readonly guestPath: string;
  readonly hostPath: string;
}

/**
 * Finds out what a folder holds; reads no run lists yet.
 * @param pid the process asked for, 0 for all of them; undefined: as `case.json` says
 * @throws PagetwinError `FORMAT` naming the file
 */
export function openSnapshot(folder: string, pid?: number): NativeSnapshot | GuestSnapshot {
  const names = namesIn(folder);
  if (names.includes("guest.json") && names.includes("host.json")) {
    const [mapsPath, guestPath, hostPath] = ["maps.txt", "guest.json", "host.json"].map((name) => join(folder, name));
    return { kind: "guest", mapsPath: mapsPath!, guestPath: guestPath!, hostPath: hostPath! };
  }
  const description = descriptionIn(folder);
  const all = processesIn(folder, names, description.order);
  if (all.length === 0 && description.order === undefined) {
    throw new PagetwinError("FORMAT", `${folder}: expected maps.txt or maps.<pid>.txt`);
  }
  const asked = pid ?? description.pid;
  const flagsPath = join(folder, "kpageflags.json");
  return {
    kind: "native",
    processes: all.filter((process) => asked === 0 || process.pid === asked || process.pid === 0),
    flagsPath: isThere(flagsPath) ? flagsPath : undefined,
    asked: `process ${asked} in ${folder}`,
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new PagetwinError(
      "FORMAT",
      `${folder}: cannot be read (${reasonOf(error)}), expected a folder with maps.txt or maps.<pid>.txt`,
    );
  }
}

interface Description {
  readonly pid: number;
  readonly order: readonly number[] | undefined;
}

/** Without a `case.json`: all processes that there are. */
function descriptionIn(folder: string): Description {
  const path = join(folder, "case.json");
  if (!isThere(path)) return { pid: 0, order: undefined };
  return readParsed(path, (text) => {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      throw new PagetwinError("FORMAT", `expected JSON: ${(error as Error).message}`);
    }
    if (typeof document !== "object" || document === null) throw new PagetwinError("FORMAT", "expected an object");
    const { tool_args: args = [], processes_in_visit_order: order } = document as Record<string, unknown>;
    if (!Array.isArray(args) || !args.every((each) => typeof each === "string")) {
      throw new PagetwinError("FORMAT", "tool_args: expected a list of strings");
    }
    if (order !== undefined && !(Array.isArray(order) && order.every(Number.isSafeInteger))) {
      throw new PagetwinError("FORMAT", "processes_in_visit_order: expected a list of process ids");
    }
    return { pid: pidOf(args), order: order as readonly number[] | undefined };
  });
}

/** The argument of the last -p; 0 without one. */
function pidOf(args: readonly string[]): number {
  let pid = 0;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "-o") index++;
    else if (arg === "-p") pid = numberByPrefix(args[++index] ?? "");
    else if (arg.startsWith("-p")) pid = numberByPrefix(arg.slice(2));
  }
  return pid;
}

/** As the C library reads a number of base 0: 0x is hexadecimal, a leading 0 octal; what follows is passed over (4.1). */
function numberByPrefix(text: string): number {
  const found = /^\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))/.exec(text);
  if (found === null) return 0;
  const [, sign, hexadecimal, octal, decimal] = found;
  const value =
    hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number.parseInt(decimal!, 10);
  return (sign === "-" ? -value : value) | 0;
}

function processesIn(
  folder: string,
  names: readonly string[],
  order: readonly number[] | undefined,
): SnapshotProcess[] {
  const numbered = names.flatMap((name) => {
    const found = /^maps\.([0-9]+)\.txt$/.exec(name);
    return found === null ? [] : [Number(found[1])];
  });
  numbered.sort((a, b) => a - b);
  const single = names.includes("maps.txt");
  const pids = order ?? (numbered.length > 0 ? numbered : single ? [0] : []);
  return pids.flatMap((pid) => {
    if (numbered.includes(pid)) {
      return [{ pid, mapsPath: join(folder, `maps.${pid}.txt`), pagesPath: join(folder, `pagemap.${pid}.json`) }];
    }
    return single ? [{ pid, mapsPath: join(folder, "maps.txt"), pagesPath: join(folder, "pagemap.json") }] : [];
  });
}

/** The maps text of a process. */
export function mapsTextOf(process: { readonly mapsPath: string }): string {
  return readText(process.mapsPath);
}
