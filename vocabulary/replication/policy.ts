/**
 * The words of the WASP policy: what is sampled, which limits it is held against, what is decided.
 *
 * One process, one stream of samples. Page faults are sampled by the daemon as well, but decide nothing.
 * Source: spec section 8.4, invariant I35.
 */
import { PagetwinError } from "../errors.js";

/** What one process did during the `interval` ms that ended at `time`. */
export interface PolicySample {
  /** When the sample was taken, ms from any origin, 0 to 2^31 - 1; later than the sample before. */
  readonly time: number;
  /** How long the counters ran, ms, 1 to 3,600,000. */
  readonly interval: number;
  /** Loads retired, 0 to 2^39. */
  readonly loads: number;
  /** Page walks caused by data TLB misses, 0 to 2^39. */
  readonly walks: number;
}

export interface PolicySettings {
  /** A process is memory-bound above this many loads per second, 0 to 10^9; strict. */
  readonly loadsPerSecond: number;
  /** ... and TLB-bound above this many walks per 10,000 loads, 0 to 10,000; strict. */
  readonly walksPerTenThousand: number;
  /** How long a condition must have held before it is acted on, ms, 0 to 2^31 - 1; inclusive. */
  readonly hysteresis: number;
}

/** The published settings: ten million loads a second, one walk in a hundred loads, one second. */
export const WASP_POLICY: PolicySettings = {
  loadsPerSecond: 10_000_000,
  walksPerTenThousand: 100,
  hysteresis: 1000,
};

export interface PolicyTransition {
  /** `on`: replicate on all nodes, then push the steering vector. `off`: replication is switched off. */
  readonly kind: "on" | "off";
  /** Time of the sample that decided, ms. */
  readonly time: number;
}

/** Inclusive ranges. Products of any two that are compared stay below 2^53. */
export const POLICY_BOUNDS = {
  time: [0, 2 ** 31 - 1],
  interval: [1, 3_600_000],
  loads: [0, 2 ** 39],
  walks: [0, 2 ** 39],
  loadsPerSecond: [0, 1_000_000_000],
  walksPerTenThousand: [0, 10_000],
  hysteresis: [0, 2 ** 31 - 1],
} as const satisfies Readonly<Record<keyof PolicySample | keyof PolicySettings, readonly [number, number]>>;

function within(field: keyof typeof POLICY_BOUNDS, value: number): void {
  const [low, high] = POLICY_BOUNDS[field];
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new PagetwinError("ARGUMENT", `${field} is ${value}: expected an integer from ${low} to ${high}`);
  }
}

/**
 * Completes and checks settings.
 * @throws PagetwinError `ARGUMENT` naming the first field out of range
 */
export function policySettings(some: Partial<PolicySettings>): PolicySettings {
  const settings = { ...WASP_POLICY, ...some };
  within("loadsPerSecond", settings.loadsPerSecond);
  within("walksPerTenThousand", settings.walksPerTenThousand);
  within("hysteresis", settings.hysteresis);
  return settings;
}

/**
 * Checks a sample; the order of samples is checked where they are used.
 * @throws PagetwinError `ARGUMENT` naming the first field out of range
 */
export function policySample(sample: PolicySample): PolicySample {
  within("time", sample.time);
  within("interval", sample.interval);
  within("loads", sample.loads);
  within("walks", sample.walks);
  return sample;
}
