/**
 * The cluster as a machine with numbered actions over a short vector: what a search of the state space drives.
 *
 *   words = [ the vector: see `vector-layout.ts` ][ OUTCOME: what the last action did, bits of `outcome.ts` ]
 *
 * The engines work on their own words. These are made from the vector when another state is put there, and packed
 * again after each action.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { Cluster } from "./cluster.js";
import { pack, packAround, unpack } from "./explored-vector.js";
import { OUTCOME_COMMITTED } from "./outcome.js";
import { Symmetry } from "./symmetry.js";
import { vectorWords } from "./vector-layout.js";

export const READ = 0;
export const WRITE = 1;
export const RETRY = 2;
export const REQUEST = 3;
export const ANSWER = 4;
export const EXIT = 5;

export class ExploredCluster {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly cluster: Cluster;
  /** Per action: what it is (READ …), whose it is, from whom a message comes, and which place a new stamp takes. */
  readonly kinds: Uint8Array;
  readonly kernels: Uint8Array;
  readonly senders: Uint8Array;
  readonly draws: Uint8Array;
  /** Actions of one kernel, and how many places a stamp drawn by a message or an exit can take. */
  private readonly perKernel: number;
  private readonly redraws: number;
  /** The enabled actions of the state `known`, ascending; `offered` of them. */
  private readonly offers: Uint16Array;
  private offered = 0;
  /** The vector from which `base` was made. */
  private readonly known: Int32Array;
  /** The cluster's words in the state `known`. */
  private readonly base: Int32Array;
  private isLiveBase = false;
  /** Whether an event that is neither a write nor a commit leaves all ranks as they are. */
  private readonly isRankStable: boolean;
  private readonly symmetry: Symmetry | undefined;

  /**
   * @param symmetry `on`: states that differ only in who is who are one state; what claims say of one kernel is then
   *   said of some kernel
   * @throws PagetwinError ARGUMENT for symmetry where the kernels' numbers decide
   */
  constructor(configuration: Configuration, symmetry: "on" | "off" = "off") {
    this.cluster = new Cluster(configuration);
    this.stateWords = vectorWords(configuration.kernels, this.cluster.hasBudgets);
    this.words = new Int32Array(this.stateWords + 1);
    this.known = new Int32Array(this.stateWords).fill(-1); // no vector has five unused bits set
    this.base = new Int32Array(this.cluster.live.length);
    this.isRankStable = configuration.rules.stampKept;
    this.symmetry = symmetry === "on" ? new Symmetry(configuration, this.cluster.hasBudgets) : undefined;
    const actions = [...listActions(configuration, this.cluster.draws)];
    this.actionCount = actions.length;
    this.perKernel = actions.length / configuration.kernels;
    this.redraws = redrawsOf(configuration, this.cluster.draws);
    this.offers = new Uint16Array(actions.length);
    this.kinds = Uint8Array.from(actions, (action) => action.kind);
    this.kernels = Uint8Array.from(actions, (action) => action.kernel);
    this.senders = Uint8Array.from(actions, (action) => action.sender);
    this.draws = Uint8Array.from(actions, (action) => action.draw);
  }

  initialise(): void {
    this.cluster.initialise();
    this.isLiveBase = false;
    this.words.fill(0);
    pack(this.cluster, this.words);
    this.symmetry?.canonise(this.words);
  }

  /** What the last action did. */
  get outcome(): number {
    return this.words[this.stateWords]!;
  }

  enabled(action: number): boolean {
    return this.nextEnabled(action) === action;
  }

  nextEnabled(from: number): number {
    if (!this.isKnown()) this.loadAnew();
    const { offers, offered } = this;
    let next = 0;
    while (next < offered && offers[next]! < from) next++;
    return next < offered ? offers[next]! : this.actionCount;
  }

  perform(action: number): void {
    this.load();
    this.isLiveBase = false;
    const result = this.run(action);
    this.words[this.stateWords] = result;
    const kind = this.kinds[action];
    const isLocal = this.isRankStable && kind !== WRITE && kind !== RETRY && (result & OUTCOME_COMMITTED) === 0;
    if (isLocal) packAround(this.cluster, this.kernels[action]!, this.peersOf(action), this.words);
    else pack(this.cluster, this.words);
    this.symmetry?.canonise(this.words);
  }

  /** Set: from whom the last event came, and to whom it spoke. */
  private peersOf(action: number): number {
    const kernel = this.kernels[action]!;
    const sender = this.senders[action]!;
    return this.cluster.channels.lastSentTo | (sender === kernel ? 0 : 1 << sender);
  }

  /** Makes the cluster's words those of the vector. */
  load(): void {
    if (!this.isKnown()) this.loadAnew();
    else if (!this.isLiveBase) this.cluster.live.set(this.base);
    this.isLiveBase = true;
  }

  private isKnown(): boolean {
    const { words, known, stateWords } = this;
    for (let position = 0; position < stateWords; position++) if (words[position] !== known[position]) return false;
    return true;
  }

  private loadAnew(): void {
    for (let position = 0; position < this.stateWords; position++) this.known[position] = this.words[position]!;
    unpack(this.words, this.cluster);
    this.base.set(this.cluster.live);
    this.isLiveBase = true;
    this.offered = 0;
    for (let kernel = 0; kernel < this.cluster.kernels; kernel++) this.offerOf(kernel);
  }

  /** Adds the enabled actions of one kernel, in the order of `listActions`. */
  private offerOf(kernel: number): void {
    const { cluster, redraws } = this;
    const { draws, kernels, channels } = cluster;
    let action = kernel * this.perKernel;
    if (cluster.canRead(kernel)) this.offer(action);
    action++;
    if (cluster.canWrite(kernel)) this.offerDraws(action, draws, kernel, cluster.drawsStamp(kernel, true));
    action += draws;
    if (cluster.canRetry(kernel))
      this.offerDraws(action, draws, kernel, cluster.drawsStamp(kernel, cluster.hasPendingWrite(kernel)));
    action += draws;
    const isRedrawn = cluster.mayDrawAnew(kernel);
    for (let sender = 0; sender < kernels; sender++) {
      if (sender === kernel) continue;
      const pair = channels.pair(sender, kernel);
      if (channels.canDeliverRequest(pair)) this.offerDraws(action, redraws, kernel, isRedrawn);
      action += redraws;
      if (channels.canDeliverAnswer(pair)) this.offerDraws(action, redraws, kernel, isRedrawn);
      action += redraws;
    }
    if (cluster.canExit(kernel)) this.offerDraws(action, redraws, kernel, isRedrawn);
  }

  private offer(action: number): void {
    this.offers[this.offered++] = action;
  }

  /** Offers an action once, or once for each place that the stamp it draws can take. */
  private offerDraws(action: number, draws: number, kernel: number, isDrawn: boolean): void {
    if (!isDrawn) this.offer(action);
    else for (let draw = 0; draw < draws; draw++) if (this.cluster.canDraw(kernel, draw)) this.offer(action + draw);
  }

  private run(action: number): number {
    const { cluster } = this;
    const kernel = this.kernels[action]!;
    const draw = this.draws[action]!;
    switch (this.kinds[action]) {
      case READ:
        return cluster.read(kernel);
      case WRITE:
        return cluster.write(kernel, draw);
      case RETRY:
        return cluster.retry(kernel, draw);
      case REQUEST:
        return cluster.deliverRequest(this.senders[action]!, kernel, draw);
      case ANSWER:
        return cluster.deliverAnswer(this.senders[action]!, kernel, draw);
      default:
        return cluster.exit(kernel, draw);
    }
  }
}

interface ListedAction {
  readonly kind: number;
  readonly kernel: number;
  readonly sender: number;
  readonly draw: number;
}

/** A message or an exit draws a stamp only where writers do not keep theirs. */
function redrawsOf({ rules }: Configuration, draws: number): number {
  return rules.stampKept ? 1 : draws;
}

function* listActions(configuration: Configuration, draws: number): Generator<ListedAction> {
  const { kernels, exit } = configuration;
  const redraws = redrawsOf(configuration, draws);
  for (let kernel = 0; kernel < kernels; kernel++) {
    yield { kind: READ, kernel, sender: kernel, draw: 0 };
    for (let draw = 0; draw < draws; draw++) yield { kind: WRITE, kernel, sender: kernel, draw };
    for (let draw = 0; draw < draws; draw++) yield { kind: RETRY, kernel, sender: kernel, draw };
    for (let sender = 0; sender < kernels; sender++) {
      if (sender === kernel) continue;
      for (let draw = 0; draw < redraws; draw++) yield { kind: REQUEST, kernel, sender, draw };
      for (let draw = 0; draw < redraws; draw++) yield { kind: ANSWER, kernel, sender, draw };
    }
    if (exit === "delayed")
      for (let draw = 0; draw < redraws; draw++) yield { kind: EXIT, kernel, sender: kernel, draw };
  }
}
