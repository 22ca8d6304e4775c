/**
 * The searches of a check on several threads of this process. What is found does not depend on who finds it, so the
 * results are those of one thread, in the same order.
 *
 * Which tasks are taken is in shared memory, so that nobody has to be asked. Each thread goes its own way through the list,
 * the first one from its beginning, the second from its end: so a system is mostly on one thread, which has its code compiled.
 */
import { Worker } from "node:worker_threads";
import { PagetwinError } from "../vocabulary/errors.js";
import type { CheckFlags } from "./check-systems.js";
import type { TaskOptions } from "./check-tasks.js";
import type { ScopeResult } from "./report.js";
import type { Findings } from "./run-scopes.js";
import type { Terminal } from "./terminal.js";

/** What a thread starts from. */
export interface PoolOrder {
  readonly system: string | undefined;
  readonly flags: CheckFlags;
  readonly options: TaskOptions;
  /** A word per task: 0 until somebody takes it. */
  readonly taken: Int32Array;
  /** Numbers of tasks, in the order in which this thread looks at them. */
  readonly way: readonly number[];
}

export type PoolMessage =
  | { readonly kind: "done"; readonly task: number; readonly result: ScopeResult; readonly found: Findings["found"] }
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "refused"; readonly code: PagetwinError["code"]; readonly message: string };

export type PoolRequest = Omit<PoolOrder, "taken" | "way">;

export interface PoolResults {
  /** By task. */
  readonly results: readonly ScopeResult[];
  /** In the order of the tasks. */
  readonly found: Findings["found"];
}

/**
 * Runs tasks 0 to `tasks` - 1 of the request.
 * @param threads from 1
 * @throws PagetwinError that a task throws; rejects with whatever else ends a thread
 */
export async function runOnThreads(
  request: PoolRequest,
  tasks: number,
  threads: number,
  terminal: Terminal,
): Promise<PoolResults> {
  const taken = new Int32Array(new SharedArrayBuffer(tasks * Int32Array.BYTES_PER_ELEMENT));
  const results = new Array<ScopeResult | undefined>(tasks).fill(undefined);
  const found = new Array<Findings["found"]>(tasks);
  const workers: Worker[] = [];
  const ends = Array.from({ length: threads }, (_, thread) => {
    const workerData: PoolOrder = { ...request, taken, way: wayOf(thread, threads, tasks) };
    const worker = new Worker(new URL("./check-thread.js", import.meta.url), { workerData });
    workers.push(worker);
    return endOf(worker, (message) => {
      if (message.kind === "progress") terminal.progress(message.text);
      if (message.kind !== "done") return;
      results[message.task] = message.result;
      found[message.task] = message.found;
    });
  });
  try {
    await Promise.all(ends);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  if (results.includes(undefined)) throw new Error("a thread ended before its searches did");
  return { results: results as ScopeResult[], found: found.flat() };
}

/** Threads in pairs begin at the same place and go opposite ways; the pairs begin apart. */
function wayOf(thread: number, threads: number, tasks: number): readonly number[] {
  const pairs = Math.ceil(threads / 2);
  const start = Math.floor((Math.floor(thread / 2) * tasks) / pairs);
  const forward = Array.from({ length: tasks }, (_, step) => (start + step) % tasks);
  return thread % 2 === 0 ? forward : forward.reverse();
}

function endOf(worker: Worker, hear: (message: PoolMessage) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: PoolMessage) => {
      if (message.kind === "refused") reject(new PagetwinError(message.code, message.message));
      else hear(message);
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
}
