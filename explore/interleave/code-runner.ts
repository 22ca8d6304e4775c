/** Runs operations of the code under test from their starts, answered from logs. */
import type { Program, Thread } from "./program.js";
import { INDICES, type Labels, ReplayPort, STOP } from "./replay-port.js";
import type { Suspicion } from "./trap.js";

/** How a run ended. */
export const ENDING = {
  /** At an access that has not happened yet; it stands in the port. */
  Stopped: 0,
  /** The operation has returned; the result stands in `result`, the private words in `own`. */
  Returned: 1,
  /** The operation has thrown; the message stands in `message`. */
  Thrown: 2,
} as const;

export interface RunOrder {
  readonly thread: number;
  readonly operation: number;
  /** The private words at the start of the operation. */
  readonly own: Int32Array;
  readonly log: Int32Array;
  readonly logStart: number;
  readonly logEntries: number;
}

export class CodeRunner {
  readonly port: ReplayPort;
  readonly threads: readonly Thread[];
  /** Private words after the last run, of the thread that has run. With kept results these stand behind. */
  own: Int32Array;
  result = 0;
  message = "";
  /** Runs, and accesses in them. */
  runs = 0;
  accesses = 0;
  private readonly suspicion: Suspicion;
  private readonly keepsResults: boolean;
  /** Per thread, room for the private words and, if they are kept, the results behind; and what the operation sees of it. */
  private readonly rooms: readonly Int32Array[];
  private readonly sights: readonly Int32Array[];

  /**
   * @param initial the shared words at the beginning, for code that looks at them while it is built
   * @param words what the code gets for the array of shared words
   * @throws Error for a program out of the ranges that its docstrings name, and what it throws when it is built
   */
  constructor(program: Program, suspicion: Suspicion, initial: Int32Array, words: Int32Array, labels: Labels) {
    const { shared } = program;
    if (shared.length < 1 || shared.length > INDICES) {
      throw new Error(`${program.name}: ${shared.length} shared words: expected 1 to ${INDICES}`);
    }
    this.suspicion = suspicion;
    this.keepsResults = program.keepsResults ?? false;
    this.port = new ReplayPort(shared.length, labels);
    this.threads = this.port.whileBuilding(initial, () => program.threads(this.port, words));
    if (this.threads.length < 1) throw new Error(`${program.name}: no threads: expected at least one`);
    const results = ({ operations }: Thread): number => (this.keepsResults ? operations.length : 0);
    this.rooms = this.threads.map((thread) => new Int32Array((thread.own?.length ?? 0) + results(thread)));
    this.sights = this.rooms.map((room, thread) => room.subarray(0, this.threads[thread]!.own?.length ?? 0));
    this.own = this.rooms[0]!;
  }

  /** The private words with which a thread begins. */
  ownAtFirst(thread: number): Int32Array {
    const own = new Int32Array(this.rooms[thread]!.length);
    own.set(this.threads[thread]!.own ?? []);
    return own;
  }

  run(order: RunOrder): number {
    const { port } = this;
    const { thread, operation, own, log, logStart, logEntries } = order;
    const sight = this.sights[thread]!;
    this.own = this.rooms[thread]!;
    this.own.set(own);
    this.runs++;
    this.accesses += logEntries + 1;
    port.begin(log, logStart, logEntries);
    const code = this.threads[thread]!.operations[operation]!;
    try {
      this.result = code.run(sight);
    } catch (error) {
      if (port.isStopped && error !== STOP)
        this.suspicion.raise(`${code.name} does not let itself be stopped: ${text(error)}`);
      if (error === STOP) return ENDING.Stopped;
      this.message = text(error);
      return ENDING.Thrown;
    }
    if (port.isStopped) this.suspicion.raise(`${code.name} catches what stops it`);
    if (this.result !== (this.result | 0)) {
      throw new Error(`${code.name} answers ${this.result}: expected a 32-bit integer`);
    }
    if (this.keepsResults) this.own[sight.length + operation] = this.result;
    return ENDING.Returned;
  }

  /** Raises suspicion if the last run did not follow its log to the end. */
  examine(): void {
    const { port } = this;
    if (port.deviation !== undefined) this.suspicion.raise(port.deviation);
    else if (!port.isThrough)
      this.suspicion.raise("run again with the same answers, the code ended sooner than before");
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
