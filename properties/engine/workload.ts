/**
 * A long list of operations in phases on both twins. Answers are compared in every step, invariants and meaning at the end
 * of each phase and every so many steps in between: states of this size take long to look at.
 */
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { type Breach, Pair } from "./pair.js";
import { shrink } from "./shrink.js";
import type { Shape } from "./system.js";
import { tell } from "./tell.js";

export interface Workload {
  readonly name: string;
  readonly shape: Shape;
  readonly phases: readonly { readonly name: string; readonly operations: readonly AnyOperation[] }[];
}

export interface WorkloadResult {
  readonly verdict: "held" | "violated";
  readonly operations: number;
  /** Operations that were not enabled and left out. */
  readonly skipped: number;
  readonly counterexample: Counterexample | undefined;
}

/** Steps between two looks at the whole state. */
const JUDGE_EVERY = 512;

/**
 * @param onPhase hears each phase when it has ended, with the pair at that point
 * @param seed that the workload was made with, for the record
 */
export function runWorkload(
  system: AnySystem,
  workload: Workload,
  seed: number,
  onPhase?: (name: string, pair: Pair) => void,
): WorkloadResult {
  const pair = new Pair(system, workload.shape);
  const done: AnyOperation[] = [];
  let skipped = 0;
  let breach = pair.begin([]).breach;
  for (const { name, operations } of workload.phases) {
    for (const operation of operations) {
      if (breach !== undefined) break;
      const offer = pair.offer(operation);
      if (offer === "disabled") skipped++;
      else {
        done.push(operation);
        breach = offer === "enabled" ? pair.perform(operation).breach : offer;
        if (done.length % JUDGE_EVERY === 0) breach ??= pair.judge();
      }
    }
    breach ??= pair.judge();
    if (breach !== undefined) break;
    onPhase?.(name, pair);
  }
  const counterexample = breach && story(system, workload, done, seed, breach);
  return { verdict: breach === undefined ? "held" : "violated", operations: done.length, skipped, counterexample };
}

function story(
  system: AnySystem,
  { name, shape }: Workload,
  done: readonly AnyOperation[],
  seed: number,
  breach: Breach,
): Counterexample | undefined {
  const { operations, isMinimal } = shrink(system, { shape, setup: [] }, done, breach);
  const minimality = isMinimal ? "1-minimal" : "as-found";
  return tell(
    system,
    { engine: "sample", mutant: null, scope: { name, shape, setup: [] }, seed, minimality, operations },
    breach,
  );
}
