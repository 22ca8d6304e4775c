/**
 * The paper's experiment (section 6, Figure 7): two threads on two kernels read or write an array again and again, and the
 * messages that keep its replicas coherent are counted.
 *
 *   page 0: STARTED, ARRIVED        pages 1 …: the array, one word an element
 *
 * The first thread allocates the array by writing it, then starts the second; both meet at a shared variable and then
 * work on the array from its first element to its last, so many times.
 */
import { PAGE_WORDS, type ProgramHost, type ProgramStep } from "../../vocabulary/coherency/runtime.js";

export const CASES = ["read/read", "write/read", "write/write"] as const;
export type Case = (typeof CASES)[number];

/** Elements of the array: an eighth of a page, one page, 64 pages. */
export const SIZES = [
  { name: "< 1 page", words: PAGE_WORDS / 8 },
  { name: "1 page", words: PAGE_WORDS },
  { name: "64 pages", words: 64 * PAGE_WORDS },
] as const;
export type SizeName = (typeof SIZES)[number]["name"];

export const ITERATIONS = [1, 10, 30, 60, 90] as const;

export const KERNELS = 2;
/** The page of the shared variables; the array begins behind it. */
export const SYNCHRONISATION_PAGES = 1;
export const STARTED = 0;
export const ARRIVED = 1;
export const ARRAY = SYNCHRONISATION_PAGES * PAGE_WORDS;

export interface Experiment {
  readonly case: Case;
  readonly words: number;
  readonly iterations: number;
}

/** Pages that an experiment needs. */
export function pagesOf({ words }: Experiment): number {
  return SYNCHRONISATION_PAGES + Math.ceil(words / PAGE_WORDS);
}

/**
 * One of the two threads.
 * @returns in how many of its iterations it has sent no request
 */
export function* figureThread(
  experiment: Experiment,
  { kernel, requestsSent }: ProgramHost,
): Generator<ProgramStep, number, number> {
  const { words, iterations } = experiment;
  if (kernel === 0) {
    yield { kind: "store", first: ARRAY, words, value: 1 };
    yield { kind: "add", word: STARTED, delta: 1 };
  } else yield { kind: "await", word: STARTED, value: 1 };
  yield { kind: "add", word: ARRIVED, delta: 1 };
  yield { kind: "await", word: ARRIVED, value: KERNELS };
  const isWriter = experiment.case === "write/write" || (experiment.case === "write/read" && kernel === 0);
  let silent = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const before = requestsSent();
    if (isWriter) yield { kind: "store", first: ARRAY, words, value: 2 + KERNELS * iteration + kernel };
    else yield { kind: "load", first: ARRAY, words };
    if (requestsSent() === before) silent++;
  }
  return silent;
}
