/**
 * Looks for a counterexample to a mutant: first by exploring its scopes, or all schedules of its programs, the first of which that has one giving a shortest
 * story, then by sampling. A mutant whose scopes are all exhausted, the reference in step, without a violation, and that
 * the samples do not kill either, is equivalent in them; if it has no scopes, only samples, it has survived. Where a limit cut a search
 * before anything killed it there is no verdict: `unfinished`. The samples guard against scopes in which the rule never comes into play.
 */
import type { AnyScope, AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { exhaust } from "./exhaust.js";
import { interleaveScope } from "./interleave.js";
import type { InterleavedScope } from "./interleaved.js";
import { sample } from "./sample.js";
import type { Mutant } from "./system.js";

export interface HuntOptions {
  /** For the sample, if it comes to that. */
  readonly seed: number;
  readonly runs: number;
  /** Most states of a scope to look through. */
  readonly states?: number;
  /** Most seconds of wall time for each search; by default any number. */
  readonly seconds?: number;
}

export interface Hunt {
  readonly mutant: Mutant;
  /** `unfinished`: a limit cut a search, and what was searched does not kill it. */
  readonly verdict: "killed" | "survived" | "equivalent" | "unfinished";
  /** The story that kills it. */
  readonly counterexample: Counterexample | undefined;
  /** Killed by a claim that is not among its `killers`: perhaps for a wrong reason. */
  readonly unexpected: boolean;
  /** Scopes that were searched through to the end. */
  readonly exhausted: readonly string[];
  /** Scopes and samples that a limit cut. */
  readonly unfinished: readonly string[];
}

/** @throws Error for a mutant that names a scope which the system does not have */
export function hunt(system: AnySystem, mutant: Mutant, options: HuntOptions): Hunt {
  const exhausted: string[] = [];
  const unfinished: string[] = [];
  for (const name of mutant.scopes) {
    const program = system.interleaved?.find((candidate) => candidate.name === name);
    const found =
      program === undefined
        ? search(system, scopeOf(system, name), mutant, options)
        : searchSchedules(system, program, mutant, options);
    if (typeof found !== "string") return killed(mutant, found, exhausted, unfinished);
    (found === "exhausted" ? exhausted : unfinished).push(name);
  }
  for (const scope of system.sampleScopes) {
    const { seed, runs, seconds } = options;
    const { counterexample, verdict } = sample(system, scope, { seed, runs, seconds, without: mutant.id });
    if (counterexample !== undefined) return killed(mutant, counterexample, exhausted, unfinished);
    if (verdict === "unfinished") unfinished.push(scope.name);
  }
  const ended = exhausted.length > 0 ? "equivalent" : "survived";
  const verdict = unfinished.length > 0 ? "unfinished" : ended;
  return { mutant, verdict, counterexample: undefined, unexpected: false, exhausted, unfinished };
}

/** An invariant's witness says more than a disagreement, so where one is expected to kill, it may try alone at first. */
function search(
  system: AnySystem,
  scope: AnyScope,
  mutant: Mutant,
  options: HuntOptions,
): Counterexample | "exhausted" | "unfinished" {
  const limits = limitsOf(mutant, options);
  const isComparison = mutant.killers.some((killer) => killer === "answer" || killer === "meaning");
  if (!isComparison) {
    const { counterexample } = exhaust(system, scope, { ...limits, inStep: false });
    if (counterexample !== undefined) return counterexample;
  }
  const { counterexample, verdict } = exhaust(system, scope, limits);
  if (counterexample !== undefined) return counterexample;
  return verdict === "unfinished" ? "unfinished" : "exhausted";
}

/** The claims that are expected to kill try alone at first: with all of them, another might break earlier by the way. */
function searchSchedules(
  system: AnySystem,
  program: InterleavedScope,
  mutant: Mutant,
  options: HuntOptions,
): Counterexample | "exhausted" | "unfinished" {
  const limits = limitsOf(mutant, options);
  const { counterexample } = interleaveScope(system, program, { ...limits, only: mutant.killers });
  if (counterexample !== undefined) return counterexample;
  const all = interleaveScope(system, program, limits);
  return all.counterexample ?? (all.verdict === "held" ? "exhausted" : "unfinished");
}

function limitsOf(mutant: Mutant, { states, seconds }: HuntOptions) {
  return { without: mutant.id, seconds, ...(states === undefined ? {} : { states }) };
}

function killed(
  mutant: Mutant,
  counterexample: Counterexample,
  exhausted: readonly string[],
  unfinished: readonly string[],
): Hunt {
  const unexpected = !mutant.killers.includes(counterexample.violation.invariant);
  return { mutant, verdict: "killed", counterexample, unexpected, exhausted, unfinished };
}

function scopeOf(system: AnySystem, name: string): AnyScope {
  const scope = system.scopes.find((candidate) => candidate.name === name);
  if (scope === undefined) throw new Error(`${system.name} has no scope ${name}`);
  return scope;
}
