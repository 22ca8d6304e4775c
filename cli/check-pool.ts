/**
 * The searches of a check on several threads of this process. What is found does not depend on who finds it, so the
 * results are those of one thread, in the same order.
 *
 * Which tasks are taken is in shared memory, so that nobody has to be asked. Each thread goes its own way through the list,
 * the first one from its beginning, the second from its end: so a system is mostly on one thread, which has its code compiled.
 * To start a thread costs as much as a short search, so of few tasks the first are done before others are asked to help.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { PagetwinError } from "../vocabulary/errors.js";
import type { CheckFlags } from "./check-systems.js";
import type { Task, TaskOptions } from "./check-tasks.js";
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

/** So many searches and more are worth other threads from the beginning; of fewer it is seen how long they take. */
const MANY_TASKS = 10;
/** CPU seconds that searches have taken when it is worth others to help: several times what a thread takes to start. */
const LONG = 2.5;
const MICROSECONDS = 1e6;

/**
 * Runs the tasks of the request, this thread among those that do.
 * @param threads from 1
 * @param long CPU seconds after which the others are asked to help with few tasks
 * @throws PagetwinError that a task throws; rejects with whatever else ends a thread
 */
export async function runOnThreads(
  request: PoolRequest,
  tasks: readonly Task[],
  threads: number,
  terminal: Terminal,
  long: number = LONG,
): Promise<PoolResults> {
  const pool = new Pool(request, tasks.length, threads, terminal);
  const own: Terminal = {
    ...terminal,
    progress: (text) => {
      pool.startAfter(long);
      terminal.progress(text);
    },
  };
  try {
    if (tasks.length >= MANY_TASKS) pool.start();
    await nextTurn(); // what this thread has to do besides comes first
    for (const task of wayOf(0, threads, tasks.length)) {
      if (pool.isBroken || !pool.take(task)) continue;
      const findings: Findings = { folder: request.options.findings, found: [] };
      pool.results[task] = tasks[task]!.run(findings, own);
      pool.found[task] = findings.found;
      pool.startAfter(long);
      await nextTurn();
    }
    return await pool.end();
  } finally {
    await pool.close();
  }
}

/** The tasks, who has taken them, and the threads besides this one. */
export class Pool {
  /** By task. */
  readonly results: (ScopeResult | undefined)[];
  readonly found: Findings["found"][];
  /** Whether a thread has failed: then there is no use in going on. */
  isBroken = false;
  private readonly request: PoolRequest;
  private readonly threads: number;
  private readonly terminal: Terminal;
  private readonly taken: Int32Array;
  private readonly begun = process.cpuUsage();
  private readonly workers: Worker[] = [];
  private readonly ends: Promise<void>[] = [];

  constructor(request: PoolRequest, tasks: number, threads: number, terminal: Terminal) {
    this.request = request;
    this.threads = threads;
    this.terminal = terminal;
    this.taken = new Int32Array(new SharedArrayBuffer(tasks * Int32Array.BYTES_PER_ELEMENT));
    this.results = new Array<ScopeResult | undefined>(tasks).fill(undefined);
    this.found = new Array<Findings["found"]>(tasks);
  }

  /** @returns whether nobody had taken it */
  take(task: number): boolean {
    return Atomics.compareExchange(this.taken, task, 0, 1) === 0;
  }

  /** Starts the other threads, if the tasks have taken so many CPU seconds and more than one is left. */
  startAfter(seconds: number): void {
    if (this.workers.length > 0) return;
    const { user, system } = process.cpuUsage(this.begun);
    const isLong = user + system >= seconds * MICROSECONDS;
    if (isLong && this.taken.filter((isTaken) => isTaken === 0).length > 1) this.start();
  }

  /** Starts the other threads, once. */
  start(): void {
    if (this.workers.length > 0) return;
    const { request, taken, threads } = this;
    for (let thread = 1; thread < threads; thread++) {
      const workerData: PoolOrder = { ...request, taken, way: wayOf(thread, threads, taken.length) };
      const worker = new Worker(new URL("./check-thread.js", import.meta.url), { workerData });
      const end = endOf(worker, (message) => this.hear(message));
      end.catch(() => {
        this.isBroken = true; // it is thrown by `end`
      });
      this.workers.push(worker);
      this.ends.push(end);
    }
  }

  /** When all threads have ended. */
  async end(): Promise<PoolResults> {
    await Promise.all(this.ends);
    const { results, found } = this;
    if (results.includes(undefined)) throw new Error("a thread ended before its searches did");
    return { results: results as ScopeResult[], found: found.flat() };
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private hear(message: PoolMessage): void {
    if (message.kind === "progress") this.terminal.progress(message.text);
    if (message.kind !== "done") return;
    this.results[message.task] = message.result;
    this.found[message.task] = message.found;
  }
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
