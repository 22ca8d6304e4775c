/**
 * The pages of the groups under the coherency protocol: for each, the production engines of all kernels behind the
 * vector of `impl/coherency/exploration.ts`, which is put into the shared machine when it is asked.
 */
import { configuration } from "../../vocabulary/coherency/configuration.js";
import { EXPLORED_KERNELS_MIN } from "../../vocabulary/coherency/protocol.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import { ExploredCluster, READ, WRITE } from "../coherency/exploration.js";
import { pack } from "../coherency/explored-vector.js";
import * as copy from "../coherency/layout.js";
import { pendingIn, stateIn } from "../coherency/vector-layout.js";
import { VectorSlots } from "../coherency/vector-slots.js";
import type { MigrationLayout } from "./layout.js";

export class GroupPages {
  readonly machine: ExploredCluster;
  private readonly words: Int32Array;
  private readonly layout: MigrationLayout;
  private readonly slots: VectorSlots;

  constructor(words: Int32Array, layout: MigrationLayout) {
    const { pages, kernels, channels, profile, exit = "atomic", ownerHint = false } = layout.instance;
    const multicast = layout.instance.multicast === true ? MULTICAST : "off";
    this.words = words;
    this.layout = layout;
    // An instance without pages never asks it.
    const explored = pages === 0 ? EXPLORED_KERNELS_MIN : kernels;
    const rules = { ...PROFILES[profile], ownerHint, multicast } as const;
    this.machine = new ExploredCluster(configuration({ kernels: explored, channels, exit, rules }));
    this.slots = new VectorSlots(this.machine.words, explored, channels === "fifo");
  }

  /** Makes the machine that of the page. */
  show(group: number, page: number): ExploredCluster {
    const { words, layout, machine } = this;
    const first = layout.vector(group, page);
    for (let word = 0; word < layout.vectorWords; word++) machine.words[word] = words[first + word]!;
    return machine;
  }

  /**
   * Replication of a page begins, with a copy at one kernel.
   * @param state of that copy, by `impl/coherency/layout.ts`: UNMAPPED for none
   */
  begin(group: number, page: number, kernel: number, state: number, isWritten: boolean): void {
    const { machine } = this;
    const { cluster } = machine;
    cluster.clear();
    if (isWritten) cluster.latest = copy.VERSION_INITIAL + 1;
    if (state !== copy.UNMAPPED) {
      cluster.live[cluster.copy(kernel) + copy.STATE] = state;
      cluster.live[cluster.copy(kernel) + copy.VERSION] = cluster.latest;
    }
    pack(cluster, machine.words);
    this.keep(group, page);
  }

  /** A kernel's copies of all pages of a group are gone, and with them what it knew. */
  forget(group: number, kernel: number): void {
    const { machine } = this;
    const { cluster } = machine;
    for (let page = 0; page < this.layout.instance.pages; page++) {
      this.show(group, page).load();
      const first = cluster.copy(kernel);
      cluster.live.fill(0, first, first + copy.COPY_WORDS);
      pack(cluster, machine.words);
      this.keep(group, page);
    }
  }

  /** The group is gone, and its pages with it. */
  clear(group: number): void {
    const { words, layout } = this;
    words.fill(0, layout.vector(group, 0), layout.vector(group, layout.instance.pages));
  }

  /** Whether a kernel's copy permits an access without the protocol. */
  permits(group: number, page: number, kernel: number, isWrite: boolean): boolean {
    const { words } = this.show(group, page);
    if (pendingIn(words, kernel) !== copy.PENDING_NONE) return false;
    switch (stateIn(words, kernel)) {
      case copy.MODIFIED:
        return true;
      case copy.SHARED:
        return !isWrite;
      case copy.NOT_REPLICATED:
        return !isWrite || !this.machine.canWrite(kernel);
      default:
        return false;
    }
  }

  /** The number of an action of the coherency machine, or -1 where there is none. */
  number(kind: number, kernel: number, sender: number, draw: number): number {
    const { kinds, kernels, senders, draws, actionCount } = this.machine;
    for (let action = 0; action < actionCount; action++)
      if (kinds[action] === kind && kernels[action] === kernel && senders[action] === sender && draws[action] === draw)
        return action;
    return -1;
  }

  /** The number of the action that begins an access. */
  access(kernel: number, isWrite: boolean, draw: number): number {
    return this.number(isWrite ? WRITE : READ, kernel, kernel, draw);
  }

  enabled(group: number, page: number, action: number): boolean {
    return action >= 0 && this.show(group, page).enabled(action);
  }

  /** Does an enabled action and counts what it sent. @returns bits of `impl/coherency/outcome.ts` */
  perform(group: number, page: number, action: number, isDelivery: boolean): number {
    const machine = this.show(group, page);
    const before = this.inFlight() - (isDelivery ? 1 : 0);
    machine.perform(action);
    this.words[this.layout.messages(group)]! += this.inFlight() - before;
    this.keep(group, page);
    return machine.outcome;
  }

  /** Messages that are sent and not received, of the page in the machine. */
  private inFlight(): number {
    const { slots, machine } = this;
    const { kernels } = machine.configuration;
    let count = 0;
    for (let from = 0; from < kernels; from++)
      for (let to = 0; to < kernels; to++) if (to !== from) count += slots.inFlight(from, to);
    return count;
  }

  private keep(group: number, page: number): void {
    const { words, layout, machine } = this;
    const first = layout.vector(group, page);
    for (let word = 0; word < layout.vectorWords; word++) words[first + word] = machine.words[word]!;
  }
}
