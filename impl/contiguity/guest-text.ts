/**
 * The pagemap of a guest process as introspection prints it (6), recorded: one line for each page of the areas, in their
 * order.
 *
 *   GFN:0x…   GFLAGS:0x…   GLEVEL:0x…   PFN:0x…   HFLAGS:0x…   HLEVEL:0x…
 *
 * A guest or host frame of 0xFFFFFFFF says that there is no entry; what follows it has no meaning.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import { ComposedRuns } from "./composed-runs.js";

const LINE =
  /^GFN:(?:0x)?([0-9a-f]+)\s+GFLAGS:(?:0x)?([0-9a-f]+)\s+GLEVEL:(?:0x)?([0-9a-f]+)\s+PFN:(?:0x)?([0-9a-f]+)\s+HFLAGS:(?:0x)?([0-9a-f]+)\s+HLEVEL:(?:0x)?([0-9a-f]+)\s*$/i;
const NO_FRAME = 0xffffffff;

/**
 * @param areas page numbers first, end, … ascending
 * @throws PagetwinError `FORMAT` naming the line and what was expected
 */
export function composedRunsOf(text: string, areas: Float64Array): ComposedRuns {
  const runs = new ComposedRuns();
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let line = 0;
  for (let area = 0; area < areas.length; area += 2) {
    for (let page = areas[area]!; page < areas[area + 1]!; page++) appendLine(runs, page, lines[line], line++);
  }
  if (line < lines.length)
    throw new PagetwinError("FORMAT", `line ${line + 1}: expected no more than the pages of maps`);
  return runs;
}

function appendLine(runs: ComposedRuns, page: number, line: string | undefined, index: number): void {
  const found = LINE.exec(line ?? "");
  if (found === null) {
    throw new PagetwinError(
      "FORMAT",
      `line ${index + 1}: expected GFN, GFLAGS, GLEVEL, PFN, HFLAGS and HLEVEL of a page`,
    );
  }
  const [guestFrame, guestFlags, guestLevel, hostFrame, hostFlags, hostLevel] = found
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16)) as [number, number, number, number, number, number];
  if (guestFrame === NO_FRAME || hostFrame === NO_FRAME) return;
  runs.append(
    page,
    1,
    { frame: guestFrame, flags: guestFlags, level: guestLevel },
    { frame: hostFrame, flags: hostFlags, level: hostLevel },
  );
}
