/**
 * What `pagetwin cost` and `pagetwin policy` are given: files, and flags whose values are still text.
 */
import { readFile } from "node:fs/promises";
import { PagetwinError } from "../vocabulary/errors.js";

/** Where results go; a process's stdout is one. */
export interface Output {
  write(text: string): unknown;
}

/** @throws PagetwinError `FORMAT` naming the file when it cannot be read */
export async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new PagetwinError("FORMAT", `${file}: cannot be read (${code}), expected a text file`);
  }
}

/**
 * A flag's integer, or `fallback` when the flag is not given.
 * @throws PagetwinError `ARGUMENT` naming the flag unless it is a decimal integer from `low` to `high`
 */
export function integerFlag(
  flag: string,
  said: string | undefined,
  fallback: number,
  low: number,
  high: number,
): number {
  if (said === undefined) return fallback;
  const value = /^[0-9]+$/.test(said) ? Number(said) : Number.NaN;
  if (!(value >= low && value <= high)) {
    throw new PagetwinError("ARGUMENT", `${flag} is "${said}": expected an integer from ${low} to ${high}`);
  }
  return value;
}

/**
 * Nodes as `all`, a list `0,1` or a mask `0x3`, ascending.
 * @throws PagetwinError `ARGUMENT` naming the flag for anything else, or a node outside the machine
 */
export function nodesFlag(flag: string, said: string, nodes: number): readonly number[] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  if (said === "all") return all;
  const isMask = /^0x[0-9a-f]{1,4}$/i.test(said);
  const named = /^[0-9](,[0-9])*$/.test(said) ? said.split(",").map(Number) : [];
  const chosen = isMask
    ? all.filter((node) => ((Number(said) >>> node) & 1) === 1)
    : all.filter((node) => named.includes(node));
  const outside = isMask ? Number(said) >= 2 ** nodes : new Set(named).size !== chosen.length;
  if (outside || chosen.length === 0) {
    throw new PagetwinError(
      "ARGUMENT",
      `${flag} is "${said}": expected all, a list such as 0,1 or a mask such as 0x3 of nodes 0 to ${nodes - 1}`,
    );
  }
  return chosen;
}

/**
 * A steering vector as a list such as `1,-1,0`; entries that are left out are automatic.
 * @throws PagetwinError `ARGUMENT` naming the flag for anything that is not one to `slots` integers
 */
export function vectorFlag(flag: string, said: string, slots: number, automatic: number): readonly number[] {
  const entries = /^-?[0-9](,-?[0-9])*$/.test(said) ? said.split(",").map(Number) : [];
  if (entries.length === 0 || entries.length > slots) {
    throw new PagetwinError("ARGUMENT", `${flag} is "${said}": expected 1 to ${slots} nodes such as 1,${automatic},0`);
  }
  return [...entries, ...Array.from({ length: slots - entries.length }, () => automatic)];
}

/** A text table without the white space that pads its last column. */
export function trimmed(lines: string): string {
  return lines.replace(/ +$/gm, "");
}
