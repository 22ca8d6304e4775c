/**
 * P10: whether a pending access can starve although every delivery, exit and retry that stays possible is taken.
 *
 * The obligations of weak fairness are those of the specification, section 2.6: each channel slot and each kernel's own
 * step. New accesses are owed by nobody.
 */

import * as explored from "../../impl/coherency/exploration.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PENDING_READ, PENDING_WRITE, SHARED } from "../../impl/coherency/layout.js";
import { StampOrder } from "../../impl/coherency/stamp-order.js";
import { pendingIn, rankIn, stateIn } from "../../impl/coherency/vector-layout.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { type Access, COPY_STATES, type CopyState } from "../../vocabulary/coherency/protocol.js";
import { type FairPart, fairParts, NO_OBLIGATION, type Region } from "./fair-cycles.js";
import { type StateGraph, stateGraph } from "./state-graph.js";

export interface StarvationQuestion {
  readonly access: Access;
  /** Only runs in which the victim stays in these states; undefined = any. */
  readonly within?: readonly CopyState[];
  /** Only runs in which nobody draws a stamp older than the victim's (specification, section 7). */
  readonly noOlderStamps: boolean;
}

export interface Starvation {
  /** States of the victim's copy that fair runs visit while its access stays pending; none = no starvation. */
  readonly victimStates: readonly CopyState[];
  /** States of the whole that lie on such runs. */
  readonly states: number;
  readonly parts: readonly FairPart[];
  readonly region: Region;
}

export class FairnessSearch {
  readonly machine: ExploredCluster;
  readonly graph: StateGraph;
  private readonly obligations: Int8Array;
  private readonly order: StampOrder;
  /** Per state and kernel: the copy's state, its pending access and its rank, as the vector packs them. */
  private readonly firstWords: Int32Array;

  /** @throws Error when there are more than `statesMax` states */
  constructor(configuration: Configuration, statesMax: number) {
    this.machine = new ExploredCluster(configuration);
    this.graph = stateGraph(this.machine, statesMax);
    this.obligations = obligationsOf(this.machine);
    this.order = new StampOrder(configuration);
    const { kernels } = configuration;
    this.firstWords = new Int32Array(this.graph.states * kernels);
    for (let state = 0; state < this.graph.states; state++) {
      this.graph.show(state);
      for (let kernel = 0; kernel < kernels; kernel++)
        this.firstWords[state * kernels + kernel] = this.machine.words[kernel]!;
    }
  }

  /** Looks for fair runs in which an access of kernel `victim` stays pending. */
  starvation(victim: number, question: StarvationQuestion): Starvation {
    const region = this.regionOf(victim, question);
    const parts = fairParts(this.graph, region);
    const seen = new Set<number>();
    for (const part of parts) for (const state of part) seen.add(stateIn(this.wordsOf(state), victim));
    return {
      victimStates: COPY_STATES.filter((_, index) => seen.has(index)),
      states: parts.reduce((sum, part) => sum + part.length, 0),
      parts,
      region,
    };
  }

  private regionOf(victim: number, { access, within, noOlderStamps }: StarvationQuestion): Region {
    const { machine, obligations } = this;
    const pending = access === "read" ? PENDING_READ : PENDING_WRITE;
    return {
      obligations,
      has: (state) => {
        const words = this.wordsOf(state);
        const isWithin = within === undefined || within.includes(COPY_STATES[stateIn(words, victim)]!);
        return isWithin && pendingIn(words, victim) === pending;
      },
      hasTransition: (state, action) => {
        if (!noOlderStamps || machine.kernels[action] === victim) return true;
        const words = this.wordsOf(state);
        return !(isWriteStart(machine, words, action) && this.drawsOlder(action, rankIn(words, victim), victim));
      },
    };
  }

  /** Whether a new stamp is older than that of `victim`; of equal ones the smaller kernel's is. */
  private drawsOlder(action: number, rank: number, victim: number): boolean {
    const { machine, order } = this;
    const [drawn, own] = [order.stampOfDraw(machine.draws[action]!), order.stampOfRank(rank)];
    return drawn < own || (drawn === own && machine.kernels[action]! < victim);
  }

  private wordsOf(state: number): Int32Array {
    const { kernels } = this.machine.cluster;
    return this.firstWords.subarray(state * kernels, (state + 1) * kernels);
  }
}

/** Whether `action`, enabled in the state of `words`, draws a time stamp. */
function isWriteStart(machine: ExploredCluster, words: Int32Array, action: number): boolean {
  const kernel = machine.kernels[action]!;
  if (stateIn(words, kernel) !== SHARED) return false;
  const kind = machine.kinds[action];
  return kind === explored.WRITE || (kind === explored.RETRY && pendingIn(words, kernel) === PENDING_WRITE);
}

/** One obligation per channel slot, per kernel's exit and per kernel's retry. */
function obligationsOf(machine: ExploredCluster): Int8Array {
  const names = new Map<string, number>();
  return Int8Array.from({ length: machine.actionCount }, (_, action) => {
    const kind = machine.kinds[action]!;
    if (kind === explored.READ || kind === explored.WRITE) return NO_OBLIGATION;
    const name = `${kind} ${machine.senders[action]} ${machine.kernels[action]}`;
    if (!names.has(name)) names.set(name, names.size);
    return names.get(name)!;
  });
}
