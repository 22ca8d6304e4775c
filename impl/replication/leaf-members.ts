/**
 * One leaf entry in all members of a ring but the first: set, or taken out.
 *
 * A turn of the loop takes four members, written out one after the other: each turn checks the objects and loads their
 * fields anew, which with one member a turn makes a member two to three times as dear (measured).
 */
import type { MemoryPort } from "../memory-port.js";
import { ACCESSED, DIRTY, FRAME_SHIFT, PRESENT, PROT_NONE } from "../page-table/entry.js";
import type { Kernel } from "./kernel.js";

// A constant of this module is part of the compiled code; an imported one is loaded at every use.
const SHIFT = FRAME_SHIFT;
const INSTALLED = PRESENT | PROT_NONE;
const USED = ACCESSED | DIRTY;

export class LeafMembers {
  private readonly kernel: Kernel;
  private readonly memory: MemoryPort;
  private readonly setCounter: number;
  private readonly clearCounter: number;
  /** Word index of the table that a link leads to. */
  private readonly linkedWord: Int32Array;
  /** What a link's own value is added to for the link of the table that it leads to. */
  private readonly beforeLinks: number;

  constructor(kernel: Kernel) {
    const { counters, layout, tables } = kernel;
    this.kernel = kernel;
    this.memory = kernel.memory;
    this.setCounter = counters.at.counter(counters.at.sets, counters.position(1));
    this.clearCounter = counters.at.getAndClears;
    this.beforeLinks = layout.linkBase - 1;
    this.linkedWord = new Int32Array(layout.nodes * tables.framesPerNode + 1);
    for (let number = 0; number < layout.tableFrames; number++) {
      const frame = layout.tableFrame(number);
      this.linkedWord[frame + 1] = tables.tableIndex(frame);
    }
  }

  /**
   * Sets the entry in every member from the one that `first` links to up to the last. Counts one set.
   * @param end the link that leads to where the ring began
   * @param offset of the entry in its table, in words
   */
  set(end: number, first: number, offset: number, low: number, high: number): void {
    const { memory, linkedWord, beforeLinks } = this;
    if (memory.add("statistics.low", this.setCounter, 1) === -1) this.kernel.counters.carry(this.setCounter);
    const wordLow = low | 0;
    const wordHigh = high | 0;
    const stop = end | 0;
    const at = offset | 0;
    let link = first | 0;
    let entry = 0;
    for (;;) {
      entry = (linkedWord[link]! + at) | 0;
      memory.store("setLeaf.high", (entry + 1) | 0, wordHigh);
      memory.store("setLeaf.low", entry, wordLow);
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return;
      entry = (linkedWord[link]! + at) | 0;
      memory.store("setLeaf.high", (entry + 1) | 0, wordHigh);
      memory.store("setLeaf.low", entry, wordLow);
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return;
      entry = (linkedWord[link]! + at) | 0;
      memory.store("setLeaf.high", (entry + 1) | 0, wordHigh);
      memory.store("setLeaf.low", entry, wordLow);
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return;
      entry = (linkedWord[link]! + at) | 0;
      memory.store("setLeaf.high", (entry + 1) | 0, wordHigh);
      memory.store("setLeaf.low", entry, wordLow);
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return;
    }
  }

  /**
   * Takes the entry out of the same members. Counts one get-and-clear.
   * @param home the low word that was taken out of the first member
   * @returns it, with A and D of the members that name the same frame; others add nothing (W3)
   */
  clear(end: number, first: number, offset: number, home: number): number {
    const { memory, linkedWord, beforeLinks } = this;
    if (memory.add("statistics.low", this.clearCounter, 1) === -1) this.kernel.counters.carry(this.clearCounter);
    const stop = end | 0;
    const at = offset | 0;
    const taken = home | 0;
    let link = first | 0;
    let entry = 0;
    let low = 0;
    let all = taken;
    for (;;) {
      entry = (linkedWord[link]! + at) | 0;
      low = memory.exchange("clearLeaf.low", entry, 0);
      memory.store("clearLeaf.high", (entry + 1) | 0, 0);
      if ((low & INSTALLED) !== 0 && (low ^ taken) >>> SHIFT === 0) all |= low & USED;
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return all;
      entry = (linkedWord[link]! + at) | 0;
      low = memory.exchange("clearLeaf.low", entry, 0);
      memory.store("clearLeaf.high", (entry + 1) | 0, 0);
      if ((low & INSTALLED) !== 0 && (low ^ taken) >>> SHIFT === 0) all |= low & USED;
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return all;
      entry = (linkedWord[link]! + at) | 0;
      low = memory.exchange("clearLeaf.low", entry, 0);
      memory.store("clearLeaf.high", (entry + 1) | 0, 0);
      if ((low & INSTALLED) !== 0 && (low ^ taken) >>> SHIFT === 0) all |= low & USED;
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return all;
      entry = (linkedWord[link]! + at) | 0;
      low = memory.exchange("clearLeaf.low", entry, 0);
      memory.store("clearLeaf.high", (entry + 1) | 0, 0);
      if ((low & INSTALLED) !== 0 && (low ^ taken) >>> SHIFT === 0) all |= low & USED;
      link = memory.load("leaf.link", (beforeLinks + link) | 0);
      if (link === stop || link === 0) return all;
    }
  }
}
