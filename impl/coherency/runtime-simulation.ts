/**
 * Kernels, programs and messages under one logical clock: the same run for the same seed, tick by tick.
 *
 * A load or store takes one tick. A message takes `latency` ticks and up to `jitter` more; one in `stallOneIn` also finds
 * its queue out of turn and waits `stall` ticks for it. It is handled between two accesses. With channels `fifo` no message
 * overtakes another of the same pair of kernels; with `unordered` each kind of message has a queue of its own.
 *
 *   next event = the earlier of  ┌ the program with the smallest time of its own, which runs until the next arrival
 *                                └ the message that arrives first
 */
import type { Channels } from "../../vocabulary/coherency/configuration.js";
import {
  PAGE_WORDS,
  type ProgramHost,
  type ProgramStep,
  type SteppedProgram,
} from "../../vocabulary/coherency/runtime.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { FETCH, FETCH_WRITE, INVALID } from "./outbox.js";
import { type Effect, RuntimeKernel, type RuntimeOptions } from "./runtime-kernel.js";
import { SeededNumbers } from "./runtime-random.js";

export interface SimulationOptions extends Omit<RuntimeOptions, "kernel"> {
  readonly channels: Channels;
  readonly seed: number;
  /** Ticks, 1 or more. */
  readonly latency: number;
  /** Ticks, 0 or more. */
  readonly jitter: number;
  /** Ticks, 0 or more. */
  readonly stall: number;
  /** 1 or more. */
  readonly stallOneIn: number;
  /** When to give up; 2^40 unless given. */
  readonly ticksMax?: number;
}

interface Flight {
  readonly arrives: number;
  /** The order in which messages were sent. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly page: number;
  readonly detail: number;
  readonly bytes: Uint8Array | undefined;
  readonly group: number;
}

type SingleAccess = ProgramStep & { readonly kind: "add" | "await" };

const TICKS_MAX = 2 ** 40;
/**
 * After so many messages a pair of kernels, in which no program got on, they are taken to go round for ever. The oldest stamp
 * wins after few rounds, and a fetch is repeated only after a write: sound rules need up to four, with 2 to 32 kernels.
 */
const UNSERVED_PER_PAIR_MAX = 1_000;
const RUNNING = 0;
const BLOCKED = 1;
/** Waits for a word to change, with a copy that says that it has not. */
const WATCHING = 2;
const ENDED = 3;

/** A program on its kernel. */
interface Thread {
  readonly kernel: RuntimeKernel;
  readonly program: Generator<ProgramStep, unknown, number>;
  mode: number;
  /** Ticks until which it has run. */
  time: number;
  step: ProgramStep | undefined;
  /** Words of the step that are done. */
  done: number;
  /** What is handed to the program with the next step. */
  result: number;
  /** What the program returned. */
  value: unknown;
  readonly storing: WordEffect;
}

export interface SimulationResult {
  /** Ticks until the last program ended. */
  readonly time: number;
  readonly values: readonly unknown[];
  readonly kernels: readonly RuntimeKernel[];
}

/**
 * Runs one program on each kernel until all have ended.
 * @throws PagetwinError `UNREACHABLE` if all wait and nothing is in flight, or only messages go round; if a message has no
 *   answer, a request goes to nobody, or `ticksMax` have passed
 */
export function simulate(options: SimulationOptions, programs: readonly SteppedProgram[]): SimulationResult {
  return new Simulation(options, programs).run();
}

class Simulation {
  private readonly options: SimulationOptions;
  private readonly numbers: SeededNumbers;
  private readonly threads: readonly Thread[];
  /** In no order; few at any time. */
  private readonly flights: Flight[] = [];
  private sendings = 0;
  /** Messages that have arrived since a program got on. */
  private unserved = 0;
  private readonly lastArrival: Float64Array;
  private now = 0;

  constructor(options: SimulationOptions, programs: readonly SteppedProgram[]) {
    const { kernels } = options;
    if (programs.length !== kernels)
      throw new PagetwinError("ARGUMENT", `${programs.length} programs for ${kernels} kernels`);
    this.options = options;
    this.numbers = new SeededNumbers(options.seed);
    this.lastArrival = new Float64Array(kernels * kernels);
    this.threads = programs.map((program, kernel) => {
      const own = new RuntimeKernel({ ...options, kernel }, { send: this.send.bind(this, kernel) });
      const host: ProgramHost = { kernel, kernels, requestsSent: () => requestsSent(own) };
      const thread = { kernel: own, program: program(host), mode: RUNNING, time: 0, done: 0, result: 0 };
      return { ...thread, step: undefined, value: undefined, storing: new WordEffect() };
    });
  }

  run(): SimulationResult {
    const { threads } = this;
    while (threads.some(({ mode }) => mode !== ENDED)) this.advance();
    return {
      time: Math.max(...threads.map(({ time }) => time)),
      values: threads.map(({ value }) => value),
      kernels: threads.map(({ kernel }) => kernel),
    };
  }

  private advance(): void {
    const { ticksMax = TICKS_MAX } = this.options;
    if (this.now > ticksMax)
      throw new PagetwinError("UNREACHABLE", `no end after ${ticksMax} ticks: ${this.describe()}`);
    const flight = this.firstFlight();
    const thread = this.firstRunning();
    if (thread !== undefined && (flight === undefined || thread.time < flight.arrives))
      this.runUntil(thread, this.horizon(thread, flight));
    else if (flight !== undefined) this.arrive(flight);
    else throw new PagetwinError("UNREACHABLE", `all kernels wait and nothing is in flight: ${this.describe()}`);
  }

  private firstFlight(): Flight | undefined {
    let first: Flight | undefined;
    for (const flight of this.flights) if (first === undefined || isBefore(flight, first)) first = flight;
    return first;
  }

  private firstRunning(): Thread | undefined {
    let first: Thread | undefined;
    for (const thread of this.threads)
      if (thread.mode === RUNNING && (first === undefined || thread.time < first.time)) first = thread;
    return first;
  }

  /** Until when nothing can arrive that is not in flight yet. */
  private horizon(thread: Thread, flight: Flight | undefined): number {
    let horizon = flight?.arrives ?? Number.POSITIVE_INFINITY;
    for (const other of this.threads)
      if (other !== thread && other.mode === RUNNING) horizon = Math.min(horizon, other.time + this.options.latency);
    return horizon;
  }

  private runUntil(thread: Thread, horizon: number): void {
    while (thread.mode === RUNNING && thread.time < horizon) {
      this.now = thread.time;
      if (thread.step === undefined && !this.takeStep(thread)) return;
      this.perform(thread, thread.step!, horizon);
    }
  }

  /** @returns false if the program has ended */
  private takeStep(thread: Thread): boolean {
    const { done, value } = thread.program.next(thread.result);
    if (done) {
      thread.mode = ENDED;
      thread.value = value;
      return false;
    }
    thread.step = value;
    thread.done = 0;
    return true;
  }

  private perform(thread: Thread, step: ProgramStep, horizon: number): void {
    if (step.kind === "load" || step.kind === "store") this.performRun(thread, step, horizon);
    else this.performOne(thread, step);
  }

  private performOne(thread: Thread, step: SingleAccess): void {
    const isStore = step.kind === "add";
    const effect = isStore ? thread.storing.set(step.word, step.delta, true) : undefined;
    if (this.mayAccess(thread, step.word, isStore)) {
      effect?.take(thread.kernel);
      this.accessed(thread, step);
    } else this.fault(thread, step.word, effect);
  }

  /** A single access has been made: an `add` has its former value, an `await` sees what there is. */
  private accessed(thread: Thread, step: SingleAccess): void {
    const found = step.kind === "add" ? thread.storing.former : thread.kernel.int32[step.word]!;
    if (step.kind === "add" || found >= step.value) this.endStep(thread, found);
    else thread.mode = WATCHING;
  }

  /** As many words as lie in one page and before the horizon. */
  private performRun(thread: Thread, step: Exclude<ProgramStep, SingleAccess>, horizon: number): void {
    const { kernel } = thread;
    const word = step.first + thread.done;
    const isStore = step.kind === "store";
    if (!this.mayAccess(thread, word, isStore)) {
      this.fault(thread, word, isStore ? thread.storing.set(word, step.value, false) : undefined);
      return;
    }
    const inPage = PAGE_WORDS - (word % PAGE_WORDS);
    const words = Math.min(inPage, step.words - thread.done, Math.ceil(horizon - thread.time));
    if (isStore) kernel.int32.fill(step.value, word, word + words);
    this.getOn(thread, words);
    if (thread.done === step.words) this.endRun(thread, word + words - 1);
  }

  private mayAccess({ kernel }: Thread, word: number, isStore: boolean): boolean {
    const page = Math.floor(word / PAGE_WORDS);
    if (!(isStore ? kernel.entries.permitsStore(page) : kernel.entries.permitsLoad(page))) return false;
    if (isStore) kernel.entries.noteStore(page);
    else kernel.entries.noteLoad(page);
    return true;
  }

  private fault(thread: Thread, word: number, effect?: Effect): void {
    thread.mode = BLOCKED;
    thread.kernel.begin(Math.floor(word / PAGE_WORDS), effect);
    this.proceed(thread);
  }

  private arrive(flight: Flight): void {
    this.now = flight.arrives;
    this.requireService();
    const thread = this.threads[flight.to]!;
    this.flights.splice(this.flights.indexOf(flight), 1);
    thread.kernel.deliver(flight.from, flight.kind, flight.page, flight.detail, flight.bytes, flight.group);
    if (thread.mode === BLOCKED) this.proceed(thread);
    if (thread.mode === WATCHING && thread.step?.kind === "await" && !this.mayAccess(thread, thread.step.word, false))
      this.resume(thread);
  }

  /** After a fault or a message: the kernel's own steps, and what the access has become. */
  private proceed(thread: Thread): void {
    const { kernel, step } = thread;
    while (kernel.isBlocked) if (!kernel.advance()) return;
    this.resume(thread);
    if (step === undefined) return;
    if (step.kind === "add" || step.kind === "await") {
      this.accessed(thread, step);
      return;
    }
    this.getOn(thread, 1);
    if (thread.done === step.words) this.endRun(thread, step.first + step.words - 1);
  }

  private resume(thread: Thread): void {
    thread.mode = RUNNING;
    thread.time = Math.max(thread.time, this.now);
  }

  private endRun(thread: Thread, lastWord: number): void {
    thread.step = undefined;
    thread.result = thread.kernel.int32[lastWord]!;
  }

  private endStep(thread: Thread, result: number): void {
    thread.step = undefined;
    thread.result = result;
    this.getOn(thread, 1);
  }

  private getOn(thread: Thread, words: number): void {
    thread.done += words;
    thread.time += words;
    this.unserved = 0;
  }

  /** Livelock: what arrives only makes others send. */
  private requireService(): void {
    const { kernels } = this.options;
    if (++this.unserved > UNSERVED_PER_PAIR_MAX * kernels * kernels)
      throw new PagetwinError("UNREACHABLE", `messages go round and serve nobody: ${this.describe()}`);
  }

  private send(
    from: number,
    to: number,
    kind: number,
    page: number,
    detail: number,
    bytes: Uint8Array | undefined,
    group: number,
  ): void {
    const { latency, jitter, stall, stallOneIn, channels, kernels } = this.options;
    const pair = from * kernels + to;
    let arrives = this.now + latency + this.numbers.below(jitter + 1);
    if (this.numbers.below(stallOneIn) === 0) arrives += stall;
    if (channels === "fifo") arrives = Math.max(arrives, this.lastArrival[pair]! + 1);
    this.lastArrival[pair] = arrives;
    const number = this.sendings++;
    this.flights.push({ arrives, number, from, to, kind, page, detail, bytes: bytes?.slice(), group });
  }

  private describe(): string {
    return this.threads
      .map(({ mode }, kernel) => `K${kernel} ${["runs", "faults", "watches", "ended"][mode]}`)
      .join(", ");
  }
}

/** A store or an addition to one word. */
class WordEffect implements Effect {
  former = 0;
  private word = 0;
  private value = 0;
  private isAdded = false;

  set(word: number, value: number, isAdded: boolean): this {
    this.word = word;
    this.value = value;
    this.isAdded = isAdded;
    return this;
  }

  take({ int32 }: RuntimeKernel): void {
    this.former = int32[this.word]!;
    int32[this.word] = this.isAdded ? this.former + this.value : this.value;
  }
}

function isBefore(flight: Flight, other: Flight): boolean {
  return flight.arrives < other.arrives || (flight.arrives === other.arrives && flight.number < other.number);
}

function requestsSent(kernel: RuntimeKernel): number {
  return kernel.sent(FETCH) + kernel.sent(FETCH_WRITE) + kernel.sent(INVALID);
}
