/**
 * One kernel on a thread of its own: private memory, a port to every other kernel, and a doorbell to sleep at.
 *
 * The doorbell's word is all that threads share. Who sends rings; who waits drains its ports and sleeps until it rings. A
 * seed decides which of the waiting messages comes next, as far as the channels permit, and how long it is left to wait.
 */
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { FETCH, FETCH_WRITE, INVALID } from "../../impl/coherency/outbox.js";
import { RuntimeKernel, type RuntimeOptions } from "../../impl/coherency/runtime-kernel.js";
import { type BlockingHost, SharedMemory } from "../../impl/coherency/runtime-memory.js";
import { SeededNumbers } from "../../impl/coherency/runtime-random.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import type { KernelProgram, ProgramSource, ThreadStart } from "./kernel-threads.js";

interface Letter {
  readonly from: number;
  readonly kind: number;
  readonly page: number;
  readonly detail: number;
  readonly bytes: Uint8Array | undefined;
  readonly group: number;
}

/** Thrown out of a wait when all programs have ended. */
class Stopped extends Error {}

class ThreadHost implements BlockingHost {
  readonly kernel: RuntimeKernel;
  private readonly start: ThreadStart;
  private readonly bells: Int32Array;
  private readonly numbers: SeededNumbers;
  /** What has arrived, oldest first. */
  private readonly letters: Letter[] = [];
  private heard = 0;

  constructor(start: ThreadStart, source: ProgramSource | undefined) {
    this.start = start;
    this.bells = new Int32Array(start.bells);
    this.numbers = new SeededNumbers(start.seed, start.kernel);
    this.kernel = new RuntimeKernel(runtimeOptions(start, source), {
      send: (to, kind, page, detail, bytes, group) => {
        const letter: Letter = { from: start.kernel, kind, page, detail, bytes: bytes?.slice(), group };
        start.ports[to]!.postMessage(letter, letter.bytes === undefined ? [] : [letter.bytes.buffer as ArrayBuffer]);
        Atomics.add(this.bells, to, 1);
        Atomics.notify(this.bells, to);
      },
    });
  }

  poll(): void {
    if (this.letters.length === 0 && Atomics.load(this.bells, this.start.kernel) === this.heard) return;
    this.collect();
    if (this.letters.length > 0 && !(this.start.delay > 0 && this.numbers.below(2) === 0)) this.deliverOne();
  }

  wait(): void {
    this.takeOne(this.start.patience);
  }

  /** Answers the others until the run is over, however long they take: this kernel's own program has ended. */
  serve(): never {
    for (;;) this.takeOne(Number.POSITIVE_INFINITY);
  }

  /** Delivers one message, after a wait of `patience` milliseconds at most. */
  private takeOne(patience: number): void {
    const { delay } = this.start;
    this.collect();
    if (this.letters.length > 0 && delay > 0 && this.numbers.below(8) === 0) {
      this.sleep(1 + this.numbers.below(delay)); // for others to overtake
      this.collect();
    }
    while (this.letters.length === 0) {
      if (!this.sleep(patience)) throw new Error(`no message for ${patience} ms`);
      this.collect();
    }
    this.deliverOne();
  }

  /** @returns false if it did not ring for `ms` milliseconds */
  private sleep(ms: number): boolean {
    return Atomics.wait(this.bells, this.start.kernel, this.heard, ms) !== "timed-out";
  }

  private collect(): void {
    const { kernel, ports, control } = this.start;
    this.heard = Atomics.load(this.bells, kernel); // first: what rings from now on is heard later
    if (receiveMessageOnPort(control) !== undefined) throw new Stopped();
    for (const port of ports) {
      if (port === null) continue;
      for (let mail = receiveMessageOnPort(port); mail !== undefined; mail = receiveMessageOnPort(port))
        this.letters.push(mail.message as Letter);
    }
  }

  private deliverOne(): void {
    const { letters } = this;
    const chosen = letters[this.numbers.below(this.start.delay > 0 ? letters.length : 1)]!;
    const isFirst = (letter: Letter) => letter.from === chosen.from;
    const at = this.start.channels === "fifo" ? letters.findIndex(isFirst) : letters.indexOf(chosen);
    const [{ from, kind, page, detail, bytes, group }] = letters.splice(at, 1) as [Letter];
    this.kernel.deliver(from, kind, page, detail, bytes, group);
  }
}

function runtimeOptions(start: ThreadStart, source: ProgramSource | undefined): RuntimeOptions {
  const { kernel, kernels, pages, exit, profile, ownerHint, multicast, readOnly, input } = start;
  const rules = { ...PROFILES[profile], ownerHint, multicast: multicast ? MULTICAST : "off" } as const;
  const options = { kernel, kernels, pages, exit, rules };
  if (readOnly === undefined) return options;
  if (source === undefined) throw new Error("the program exports no source for the read-only pages");
  return { ...options, readOnly: { ...readOnly, source: (page) => source(page, input) } };
}

interface ProgramModule {
  readonly default: KernelProgram;
  readonly source?: ProgramSource;
}

async function main(start: ThreadStart): Promise<void> {
  const { kernel, kernels, input, readOnly, control } = start;
  try {
    const { default: program, source } = (await import(start.program)) as ProgramModule;
    const host = new ThreadHost(start, source);
    const value = program(new SharedMemory(host.kernel, host), { kernel, kernels, input, readOnly });
    const [fetch, fetchWrite, invalid] = [FETCH, FETCH_WRITE, INVALID].map((kind) => host.kernel.sent(kind));
    control.postMessage({ kind: "ended", kernel, value, requests: { fetch, fetchWrite, invalid } });
    host.serve();
  } catch (error) {
    if (!(error instanceof Stopped)) control.postMessage({ kind: "failed", kernel, message: (error as Error).message });
  }
  close(start.ports);
  control.close();
}

function close(ports: readonly (MessagePort | null)[]): void {
  for (const port of ports) port?.close();
}

await main(workerData as ThreadStart);
