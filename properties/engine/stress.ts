/**
 * The fourth engine: real threads on real shared memory, for what no schedule of a checker has: the machine's own order of
 * things. It counts and is bounded; it finds or it does not find, and what it does not find proves nothing.
 *
 * Each thread is a worker that imports a module of the system and calls its `stressed`. All wait until all are ready, so
 * that nobody works alone while others still start. The outcome depends on the machine: the same seed need not give the same
 * result here.
 */
import { Worker } from "node:worker_threads";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Plain } from "./system.js";

export interface StressPlan {
  /** URL of a compiled module that exports a {@link StressedThread} by the name `stressed`. */
  readonly module: string;
  /** What the threads share: a view of a `SharedArrayBuffer`. */
  readonly words: Int32Array;
  /** 1 to 16. */
  readonly threads: number;
  /** Given to every thread. */
  readonly data: Plain;
  /** So many milliseconds after all threads are ready they are asked to stop; by default never. */
  readonly milliseconds?: number;
}

/** What a thread is given. */
export interface StressContext {
  readonly words: Int32Array;
  /** From 0. */
  readonly thread: number;
  readonly threads: number;
  readonly data: Plain;
  /** {@link SIGNALS} words, zero at first, in which threads may tell each other things. */
  readonly signals: Int32Array;
  /** To be looked at between operations: whether somebody, or the time limit, has asked all threads to stop. */
  isStopped(): boolean;
  /** Asks all threads to stop. */
  stop(): void;
}

/** Runs until it is through or stopped, and answers what it has seen. */
export type StressedThread = (context: StressContext) => Plain;

export interface Stressed {
  /** By thread. */
  readonly answers: readonly Plain[];
  /** Whether the time limit came before the threads were through. */
  readonly isCut: boolean;
}

export const SIGNALS = 16;
/** Words of the engine's own: how many threads are ready, and whether to stop. */
export const CONTROL = { READY: 0, STOP: 1, WORDS: 2 } as const;
const THREADS_MAX = 16;

/** What a worker starts from. */
export interface StressTask {
  readonly module: string;
  readonly words: Int32Array;
  readonly thread: number;
  readonly threads: number;
  readonly data: Plain;
  readonly signals: Int32Array;
  readonly control: Int32Array;
}

/** @throws PagetwinError `ARGUMENT` for words that are not shared or threads out of range; rejects with what a thread throws */
export async function stress(plan: StressPlan): Promise<Stressed> {
  const { module, words, threads, data, milliseconds } = plan;
  if (!(words.buffer instanceof SharedArrayBuffer)) throw new PagetwinError("ARGUMENT", "the words are not shared");
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    throw new PagetwinError("ARGUMENT", `threads is ${threads}: expected an integer from 1 to ${THREADS_MAX}`);
  }
  const control = sharedWords(CONTROL.WORDS);
  const signals = sharedWords(SIGNALS);
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: StressTask = { module, words, thread, threads, data, signals, control };
    return new Worker(new URL("./stress-thread.js", import.meta.url), { workerData });
  });
  let isCut = false;
  let limit: NodeJS.Timeout | undefined;
  const begin = () => {
    if (milliseconds === undefined) return;
    limit = setTimeout(() => {
      isCut = true;
      Atomics.store(control, CONTROL.STOP, 1);
    }, milliseconds);
  };
  try {
    return { answers: await Promise.all(workers.map((worker) => answerOf(worker, begin))), isCut };
  } finally {
    clearTimeout(limit);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** What a worker says: that it was the last one to be ready, and its answer. */
export type StressMessage = { readonly kind: "begun" } | { readonly kind: "done"; readonly answer: Plain };

/** An array of zero words that threads can share. */
export function sharedWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

function answerOf(worker: Worker, begin: () => void): Promise<Plain> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: StressMessage) => {
      if (message.kind === "begun") begin();
      else resolve(message.answer);
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("a thread ended without an answer")));
  });
}
