/** What the raw words count: tables of address spaces, their peaks, history records. */
import type { ReplicationLayout } from "../../impl/replication/layout.js";

const LOW_COUNT = 2 ** 32;

export class Counts {
  private readonly words: Int32Array;
  private readonly layout: ReplicationLayout;

  constructor(words: Int32Array, layout: ReplicationLayout) {
    this.words = words;
    this.layout = layout;
  }

  /** Number of tables of a level (0 = PTE … 4 = PGD) that a space is said to have on a node, as bases. */
  bases(slot: number, level: number, node: number): number {
    return this.words[this.layout.baseCount(slot, level, node)]!;
  }

  /** The same of copies. */
  copies(slot: number, level: number, node: number): number {
    return this.words[this.layout.copyCount(slot, level, node)]!;
  }

  /** Highest number of such tables since the slot was taken, as the statistics say. */
  peakOfBases(slot: number, level: number, node: number): number {
    const { statistics } = this.layout;
    return this.words[statistics.peakBase(statistics.space(slot), level, node)]!;
  }

  peakOfCopies(slot: number, level: number, node: number): number {
    const { statistics } = this.layout;
    return this.words[statistics.peakCopy(statistics.space(slot), level, node)]!;
  }

  /** A 53-bit counter of the statistics: low word, high word (W12). */
  counter(word: number): number {
    return (this.words[word]! >>> 0) + this.words[word + 1]! * LOW_COUNT;
  }

  /** History records ever written, modulo 2^32. */
  records(): number {
    return this.words[this.layout.statistics.records]!;
  }

  hasHistory(): boolean {
    return this.words[this.layout.statistics.historyCount] !== 0;
  }
}
