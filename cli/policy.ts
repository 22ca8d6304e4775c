/**
 * `pagetwin policy`: when WASP would switch replication of a process on and off, and where it would steer.
 */
import { getBorderCharacters, table } from "table";
import { parseLatency } from "../impl/replication/cost-latency.js";
import { initialisePolicy, POLICY_ON, POLICY_STAY, POLICY_WORDS, policyStep } from "../impl/replication/policy.js";
import { parseSamples } from "../impl/replication/policy-samples.js";
import { chooseSteering, flatLatency } from "../impl/replication/steering-choice.js";
import { PagetwinError } from "../vocabulary/errors.js";
import {
  POLICY_BOUNDS,
  type PolicySample,
  type PolicySettings,
  type PolicyTransition,
  policySettings,
  WASP_POLICY,
} from "../vocabulary/replication/policy.js";
import { STEERING_SLOTS } from "../vocabulary/replication/steering-choice.js";
import { integerFlag, type Output, readInput, trimmed } from "./cost-input.js";

/** Flags as typed; only `samples` must be given. */
export interface PolicyOptions {
  /** File of samples. */
  readonly samples: string;
  /** File of latencies: the steering vector that would be pushed is shown as well. */
  readonly latency?: string;
  /** Loads per second that must be exceeded. */
  readonly rate?: string;
  /** Walks per load that must be exceeded, a decimal fraction with up to four digits. */
  readonly missRatio?: string;
  /** ms. */
  readonly hysteresis?: string;
  readonly json?: boolean;
}

function ratioFlag(said: string | undefined): number {
  if (said === undefined) return WASP_POLICY.walksPerTenThousand;
  const [whole = "", fraction = ""] = said.split(".");
  const value = /^[01](\.[0-9]{1,4})?$/.test(said) ? Number(whole + fraction.padEnd(4, "0")) : Number.NaN;
  if (!(value <= POLICY_BOUNDS.walksPerTenThousand[1])) {
    throw new PagetwinError(
      "ARGUMENT",
      `--miss-ratio is "${said}": expected 0 to 1 with up to four digits after the point`,
    );
  }
  return value;
}

function settingsOf(options: PolicyOptions): PolicySettings {
  return policySettings({
    loadsPerSecond: integerFlag("--rate", options.rate, WASP_POLICY.loadsPerSecond, ...POLICY_BOUNDS.loadsPerSecond),
    walksPerTenThousand: ratioFlag(options.missRatio),
    hysteresis: integerFlag("--hysteresis", options.hysteresis, WASP_POLICY.hysteresis, ...POLICY_BOUNDS.hysteresis),
  });
}

function transitionsOf(samples: readonly PolicySample[], settings: PolicySettings): readonly PolicyTransition[] {
  const state = new Int32Array(POLICY_WORDS);
  initialisePolicy(state, settings);
  const transitions: PolicyTransition[] = [];
  for (const { time, interval, loads, walks } of samples) {
    const decision = policyStep(state, time, interval, loads, walks);
    if (decision !== POLICY_STAY) transitions.push({ kind: decision === POLICY_ON ? "on" : "off", time });
  }
  return transitions;
}

async function steeringFrom(file: string): Promise<readonly number[]> {
  const latency = parseLatency(await readInput(file), file);
  const steering = new Int32Array(STEERING_SLOTS);
  // A node without CPU measures nothing: its row is all zeros, which leaves it automatic.
  chooseSteering(flatLatency(latency), latency.length, 2 ** latency.length - 1, steering);
  return [...steering];
}

function text(
  samples: number,
  transitions: readonly PolicyTransition[],
  steering: readonly number[] | undefined,
): string {
  const rows = [["time (ms)", "replication"], ...transitions.map(({ kind, time }) => [String(time), kind])];
  const plain = {
    border: getBorderCharacters("void"),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    drawHorizontalLine: () => false,
  };
  const shown = transitions.length === 0 ? "replication stays off\n" : trimmed(table(rows, plain));
  const vector = steering === undefined ? "" : `steering ${steering.join(" ")}\n`;
  return `${samples} samples, ${transitions.length} transitions\n${shown}${vector}`;
}

/**
 * Prints the transitions.
 * @returns exit code 0
 * @throws PagetwinError `FORMAT` for a file, `ARGUMENT` for a flag, that cannot be used
 */
export async function policy(options: PolicyOptions, out: Output): Promise<number> {
  const settings = settingsOf(options);
  const samples = parseSamples(await readInput(options.samples), options.samples);
  if (samples.length === 0) {
    throw new PagetwinError("FORMAT", `${options.samples}: no samples, expected lines of TIME INTERVAL LOADS WALKS`);
  }
  const transitions = transitionsOf(samples, settings);
  const steering = options.latency === undefined ? undefined : await steeringFrom(options.latency);
  if (options.json) {
    const document = {
      version: 1,
      file: options.samples,
      settings,
      samples: samples.length,
      transitions,
      ...(steering === undefined ? {} : { steering }),
    };
    out.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    out.write(text(samples.length, transitions, steering));
  }
  return 0;
}
