/** Columns and rules as the files in /proc/mitosis print them. */

/** Cells in their columns, joined by one blank. Width below 0 = padded on the right. */
export function columns(cells: readonly (string | number)[], widths: readonly number[]): string {
  return cells.map((cell, i) => padded(String(cell), widths[i]!)).join(" ");
}

/** A line as it stands in the file: without the blanks at its end, and ended. */
export function ended(line: string): string {
  let length = line.length;
  while (length > 0 && line[length - 1] === " ") length--;
  return `${line.slice(0, length)}\n`;
}

const LAST_CONTROL = 0x1f;
const DELETE = 0x7f;
const LAST_HIGH_CONTROL = 0x9f;

/** A name with a question mark for every control character, which could end a line of the file or begin one. */
export function printable(name: string): string {
  let shown = "";
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    shown += code <= LAST_CONTROL || (code >= DELETE && code <= LAST_HIGH_CONTROL) ? "?" : name[i];
  }
  return shown;
}

/** A cell in a column; one that is wider than the column is not cut. */
export function padded(cell: string, width: number): string {
  return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
}

export function rule(length: number): string {
  return "=".repeat(length);
}

export function dashes(length: number): string {
  return "-".repeat(length);
}

/** Whole percent of a part, rounded down; exact for counts up to 2^53, where a hundredfold is no safe integer (W12). */
export function percent(part: number, whole: number): number {
  return Number((BigInt(part) * 100n) / BigInt(whole));
}
