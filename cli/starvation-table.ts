/** What `--fairness` tells: who can starve under weak fairness (P10), and a run that shows it. */
import type { StarvationReport, StarvationRow, ToldLasso } from "../properties/coherency/starvation-report.js";
import type { ScopeResult } from "./report.js";
import { plainTable } from "./text-table.js";

/** The field `starvation` of a result: docs/schemas/check-1.schema.json. */
export type Starvation = Pick<StarvationReport, "rows"> & { readonly lasso: ToldLasso | null };

/** P10 as part of a result. It is violated where a writer that has its stamp can lose for ever to younger ones. */
export function starvationResult({ rows, holds }: StarvationReport): Pick<ScopeResult, "starvation" | "violations"> {
  const lasso = rows.find((row) => row.stamped && row.lasso !== null)?.lasso ?? null;
  const broken = rows.at(-1)!.lasso;
  const steps = broken === null ? 0 : broken.stem.length + broken.cycle.length;
  const violation = { invariant: "P10", name: "stampedWritersWin", steps, finding: null };
  return { starvation: { rows, lasso }, violations: holds ? [] : [violation] };
}

export function starvationTables(results: readonly ScopeResult[]): readonly string[] {
  return results.flatMap(({ scope, starvation }) => (starvation === undefined ? [] : [table(scope, starvation)]));
}

function table(scope: string, { rows }: Starvation): string {
  const cells = rows.map(({ access, stamped, noOlderStamps, victimStates }) => [
    stamped ? `${access}, its stamp drawn` : access,
    noOlderStamps ? "nobody draws an older stamp" : "none",
    victimStates.length === 0 ? "never" : victimStates.join(", "),
  ]);
  const stories = rows.flatMap((row) => (row.lasso === null ? [] : ["", ...told(row, row.lasso)]));
  const isKept = rows.at(-1)!.victimStates.length === 0;
  const verdict = `P10 stampedWritersWin ${isKept ? "holds" : "is violated"}: a writer that has drawn its stamp, nobody draws an older one`;
  const heading = ["pending access", "condition", "can stay for ever in"];
  return [
    `\n${scope}: starvation under weak fairness`,
    plainTable(heading, cells).trimEnd(),
    verdict,
    ...stories,
    "",
  ].join("\n");
}

function told(
  { access, stamped, noOlderStamps }: StarvationRow,
  { victim, stem, cycle }: ToldLasso,
): readonly string[] {
  const waits = stamped ? "has drawn its stamp and loses for ever" : `waits for ever with a ${access}`;
  const condition = noOlderStamps ? ", though nobody draws an older stamp" : "";
  return [
    `a fair run on which kernel ${victim} ${waits}${condition}`,
    "* = an access is pending; behind it the place of its stamp, 1 = the oldest",
    ...stem.map((line, at) => `${String(at + 1).padStart(4)}. ${line}`),
    "      and again and again",
    ...cycle.map((line, at) => `${String(stem.length + at + 1).padStart(4)}. ${line}`),
  ];
}
