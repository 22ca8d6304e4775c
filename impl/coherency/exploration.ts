/**
 * The kernels that share one page as a machine with numbered actions over a short vector: what a search of the state
 * space drives.
 *
 *   words = [ the vector: see `vector-layout.ts` ][ OUTCOME: what the last action did, bits of `outcome.ts` ]
 *
 * The production engines work on their own words, made from the vector when another state is put there. An event
 * concerns one engine: only that one's words are packed again, its messages go straight to the vector's slots, and of
 * the others only ranks change, and freshness where a write was committed.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { Cluster } from "./cluster.js";
import { ANSWER, EXIT, ExploredActions, READ, REQUEST, RETRY, WRITE } from "./explored-actions.js";
import { ExploredEngines } from "./explored-engines.js";
import { pack, unpack } from "./explored-vector.js";
import { Symmetry } from "./symmetry.js";
import { vectorWords } from "./vector-layout.js";
import { ANSWER_CAN_ARRIVE, REQUEST_CAN_ARRIVE } from "./vector-slots.js";

export { ANSWER, EXIT, READ, REQUEST, RETRY, WRITE } from "./explored-actions.js";

export class ExploredCluster {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly configuration: Configuration;
  /** Per action: what it is (READ …), whose it is, from whom a message comes, and which place a new stamp takes. */
  readonly kinds: Uint8Array;
  readonly kernels: Uint8Array;
  readonly senders: Uint8Array;
  readonly draws: Uint8Array;
  /** The state with whole versions and stamps, as `load` leaves it: for those who ask what the vector means. */
  readonly cluster: Cluster;
  private readonly engines: ExploredEngines;
  private readonly actions: ExploredActions;
  /** The vector from which the engines' words were made. */
  private readonly known: Int32Array;
  /** The enabled actions of the state `known`, ascending; `offered` of them. */
  private readonly offers: Uint16Array;
  private offered = 0;
  /** Where the last search in `offers` ended. */
  private cursor = 0;
  private readonly symmetry: Symmetry | undefined;

  /**
   * @param symmetry `on`: states that differ only in who is who are one state; what claims say of one kernel is then
   *   said of some kernel
   * @throws PagetwinError ARGUMENT for symmetry where the kernels' numbers decide
   */
  constructor(configuration: Configuration, symmetry: "on" | "off" = "off") {
    this.configuration = configuration;
    this.cluster = new Cluster(configuration);
    this.stateWords = vectorWords(configuration.kernels, this.cluster.hasBudgets, this.cluster.hasGroups);
    this.words = new Int32Array(this.stateWords + 1);
    this.known = new Int32Array(this.stateWords).fill(-1); // no vector has five unused bits set
    this.engines = new ExploredEngines(configuration, this.words);
    this.symmetry = symmetry === "on" ? new Symmetry(configuration, this.cluster.hasBudgets) : undefined;
    this.actions = new ExploredActions(configuration);
    const { count, kinds, kernels, senders, draws } = this.actions;
    this.actionCount = count;
    this.offers = new Uint16Array(count);
    this.kinds = kinds;
    this.kernels = kernels;
    this.senders = senders;
    this.draws = draws;
  }

  initialise(): void {
    this.cluster.initialise();
    this.words.fill(0);
    pack(this.cluster, this.words);
    this.symmetry?.canonise(this.words);
  }

  /** What the last action did. */
  get outcome(): number {
    return this.words[this.stateWords]!;
  }

  enabled(asked: number): boolean {
    return this.nextEnabled(asked) === asked;
  }

  nextEnabled(from: number): number {
    if (!this.isKnown()) this.enter();
    const { offers, offered } = this;
    let next = this.cursor;
    if (next > 0 && offers[next - 1]! >= from) next = 0;
    while (next < offered && offers[next]! < from) next++;
    this.cursor = next;
    return next < offered ? offers[next]! : this.actionCount;
  }

  perform(taken: number): void {
    if (!this.isKnown()) this.enter();
    this.words[this.stateWords] = this.run(taken);
    if (this.symmetry !== undefined) this.symmetry.canonise(this.words);
  }

  /** Makes the cluster's words those of the vector. */
  load(): void {
    unpack(this.words, this.cluster);
  }

  /** Whether an access of the application would be a step: it is no local hit, none is pending, and its budget is not spent. */
  canRead(kernel: number): boolean {
    if (!this.isKnown()) this.enter();
    return this.engines.canRead(kernel);
  }

  canWrite(kernel: number): boolean {
    if (!this.isKnown()) this.enter();
    return this.engines.canWrite(kernel);
  }

  /** Whether a message is in flight. */
  hasMessages(): boolean {
    return this.engines.slots.hasMessages();
  }

  private isKnown(): boolean {
    const { words, known, stateWords } = this;
    for (let position = 0; position < stateWords; position++) if (words[position] !== known[position]) return false;
    return true;
  }

  private enter(): void {
    const { words, known, stateWords, engines } = this;
    for (let position = 0; position < stateWords; position++) known[position] = words[position]!;
    engines.enter();
    this.offered = 0;
    this.cursor = 0;
    for (let kernel = 0; kernel < this.configuration.kernels; kernel++) this.offerOf(kernel);
  }

  /** Adds the enabled actions of one kernel, in the order of `ExploredActions`. */
  private offerOf(kernel: number): void {
    const { engines, actions } = this;
    const { drawCount, redrawCount } = actions;
    const { slots } = engines;
    let next = kernel * actions.perKernel;
    if (engines.canRead(kernel)) this.offer(next);
    next++;
    if (engines.canWrite(kernel)) this.offerDraws(next, drawCount, kernel, engines.drawsStamp(kernel, true));
    next += drawCount;
    if (engines.canRetry(kernel))
      this.offerDraws(next, drawCount, kernel, engines.drawsStamp(kernel, engines.hasPendingWrite(kernel)));
    next += drawCount;
    const isRedrawn = redrawCount > 1 && engines.mayDrawAnew(kernel);
    for (let sender = 0; sender < this.configuration.kernels; sender++) {
      if (sender === kernel) continue;
      const arriving = slots.deliverable[slots.code(sender, kernel)]!;
      if ((arriving & REQUEST_CAN_ARRIVE) !== 0) this.offerDraws(next, redrawCount, kernel, isRedrawn);
      next += redrawCount;
      if ((arriving & ANSWER_CAN_ARRIVE) !== 0) this.offerDraws(next, redrawCount, kernel, isRedrawn);
      next += redrawCount;
    }
    if (engines.canExit(kernel)) this.offerDraws(next, redrawCount, kernel, isRedrawn);
  }

  private offer(enabled: number): void {
    this.offers[this.offered++] = enabled;
  }

  /** Offers an action once, or once for each place that the stamp it draws can take. */
  private offerDraws(first: number, draws: number, kernel: number, isDrawn: boolean): void {
    if (!isDrawn) this.offer(first);
    else for (let draw = 0; draw < draws; draw++) if (this.engines.canDraw(kernel, draw)) this.offer(first + draw);
  }

  private run(taken: number): number {
    const { engines } = this;
    const kernel = this.kernels[taken]!;
    const draw = this.draws[taken]!;
    switch (this.kinds[taken]) {
      case READ:
        return engines.read(kernel);
      case WRITE:
        return engines.write(kernel, draw);
      case RETRY:
        return engines.retry(kernel, draw);
      case REQUEST:
        return engines.deliverRequest(this.senders[taken]!, kernel, draw);
      case ANSWER:
        return engines.deliverAnswer(this.senders[taken]!, kernel, draw);
      case EXIT:
        return engines.exit(kernel, draw);
      default:
        return 0;
    }
  }
}
