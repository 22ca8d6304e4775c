/** Reading the files of a snapshot: every complaint names the file. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { PagetwinError } from "../vocabulary/errors.js";

export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new PagetwinError("FORMAT", `${path}: cannot be read (${reasonOf(error)}), expected a text file`);
  }
}

/** Reads a file, if there is one, and hands its text to `parse`; a complaint of `parse` is told with the file's name. */
export function readParsed<Result>(path: string, parse: (text: string) => Result): Result {
  const text = readText(path);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PagetwinError) throw new PagetwinError(error.code, `${path}: ${error.message}`);
    throw error;
  }
}

export const isThere = existsSync;

/** The system's short word for what went wrong, such as ENOENT. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : (error as Error).message;
}

/** Writes a file under a temporary name and renames it. @throws PagetwinError `FORMAT` naming the file */
export function writeWhole(path: string, text: string): void {
  try {
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw new PagetwinError("FORMAT", `${path}: cannot be written (${reasonOf(error)})`);
  }
}
