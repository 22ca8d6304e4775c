/**
 * What the options of the paper's 5.2 save: one workload on four kernels, under the logical clock, with and without each of
 * them.
 *
 *   page 0         ARRIVED: two words, each pair of kernels meets at its own before each iteration
 *   pages 1, 2     kernel 0 writes them, kernel 1 reads them
 *   pages 3, 4     kernels 2 and 3 both write them
 *   pages 5 to 8   a table: all four read it, nobody writes it
 *
 * Each page of the arrays has two users of four. The table is in a read-only region where the option says so.
 */
import * as mail from "../../impl/coherency/outbox.js";
import { type SimulationOptions, simulate } from "../../impl/coherency/runtime-simulation.js";
import { MULTICAST, PROFILES, type Rules } from "../../vocabulary/coherency/rules.js";
import { PAGE_BYTES, PAGE_WORDS, type ProgramHost, type ProgramStep } from "../../vocabulary/coherency/runtime.js";
import { TIMING } from "./figure7-run.js";

export const SAVING_KERNELS = 4;
/** Kernels that share an array. */
const PAIR = 2;
const ARRIVED = 0;
const ARRAY_PAGES = 2;
const TABLE = 5;
const TABLE_PAGES = 4;
const PAGES = TABLE + TABLE_PAGES;
const ITERATIONS = 30;

/** The kinds of message, as columns; each is counted at its sender. */
export const MESSAGE_KINDS = [
  { name: "Fetch", kind: mail.FETCH },
  { name: "Fetch_Write", kind: mail.FETCH_WRITE },
  { name: "Invalid", kind: mail.INVALID },
  { name: "Copy", kind: mail.COPY },
  { name: "CopyVoid", kind: mail.COPY_VOID },
  { name: "Ack", kind: mail.ACK },
  { name: "Nack", kind: mail.NACK },
] as const;

interface Option {
  readonly name: string;
  readonly rules: Partial<Rules>;
  readonly readOnly: boolean;
}

const OPTIONS: readonly Option[] = [
  { name: "none", rules: {}, readOnly: false },
  { name: "owner hint", rules: { ownerHint: true }, readOnly: false },
  { name: "multicast", rules: { multicast: MULTICAST }, readOnly: false },
  { name: "read-only region", rules: {}, readOnly: true },
  { name: "all three", rules: { ownerHint: true, multicast: MULTICAST }, readOnly: true },
];

export interface Saving {
  readonly name: string;
  /** By kind, in the order of MESSAGE_KINDS: means of the runs. */
  readonly counts: readonly number[];
  readonly total: number;
}

/** @param runs one or more, with the seeds that follow `seed`; the same seed gives the same counts */
export function messagesSaved(options: Pick<SimulationOptions, "channels" | "seed">, runs: number): readonly Saving[] {
  return OPTIONS.map(({ name, rules, readOnly }) => {
    const sums = MESSAGE_KINDS.map(() => 0);
    for (let run = 0; run < runs; run++) {
      const counts = countsOf({ ...PROFILES.lean, ...rules }, readOnly, { ...options, seed: options.seed + run });
      for (const [index, count] of counts.entries()) sums[index]! += count;
    }
    const counts = sums.map((sum) => sum / runs);
    return { name, counts, total: counts.reduce((total, count) => total + count, 0) };
  });
}

function countsOf(
  rules: Rules,
  isLocal: boolean,
  options: Pick<SimulationOptions, "channels" | "seed">,
): readonly number[] {
  const table = new Uint8Array(PAGE_BYTES);
  const { kernels } = simulate(
    {
      ...options,
      ...TIMING,
      kernels: SAVING_KERNELS,
      pages: PAGES,
      rules,
      exit: "atomic",
      ...(isLocal ? { readOnly: { first: TABLE, end: PAGES, source: () => table } } : {}),
    },
    Array.from({ length: SAVING_KERNELS }, () => workload),
  );
  return MESSAGE_KINDS.map(({ kind }) => kernels.reduce((sum, kernel) => sum + kernel.sent(kind), 0));
}

function* workload({ kernel }: ProgramHost): Generator<ProgramStep, void, number> {
  const pair = Math.floor(kernel / PAIR);
  const first = (1 + ARRAY_PAGES * pair) * PAGE_WORDS;
  const words = ARRAY_PAGES * PAGE_WORDS;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    yield { kind: "add", word: ARRIVED + pair, delta: 1 };
    yield { kind: "await", word: ARRIVED + pair, value: PAIR * (iteration + 1) };
    yield { kind: "load", first: TABLE * PAGE_WORDS, words: TABLE_PAGES * PAGE_WORDS };
    if (kernel === 1) yield { kind: "load", first, words };
    else yield { kind: "store", first, words, value: iteration + 1 };
  }
}
