/**
 * The engines of all kernels that share one page, their channels, and the two ghosts that the claims need.
 *
 *   live = [ engine 0 ][ engine 1 ] … [ channels ][ LATEST ][ spent budgets: one word a kernel ]
 *
 * LATEST is the newest version that a write ever made; no engine reads it. A spent word is reads | writes << 4.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { CHANNEL_PARTS, Channels } from "./channels.js";
import { CoherencyEngine, engineWords } from "./engine.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import { OUTBOX_WORDS, Outbox } from "./outbox.js";
import * as outcome from "./outcome.js";
import { StampOrder } from "./stamp-order.js";
import { READ_SPENT, WRITE_SPENT } from "./vector-layout.js";

/** The page that the kernels share. */
const PAGE = 0;
const PAGES = 1;

/** Bits beside those of `outcome.ts`: a write was committed on an outdated copy (P5). */
export const OUTCOME_LOST_UPDATE = 1 << 8;

export class Cluster {
  readonly kernels: number;
  readonly configuration: Configuration;
  /** Everything below, and nothing else, is state. */
  readonly live: Int32Array;
  readonly engines: readonly CoherencyEngine[];
  readonly channels: Channels;
  readonly spent: Int32Array;
  readonly hasBudgets: boolean;
  readonly hasGroups: boolean;
  protected readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  private readonly latestAt: number;
  private readonly order: StampOrder;
  /** Room for the stamps that count. */
  private readonly stamps: Int32Array;

  constructor(configuration: Configuration) {
    const { kernels, rules, exit } = configuration;
    const perEngine = engineWords(PAGES);
    const channelsAt = kernels * perEngine;
    const channelWords = CHANNEL_PARTS * kernels * kernels;
    this.configuration = configuration;
    this.kernels = kernels;
    this.latestAt = channelsAt + channelWords;
    this.live = new Int32Array(this.latestAt + 1 + kernels);
    const { live, outbox } = this;
    this.engines = Array.from({ length: kernels }, (_, kernel) => {
      const words = live.subarray(kernel * perEngine, (kernel + 1) * perEngine);
      return new CoherencyEngine(words, outbox, { kernel, kernels, rules, exit });
    });
    this.channels = new Channels(live.subarray(channelsAt, this.latestAt), kernels, configuration.channels);
    this.spent = live.subarray(this.latestAt + 1);
    this.hasBudgets = configuration.readBudget !== undefined || configuration.writeBudget !== undefined;
    this.hasGroups = rules.multicast !== "off";
    this.order = new StampOrder(configuration);
    this.stamps = new Int32Array(kernels);
    this.clear();
  }

  /** All kernels Unmapped, nothing in flight, nothing written. */
  clear(): void {
    this.live.fill(0);
    this.latest = at.VERSION_INITIAL;
  }

  /** Puts the configuration's start state into `live`. */
  initialise(): void {
    this.clear();
    if (this.configuration.start === "unmapped") return;
    this.latest = at.VERSION_INITIAL + 1;
    for (let kernel = 0; kernel < this.kernels; kernel++) {
      this.live[this.copy(kernel) + at.STATE] = at.SHARED;
      this.live[this.copy(kernel) + at.VERSION] = this.latest;
    }
  }

  get latest(): number {
    return this.live[this.latestAt]!;
  }

  set latest(version: number) {
    this.live[this.latestAt] = version;
  }

  /** Where the words of a kernel's copy begin in `live`. */
  copy(kernel: number): number {
    return kernel * at.COPY_WORDS;
  }

  /** The position of a kernel's stamp among those that count, 1 = oldest; 0 = it has none. */
  rank(kernel: number): number {
    const { live, stamps, order } = this;
    for (let other = 0; other < this.kernels; other++) {
      const copy = this.copy(other);
      stamps[other] = order.counted(live[copy + at.STATE]!, live[copy + at.STAMP]!);
    }
    return order.rank(stamps, kernel);
  }

  stampOfRank(rank: number): number {
    return this.order.stampOfRank(rank);
  }

  read(kernel: number): number {
    this.spent[kernel]! += this.hasBudgets ? READ_SPENT : 0;
    return this.settle(kernel, this.engines[kernel]!.read(PAGE, 0));
  }

  write(kernel: number, draw: number): number {
    this.spent[kernel]! += this.hasBudgets ? WRITE_SPENT : 0;
    return this.settle(kernel, this.engines[kernel]!.write(PAGE, this.order.stampOfDraw(draw)));
  }

  retry(kernel: number, draw: number): number {
    return this.settle(kernel, this.engines[kernel]!.retry(PAGE, this.order.stampOfDraw(draw)));
  }

  exit(kernel: number, draw: number): number {
    return this.settle(kernel, this.engines[kernel]!.exit(PAGE, this.order.stampOfDraw(draw)));
  }

  deliverRequest(from: number, to: number, draw: number): number {
    const { channels } = this;
    const pair = channels.pair(from, to);
    const kind = channels.request(pair);
    const detail = channels.requestDetail(pair);
    channels.dropRequest(pair);
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.order.stampOfDraw(draw)));
  }

  deliverAnswer(from: number, to: number, draw: number): number {
    const { channels } = this;
    const pair = channels.pair(from, to);
    const kind = channels.answer(pair);
    const detail = channels.answerDetail(pair);
    const group = channels.answerGroup(pair);
    channels.dropAnswer(pair);
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.order.stampOfDraw(draw), group));
  }

  /** Fills in who has answered: everybody from whom nothing is outstanding. */
  deriveAnswered(kernel: number): void {
    const { channels, live } = this;
    if (!at.isWaiting(live[this.copy(kernel) + at.STATE]!)) return;
    let answered = 0;
    for (let other = 0; other < this.kernels; other++) {
      if (other === kernel) continue;
      const held = live[this.copy(other) + at.HELD_FETCHES]! | live[this.copy(other) + at.HELD_FETCH_WRITES]!;
      const isHeld = ((held >>> kernel) & 1) !== 0;
      const isAsked = channels.request(channels.pair(kernel, other)) !== 0;
      const isAnswering = channels.answer(channels.pair(other, kernel)) !== 0;
      if (!isHeld && !isAsked && !isAnswering) answered |= 1 << other;
    }
    live[this.copy(kernel) + at.ANSWERED] = answered;
  }

  /** Sends what a kernel said, and moves the ghost when it committed a write. */
  private settle(kernel: number, result: number): number {
    let all = result;
    if (!this.publish(kernel)) all |= outcome.OUTCOME_UNSPECIFIED;
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) all |= this.follow(kernel);
    return all;
  }

  /** Lets the others know what an event of `kernel` did. @returns false if a slot was busy */
  protected publish(kernel: number): boolean {
    const asksAgain = this.asksAgain(kernel);
    return this.channels.send(kernel, this.outbox) && !asksAgain;
  }

  /** Whether a request leaves to a kernel that still holds the one before: its slot is not free yet. */
  private asksAgain(kernel: number): boolean {
    const { outbox, live } = this;
    let asked = 0;
    for (let entry = 0; entry < outbox.count; entry++) if (outbox.kind(entry) < mail.COPY) asked |= outbox.to(entry);
    for (let other = 0; other < this.kernels; other++) {
      const held = live[this.copy(other) + at.HELD_FETCHES]! | live[this.copy(other) + at.HELD_FETCH_WRITES]!;
      if (((asked >>> other) & (held >>> kernel) & 1) !== 0) return true;
    }
    return false;
  }

  private follow(kernel: number): number {
    const version = this.live[this.copy(kernel) + at.VERSION]!;
    const isOnLatest = version === this.latest + 1;
    this.latest = Math.max(this.latest, version);
    return isOnLatest ? 0 : OUTCOME_LOST_UPDATE;
  }
}
