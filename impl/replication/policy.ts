/**
 * When WASP switches replication of one process on and off, a few integer compares per sample.
 *
 * All quantities are integers and their products stay below 2^53 (POLICY_BOUNDS), so that the strict limits are exact.
 * Source: spec section 8.4, invariant I35.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { PolicySettings } from "../../vocabulary/replication/policy.js";
import { NO_TIME, POLICY, POLICY_RULE, POLICY_WORDS } from "./policy-layout.js";

export { POLICY_RULE, POLICY_WORDS } from "./policy-layout.js";

const MS_PER_SECOND = 1000;
const TEN_THOUSAND = 10_000;

/** What {@link policyStep} answers. */
export const POLICY_STAY = 0;
export const POLICY_ON = 1;
export const POLICY_OFF = 2;

/**
 * Prepares a state: not replicated, no sample yet.
 * @param settings checked settings
 * @param dropped rules to leave out, bits of POLICY_RULE; for mutants
 * @throws PagetwinError `STORAGE` when the array is shorter than POLICY_WORDS
 */
export function initialisePolicy(state: Int32Array, settings: PolicySettings, dropped = 0): void {
  if (state.length < POLICY_WORDS) {
    throw new PagetwinError("STORAGE", `policy state has ${state.length} words: expected ${POLICY_WORDS}`);
  }
  state[POLICY.LOADS_RATE] = settings.loadsPerSecond;
  state[POLICY.WALKS] = settings.walksPerTenThousand;
  state[POLICY.HOLD] = settings.hysteresis;
  state[POLICY.DROPPED] = dropped;
  state[POLICY.REPLICATED] = 0;
  state[POLICY.LAST] = NO_TIME;
  state[POLICY.ABOVE] = NO_TIME;
  state[POLICY.BELOW] = NO_TIME;
}

/** 1 while the policy wants the process replicated, else 0. */
export function policyReplicated(state: Int32Array): number {
  return state[POLICY.REPLICATED]!;
}

function isAbove(state: Int32Array, interval: number, loads: number, walks: number): boolean {
  const dropped = state[POLICY.DROPPED]!;
  const rate = loads * MS_PER_SECOND - state[POLICY.LOADS_RATE]! * interval;
  const excess = walks * TEN_THOUSAND - state[POLICY.WALKS]! * loads;
  const fast = rate > 0 || (rate === 0 && (dropped & POLICY_RULE.RATE_IS_STRICT) !== 0);
  const missing = excess > 0 || (excess === 0 && (dropped & POLICY_RULE.WALKS_ARE_STRICT) !== 0);
  return (dropped & POLICY_RULE.BOTH_LIMITS) !== 0 ? fast || missing : fast && missing;
}

/** Whether a run since `since` is long enough at `time`; `waits` is the rule that asks for it. */
function hasHeld(state: Int32Array, since: number, time: number, waits: number): boolean {
  const dropped = state[POLICY.DROPPED]!;
  if ((dropped & waits) !== 0) return true;
  const held = time - since;
  const hold = state[POLICY.HOLD]!;
  return (dropped & POLICY_RULE.HOLD_IS_INCLUSIVE) !== 0 ? held > hold : held >= hold;
}

/**
 * One sample; fields and ranges as in PolicySample, which the caller has checked.
 * @returns POLICY_ON or POLICY_OFF when the sample decides so, else POLICY_STAY
 * @throws PagetwinError `ARGUMENT` when the sample is not later than the one before
 */
export function policyStep(state: Int32Array, time: number, interval: number, loads: number, walks: number): number {
  if (time <= state[POLICY.LAST]!) {
    throw new PagetwinError("ARGUMENT", `sample at ${time} ms: expected a time after ${state[POLICY.LAST]} ms`);
  }
  state[POLICY.LAST] = time;
  const dropped = state[POLICY.DROPPED]!;
  if (isAbove(state, interval, loads, walks)) {
    if ((dropped & POLICY_RULE.ABOVE_ENDS_BELOW) === 0) state[POLICY.BELOW] = NO_TIME;
    if (state[POLICY.ABOVE] === NO_TIME) state[POLICY.ABOVE] = time;
    if (state[POLICY.REPLICATED] === 1 || !hasHeld(state, state[POLICY.ABOVE]!, time, POLICY_RULE.ON_WAITS)) {
      return POLICY_STAY;
    }
    state[POLICY.REPLICATED] = 1;
    return POLICY_ON;
  }
  if ((dropped & POLICY_RULE.BELOW_ENDS_ABOVE) === 0) state[POLICY.ABOVE] = NO_TIME;
  if (state[POLICY.BELOW] === NO_TIME) state[POLICY.BELOW] = time;
  if (state[POLICY.REPLICATED] === 0 || !hasHeld(state, state[POLICY.BELOW]!, time, POLICY_RULE.OFF_WAITS)) {
    return POLICY_STAY;
  }
  state[POLICY.REPLICATED] = 0;
  return POLICY_OFF;
}
