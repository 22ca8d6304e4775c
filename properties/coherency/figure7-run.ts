/** Runs of the paper's experiment under the logical clock, and what they count. */
import { FETCH, FETCH_WRITE, INVALID } from "../../impl/coherency/outbox.js";
import type { RuntimeKernel } from "../../impl/coherency/runtime-kernel.js";
import { simulate } from "../../impl/coherency/runtime-simulation.js";
import type { Channels } from "../../vocabulary/coherency/configuration.js";
import { PROFILES, type ProfileName } from "../../vocabulary/coherency/rules.js";
import { PAGE_WORDS } from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import {
  CASES,
  type Case,
  type Experiment,
  figureThread,
  ITERATIONS,
  KERNELS,
  pagesOf,
  SIZES,
  type SizeName,
} from "./figure7.js";

/** Messages of one experiment, of both kernels, all pages. */
export interface Counts {
  readonly fetch: number;
  readonly fetchWrite: number;
  readonly invalid: number;
  /** Iterations, of both threads, in which the thread's kernel sent no request. */
  readonly silent: number;
}

/** One point of the figure: means of the runs. */
export interface Cell extends Counts {
  readonly case: Case;
  readonly size: SizeName;
  readonly iterations: number;
}

export interface FigureOptions {
  readonly profile: ProfileName;
  readonly channels: Channels;
  /** The seed of the first run; the others follow it. */
  readonly seed: number;
  readonly runs: number;
}

/**
 * In ticks, of which an access takes one, so that the array of 64 pages takes 65,536. The paper says two things about the
 * cost: a sweep of the whole array is comparable to a message, and the queues of messages are scheduled independently, so
 * that a thread may finish a few iterations before one comes to its turn.
 */
export const TIMING = {
  latency: 16 * PAGE_WORDS,
  jitter: 2 * PAGE_WORDS,
  stall: 8 * 64 * PAGE_WORDS,
  stallOneIn: 4,
} as const;

/**
 * One run of one experiment: the same counts for the same seed.
 * @throws PagetwinError `UNREACHABLE` naming the run if the protocol breaks: the kernels wait for each other
 */
export function runExperiment(experiment: Experiment, options: Omit<FigureOptions, "runs">): Counts {
  try {
    return countedRun(experiment, options);
  } catch (error) {
    if (!(error instanceof PagetwinError)) throw error;
    const { case: name, words, iterations } = experiment;
    throw new PagetwinError(
      error.code,
      `${name}, ${words} words, ${iterations} iterations, seed ${options.seed}: ${error.message}`,
    );
  }
}

function countedRun(experiment: Experiment, { profile, channels, seed }: Omit<FigureOptions, "runs">): Counts {
  const { kernels, values } = simulate(
    {
      kernels: KERNELS,
      pages: pagesOf(experiment),
      rules: PROFILES[profile],
      exit: "atomic",
      channels,
      seed,
      ...TIMING,
    },
    Array.from({ length: KERNELS }, () => (host) => figureThread(experiment, host)),
  );
  return countsOf(kernels.map((kernel, index) => ({ ...sentBy(kernel), silent: Number(values[index]) })));
}

/** Requests that a kernel has sent. */
export function sentBy(kernel: RuntimeKernel): Omit<Counts, "silent"> {
  return { fetch: kernel.sent(FETCH), fetchWrite: kernel.sent(FETCH_WRITE), invalid: kernel.sent(INVALID) };
}

/** The sums of what the kernels counted. */
export function countsOf(kernels: readonly Counts[]): Counts {
  const sum = (field: keyof Counts) => kernels.reduce((total, counts) => total + counts[field], 0);
  return { fetch: sum("fetch"), fetchWrite: sum("fetchWrite"), invalid: sum("invalid"), silent: sum("silent") };
}

/** All experiments of the figure, in its order: cases, sizes, iterations. */
export function experiments(): readonly (Experiment & Pick<Cell, "size">)[] {
  return CASES.flatMap((name) =>
    SIZES.flatMap(({ name: size, words }) => ITERATIONS.map((iterations) => ({ case: name, size, words, iterations }))),
  );
}

/** Every point of the figure as the mean of `runs` runs, to one decimal. */
export function figureCells(options: FigureOptions): readonly Cell[] {
  return experiments().map((experiment) => {
    const runs = Array.from({ length: options.runs }, (_, run) =>
      runExperiment(experiment, { ...options, seed: options.seed + run }),
    );
    return cellOf(experiment, runs);
  });
}

export function cellOf(
  { case: name, size, iterations }: Experiment & Pick<Cell, "size">,
  runs: readonly Counts[],
): Cell {
  const { fetch, fetchWrite, invalid, silent } = countsOf(runs);
  const mean = (total: number) => toOneDecimal(total / runs.length);
  return {
    case: name,
    size,
    iterations,
    fetch: mean(fetch),
    fetchWrite: mean(fetchWrite),
    invalid: mean(invalid),
    silent: mean(silent),
  };
}

/** Page requests: the figure counts Fetch and Fetch_Write together. To one decimal. */
export function requestsOf({ fetch, fetchWrite }: Counts): number {
  return toOneDecimal(fetch + fetchWrite);
}

/** All messages that the figure counts, to one decimal. */
export function messagesOf({ fetch, fetchWrite, invalid }: Counts): number {
  return toOneDecimal(fetch + fetchWrite + invalid);
}

/** Sums of numbers with one decimal carry errors in later ones. */
function toOneDecimal(count: number): number {
  return Math.round(10 * count) / 10;
}
