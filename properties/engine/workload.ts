/**
 * A long list of operations in phases on both twins. Answers are compared in every step, invariants and meaning at the end
 * of each phase: states of this size take long to look at.
 */
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { type Breach, type Mark, Pair } from "./pair.js";
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

/** Steps that a story shows; what went before is its set-up. */
const STEPS_TOLD = 12;

/**
 * @param seed that the workload was made with, for the record
 * @param onPhase hears each phase when it has ended, with the pair at that point
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
    if (breach !== undefined) break;
    const start = pair.mark();
    const before = done.length;
    for (const operation of operations) {
      const offer = pair.offer(operation);
      if (offer === "disabled") {
        skipped++;
        continue;
      }
      done.push(operation);
      breach = offer === "enabled" ? pair.perform(operation).breach : offer;
      if (breach !== undefined) break;
    }
    if (breach === undefined) {
      breach = pair.judge();
      if (breach !== undefined) done.length = before + firstBroken(pair, start, done.slice(before));
    }
    if (breach === undefined) onPhase?.(name, pair);
  }
  const counterexample = breach && story(system, workload, done, seed, breach);
  return { verdict: breach === undefined ? "held" : "violated", operations: done.length, skipped, counterexample };
}

/** How many of the operations it takes until the state is broken, by halving: what is broken mostly stays so. */
function firstBroken(pair: Pair, start: Mark, operations: readonly AnyOperation[]): number {
  let sound = 0;
  let broken = operations.length;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    pair.goTo(start);
    for (const operation of operations.slice(0, middle)) pair.perform(operation);
    if (pair.judge() === undefined) sound = middle;
    else broken = middle;
  }
  return broken;
}

function story(
  system: AnySystem,
  { name, shape }: Workload,
  done: readonly AnyOperation[],
  seed: number,
  breach: Breach,
): Counterexample | undefined {
  const split = Math.max(0, done.length - STEPS_TOLD);
  const scope = { name, shape, setup: done.slice(0, split) };
  const operations = done.slice(split);
  return tell(system, { engine: "sample", mutant: null, scope, seed, minimality: "as-found", operations }, breach);
}
