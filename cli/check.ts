/** `pagetwin check`: both twins of the systems through their scopes. */
import { dirname } from "node:path";
import type { AnySystem } from "../properties/engine/any-system.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { requireWritableFolder, writeWhole } from "./files.js";
import { junit } from "./junit.js";
import { type CheckReport, EXIT, type ScopeResult, verdictOf } from "./report.js";
import { exploreScope, type Findings, sampleScope } from "./run-scopes.js";
import { sarif } from "./sarif.js";
import { summary } from "./summary.js";
import type { Terminal } from "./terminal.js";

export interface CheckOptions {
  readonly seed: number;
  /** Command sequences for each large scope. */
  readonly runs: number;
  /** Folder for counterexamples. */
  readonly findings: string;
  /** The long scopes as well. */
  readonly exhaustive?: boolean;
  /** Only the scope of this name. */
  readonly scope?: string;
  /** Most states of each small scope. */
  readonly states?: number;
  /** Address-space layouts to run as workloads. */
  readonly maps?: readonly string[];
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
  const layouts = await loadLayouts(options.maps ?? []);
  if (options.scope !== undefined) requireScope(systems, options.scope);
  const results = systems.flatMap((system) => runSystem(system, options, findings, terminal));
  for (const run of layouts) results.push(...systems.flatMap((system) => run(system, findings, terminal, options)));
  terminal.settle();
  const report: CheckReport = { version: 1, seed: options.seed, verdict: verdictOf(results), results };
  if (options.junit !== undefined) writeWhole(options.junit, junit(report, findings));
  if (options.sarif !== undefined) writeWhole(options.sarif, sarif(report, systems, findings));
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report, systems, findings));
  return EXIT[report.verdict];
}

function runSystem(system: AnySystem, options: CheckOptions, findings: Findings, terminal: Terminal): ScopeResult[] {
  const { exhaustive, scope, states, seed, runs } = options;
  const efforts = exhaustive ? ["quick", "long"] : ["quick"];
  const explored = system.scopes.filter(({ name, effort }) =>
    scope === undefined ? efforts.includes(effort) : name === scope,
  );
  const sampled = system.sampleScopes.filter(({ name }) => scope === undefined || name === scope);
  return [
    ...explored.map((one) => exploreScope(system, one, findings, terminal, states)),
    ...sampled.map((one) => sampleScope(system, one, findings, terminal, { seed, runs })),
  ];
}

function requireScope(systems: readonly AnySystem[], name: string): void {
  const names = systems.flatMap(({ scopes, sampleScopes }) => [...scopes, ...sampleScopes].map((scope) => scope.name));
  if (!names.includes(name))
    throw new PagetwinError("ARGUMENT", `--scope ${name}: expected one of ${names.join(", ")}`);
}

type Layout = (system: AnySystem, findings: Findings, terminal: Terminal, options: CheckOptions) => ScopeResult[];

/** Reads all files before anything runs, so that a bad one is told at once. */
async function loadLayouts(files: readonly string[]): Promise<readonly Layout[]> {
  if (files.length === 0) return [];
  const { layoutRun } = await import("./maps-run.js");
  return files.map(layoutRun);
}
