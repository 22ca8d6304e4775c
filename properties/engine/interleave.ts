/** Covers all schedules of a program: what `explore/interleave` finds, as verdicts and counterexamples of every other engine. */
import { interleave } from "../../explore/interleave/interleave.js";
import type { Interleaving } from "../../explore/interleave/interleaving.js";
import type { AnySystem } from "./any-system.js";
import type { Counterexample } from "./counterexample.js";
import { type InterleavedScope, onlyClaims } from "./interleaved.js";
import { tellSchedule } from "./interleaved-story.js";

export interface InterleaveOptions {
  readonly without?: string;
  /** Most states; by default 2^30. */
  readonly states?: number;
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
  const { without, states, only, onEstimate } = options;
  const limits = {
    ...(states === undefined ? {} : { states }),
    ...(onEstimate === undefined ? {} : { onEstimate }),
    ...(scope.switches === undefined ? {} : { switches: scope.switches }),
  };
  const program = scope.program(without);
  const shared = program.shared.slice();
  const interleaving = interleave(program, only === undefined ? scope.claims : onlyClaims(scope.claims, only), limits, {
    every: PROGRESS_EVERY,
    onProgress: (known, depth) => options.onProgress?.(known, depth),
  });
  const { verdict, failure } = interleaving;
  const counterexample = failure === null ? undefined : tellSchedule(system, scope, without, failure, shared);
  return { verdict, interleaving, counterexample };
}
