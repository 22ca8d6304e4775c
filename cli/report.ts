/** What `pagetwin check` reports, as a document: docs/schemas/check-1.schema.json. */
import type { Exploration, Resource } from "../explore/index.js";
import type { AnySystem } from "../properties/engine/any-system.js";
import type { EngineName } from "../properties/engine/counterexample.js";
import { claimsOfScope } from "../properties/engine/interleaved.js";
import type { CellReport } from "./cell-report.js";
import type { LayoutReport } from "./layout-report.js";
import type { Starvation } from "./starvation-table.js";

export type Verdict = "held" | "violated" | "unfinished";

export interface CheckReport {
  readonly version: 1;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly results: readonly ScopeResult[];
}

export interface ScopeResult {
  readonly system: string;
  readonly scope: string;
  readonly title?: string;
  readonly engine: Exclude<EngineName, "scenario">;
  readonly verdict: Verdict;
  /** Of engines that draw; else `states`. */
  readonly runs?: number;
  readonly commands?: number;
  readonly states?: number;
  readonly transitions?: number;
  readonly depth?: number;
  readonly exhausted: boolean;
  /** Of a search that was cut: what ran out. */
  readonly limit?: Resource;
  readonly store?: Exploration["store"];
  readonly missProbability?: number;
  readonly inStep?: number;
  /** Of `interleave`: an estimate, made before the start, of how many executions there are. */
  readonly executions?: number;
  /** Of `interleave`, where all schedules were covered: on which grounds that may be said. */
  readonly grounds?: string;
  /** How often each operation was done. */
  readonly coverage?: Readonly<Record<string, number>>;
  /** Of a protocol table. */
  readonly cells?: CellReport;
  /** Of coherency, if asked for. */
  readonly starvation?: Starvation;
  /** Ids of what was judged. */
  readonly invariants: readonly string[];
  readonly violations: readonly ScopeViolation[];
  /** Lines of text that belong to the result. */
  readonly notes?: readonly string[];
  /** Of the layout of a live process. */
  readonly layout?: LayoutReport;
}

export interface ScopeViolation {
  /** The id; several claims may belong to one rule. */
  readonly invariant: string;
  readonly name: string;
  readonly steps: number;
  /** The file; null where nothing can be replayed: a state that is never reached. */
  readonly finding: string | null;
}

export const EXIT = { held: 0, violated: 1, badInput: 2, unfinished: 3 } as const;

/** A violation outweighs a search that was cut short. */
export function verdictOf(results: readonly { readonly verdict: Verdict }[]): Verdict {
  if (results.some(({ verdict }) => verdict === "violated")) return "violated";
  return results.some(({ verdict }) => verdict === "unfinished") ? "unfinished" : "held";
}

/** An estimate, to two digits. */
export function executionsText(executions: number): string {
  return `about ${Number(executions.toPrecision(2)).toLocaleString("en", { notation: "compact" })} executions`;
}

/** The rules that are judged one step at a time, each once. */
export function claimIdsOf(system: AnySystem): string[] {
  return [...new Set(claimsOfSteps(system).map(({ id }) => id))];
}

export interface JudgedClaim {
  readonly id: string;
  readonly name: string;
}

/** Everything that is judged in a system. */
export function claimsOf(system: AnySystem): JudgedClaim[] {
  return [...claimsOfSteps(system), ...claimsOfSchedules(system), ...claimsOfStress(system)];
}

/** What is judged after runs of real threads, each claim once. */
export function claimsOfStress({ stressed = [] }: AnySystem): JudgedClaim[] {
  const claims = stressed.map(({ claim }) => claim);
  return claims.filter(({ name }, at) => claims.findIndex((other) => other.name === name) === at);
}

/** What is judged of the programs of threads, each claim once. */
export function claimsOfSchedules({ interleaved = [] }: AnySystem): JudgedClaim[] {
  const claims = interleaved.flatMap((scope) => claimsOfScope(scope));
  return claims.filter(({ name }, at) => claims.findIndex((other) => other.name === name) === at);
}

/** What is judged one step at a time, the comparison of the twins included. */
export function claimsOfSteps(system: AnySystem): JudgedClaim[] {
  if (system.scopes.length + system.sampleScopes.length === 0) return [];
  return [
    ...system.invariants.map(({ id, name }) => ({ id, name })),
    ...system.stepInvariants.map(({ id, name }) => ({ id, name })),
    { id: "answer", name: "answersAgree" },
    { id: "meaning", name: "meaningsAgree" },
    { id: "thrown", name: "nothingThrows" },
  ];
}
