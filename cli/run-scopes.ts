/** Runs the engines over the scopes of a system and turns what they find into results and files. */
import type { Exploration } from "../explore/index.js";
import type { AnySampleScope, AnyScope, AnySystem } from "../properties/engine/any-system.js";
import type { Counterexample } from "../properties/engine/counterexample.js";
import { exhaust } from "../properties/engine/exhaust.js";
import { type InterleaveLimits, interleaveScope } from "../properties/engine/interleave.js";
import { claimsOfScope, type InterleavedScope } from "../properties/engine/interleaved.js";
import type { Pair } from "../properties/engine/pair.js";
import { sample } from "../properties/engine/sample.js";
import type { StressScope } from "../properties/engine/stress-scope.js";
import { runThreads, tellThreads } from "../properties/engine/stress-story.js";
import { runWorkload, type Workload } from "../properties/engine/workload.js";
import { saveCounterexample } from "./counterexample-file.js";
import { claimIdsOf, executionsText, type ScopeResult, type ScopeViolation } from "./report.js";
import type { Terminal } from "./terminal.js";

export interface Findings {
  /** Where counterexamples are written. */
  readonly folder: string;
  /** All that were found, with their files. */
  readonly found: { readonly file: string; readonly document: Counterexample }[];
}

/** Where a search ends at the latest. */
export interface SearchLimits {
  /** Most states of a small scope. */
  readonly states?: number;
  /** Most seconds of wall time. */
  readonly seconds?: number;
}

/** How the small scopes of a system are searched; {@link exploreScope} unless it has an own way. */
export type Explorer = (
  system: AnySystem,
  scope: AnyScope,
  findings: Findings,
  terminal: Terminal,
  limits: SearchLimits,
) => ScopeResult;

export function exploreScope(
  system: AnySystem,
  scope: AnyScope,
  findings: Findings,
  terminal: Terminal,
  limits: SearchLimits,
): ScopeResult {
  const place = `${system.name}/${scope.name}`;
  const { verdict, exploration, counterexample, unreached } = exhaust(system, scope, {
    ...limits,
    onProgress: (known, depth, frontier) =>
      terminal.progress(
        `${place}: ${known.toLocaleString("en")} states, depth ${depth}, ${frontier.toLocaleString("en")} to expand`,
      ),
  });
  const vain: ScopeViolation[] = unreached.map((name) => ({ invariant: "sometimes", name, steps: 0, finding: null }));
  return {
    system: system.name,
    scope: scope.name,
    title: scope.title,
    engine: "explore",
    verdict,
    states: exploration?.states ?? 0,
    transitions: exploration?.transitions ?? 0,
    depth: exploration?.depth ?? 0,
    exhausted: exploration?.exhausted ?? false,
    ...limitOf(exploration),
    store: exploration?.store ?? "full",
    missProbability: exploration?.missProbability ?? 0,
    inStep: exploration?.inStep ?? 0,
    coverage: coverageOf(scope, exploration?.actionCounts ?? []),
    invariants: claimIdsOf(system),
    violations: [...violationsOf(counterexample, findings), ...vain],
  };
}

/** What cut a search, for its result. */
export function limitOf(exploration: Exploration | undefined): Pick<ScopeResult, "limit"> {
  const limit = exploration?.limit ?? null;
  return limit === null ? {} : { limit };
}

/** All schedules of a program, or as many as the limits allow. */
export function scheduleScope(
  system: AnySystem,
  scope: InterleavedScope,
  findings: Findings,
  terminal: Terminal,
  limits: InterleaveLimits = {},
): ScopeResult {
  const place = `${system.name}/${scope.name}`;
  const { verdict, interleaving, counterexample } = interleaveScope(system, scope, {
    ...limits,
    onEstimate: (executions) =>
      terminal.progress(`${place}: ${executions === null ? "executions without end" : executionsText(executions)}`),
    onProgress: (known, depth) => terminal.progress(`${place}: ${known.toLocaleString("en")} states, depth ${depth}`),
  });
  const { bound, outside, claim, executions, blocked } = interleaving;
  const note = outside === null ? bound && `not all schedules: ${bound}` : `outside the theory: ${outside}`;
  return {
    system: system.name,
    scope: scope.name,
    title: scope.title,
    engine: "interleave",
    verdict: verdict === "outside" ? "unfinished" : verdict,
    ...(executions === null ? { states: interleaving.states ?? 0 } : { runs: executions + (blocked ?? 0) }),
    transitions: interleaving.steps,
    depth: interleaving.depth,
    exhausted: verdict === "held",
    store: interleaving.store === "fingerprint" ? "fingerprint" : "full",
    missProbability: interleaving.missProbability,
    ...(interleaving.estimate === null ? {} : { executions: interleaving.estimate }),
    invariants: [...new Set(claimsOfScope(scope).map(({ id }) => id))],
    violations: violationsOf(counterexample, findings),
    ...(claim === null ? {} : { grounds: claim }),
    ...(note === null ? {} : { notes: [note] }),
  };
}

/** Real threads. The outcome is the machine's as well: the one result that need not be the same another time. */
export async function stressScope(
  system: AnySystem,
  scope: StressScope,
  findings: Findings,
  terminal: Terminal,
): Promise<ScopeResult> {
  terminal.progress(`${system.name}/${scope.name}: real threads`);
  const outcome = await runThreads(scope);
  const { operations, isCut } = outcome;
  const found = outcome.wrong.length > 0;
  return {
    system: system.name,
    scope: scope.name,
    title: scope.title,
    engine: "stress",
    verdict: found ? "violated" : isCut ? "unfinished" : "held",
    runs: 1,
    commands: operations,
    exhausted: false,
    invariants: [scope.claim.id],
    violations: found ? [saveViolation(tellThreads(system, scope, undefined, outcome), findings)] : [],
    notes: ["real threads; another time they may come out otherwise"],
  };
}

export function sampleScope(
  system: AnySystem,
  scope: AnySampleScope,
  findings: Findings,
  terminal: Terminal,
  options: { readonly seed: number; readonly runs: number; readonly seconds?: number },
): ScopeResult {
  const { verdict, runs, commands, taken, counterexample } = sample(system, scope, {
    ...options,
    onProgress: (done, all) => {
      if (done % 16 === 0)
        terminal.progress(`${system.name}/${scope.name}: run ${done} of ${options.runs}, ${all} commands`);
    },
  });
  return {
    system: system.name,
    scope: scope.name,
    title: scope.title,
    engine: "sample",
    verdict,
    runs,
    commands,
    exhausted: false,
    ...(verdict === "unfinished" ? { limit: "time" } : {}),
    coverage: taken,
    invariants: claimIdsOf(system),
    violations: violationsOf(counterexample, findings),
  };
}

/** @param onPhase hears each phase when it has ended and was judged, with the pair at that point */
export function workloadScope(
  system: AnySystem,
  workload: Workload,
  findings: Findings,
  terminal: Terminal,
  seed: number,
  onPhase?: (name: string, pair: Pair) => void,
): ScopeResult {
  terminal.progress(`${system.name}: ${workload.name}`);
  const { verdict, operations, skipped, counterexample } = runWorkload(system, workload, seed, (phase, pair) => {
    terminal.progress(`${system.name}: ${workload.name}, done: ${phase}`);
    onPhase?.(phase, pair);
  });
  return {
    system: system.name,
    scope: workload.name,
    engine: "sample",
    verdict,
    runs: 1,
    commands: operations,
    exhausted: false,
    invariants: claimIdsOf({ ...system, stepInvariants: [] }),
    violations: violationsOf(counterexample, findings),
    ...(skipped === 0 ? {} : { notes: [`${skipped} operations did not apply and were left out`] }),
  };
}

function violationsOf(document: Counterexample | undefined, findings: Findings): ScopeViolation[] {
  return document === undefined ? [] : [saveViolation(document, findings)];
}

/** Writes the document and remembers it. */
export function saveViolation(document: Counterexample, findings: Findings): ScopeViolation {
  const file = saveCounterexample(findings.folder, document);
  findings.found.push({ file, document });
  const { invariant, name } = document.violation;
  return { invariant, name, steps: document.steps.length, finding: file };
}

/** How often each kind of operation began a transition. */
export function coverageOf(scope: AnyScope, counts: readonly number[]): Record<string, number> {
  const coverage: Record<string, number> = {};
  for (const [action, [first]] of scope.actions.entries()) {
    coverage[first!.kind] = (coverage[first!.kind] ?? 0) + (counts[action] ?? 0);
  }
  return coverage;
}
