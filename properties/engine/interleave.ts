/** Covers all schedules of a program: what `explore/interleave` finds, as verdicts and counterexamples of every other engine. */
import { enumerateExecutions } from "../../explore/interleave/executions.js";
import { interleave } from "../../explore/interleave/interleave.js";
import type { Interleaving } from "../../explore/interleave/interleaving.js";
import type { Program } from "../../explore/interleave/program.js";
import type { AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { type InterleavedClaims, type InterleavedScope, onlyClaims } from "./interleaved.js";
import { tellSchedule } from "./interleaved-story.js";
import { resources } from "./resources.js";

export interface InterleaveLimits {
  /** Most states; by default 2^30. */
  readonly states?: number;
  /** Most context switches of a schedule; by default as many as the program's own bound allows. */
  readonly switches?: number;
  /**
   * Takes one execution after the other, with sleep sets, this many at most, in place of the states. `states`
   * and `switches` play no part then.
   */
  readonly executions?: number;
  /** Most seconds of wall time; by default any number. */
  readonly seconds?: number | undefined;
}

export interface InterleaveOptions extends InterleaveLimits {
  readonly without?: string;
  /** Ids of the only claims to judge; all of them unless given. */
  readonly only?: readonly string[];
  /** Hears, before the search begins, about how many executions there are; null if not all of them end. */
  readonly onEstimate?: (executions: number | null) => void;
  /** Hears after every 10,000 states how far the search is. */
  onProgress?(states: number, depth: number): void;
}

export interface Interleaved {
  /** `outside`: the code did something that the theory does not speak of, see `interleaving.outside`. */
  readonly verdict: Interleaving["verdict"];
  readonly interleaving: Interleaving;
  readonly counterexample: Counterexample | undefined;
}

const PROGRESS_EVERY = 10_000;

/** Covers all schedules of a program, or as many as the limits allow. */
export function interleaveScope(
  system: AnySystem,
  scope: InterleavedScope,
  options: InterleaveOptions = {},
): Interleaved {
  const { without, only, executions } = options;
  const program = scope.program(without);
  const shared = program.shared.slice();
  const claims = only === undefined ? scope.claims : onlyClaims(scope.claims, only);
  const interleaving =
    executions === undefined
      ? byStates(program, claims, scope, options)
      : enumerateExecutions(program, claims, { sleepSets: true, executions, ranOut: resources(options.seconds) });
  const { verdict, failure } = interleaving;
  const counterexample = failure === null ? undefined : tellSchedule(system, scope, without, failure, shared);
  return { verdict, interleaving, counterexample };
}

function byStates(
  program: Program,
  claims: InterleavedClaims,
  scope: InterleavedScope,
  { states, switches, seconds, onEstimate, onProgress }: InterleaveOptions,
): Interleaving {
  const mostSwitches = Math.min(scope.switches ?? Number.POSITIVE_INFINITY, switches ?? Number.POSITIVE_INFINITY);
  const limits = {
    ranOut: resources(seconds),
    ...(states === undefined ? {} : { states }),
    ...(onEstimate === undefined ? {} : { onEstimate }),
    ...(mostSwitches === Number.POSITIVE_INFINITY ? {} : { switches: mostSwitches }),
  };
  return interleave(program, claims, limits, {
    every: PROGRESS_EVERY,
    onProgress: (known, depth) => onProgress?.(known, depth),
  });
}
