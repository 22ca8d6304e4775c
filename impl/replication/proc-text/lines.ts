/** Columns and rules as the files in /proc/mitosis print them. */

/** Cells in their columns, joined by one blank, without trailing blanks. Width below 0 = padded on the right. */
export function columns(cells: readonly (string | number)[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => padded(String(cell), widths[i]!))
    .join(" ")
    .trimEnd();
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
