/** Lines and columns of the texts in /proc/mitosis. */

/** A head and its width; negative = padded on the right, as in printf. */
export type Column = readonly [head: string, width: number];

/** Each line ended, none with blanks at its end. */
export function text(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/ +$/, "")}\n`).join("");
}

/** A name as it is shown: control characters would break the lines of the file. */
export function shownName(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}

export function rule(length: number): string {
  return "=".repeat(length);
}

export function dashes(length: number): string {
  return "-".repeat(length);
}

/** A title, its rule, and the blank line after them. */
export function heading(title: string): readonly string[] {
  return [title, rule(title.length), ""];
}

/** A cell longer than its width is not cut. */
export function cell(value: string | number, width: number): string {
  return width < 0 ? String(value).padEnd(-width) : String(value).padStart(width);
}

export function heads(columns: readonly Column[]): string {
  return columns.map(([head, width]) => cell(head, width)).join(" ");
}

export function row(columns: readonly Column[], values: readonly (string | number)[]): string {
  return columns.map(([, width], i) => cell(values[i] ?? "", width)).join(" ");
}

/** Whole percent, rounded down; exact for all counts (W12). */
export function percent(part: number, whole: number): string {
  return `${(BigInt(part) * 100n) / BigInt(whole)}%`;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
