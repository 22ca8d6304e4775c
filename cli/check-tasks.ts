/** What a check consists of: one search after another, each of which can be done by itself. */
import type { AnySystem } from "../properties/engine/any-system.js";
import type { ScopeResult } from "./report.js";
import { type Explorer, exploreScope, type Findings, sampleScope, scheduleScope } from "./run-scopes.js";
import type { Terminal } from "./terminal.js";

/** Which scopes are asked for, and how far each is searched: plain data. */
export interface TaskOptions {
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
  /** Most seconds of wall time for each search. */
  readonly seconds?: number;
  /** Most context switches of each schedule of a program of threads. */
  readonly switches?: number;
  /** Programs of threads execution by execution, so many at most. */
  readonly executions?: number;
}

/** By system: how its small scopes are searched, where that is not the common way. */
export type Explorers = Readonly<Record<string, Explorer>>;

export interface Task {
  readonly system: string;
  run(findings: Findings, terminal: Terminal): ScopeResult;
}

/** The searches that are asked for, in the order in which they are told of: the same for the same systems and options. */
export function tasksOf(
  systems: readonly AnySystem[],
  options: TaskOptions,
  explorers: Explorers = {},
): readonly Task[] {
  return systems.flatMap((system) =>
    runsOf(system, options, explorers).map((run): Task => ({ system: system.name, run })),
  );
}

function runsOf(system: AnySystem, options: TaskOptions, explorers: Explorers): readonly Task["run"][] {
  const { exhaustive, scope, states, seconds, switches, executions, seed, runs } = options;
  const efforts = exhaustive ? ["quick", "long"] : ["quick"];
  const isAsked = ({ name, effort }: { readonly name: string; readonly effort: string }) =>
    scope === undefined ? efforts.includes(effort) : name === scope;
  const explorer = explorers[system.name] ?? exploreScope;
  const time = seconds === undefined ? {} : { seconds };
  const limits = { ...(states === undefined ? {} : { states }), ...time };
  const bounds = {
    ...limits,
    ...(switches === undefined ? {} : { switches }),
    ...(executions === undefined ? {} : { executions }),
  };
  const sampled = system.sampleScopes.filter(({ name }) => scope === undefined || name === scope);
  return [
    ...system.scopes.filter(isAsked).map((one): Task["run"] => {
      return (findings, terminal) => explorer(system, one, findings, terminal, limits);
    }),
    ...(system.interleaved ?? []).filter(isAsked).map((one): Task["run"] => {
      return (findings, terminal) => scheduleScope(system, one, findings, terminal, bounds);
    }),
    ...sampled.map((one): Task["run"] => {
      return (findings, terminal) => sampleScope(system, one, findings, terminal, { seed, runs, ...time });
    }),
  ];
}
