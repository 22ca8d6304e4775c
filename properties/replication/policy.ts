/**
 * What relates the two policies, and what every history of theirs must obey (I35, section 8.4).
 */
import fc from "fast-check";
import {
  initialisePolicy,
  POLICY_ON,
  POLICY_RULE,
  POLICY_STAY,
  POLICY_WORDS,
  policyStep,
} from "../../impl/replication/policy.js";
import { isAbove, policyTransitions } from "../../model/replication/policy.js";
import {
  POLICY_BOUNDS,
  type PolicySample,
  type PolicySettings,
  type PolicyTransition,
  policySample,
  WASP_POLICY,
} from "../../vocabulary/replication/policy.js";

export interface PolicyHistory {
  readonly samples: readonly PolicySample[];
  readonly settings: PolicySettings;
  readonly transitions: readonly PolicyTransition[];
}

export interface PolicyClaim {
  readonly name: string;
  readonly why: string;
  /** One line for each place where the history breaks the claim. */
  violations(history: PolicyHistory): Iterable<string>;
}

/** What the implementation decides; `dropped` as in initialisePolicy. */
export function decidedTransitions(
  samples: readonly PolicySample[],
  settings: PolicySettings,
  dropped = 0,
): readonly PolicyTransition[] {
  const state = new Int32Array(POLICY_WORDS);
  initialisePolicy(state, settings, dropped);
  const transitions: PolicyTransition[] = [];
  for (const { time, interval, loads, walks } of samples) {
    const decision = policyStep(state, time, interval, loads, walks);
    if (decision !== POLICY_STAY) transitions.push({ kind: decision === POLICY_ON ? "on" : "off", time });
  }
  return transitions;
}

/** Whether the samples up to `last` justify `kind`: one far enough back, and none of the other kind since. */
function isJustified({ samples, settings }: PolicyHistory, last: number, kind: PolicyTransition["kind"]): boolean {
  return samples
    .slice(0, last + 1)
    .some(
      (first, at) =>
        samples[last]!.time - first.time >= settings.hysteresis &&
        samples.slice(at, last + 1).every((sample) => isAbove(sample, settings) === (kind === "on")),
    );
}

export const transitionsAlternate: PolicyClaim = {
  name: "transitionsAlternate",
  why: "a process is switched on only while off and off only while on, and begins off",
  *violations({ transitions }) {
    for (const [at, { kind, time }] of transitions.entries()) {
      if (kind !== (at % 2 === 0 ? "on" : "off")) yield `transition ${at} at ${time} ms is ${kind}`;
    }
  },
};

export const transitionsAreJustified: PolicyClaim = {
  name: "transitionsAreJustified",
  why: "replication is expensive to switch: the condition must have held for the whole hysteresis (I35)",
  *violations(history) {
    for (const { kind, time } of history.transitions) {
      const last = history.samples.findIndex((sample) => sample.time === time);
      if (last < 0 || !isJustified(history, last, kind)) yield `${kind} at ${time} ms came too early`;
    }
  },
};

export const justifiedTransitionsHappen: PolicyClaim = {
  name: "justifiedTransitionsHappen",
  why: "once the condition has held for the hysteresis, waiting longer only loses (I35)",
  *violations(history) {
    for (const [last, { time }] of history.samples.entries()) {
      const on = history.transitions.findLast((transition) => transition.time <= time)?.kind === "on";
      const due = on ? "off" : "on";
      if (isJustified(history, last, due)) yield `${due} is due at ${time} ms and has not come`;
    }
  },
};

export const POLICY_CLAIMS: readonly PolicyClaim[] = [
  transitionsAlternate,
  transitionsAreJustified,
  justifiedTransitionsHappen,
];

/** Each rule of 8.4 that can be left out. */
export const POLICY_MUTANTS: readonly { readonly name: string; readonly rule: string; readonly dropped: number }[] = [
  { name: "policy-rate-inclusive", rule: "exactly the rate limit is not above", dropped: POLICY_RULE.RATE_IS_STRICT },
  {
    name: "policy-walks-inclusive",
    rule: "exactly the walk limit is not above",
    dropped: POLICY_RULE.WALKS_ARE_STRICT,
  },
  { name: "policy-either-limit", rule: "both limits must be exceeded", dropped: POLICY_RULE.BOTH_LIMITS },
  { name: "policy-on-at-once", rule: "switching on waits for the hysteresis", dropped: POLICY_RULE.ON_WAITS },
  { name: "policy-off-at-once", rule: "switching off waits for the hysteresis", dropped: POLICY_RULE.OFF_WAITS },
  { name: "policy-hold-exclusive", rule: "exactly the hysteresis is enough", dropped: POLICY_RULE.HOLD_IS_INCLUSIVE },
  { name: "policy-below-survives", rule: "a sample above ends the run below", dropped: POLICY_RULE.ABOVE_ENDS_BELOW },
  {
    name: "policy-above-survives",
    rule: "a sample not above ends the run above",
    dropped: POLICY_RULE.BELOW_ENDS_ABOVE,
  },
];

/** One sample without its time: near both limits more often than not, and the extremes. */
function shape(settings: PolicySettings): fc.Arbitrary<Omit<PolicySample, "time">> {
  const near = (exact: number): fc.Arbitrary<number> =>
    fc.constantFrom(-1, 0, 1).map((off) => Math.max(0, Math.floor(exact) + off));
  return fc.constantFrom(1, 500, 1000, 2000, POLICY_BOUNDS.interval[1]).chain((interval) => {
    const limit = (settings.loadsPerSecond * interval) / 1000;
    const loads = fc.oneof(
      { weight: 3, arbitrary: near(limit) },
      { weight: 3, arbitrary: fc.constant(Math.ceil(2 * limit)) },
      { weight: 1, arbitrary: fc.constantFrom(...POLICY_BOUNDS.loads) },
    );
    return loads.chain((unbounded) => {
      const count = Math.min(unbounded, POLICY_BOUNDS.loads[1]);
      const few = (count * settings.walksPerTenThousand) / 10_000;
      const walks = fc.oneof(near(few), fc.constant(Math.floor(few / 2)), fc.constant(2 * Math.ceil(few)));
      return walks.map((missed) => ({ interval, loads: count, walks: Math.min(missed, POLICY_BOUNDS.walks[1]) }));
    });
  });
}

/** Streams that linger: runs of the same sample, at distances on both sides of the hysteresis. */
export function policyStreams(settings: PolicySettings = WASP_POLICY): fc.Arbitrary<readonly PolicySample[]> {
  const { hysteresis } = settings;
  const gap = fc
    .constantFrom(1, Math.ceil(hysteresis / 2), hysteresis - 1, hysteresis, hysteresis + 1)
    .map((ms) => Math.max(1, ms));
  const run = fc.tuple(shape(settings), fc.array(gap, { minLength: 1, maxLength: 4 }));
  return fc.array(run, { maxLength: 8 }).map((runs) => {
    let time = -1;
    return runs.flatMap(([sample, gaps]) =>
      gaps.map((ms) => {
        time = time < 0 ? 0 : time + ms;
        return policySample({ ...sample, time });
      }),
    );
  });
}

/** Settings off the published ones as well, with no hysteresis among them. */
export const somePolicySettings: fc.Arbitrary<PolicySettings> = fc.oneof(
  fc.constant(WASP_POLICY),
  fc.record({
    loadsPerSecond: fc.constantFrom(0, 1, 100_000, POLICY_BOUNDS.loadsPerSecond[1]),
    walksPerTenThousand: fc.constantFrom(0, 1, 2500, POLICY_BOUNDS.walksPerTenThousand[1]),
    hysteresis: fc.constantFrom(0, 1, 1000),
  }),
);

/** The implementation decides what the reference decides, and its histories obey the claims. */
export function policyAgrees(dropped = 0): fc.IProperty<[[PolicySettings, readonly PolicySample[]]]> {
  const cases = somePolicySettings.chain((settings) => fc.tuple(fc.constant(settings), policyStreams(settings)));
  return fc.property(cases, ([settings, samples]) => {
    const found = decidedTransitions(samples, settings, dropped);
    const expected = policyTransitions(samples, settings);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error(`decided ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    }
    requireClaims({ samples, settings, transitions: found });
  });
}

/** The claims alone, without the reference's decisions. */
export function policyObeysClaims(dropped = 0): fc.IProperty<[readonly PolicySample[]]> {
  return fc.property(policyStreams(), (samples) => {
    requireClaims({ samples, settings: WASP_POLICY, transitions: decidedTransitions(samples, WASP_POLICY, dropped) });
  });
}

/** @throws Error naming the first claim that a history breaks, and where */
export function requireClaims(history: PolicyHistory): void {
  for (const claim of POLICY_CLAIMS) {
    for (const line of claim.violations(history)) throw new Error(`${claim.name}: ${line}`);
  }
}
