/**
 * One process under the policy, in one Int32Array of POLICY_WORDS.
 *
 *    0            1        2      3         4            5      6        7
 *   ┌────────────┬────────┬──────┬─────────┬────────────┬──────┬────────┬────────┐
 *   │ LOADS_RATE │ WALKS  │ HOLD │ DROPPED │ REPLICATED │ LAST │ ABOVE  │ BELOW  │
 *   └────────────┴────────┴──────┴─────────┴────────────┴──────┴────────┴────────┘
 *     settings ------------------------ ^    0 or 1       times in ms, NO_TIME = absent
 */
export const POLICY = {
  /** Loads per second that must be exceeded. */
  LOADS_RATE: 0,
  /** Walks per 10,000 loads that must be exceeded. */
  WALKS: 1,
  /** Hysteresis, ms. */
  HOLD: 2,
  /** Rules left out, bits of {@link POLICY_RULE}; 0 in production. */
  DROPPED: 3,
  REPLICATED: 4,
  /** Time of the last sample. */
  LAST: 5,
  /** First sample of the current run above the limits. */
  ABOVE: 6,
  /** First sample of the current run not above the limits. */
  BELOW: 7,
} as const;

export const POLICY_WORDS = 8;

/** Not 0: a sample may be taken at time 0. */
export const NO_TIME = -1;

/** The rules of section 8.4 that a mutant leaves out, one bit each. */
export const POLICY_RULE = {
  /** Exactly the rate limit is not above. */
  RATE_IS_STRICT: 1 << 0,
  /** Exactly the walk limit is not above. */
  WALKS_ARE_STRICT: 1 << 1,
  /** Both limits must be exceeded. */
  BOTH_LIMITS: 1 << 2,
  /** Switching on waits for the hysteresis. */
  ON_WAITS: 1 << 3,
  /** Switching off waits for the hysteresis. */
  OFF_WAITS: 1 << 4,
  /** A run that has held exactly the hysteresis counts. */
  HOLD_IS_INCLUSIVE: 1 << 5,
  /** A sample above the limits ends the run below. */
  ABOVE_ENDS_BELOW: 1 << 6,
  /** A sample not above ends the run above. */
  BELOW_ENDS_ABOVE: 1 << 7,
} as const;
