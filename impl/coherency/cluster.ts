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
import { OUTBOX_WORDS, Outbox } from "./outbox.js";
import * as outcome from "./outcome.js";
import { STAMPS_PER_RANK } from "./vector-layout.js";

/** The page that the kernels share. */
const PAGE = 0;
const PAGES = 1;

/** Bits beside those of `outcome.ts`: a write was committed on an outdated copy (P5). */
export const OUTCOME_LOST_UPDATE = 1 << 8;

const WRITES_SPENT_SHIFT = 4;
const READS_SPENT_MASK = 15;

export class Cluster {
  readonly kernels: number;
  readonly configuration: Configuration;
  /** Everything below, and nothing else, is state. */
  readonly live: Int32Array;
  readonly engines: readonly CoherencyEngine[];
  readonly channels: Channels;
  readonly spent: Int32Array;
  readonly hasBudgets: boolean;
  /** How many places a new stamp can have at most. */
  readonly draws: number;
  private readonly outbox = new Outbox(new Int32Array(OUTBOX_WORDS));
  private readonly latestAt: number;
  private readonly keepsDeadStamps: boolean;
  private readonly isBounded: boolean;
  private readonly hasTies: boolean;
  private readonly isPerfect: boolean;

  constructor(configuration: Configuration) {
    const { kernels, rules, exit, stamps } = configuration;
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
    this.keepsDeadStamps = stamps === "monotone";
    this.isBounded = typeof stamps === "object";
    this.hasTies = configuration.ties === "explicit";
    this.isPerfect = stamps === "perfect";
    this.draws = typeof stamps === "object" ? stamps.bounded : this.hasTies ? 2 * kernels + 1 : kernels + 1;
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
    if (!this.hasStamp(kernel)) return 0;
    const own = this.live[this.copy(kernel) + at.STAMP]!;
    if (this.isBounded) return own;
    let rank = 1;
    for (let other = 0; other < this.kernels; other++) {
      if (other === kernel || !this.hasStamp(other)) continue;
      if (this.live[this.copy(other) + at.STAMP]! < own && !this.isRepeated(other)) rank++;
    }
    return rank;
  }

  stampOfRank(rank: number): number {
    return this.isBounded ? rank : rank * STAMPS_PER_RANK;
  }

  /** Whether an access can be issued: none is pending, the copy does not permit it, and the budget is not spent. */
  canRead(kernel: number): boolean {
    const { live, configuration } = this;
    const copy = this.copy(kernel);
    const state = live[copy + at.STATE];
    if (live[copy + at.PENDING] !== at.PENDING_NONE) return false;
    if (state !== at.UNMAPPED && state !== at.INVALID_COPY) return false;
    return (
      configuration.readBudget === undefined || (this.spent[kernel]! & READS_SPENT_MASK) < configuration.readBudget
    );
  }

  canWrite(kernel: number): boolean {
    const { live, configuration } = this;
    const copy = this.copy(kernel);
    const state = live[copy + at.STATE];
    if (live[copy + at.PENDING] !== at.PENDING_NONE) return false;
    const isHit = state === at.NOT_REPLICATED && live[copy + at.VERSION] !== at.VERSION_INITIAL;
    if (isHit || state === at.MODIFIED || at.isWaiting(state!)) return false;
    return (
      configuration.writeBudget === undefined || this.spent[kernel]! >>> WRITES_SPENT_SHIFT < configuration.writeBudget
    );
  }

  canRetry(kernel: number): boolean {
    return this.engines[kernel]!.canRetry(PAGE);
  }

  canExit(kernel: number): boolean {
    return this.configuration.exit === "delayed" && this.engines[kernel]!.canExit(PAGE);
  }

  /** Whether taking up `isWrite` access now draws a stamp. */
  drawsStamp(kernel: number, isWrite: boolean): boolean {
    return isWrite && this.engines[kernel]!.wouldDraw(PAGE);
  }

  hasPendingWrite(kernel: number): boolean {
    return this.live[this.copy(kernel) + at.PENDING] === at.PENDING_WRITE;
  }

  /** Without kept stamps, leaving WRead draws one: whether an event may make `kernel` do so. */
  mayDrawAnew(kernel: number): boolean {
    return !this.configuration.rules.stampKept && this.live[this.copy(kernel) + at.STATE] === at.W_READ;
  }

  /** Whether a new stamp of `kernel` can take place `draw`. */
  canDraw(kernel: number, draw: number): boolean {
    if (this.isBounded) return draw < this.draws;
    let newest = 0;
    for (let other = 0; other < this.kernels; other++) newest = Math.max(newest, this.rank(other));
    const stamp = this.stampOfDraw(draw);
    if (stamp > this.stampOfRank(newest) + 1) return false;
    if (this.isPerfect) return stamp === this.stampOfRank(newest) + 1;
    return !this.keepsDeadStamps || stamp > this.stampOfRank(this.rank(kernel));
  }

  read(kernel: number): number {
    this.spent[kernel]! += this.hasBudgets ? 1 : 0;
    return this.settle(kernel, this.engines[kernel]!.read(PAGE, 0));
  }

  write(kernel: number, draw: number): number {
    this.spent[kernel]! += this.hasBudgets ? 1 << WRITES_SPENT_SHIFT : 0;
    return this.settle(kernel, this.engines[kernel]!.write(PAGE, this.stampOfDraw(draw)));
  }

  retry(kernel: number, draw: number): number {
    return this.settle(kernel, this.engines[kernel]!.retry(PAGE, this.stampOfDraw(draw)));
  }

  exit(kernel: number, draw: number): number {
    return this.settle(kernel, this.engines[kernel]!.exit(PAGE, this.stampOfDraw(draw)));
  }

  deliverRequest(from: number, to: number, draw: number): number {
    const { channels } = this;
    const pair = channels.pair(from, to);
    const kind = channels.request(pair);
    const detail = channels.requestDetail(pair);
    channels.dropRequest(pair);
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.stampOfDraw(draw)));
  }

  deliverAnswer(from: number, to: number, draw: number): number {
    const { channels } = this;
    const pair = channels.pair(from, to);
    const kind = channels.answer(pair);
    const detail = channels.answerDetail(pair);
    channels.dropAnswer(pair);
    return this.settle(to, this.engines[to]!.receive(PAGE, from, kind, detail, this.stampOfDraw(draw)));
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

  /** The stamp at place `draw`; ranks stand at multiples of STAMPS_PER_RANK. */
  private stampOfDraw(draw: number): number {
    return this.isBounded || this.hasTies ? draw + 1 : draw * STAMPS_PER_RANK + 1;
  }

  private hasStamp(kernel: number): boolean {
    const copy = this.copy(kernel);
    return this.keepsDeadStamps ? this.live[copy + at.STAMP] !== 0 : at.isWriting(this.live[copy + at.STATE]!);
  }

  /** Whether a kernel with a smaller number has the same stamp. */
  private isRepeated(kernel: number): boolean {
    if (!this.hasTies) return false;
    for (let other = 0; other < kernel; other++) {
      if (this.hasStamp(other) && this.live[this.copy(other) + at.STAMP] === this.live[this.copy(kernel) + at.STAMP])
        return true;
    }
    return false;
  }

  /** Sends what a kernel said, and moves the ghost when it committed a write. */
  private settle(kernel: number, result: number): number {
    let all = result;
    if (!this.channels.send(kernel, this.outbox)) all |= outcome.OUTCOME_UNSPECIFIED;
    if ((result & outcome.OUTCOME_COMMITTED) !== 0) all |= this.follow(kernel);
    return all;
  }

  private follow(kernel: number): number {
    const version = this.live[this.copy(kernel) + at.VERSION]!;
    const isOnLatest = version === this.latest + 1;
    this.latest = Math.max(this.latest, version);
    return isOnLatest ? 0 : OUTCOME_LOST_UPDATE;
  }
}
