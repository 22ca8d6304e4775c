/** `pagetwin check`: both twins of the systems through their scopes. */
import { dirname } from "node:path";
import type { AnySystem } from "../properties/engine/any-system.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { runOnThreads } from "./check-pool.js";
import type { CheckFlags } from "./check-systems.js";
import { type Explorers, type TaskOptions, tasksOf } from "./check-tasks.js";
import { requireWritableFolder, writeWhole } from "./files.js";
import { junit } from "./junit.js";
import type { LayoutRun } from "./maps-run.js";
import { type CheckReport, EXIT, type ScopeResult, verdictOf } from "./report.js";
import { type Findings, stressScope } from "./run-scopes.js";
import { sarif } from "./sarif.js";
import { summary } from "./summary.js";
import type { Terminal } from "./terminal.js";

/** Pages of a process that are touched at most, unless the caller says otherwise. */
const PAGES = 4096;

export interface CheckOptions extends TaskOptions {
  /** Real threads as well, where a system has any. */
  readonly stress?: boolean;
  /** By system: how its small scopes are searched, where that is not the common way. */
  readonly explorers?: Explorers;
  /** How many searches go on at a time, where the systems are those that flags name; one after the other unless given. */
  readonly jobs?: { readonly threads: number; readonly system: string | undefined; readonly flags: CheckFlags };
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
  const searches = options.mapsOnly ? [] : search(systems, options, findings, terminal);
  // While other threads are at work, if there are any: what is found here is told of behind what they find.
  const found: Findings = { folder: options.findings, found: [] };
  const laidOut = layouts.flatMap((run) => systems.flatMap((system) => run(system, found, terminal, options)));
  const results = [...(await searches)];
  if (!options.mapsOnly) results.push(...(await runThreads(systems, options, findings, terminal)));
  results.push(...laidOut);
  findings.found.push(...found.found);
  terminal.settle();
  const report: CheckReport = { version: 1, seed: options.seed, verdict: verdictOf(results), results };
  if (options.junit !== undefined) writeWhole(options.junit, junit(report, findings));
  if (options.sarif !== undefined) writeWhole(options.sarif, sarif(report, systems, findings));
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report, systems, findings, terminal));
  return EXIT[report.verdict];
}

/** The searches, in the order of the systems; on several threads if that is asked for and there are several. */
async function search(
  systems: readonly AnySystem[],
  options: CheckOptions,
  findings: Findings,
  terminal: Terminal,
): Promise<readonly ScopeResult[]> {
  const tasks = tasksOf(systems, options, options.explorers);
  const threads = Math.min(options.jobs?.threads ?? 1, tasks.length);
  if (options.jobs === undefined || threads < 2) return tasks.map((task) => task.run(findings, terminal));
  const { system, flags } = options.jobs;
  const { results, found } = await runOnThreads(
    { system, flags, options: taskOptions(options) },
    tasks,
    threads,
    terminal,
  );
  findings.found.push(...found);
  return results;
}

/** What a thread can be sent. */
function taskOptions({ explorers: _explorers, jobs: _jobs, ...options }: CheckOptions): TaskOptions {
  return options;
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
