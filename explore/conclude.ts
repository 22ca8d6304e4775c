/** Puts together what a search has found. */
import type { Companion } from "./companion.js";
import type { Exploration } from "./exploration.js";
import type { Findings } from "./findings.js";
import type { Lineage } from "./lineage.js";
import type { Checks, Limits, Reachable } from "./machine.js";
import type { ProgressGraph } from "./progress.js";
import type { StateSet } from "./state-set.js";

/** What the search worked with. */
export interface Parts {
  readonly set: StateSet;
  readonly lineage: Lineage;
  readonly findings: Findings;
  readonly companion: Companion | undefined;
  readonly graph: ProgressGraph | undefined;
  readonly checks: Checks;
  readonly limits: Limits;
  readonly actionCounts: Float64Array;
  /** What had to occur and has not. */
  readonly unreached: readonly Reachable[];
}

export function conclude(
  { set, lineage, findings, companion, graph, checks, limits, actionCounts, ...parts }: Parts,
  { exhausted, limit, depth }: Pick<Exploration, "exhausted" | "limit" | "depth">,
): Exploration {
  const transitions = actionCounts.reduce((sum, count) => sum + count, 0);
  const { violations } = findings;
  const unreached = new Set(parts.unreached.map(({ name }) => name));
  return {
    verdict: violations.length > 0 ? "violated" : exhausted ? "held" : "unfinished",
    states: set.count,
    transitions,
    depth,
    exhausted,
    limit,
    store: limits.store,
    missProbability: set.missProbability,
    inStep: companion === undefined || transitions === 0 ? 0 : companion.walked / transitions,
    actionCounts: [...actionCounts],
    sometimes: Object.fromEntries((checks.sometimes ?? []).map(({ name }) => [name, !unreached.has(name)])),
    violations,
    memory: {
      set: set.bytes + lineage.bytes,
      frontierPeak: set.frontierBytesPeak,
      checks: (companion?.bytes ?? 0) + (graph?.bytes ?? 0),
    },
  };
}
