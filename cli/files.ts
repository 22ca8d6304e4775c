/** Files that the command writes and reads, whole or not at all. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PagetwinError } from "../vocabulary/errors.js";

/** The layout of the process that reads it. */
export const OWN_MAPS = "/proc/self/maps";

/**
 * Writes under a temporary name and renames, so that nobody ever sees half of it.
 * @throws PagetwinError `ARGUMENT` naming the file
 */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(resolve(file)));
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new PagetwinError("ARGUMENT", `${file}: cannot be written (${codeOf(error)}), expected a place to write to`);
  }
}

/** One folder after the other: Node's own `recursive` never comes back from places such as /proc, where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * Refuses a place that cannot be written to before any work is done for it. Leaves nothing behind.
 * @throws PagetwinError `ARGUMENT` naming flag and folder
 */
export function requireWritableFolder(flag: string, folder: string): void {
  let nearest = resolve(folder);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  const refuse = (why: string) =>
    new PagetwinError("ARGUMENT", `${flag} ${folder}: ${nearest} ${why}, expected a folder that can be written to`);
  if (!statSync(nearest).isDirectory()) throw refuse("is not a folder");
  try {
    // Permissions alone do not tell: nothing can be made in /proc, whoever asks.
    rmdirSync(mkdtempSync(join(nearest, ".pagetwin-")));
  } catch {
    throw refuse("cannot be written to");
  }
}

/** @throws PagetwinError `FORMAT` naming the file and the reason */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new PagetwinError("FORMAT", `${file}: cannot be read (${codeOf(error)}), expected a JSON document`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PagetwinError("FORMAT", `${file}: ${(error as Error).message.split("\n")[0]}, expected a JSON document`);
  }
}

/** A file of the package itself, whether it runs from source or from dist/. */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, path);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
