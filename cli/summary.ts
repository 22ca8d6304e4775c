/** The tables that `pagetwin check` ends with. */

import type { AnySystem } from "../properties/engine/any-system.js";
import { cellTable } from "./cell-report.js";
import { chart, counted, wrap } from "./chart.js";
import { chartOptions } from "./chart-options.js";
import { colours } from "./colours.js";
import { layoutTables } from "./layout-report.js";
import {
  type CheckReport,
  claimsOfSchedules,
  claimsOfSteps,
  claimsOfStress,
  executionsText,
  type JudgedClaim,
  type ScopeResult,
  type Verdict,
} from "./report.js";
import type { Findings } from "./run-scopes.js";
import { starvationTables } from "./starvation-table.js";
import type { Terminal } from "./terminal.js";
import { plainTable } from "./text-table.js";

const PAINT: { readonly [verdict in Verdict]: (text: string) => string } = {
  held: colours.green,
  violated: colours.red,
  unfinished: colours.yellow,
};

export function summary(
  report: CheckReport,
  systems: readonly AnySystem[],
  findings: Findings,
  terminal: Terminal,
): string {
  const stories = findings.found.map(({ document }) => {
    const system = systems.find(({ name }) => name === document.system)!;
    return `\n${chart(document, chartOptions(system, document, terminal))}`;
  });
  const properties = systems.map((system) => {
    const results = report.results.filter((result) => result.system === system.name);
    return `\n${colours.bold(`${system.name}: properties`)}\n${propertyTable(system, results)}`;
  });
  return [
    colours.bold("scopes"),
    "\n",
    scopeTable(report.results),
    ...notes(report.results),
    ...cellTable(report.results),
    ...starvationTables(report.results),
    ...report.results.flatMap(({ scope, layout }) => (layout === undefined ? [] : [layoutTables(scope, layout)])),
    ...properties,
    ...stories,
    "\n",
    closing(report, findings),
  ].join("");
}

function scopeTable(results: readonly ScopeResult[]): string {
  return plainTable(
    ["system", "scope", "engine", "verdict", "looked at"],
    results.map((result) => [
      result.system,
      result.scope,
      result.engine,
      PAINT[result.verdict](result.verdict),
      extent(result),
    ]),
  );
}

/** How much was looked at; a search that was cut short says so. */
function extent(result: ScopeResult): string {
  if (result.engine === "stress") return `${counted(result.commands ?? 0, "operation")} of real threads`;
  if (result.engine === "interleave" && result.runs !== undefined) return executionExtent(result, result.runs);
  if (result.runs !== undefined) {
    const drawn = `${counted(result.commands ?? 0, "command")} in ${counted(result.runs, "run")}`;
    return result.limit === undefined ? drawn : `${drawn}, ${cutBy(result)}`;
  }
  const executions = result.executions === undefined ? "" : `, for ${executionsText(result.executions)}`;
  const { states = 0, transitions = 0, depth = 0, exhausted, missProbability = 0, verdict } = result;
  const end = exhausted ? "exhausted" : verdict === "violated" ? "stopped at the violation" : cutBy(result);
  const risk = missProbability > 0 ? `, one missed with probability ${missProbability.toExponential(1)}` : "";
  return `${counted(states, "state")}, ${counted(transitions, "transition")}, depth ${depth}, ${end}${executions}${risk}`;
}

function cutBy({ limit = "states" }: ScopeResult): string {
  return limit === "states" ? "cut by the limit" : `out of ${limit}`;
}

/** Of a program whose executions were taken one after the other. */
function executionExtent(
  { transitions = 0, depth = 0, executions, exhausted, verdict }: ScopeResult,
  runs: number,
): string {
  const end = exhausted ? "all of them" : verdict === "violated" ? "stopped at the violation" : "cut by the limit";
  const all = executions === undefined ? "" : `, of ${executionsText(executions)} without sleep sets`;
  return `${counted(transitions, "turn")} in ${counted(runs, "execution")}, depth ${depth}, ${end}${all}`;
}

/** One line a property: where it was judged, and with what result. Workloads do not judge claims about single steps. */
function propertyTable(system: AnySystem, results: readonly ScopeResult[]): string {
  const ofSteps = new Set(system.stepInvariants.map(({ name }) => name));
  const rowOf = ({ id, name }: JudgedClaim, among: readonly ScopeResult[]): string[][] => {
    const judged = among.filter(
      ({ invariants, layout }) => invariants.includes(id) && !(layout !== undefined && ofSteps.has(name)),
    );
    if (judged.length === 0) return [];
    const broken = judged.filter(
      ({ violations }) => violations.some((one) => one.name === name), // its id may be that of one rule of several
    );
    const exhausted = judged.filter((result) => result.exhausted && !broken.includes(result)).length;
    const drawn = judged.filter((result) => result.runs !== undefined && !broken.includes(result));
    const commands = drawn.reduce((sum, result) => sum + (result.commands ?? 0), 0);
    const where = [
      ...broken.map(({ scope }) => `broken in ${scope}`),
      ...(exhausted > 0 ? [`all states of ${counted(exhausted, "scope")}`] : []),
      ...(commands > 0 ? [counted(commands, drawn[0]!.engine === "stress" ? "operation" : "drawn command")] : []),
    ];
    const verdict = propertyVerdict(broken.length > 0, exhausted, judged);
    return [[id, name, PAINT[verdict](verdict), where.join(", ") || "not judged to the end"]];
  };
  const steps = results.filter(({ engine }) => engine === "explore" || engine === "sample");
  const schedules = results.filter(({ engine }) => engine === "interleave");
  const threads = results.filter(({ engine }) => engine === "stress");
  const rows = [
    ...claimsOfSteps(system).flatMap((claim) => rowOf(claim, steps)),
    ...claimsOfSchedules(system).flatMap((claim) => rowOf(claim, schedules)),
    ...claimsOfStress(system).flatMap((claim) => rowOf(claim, threads)),
  ];
  return plainTable(["id", "property", "verdict", "looked at"], rows);
}

function propertyVerdict(isBroken: boolean, exhausted: number, judged: readonly ScopeResult[]): Verdict {
  if (isBroken) return "violated";
  return judged.some(({ verdict }) => verdict === "held") || exhausted > 0 ? "held" : "unfinished";
}

function notes(results: readonly ScopeResult[]): string[] {
  const lines = results.flatMap((result) => [
    ...result.violations
      .filter(({ finding }) => finding === null)
      .map(({ name }) => `${result.scope}: no state was reached in which ${name}`),
    ...(result.notes ?? []).map((note) => `${result.scope}: ${note}`),
  ]);
  const grounded = results.filter(({ grounds }) => grounds !== undefined).length;
  const grounds =
    grounded === 0
      ? []
      : [
          `interleave: all schedules of ${counted(grounded, "program")}. Complete because every shared access went ` +
            "through the port, which was checked in each",
        ];
  return [...grounds, ...lines].flatMap((line) => wrap(line, 100).map((part) => `${part}\n`));
}

function closing({ verdict, seed }: CheckReport, { found }: Findings): string {
  const says = {
    held: "everything held that was looked at",
    violated: "a property is violated",
    unfinished: "a limit was reached before a verdict",
  }[verdict];
  const replays = found.map(({ file }) => `npx pagetwin replay ${file}\n`);
  return `${PAINT[verdict](says)}\nseed ${seed}\n${replays.join("")}`;
}
