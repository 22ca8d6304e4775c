/**
 * The replication system over one array of words: page tables with replicas, steering, the page cache, what the CPUs
 * hold, prctl and /proc. What its operations mean is in docs/replication.md.
 *
 * All state is in the caller's array; an instance holds only scratch for the length of one operation. So copying
 * `words` is a snapshot, and setting it back is going back, with whatever instance is attached.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { Statistics } from "../../vocabulary/replication/statistics.js";
import { type MemoryPort, PlainPort } from "../memory-port.js";
import { argumentProblem } from "./arguments.js";
import { LeafReading } from "./entry-operations.js";
import { stateProblem } from "./guards.js";
import { Kernel } from "./kernel.js";
import { type LayoutOptions, type ReplicationLayout, replicationLayout } from "./layout.js";
import { LeafAccess } from "./leaf-access.js";
import { perform } from "./perform.js";
import { ALL_RULES, type Rules } from "./rules.js";
import { statisticsOf } from "./statistics.js";
import { touch } from "./touch.js";

export interface ReplicationOptions extends LayoutOptions {
  /** Rules to be followed; all of them by default. */
  readonly rules?: Rules;
  /** How the words are reached; a plain port over them by default. One kind of port per process keeps calls fast. */
  readonly port?: MemoryPort;
}

export class Replication {
  readonly words: Int32Array;
  readonly layout: ReplicationLayout;
  /** The parts, for benchmarks and properties; callers have {@link apply}. */
  readonly kernel: Kernel;
  private readonly reading = new LeafReading();

  /**
   * Attaches to words that {@link Replication.initialise} has prepared with the same geometry and options.
   * @throws PagetwinError `STORAGE` if the array is too small
   */
  constructor(words: Int32Array, geometry: Geometry, options: ReplicationOptions = {}) {
    this.words = words;
    this.layout = replicationLayout(geometry, options);
    if (words.length < this.layout.words) {
      throw new PagetwinError("STORAGE", `the array has ${words.length} words: expected at least ${this.layout.words}`);
    }
    this.kernel = new Kernel(options.port ?? new PlainPort(words), this.layout, options.rules ?? ALL_RULES);
  }

  /** Prepares words as a machine without processes, all frames free, and attaches to them. */
  static initialise(words: Int32Array, geometry: Geometry, options: ReplicationOptions = {}): Replication {
    const replication = new Replication(words, geometry, options);
    replication.kernel.initialise();
    return replication;
  }

  /** Words before this index are the state; those behind are statistics, which decide nothing. */
  get stateWords(): number {
    return this.layout.stateWords;
  }

  /** Whether {@link apply} may be called (D1). */
  enabled(operation: Operation): boolean {
    return argumentProblem(this.layout, operation) === undefined && stateProblem(this.kernel, operation) === undefined;
  }

  /**
   * One operation, from its first word to its last.
   * @throws PagetwinError `ARGUMENT` for arguments that no state allows, `NOT_ENABLED` for what this state forbids
   */
  apply(operation: Operation): Outcome {
    const wrong = argumentProblem(this.layout, operation);
    if (wrong !== undefined) throw new PagetwinError("ARGUMENT", `${operation.kind}: ${wrong}`);
    const forbidden = stateProblem(this.kernel, operation);
    if (forbidden !== undefined) throw new PagetwinError("NOT_ENABLED", `${operation.kind}: ${forbidden}`);
    return perform(this.kernel, operation, this.reading);
  }

  /** What has been counted so far. */
  statistics(): Statistics {
    return statisticsOf(this.kernel);
  }

  /**
   * {@link apply} of a touch without objects. The CPU must run a process and the page be a user page.
   * @param access READ, WRITE or EXECUTE
   * @returns a code of codes.ts: SERVED_…, or a refusal below 0
   */
  touch(cpu: number, page: number, access: number): number {
    this.kernel.begin(cpu);
    return touch(this.kernel, cpu, page, access);
  }

  /**
   * Access leaf by leaf to the address space in a slot, for simulators and runtimes that bring their own frames and
   * flushes; missing tables are wanted on the node of `cpu`.
   */
  leaves(slot: number, cpu: number): LeafAccess {
    return new LeafAccess(this.kernel, slot, cpu);
  }
}
