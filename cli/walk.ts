/** `pagetwin walk`: the leaves of a dumped page table, in the format of QEMU's `info tlb`. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { dumpedLeaves, parseCr3, parseDump } from "../impl/page-table/dump.js";
import { PagetwinError } from "../vocabulary/errors.js";

export interface WalkOptions {
  /** A dump, as it is or compressed with gzip. */
  readonly tables: string;
  readonly cr3: string;
  /** "4" or "5". */
  readonly levels: string;
}

const LINES_PER_WRITE = 1024;
/** Of a dump when it is unpacked: 2 GiB, as much as a file that is not packed may have. */
const BYTES_MAX = 2 ** 31 - 1;

/**
 * Writes one line per leaf. Nothing is written unless the whole walk is possible.
 * @returns the exit code 0
 * @throws PagetwinError `ARGUMENT` or `FORMAT`, its message one line for a person: exit code 2
 */
export async function walk(options: WalkOptions, out: (text: string) => void): Promise<number> {
  const { tables, cr3, levels } = options;
  if (levels !== "4" && levels !== "5") {
    throw new PagetwinError("ARGUMENT", `--levels is "${levels}": expected 4 or 5`);
  }
  const root = rootOf(cr3);
  const bytes = await contentOf(tables);
  let pending: string[] = [];
  for (const line of named(tables, () => dumpedLeaves(parseDump(bytes), root, levels === "4" ? 4 : 5))) {
    pending.push(line);
    if (pending.length < LINES_PER_WRITE) continue;
    out(`${pending.join("\n")}\n`);
    pending = [];
  }
  if (pending.length > 0) out(`${pending.join("\n")}\n`);
  return 0;
}

async function contentOf(file: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new PagetwinError("FORMAT", `${file}: cannot be read (${reasonOf(error)}): expected a dump of table pages`);
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: BYTES_MAX });
  } catch (error) {
    if (reasonOf(error) === "ERR_BUFFER_TOO_LARGE") {
      throw new PagetwinError("FORMAT", `${file}: more than ${BYTES_MAX} bytes when unpacked`);
    }
    throw new PagetwinError("FORMAT", `${file}: damaged or truncated gzip (${reasonOf(error)})`);
  }
}

/** Puts the file's name before what is said of its content. */
function named<Value>(file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof PagetwinError) throw new PagetwinError(error.code, `${file}: ${error.message}`);
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function rootOf(cr3: string): ReturnType<typeof parseCr3> {
  try {
    return parseCr3(cr3);
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    throw new PagetwinError(error.code, error.message.replace(/^CR3/, "--cr3"));
  }
}
