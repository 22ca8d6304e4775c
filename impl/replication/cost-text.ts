/**
 * The text formats' common ground: lines of fields between white space, `#` begins a comment, empty lines are skipped.
 */
import { PagetwinError } from "../../vocabulary/errors.js";

const QUOTED_MAX = 60;

export interface TextLine {
  /** `FILE:LINE`, line counted from 1. */
  readonly place: string;
  readonly fields: readonly string[];
}

/** The lines of a text that say something. `file` is the name by which errors call it. */
export function* textLines(text: string, file: string): IterableIterator<TextLine> {
  let line = 0;
  for (const raw of text.split("\n")) {
    line++;
    const said = raw.split("#", 1)[0]!.trim();
    if (said !== "") yield { place: `${file}:${line}`, fields: said.split(/\s+/) };
  }
}

/**
 * A non-negative integer, decimal or hexadecimal after 0x.
 * @throws PagetwinError `FORMAT` naming the place unless it is one from `low` to `high`
 */
export function integerField(line: TextLine, field: number, name: string, low: number, high: number): number {
  const said = line.fields[field];
  const value = said !== undefined && /^(0x[0-9a-f]+|[0-9]+)$/i.test(said) ? Number(said) : Number.NaN;
  if (!(value >= low && value <= high)) {
    const found = said === undefined ? "missing" : quoted(said);
    throw new PagetwinError("FORMAT", `${line.place}: ${name} is ${found}, expected an integer from ${low} to ${high}`);
  }
  return value;
}

/** @throws PagetwinError `FORMAT` unless the line has exactly `count` fields, which `form` spells out */
export function fieldCount(line: TextLine, count: number, form: string): void {
  if (line.fields.length !== count) {
    throw new PagetwinError(
      "FORMAT",
      `${line.place}: ${line.fields.length} ${line.fields.length === 1 ? "field" : "fields"}, expected ${form}`,
    );
  }
}

/** The beginning of what a file says, fit for one line of a terminal. */
export function quoted(said: string): string {
  return `"${said.slice(0, QUOTED_MAX).replace(/[^ -~]/g, "?")}"`;
}
