/**
 * The explored machine with a page table for each kernel, for the claims about what processors may do (T1 to T5).
 *
 *   words = [ the vector: see vector-layout.ts ][ table of kernel 0 ][ of kernel 1 ] … [ OUTCOME ][ LATE: see paged-cluster.ts ]
 *
 * The tables are state: they come out of the steps, not out of the vector. That there are as many states as without them
 * says that the entries are a function of the protocol's state. Slower than `ExploredCluster`, which searches without them.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import { ExploredCluster } from "./exploration.js";
import { ANSWER, EXIT, READ, REQUEST, RETRY, WRITE } from "./explored-actions.js";
import { pack, unpack } from "./explored-vector.js";
import { KERNEL_TABLE_WORDS } from "./kernel-page-table.js";
import { PagedCluster } from "./paged-cluster.js";

const OUTCOME = 0;
const LATE = 1;
const STATISTICS = 2;

export class PagedExploration {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  readonly configuration: Configuration;
  /** Per action, as in `ExploredCluster`. */
  readonly kinds: Uint8Array;
  readonly kernels: Uint8Array;
  readonly senders: Uint8Array;
  readonly cluster: PagedCluster;
  /** The machine without tables: it says what can happen. */
  private readonly plain: ExploredCluster;

  /** @param Paged the production cluster, or one that does a thing wrong */
  constructor(configuration: Configuration, Paged: typeof PagedCluster = PagedCluster) {
    this.plain = new ExploredCluster(configuration);
    const { stateWords, actionCount, kinds, kernels, senders } = this.plain;
    this.configuration = configuration;
    this.actionCount = actionCount;
    this.kinds = kinds;
    this.kernels = kernels;
    this.senders = senders;
    this.stateWords = stateWords + configuration.kernels * KERNEL_TABLE_WORDS;
    this.words = new Int32Array(this.stateWords + STATISTICS);
    this.cluster = new Paged(configuration, this.words.subarray(stateWords, this.stateWords));
  }

  initialise(): void {
    this.words.fill(0);
    this.cluster.initialise();
    pack(this.cluster, this.words);
  }

  get outcome(): number {
    return this.words[this.stateWords + OUTCOME]!;
  }

  /** Bits of `paged-cluster.ts`: what left too early in the last step. */
  get late(): number {
    return this.words[this.stateWords + LATE]!;
  }

  enabled(action: number): boolean {
    return this.showPlain().enabled(action);
  }

  listEnabled(into: Uint32Array): number {
    return this.showPlain().listEnabled(into);
  }

  /** Gives the machine without tables the same state. */
  private showPlain(): ExploredCluster {
    const { plain, words } = this;
    for (let word = 0; word < plain.stateWords; word++) plain.words[word] = words[word]!;
    return plain;
  }

  perform(action: number): void {
    const { cluster, words } = this;
    const kernel = this.kernels[action]!;
    this.load();
    cluster.late = 0;
    cluster.touch(kernel);
    const outcome = this.run(action, kernel);
    cluster.tables[kernel]!.rest();
    pack(cluster, words);
    words[this.stateWords + OUTCOME] = outcome;
    words[this.stateWords + LATE] = cluster.late;
  }

  /** Makes the cluster's words those of the vector; the tables are the cluster's own. */
  load(): void {
    unpack(this.words, this.cluster);
  }

  private run(action: number, kernel: number): number {
    const { cluster } = this;
    const sender = this.senders[action]!;
    const draw = this.plain.draws[action]!;
    switch (this.kinds[action]) {
      case READ:
        return cluster.read(kernel);
      case WRITE:
        return cluster.write(kernel, draw);
      case RETRY:
        return cluster.retry(kernel, draw);
      case REQUEST:
        return cluster.deliverRequest(sender, kernel, draw);
      case ANSWER:
        return cluster.deliverAnswer(sender, kernel, draw);
      case EXIT:
        return cluster.exit(kernel, draw);
      default:
        return 0;
    }
  }
}
