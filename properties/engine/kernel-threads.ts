/** Programs over the coherency protocol on real threads, one kernel a thread, each with memory of its own. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { SharedMemory } from "../../impl/coherency/runtime-memory.js";
import type { Channels, ExitMode } from "../../vocabulary/coherency/configuration.js";
import type { ProfileName } from "../../vocabulary/coherency/rules.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { PATIENCE, type ReadOnlyPages, refuseThreadOptions, type ThreadOptions } from "./kernel-thread-options.js";

export type { ReadOnlyPages, ThreadOptions } from "./kernel-thread-options.js";

/** What every kernel runs: the default export of a module. What it returns must be plain data. */
export type KernelProgram = (memory: SharedMemory, host: KernelHost) => unknown;

/** The content of a page of the read-only region, PAGE_BYTES of it: the export `source` of the same module. */
export type ProgramSource = (page: number, input: unknown) => Uint8Array;

export interface KernelHost {
  readonly kernel: number;
  readonly kernels: number;
  readonly input: unknown;
  /** Pages [first, end) that are there from the beginning, with what `source` says; a store to them throws. */
  readonly readOnly: ReadOnlyPages | undefined;
}

export interface ThreadRun {
  /** What the programs returned, by kernel. */
  readonly values: readonly unknown[];
  /** Requests that each kernel sent. Each is answered by one message, which has arrived when the run ends. */
  readonly requests: readonly { readonly fetch: number; readonly fetchWrite: number; readonly invalid: number }[];
}

/** What a thread is started with. */
export interface ThreadStart {
  readonly kernel: number;
  readonly kernels: number;
  readonly pages: number;
  readonly program: string;
  readonly input: unknown;
  readonly profile: ProfileName;
  readonly channels: Channels;
  readonly exit: ExitMode;
  readonly ownerHint: boolean;
  readonly multicast: boolean;
  readonly readOnly: ReadOnlyPages | undefined;
  readonly seed: number;
  readonly delay: number;
  readonly patience: number;
  /** By kernel; null for its own. */
  readonly ports: readonly (MessagePort | null)[];
  readonly control: MessagePort;
  readonly bells: SharedArrayBuffer;
}

type Report =
  | {
      readonly kind: "ended";
      readonly kernel: number;
      readonly value: unknown;
      readonly requests: ThreadRun["requests"][0];
    }
  | { readonly kind: "failed"; readonly kernel: number; readonly message: string };

const BELL_BYTES = 4;

/**
 * Runs the program on every kernel and waits for all of them.
 * @throws PagetwinError `ARGUMENT` with the kernel and the reason if a program throws, or nothing comes for too long; for
 * what `ThreadOptions` does not allow
 */
export async function runOnThreads(options: ThreadOptions): Promise<ThreadRun> {
  refuseThreadOptions(options);
  const { kernels } = options;
  const bells = new SharedArrayBuffer(kernels * BELL_BYTES);
  const controls = Array.from({ length: kernels }, () => new MessageChannel());
  const ports = connect(kernels);
  const workers = controls.map(({ port2 }, kernel) => start(options, kernel, bells, port2, ports[kernel]!));
  try {
    return await gather(
      workers,
      controls.map(({ port1 }) => port1),
      new Int32Array(bells),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    for (const { port1 } of controls) port1.close();
  }
}

/** A channel for each pair of kernels. */
function connect(kernels: number): (MessagePort | null)[][] {
  const ports: (MessagePort | null)[][] = Array.from({ length: kernels }, () => new Array(kernels).fill(null));
  for (let one = 0; one < kernels; one++) {
    for (let other = 0; other < one; other++) {
      const { port1, port2 } = new MessageChannel();
      ports[one]![other] = port1;
      ports[other]![one] = port2;
    }
  }
  return ports;
}

function start(
  options: ThreadOptions,
  kernel: number,
  bells: SharedArrayBuffer,
  control: MessagePort,
  ports: readonly (MessagePort | null)[],
): Worker {
  const { program, kernels, pages, input, profile = "normative", channels = "fifo", exit = "atomic" } = options;
  const { ownerHint = false, multicast = false, readOnly, seed = 1, delay = 0, patience = PATIENCE } = options;
  const run = { kernels, pages, program: program.href, input, seed, delay, patience, bells };
  const protocol = { profile, channels, exit, ownerHint, multicast, readOnly };
  const workerData: ThreadStart = { ...run, ...protocol, kernel, ports, control };
  const transferList = [control, ...ports.filter((port) => port !== null)];
  return new Worker(new URL("./kernel-thread.js", import.meta.url), { workerData, transferList });
}

function gather(workers: readonly Worker[], controls: readonly MessagePort[], bells: Int32Array): Promise<ThreadRun> {
  const values: unknown[] = [];
  const requests: ThreadRun["requests"][0][] = [];
  let ended = 0;
  return new Promise((resolve, reject) => {
    const fail = (kernel: number, why: string) => reject(new PagetwinError("ARGUMENT", `kernel ${kernel}: ${why}`));
    const take = (report: Report) => {
      if (report.kind === "failed") return fail(report.kernel, report.message);
      values[report.kernel] = report.value;
      requests[report.kernel] = report.requests;
      if (++ended < workers.length) return;
      resolve({ values, requests });
      stop(controls, bells);
    };
    for (const [kernel, worker] of workers.entries()) {
      controls[kernel]!.on("message", take);
      worker.on("error", (error) => fail(kernel, (error as Error).message));
      worker.on("exit", () => {
        // To a busy main thread the end of a thread can come before the last words of it.
        const last = receiveMessageOnPort(controls[kernel]!);
        if (last !== undefined) take(last.message);
        fail(kernel, "its thread ended before its program"); // too late once all have ended, or one has failed
      });
    }
  });
}

/** All programs have ended: the threads, which answer each other until now, may end too. */
function stop(controls: readonly MessagePort[], bells: Int32Array): void {
  for (const [kernel, control] of controls.entries()) {
    control.postMessage("stop");
    Atomics.add(bells, kernel, 1);
    Atomics.notify(bells, kernel);
  }
}
