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
import { pack, unpack } from "./explored-vector.js";
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
  /** The vector from which `base` was made. */
  private readonly known: Int32Array;
  /** The cluster's words in the state `known`. */
  private readonly base: Int32Array;
  private isLiveBase = false;
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
    this.symmetry = symmetry === "on" ? new Symmetry(configuration, this.cluster.hasBudgets) : undefined;
    const actions = [...listActions(configuration, this.cluster.draws)];
    this.actionCount = actions.length;
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
    this.load();
    const { cluster } = this;
    const kernel = this.kernels[action]!;
    const draw = this.draws[action]!;
    switch (this.kinds[action]) {
      case READ:
        return cluster.canRead(kernel);
      case WRITE:
        return cluster.canWrite(kernel) && this.canDraw(kernel, draw, cluster.drawsStamp(kernel, true));
      case RETRY:
        if (!cluster.canRetry(kernel)) return false;
        return this.canDraw(kernel, draw, cluster.drawsStamp(kernel, cluster.hasPendingWrite(kernel)));
      case REQUEST: {
        const pair = cluster.channels.pair(this.senders[action]!, kernel);
        return cluster.channels.canDeliverRequest(pair) && this.canDraw(kernel, draw, cluster.mayDrawAnew(kernel));
      }
      case ANSWER: {
        const pair = cluster.channels.pair(this.senders[action]!, kernel);
        return cluster.channels.canDeliverAnswer(pair) && this.canDraw(kernel, draw, cluster.mayDrawAnew(kernel));
      }
      default:
        return cluster.canExit(kernel) && this.canDraw(kernel, draw, cluster.mayDrawAnew(kernel));
    }
  }

  perform(action: number): void {
    this.load();
    this.isLiveBase = false;
    this.words[this.stateWords] = this.run(action);
    pack(this.cluster, this.words);
    this.symmetry?.canonise(this.words);
  }

  /** Makes the cluster's words those of the vector. */
  load(): void {
    const { words, known, stateWords, cluster } = this;
    for (let position = 0; position < stateWords; position++) {
      if (words[position] !== known[position]) {
        this.loadAnew();
        return;
      }
    }
    if (!this.isLiveBase) cluster.live.set(this.base);
    this.isLiveBase = true;
  }

  private loadAnew(): void {
    for (let position = 0; position < this.stateWords; position++) this.known[position] = this.words[position]!;
    unpack(this.words, this.cluster);
    this.base.set(this.cluster.live);
    this.isLiveBase = true;
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

  private canDraw(kernel: number, draw: number, draws: boolean): boolean {
    return draws ? this.cluster.canDraw(kernel, draw) : draw === 0;
  }
}

interface ListedAction {
  readonly kind: number;
  readonly kernel: number;
  readonly sender: number;
  readonly draw: number;
}

function* listActions({ kernels, exit, rules }: Configuration, draws: number): Generator<ListedAction> {
  const redraws = rules.stampKept ? 1 : draws;
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
