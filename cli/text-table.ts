/** A table without lines, for a terminal. */
import { getBorderCharacters, table } from "table";

export function plainTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const text = table([heading.map((cell) => cell), ...rows.map((row) => [...row])], {
    border: getBorderCharacters("void"),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    drawHorizontalLine: () => false,
  });
  return text.replace(/[ ]+$/gm, "");
}
