/**
 * The kernels that share one page as a machine with numbered actions over a short vector: what a search of the state
 * space drives.
 *
 *   words = [ the vector: see `vector-layout.ts` ][ OUTCOME: what the last action did, bits of `outcome.ts` ]
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { Cluster } from "./cluster.js";
import { ExploredActions } from "./explored-actions.js";
import { ExploredEngines } from "./explored-engines.js";
import { pack, unpack } from "./explored-vector.js";
import { Symmetry } from "./symmetry.js";
import { vectorWords } from "./vector-layout.js";

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
  /** Room for a list of enabled actions. */
  private readonly listed: Uint32Array;
  private readonly symmetry: Symmetry | undefined;
  /** Writes what each enabled action changes; not where the states that it leads to are renamed. */
  readonly listSteps: ((into: Int32Array, start: number) => number) | undefined;

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
    this.symmetry = symmetry === "on" ? new Symmetry(configuration, this.cluster.hasBudgets) : undefined;
    const actions = new ExploredActions(configuration);
    const engines = new ExploredEngines(configuration, actions, this.words);
    this.engines = engines;
    this.listSteps = symmetry === "on" ? undefined : (into, start) => engines.listSteps(into, start);
    const { count, kinds, kernels, senders, draws } = actions;
    this.actionCount = count;
    this.listed = new Uint32Array(count);
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

  listEnabled(into: Uint32Array): number {
    return this.engines.list(into);
  }

  enabled(action: number): boolean {
    return this.nextEnabled(action) === action;
  }

  /** The lowest enabled action from `from` on, or `actionCount`. */
  nextEnabled(from: number): number {
    const { listed } = this;
    const count = this.engines.list(listed);
    for (let index = 0; index < count; index++) if (listed[index]! >= from) return listed[index]!;
    return this.actionCount;
  }

  perform(action: number): void {
    this.words[this.stateWords] = this.engines.perform(action);
    this.symmetry?.canonise(this.words);
  }

  /** Makes the cluster's words those of the vector. */
  load(): void {
    unpack(this.words, this.cluster);
  }

  /** Whether an access of the application would be a step: it is no local hit, none is pending, and its budget is not spent. */
  canRead(kernel: number): boolean {
    return this.engines.enabled.canRead(kernel);
  }

  canWrite(kernel: number): boolean {
    return this.engines.enabled.canWrite(kernel);
  }

  /** Whether a message is in flight. */
  hasMessages(): boolean {
    return this.engines.slots.hasMessages();
  }
}
