/** The table of mutants by mode: which claim breaks first and after how many steps, per kernels, channels and exit. */
import type { CoherencyHunt, ModeResult } from "../properties/coherency/mutant-story.js";
import { wrap } from "./chart.js";
import { plainTable } from "./text-table.js";

interface MutantInModes {
  readonly id: string;
  readonly source?: string;
  readonly modes?: CoherencyHunt["modes"];
}

/** Nothing where no mutant was looked for by mode. */
export function modeTable(
  results: readonly MutantInModes[],
  withoutMutant: readonly { readonly row: string; readonly because: string }[],
): readonly string[] {
  const told = results.flatMap(({ id, source = "", modes }) => (modes === undefined ? [] : [{ id, source, modes }]));
  const [first] = told;
  if (first === undefined) return [];
  const rows = told.map(({ id, source, modes }) => [id, source, ...modes.map(cell)]);
  return [
    "",
    "by mode: kernels, F = fifo, U = unordered channels, a = atomic, d = delayed exit; – = nothing breaks in the whole space, cut = no verdict, a limit came first",
    plainTable(["mutant", "source", ...first.modes.map(heading)], rows).trimEnd(),
    ...(withoutMutant.length === 0 ? [] : ["", "rows without an alternative"]),
    ...withoutMutant.flatMap(({ row, because }) => wrap(`${row}: ${because}`, 100)),
  ];
}

function heading({ kernels, channels, exit }: ModeResult): string {
  return `${kernels} ${channels === "fifo" ? "F" : "U"}${exit === "atomic" ? "a" : "d"}`;
}

function cell({ verdict, claim, steps }: ModeResult): string {
  if (verdict === "killed") return `${claim}:${steps}`;
  return verdict === "harmless" ? "–" : "cut";
}
