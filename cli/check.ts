/** `pagetwin check`: both twins of the systems through their scopes. */
import { dirname } from "node:path";
import type { AnySystem } from "../properties/engine/any-system.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { requireWritableFolder, writeWhole } from "./files.js";
import { junit } from "./junit.js";
import type { LayoutRun } from "./maps-run.js";
import { type CheckReport, EXIT, type ScopeResult, verdictOf } from "./report.js";
import { type Explorer, exploreScope, type Findings, sampleScope, scheduleScope, stressScope } from "./run-scopes.js";
import { sarif } from "./sarif.js";
import { summary } from "./summary.js";
import type { Terminal } from "./terminal.js";

/** Pages of a process that are touched at most, unless the caller says otherwise. */
const PAGES = 4096;

export interface CheckOptions {
  readonly seed: number;
  /** Command sequences for each large scope. */
  readonly runs: number;
  /** Folder for counterexamples. */
  readonly findings: string;
  /** The long scopes as well. */
  readonly exhaustive?: boolean;
  /** Real threads as well, where a system has any. */
  readonly stress?: boolean;
  /** Only the scope of this name. */
  readonly scope?: string;
  /** Most states of each small scope. */
  readonly states?: number;
  /** Most context switches of each schedule of a program of threads. */
  readonly switches?: number;
  /** Programs of threads execution by execution, so many at most. */
  readonly executions?: number;
  /** By system: how its small scopes are searched, where that is not the common way. */
  readonly explorers?: Readonly<Record<string, Explorer>>;
  /** Address-space layouts to run as workloads. */
  readonly maps?: readonly string[];
  /** Nothing but these layouts. */
  readonly mapsOnly?: boolean;
  /** Most pages of each layout that are touched; {@link PAGES} unless given. */
  readonly pages?: number;
  /** File of the latencies by which the cost of a layout's walks is predicted. */
  readonly latency?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
}

/** @returns the exit code */
export async function check(systems: readonly AnySystem[], options: CheckOptions, terminal: Terminal): Promise<number> {
  requireWritableFolder("--findings", options.findings);
  for (const flag of ["junit", "sarif"] as const) {
    if (options[flag] !== undefined) requireWritableFolder(`--${flag}`, dirname(options[flag]));
  }
  const findings: Findings = { folder: options.findings, found: [] };
  const layouts = await loadLayouts(options);
  if (options.scope !== undefined) requireScope(systems, options.scope);
  requirePrograms(systems, options);
  const results = options.mapsOnly ? [] : systems.flatMap((system) => runSystem(system, options, findings, terminal));
  if (!options.mapsOnly) results.push(...(await runThreads(systems, options, findings, terminal)));
  for (const run of layouts) results.push(...systems.flatMap((system) => run(system, findings, terminal, options)));
  terminal.settle();
  const report: CheckReport = { version: 1, seed: options.seed, verdict: verdictOf(results), results };
  if (options.junit !== undefined) writeWhole(options.junit, junit(report, findings));
  if (options.sarif !== undefined) writeWhole(options.sarif, sarif(report, systems, findings));
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report, systems, findings));
  return EXIT[report.verdict];
}

function runSystem(system: AnySystem, options: CheckOptions, findings: Findings, terminal: Terminal): ScopeResult[] {
  const { exhaustive, scope, states, switches, executions, seed, runs } = options;
  const efforts = exhaustive ? ["quick", "long"] : ["quick"];
  const explored = system.scopes.filter(({ name, effort }) =>
    scope === undefined ? efforts.includes(effort) : name === scope,
  );
  const explorer = options.explorers?.[system.name] ?? exploreScope;
  const bounds = {
    ...(states === undefined ? {} : { states }),
    ...(switches === undefined ? {} : { switches }),
    ...(executions === undefined ? {} : { executions }),
  };
  const sampled = system.sampleScopes.filter(({ name }) => scope === undefined || name === scope);
  const programs = (system.interleaved ?? []).filter(({ name, effort }) =>
    scope === undefined ? efforts.includes(effort) : name === scope,
  );
  return [
    ...explored.map((one) => explorer(system, one, findings, terminal, states)),
    ...programs.map((one) => scheduleScope(system, one, findings, terminal, bounds)),
    ...sampled.map((one) => sampleScope(system, one, findings, terminal, { seed, runs })),
  ];
}

/** The runs of real threads, one after another: two at a time would only disturb each other. */
async function runThreads(
  systems: readonly AnySystem[],
  { stress, scope }: CheckOptions,
  findings: Findings,
  terminal: Terminal,
): Promise<ScopeResult[]> {
  const results: ScopeResult[] = [];
  for (const system of systems) {
    for (const one of system.stressed ?? []) {
      if (scope === undefined ? !stress : one.name !== scope) continue;
      results.push(await stressScope(system, one, findings, terminal));
    }
  }
  return results;
}

function requireScope(systems: readonly AnySystem[], name: string): void {
  const names = systems.flatMap(({ scopes, interleaved = [], sampleScopes, stressed = [] }) =>
    [...scopes, ...interleaved, ...sampleScopes, ...stressed].map((scope) => scope.name),
  );
  if (!names.includes(name))
    throw new PagetwinError("ARGUMENT", `--scope ${name}: expected one of ${names.join(", ")}`);
}

/** Bounds of schedules are for programs of threads: where there are none they would go by unnoticed. */
function requirePrograms(systems: readonly AnySystem[], { scope, switches, executions }: CheckOptions): void {
  const flag = switches === undefined ? (executions === undefined ? undefined : "--executions") : "--switches";
  if (flag === undefined) return;
  if (switches !== undefined && executions !== undefined)
    throw new PagetwinError("ARGUMENT", "--switches and --executions exclude each other: expected one of them");
  const programs = systems.flatMap(({ interleaved = [] }) => interleaved);
  if (programs.some(({ name }) => scope === undefined || name === scope)) return;
  const place = scope ?? systems.map(({ name }) => name).join(", ");
  throw new PagetwinError(
    "ARGUMENT",
    `${flag}: ${place} has no program of threads, expected a system or scope that has`,
  );
}

/** Reads all files before anything runs, so that a bad one is told at once. */
async function loadLayouts({ maps = [], pages = PAGES, latency }: CheckOptions): Promise<readonly LayoutRun[]> {
  if (maps.length === 0) return [];
  const { layoutRun } = await import("./maps-run.js");
  const options = { pagesMax: pages, ...(latency === undefined ? {} : { latency }) };
  return Promise.all(maps.map((file) => layoutRun(file, options)));
}
