/**
 * Which cells of the protocol table a search visits, on every one of its transitions and without walking the reference along.
 *
 * A kernel's step asks for nothing but its own copy, the message that it takes, from whom answers are still awaited, and
 * whether an Invalid's stamp is older than its own. So the reference is asked once for each such situation; how many of them
 * there are does not grow with what else goes on.
 */
import type { StepInvariant } from "../../explore/machine.js";
import { Cluster } from "../../impl/coherency/cluster.js";
import { ANSWER, ExploredCluster, REQUEST } from "../../impl/coherency/exploration.js";
import { unpack } from "../../impl/coherency/explored-vector.js";
import { INVALID } from "../../impl/coherency/outbox.js";
import * as place from "../../impl/coherency/vector-layout.js";
import { VectorSlots } from "../../impl/coherency/vector-slots.js";
import { EVENTS } from "../../model/coherency/protocol.js";
import { apply } from "../../model/coherency/step.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Operation } from "../../vocabulary/coherency/operations.js";
import { COPY_STATES, EXPLORED_KERNELS_MAX } from "../../vocabulary/coherency/protocol.js";
import { operationOf } from "./actions.js";
import { meaningOf } from "./meaning.js";
import { cellIndex, knowsRules } from "./reference.js";

const RANK_BITS = place.THREE_BITS << place.RANK_SHIFT;
const WRITTEN_BIT = 1 << place.WRITTEN_SHIFT;
/** How many values the parts of a situation have that are added to a kernel's word. */
const MASKS = 2 ** EXPLORED_KERNELS_MAX;
const CODES = place.PAIR_MASK + 1;

export class CellWatch implements StepInvariant {
  readonly name = "cells";
  /** 1 for each cell that was visited: states × events. */
  readonly visits: Float64Array = new Float64Array(COPY_STATES.length * EVENTS.length);
  /** Tells what an action's number stands for. */
  private readonly machine: ExploredCluster;
  private readonly kernels: number;
  private readonly before: Int32Array;
  private readonly slots: VectorSlots;
  private readonly scratch: Cluster;
  private readonly operations: readonly Operation[];
  /** Situations that the reference was asked for, by action. */
  private readonly known: readonly Set<number>[];

  constructor(configuration: Configuration) {
    const machine = new ExploredCluster(configuration);
    this.machine = machine;
    this.kernels = configuration.kernels;
    this.before = new Int32Array(machine.stateWords);
    this.slots = new VectorSlots(this.before, configuration.kernels, configuration.channels === "fifo");
    this.scratch = new Cluster(configuration);
    this.operations = Array.from({ length: machine.actionCount }, (_, action) => operationOf(machine, action));
    this.known = this.operations.map(() => new Set());
  }

  /** Never breaks; it is asked about each step, and that is when it looks. */
  violation(before: Int32Array, action: number): undefined {
    this.before.set(before);
    const situation = this.situation(action);
    const known = this.known[action]!;
    if (known.has(situation)) return undefined;
    known.add(situation);
    unpack(this.before, this.scratch);
    const { cells } = apply(this.machine.configuration, meaningOf(this.scratch), this.operations[action]!);
    for (const [copyState, event] of cells) this.visits[cellIndex(copyState, event)] = 1;
    return undefined;
  }

  /** All that the step's kernel can ask for, as a number below 2^53. */
  private situation(action: number): number {
    const { machine, before, slots, kernels } = this;
    const kernel = machine.kernels[action]!;
    const sender = machine.senders[action]!;
    const own = before[kernel]!;
    const written = before[0]! & WRITTEN_BIT;
    let awaited = 0;
    for (let other = 0; other < kernels; other++) {
      if (other === kernel) continue;
      const isAsked = (slots.code(kernel, other) & place.THREE_BITS) !== 0;
      const isAnswering = ((slots.code(other, kernel) >>> place.ANSWER_SHIFT) & place.ANSWER_MASK) !== 0;
      if (isAsked || isAnswering) awaited |= 1 << other;
    }
    const kind = machine.kinds[action]!;
    const code = kind === REQUEST || kind === ANSWER ? slots.code(sender, kernel) : 0;
    const isInvalid = kind === REQUEST && (code & place.THREE_BITS) === INVALID;
    const isYounger = isInvalid && place.rankIn(before, sender) > place.rankIn(before, kernel) ? 1 : 0;
    const word = ((own & ~(RANK_BITS | WRITTEN_BIT)) | written) >>> 0;
    return ((word * MASKS + awaited) * CODES + code) * 2 + isYounger;
  }
}

/** Whether the table says what happens: its rules are a profile's, no two stamps are equal, and the page can be written. */
export function hasTable({ rules, stamps, ties }: Configuration): boolean {
  return knowsRules(rules) && rules.readOnly === "off" && ties === "absorbed" && typeof stamps !== "object";
}
