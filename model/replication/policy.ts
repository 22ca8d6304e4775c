/**
 * When WASP switches replication of one process on and off: a fold over its samples.
 *
 * Two timers, never both running: since when every sample has been above the limits, and since when none has. Whichever
 * runs for the hysteresis decides. Left out: which processes are watched, and the daemon's view of enables by others.
 * Source: spec section 8.4, invariant I35.
 */
import { match } from "ts-pattern";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { PolicySample, PolicySettings, PolicyTransition } from "../../vocabulary/replication/policy.js";

/** Since when the samples have been of one kind, ms; `never` before the first sample. */
export type PolicyRun =
  | { readonly kind: "never" }
  | { readonly kind: "above"; readonly since: number }
  | { readonly kind: "below"; readonly since: number };

export interface PolicyState {
  readonly replicated: boolean;
  readonly run: PolicyRun;
  /** Time of the last sample; absent before the first. */
  readonly last?: number;
}

export const initialPolicy: PolicyState = { replicated: false, run: { kind: "never" } };

/**
 * More loads per second than the limit, and more walks per load than the limit; both strict. Fractions are compared by
 * cross multiplication, exactly. Without loads nothing is above.
 */
export function isAbove(sample: PolicySample, settings: PolicySettings): boolean {
  const [loads, walks, interval] = [BigInt(sample.loads), BigInt(sample.walks), BigInt(sample.interval)];
  const memoryBound = loads * 1000n > BigInt(settings.loadsPerSecond) * interval;
  const translationBound = walks * 10_000n > BigInt(settings.walksPerTenThousand) * loads;
  return memoryBound && translationBound;
}

/**
 * One sample. A sample of the other kind ends the run, so the run's first sample is where the time counts from.
 * @throws PagetwinError `ARGUMENT` when the sample is not later than the one before
 */
export function policyStep(
  state: PolicyState,
  sample: PolicySample,
  settings: PolicySettings,
): { readonly state: PolicyState; readonly transition: PolicyTransition | undefined } {
  if (state.last !== undefined && sample.time <= state.last) {
    throw new PagetwinError("ARGUMENT", `sample at ${sample.time} ms: expected a time after ${state.last} ms`);
  }
  const kind = isAbove(sample, settings) ? "above" : "below";
  const run: Exclude<PolicyRun, { kind: "never" }> = match(state.run)
    .with({ kind: "never" }, () => ({ kind, since: sample.time }) as const)
    .with({ kind: "above" }, (before) => (kind === "above" ? before : ({ kind, since: sample.time } as const)))
    .with({ kind: "below" }, (before) => (kind === "below" ? before : ({ kind, since: sample.time } as const)))
    .exhaustive();
  const held = sample.time - run.since >= settings.hysteresis;
  const wanted = held ? kind === "above" : state.replicated;
  const transition: PolicyTransition | undefined =
    wanted === state.replicated ? undefined : { kind: wanted ? "on" : "off", time: sample.time };
  return { state: { replicated: wanted, run, last: sample.time }, transition };
}

/** All transitions of a stream of samples, oldest first. Errors as {@link policyStep}. */
export function policyTransitions(
  samples: readonly PolicySample[],
  settings: PolicySettings,
): readonly PolicyTransition[] {
  let state = initialPolicy;
  const transitions: PolicyTransition[] = [];
  for (const sample of samples) {
    const after = policyStep(state, sample, settings);
    state = after.state;
    if (after.transition) transitions.push(after.transition);
  }
  return transitions;
}
