/** Counting: 53-bit counters in two words each (W12), and the peaks of tables (D30). Nothing here decides anything. */
import type { MemoryPort } from "../memory-port.js";
import type { ReplicationLayout } from "./layout.js";
import type { Rules } from "./rules.js";
import { SESSION, type StatisticsLayout } from "./statistics-layout.js";

const LOW_COUNT = 2 ** 32;
/** Position of PGD in a row of levels: a root counts as PGD whatever the geometry (W11). */
const PGD = 4;

export class Counters {
  readonly memory: MemoryPort;
  readonly at: StatisticsLayout;
  private readonly layout: ReplicationLayout;
  private readonly levels: number;
  private readonly rules: Rules;

  constructor(memory: MemoryPort, layout: ReplicationLayout, rules: Rules) {
    this.memory = memory;
    this.layout = layout;
    this.at = layout.statistics;
    this.levels = layout.geometry.levels;
    this.rules = rules;
  }

  /** Position of a level (1 = leaf tables) in rows of PTE, PMD, PUD, P4D, PGD. */
  position(level: number): number {
    return level === this.levels ? PGD : level - 1;
  }

  /** Adds a small integer, of either sign, to a counter. */
  add(counter: number, amount: number): void {
    const before = this.memory.add("statistics.low", counter, amount);
    const after = (before + amount) | 0;
    // As an unsigned number the low word has passed its end where its sign bit went away, or came with a subtraction.
    if (amount > 0 && before < 0 && after >= 0) this.carry(counter);
    else if (amount < 0 && before >= 0 && after < 0) this.memory.add("statistics.high", counter + 1, -1);
  }

  /** The low word of a counter has come round to 0. */
  carry(counter: number): void {
    if (this.rules.countersCarry) this.memory.add("statistics.high", counter + 1, 1);
  }

  read(counter: number): number {
    const high = this.memory.load("statistics.high", counter + 1);
    return high * LOW_COUNT + (this.memory.load("statistics.low", counter) >>> 0);
  }

  write(counter: number, value: number): void {
    if (this.rules.countersCarry) this.memory.store("statistics.high", counter + 1, Math.floor(value / LOW_COUNT));
    this.memory.store("statistics.low", counter, (value % LOW_COUNT) | 0);
  }

  countSet(level: number): void {
    this.countSets(level, 1);
  }

  countSets(level: number, calls: number): void {
    const position = this.rules.topSetsArePgd ? this.position(level) : level - 1;
    this.add(this.at.counter(this.at.sets, position), calls);
  }

  countClear(level: number): void {
    const position = this.rules.topClearsArePgd ? this.position(level) : level - 1;
    this.add(this.at.counter(this.at.clears, position), 1);
  }

  countGet(level: number): void {
    this.add(this.at.counter(this.at.gets, level - 1), 1);
  }

  /** Counts a base table of a space in or out (`step` ±1) on a node, without moving the peak. */
  addBase(slot: number, level: number, node: number, step: number): void {
    this.memory.add("space.bases", this.layout.baseCount(slot, this.position(level), node), step);
  }

  /** The same of a copy. */
  addCopy(slot: number, level: number, node: number, step: number): void {
    this.memory.add("space.copies", this.layout.copyCount(slot, this.position(level), node), step);
  }

  /** Moves the peak of bases up to what there are now. */
  raiseBasePeak(slot: number, level: number, node: number): void {
    const position = this.position(level);
    const peak = this.at.peakBase(this.at.space(slot), position, node);
    this.raise(peak, this.memory.load("space.bases", this.layout.baseCount(slot, position, node)));
  }

  raiseCopyPeak(slot: number, level: number, node: number): void {
    const position = this.position(level);
    const peak = this.at.peakCopy(this.at.space(slot), position, node);
    this.raise(peak, this.memory.load("space.copies", this.layout.copyCount(slot, position, node)));
  }

  /** Begins a session: who asked for it, and when. */
  beginSession(slot: number, pid: number, tgid: number): void {
    const session = this.at.session(slot);
    this.write(session + SESSION.START, this.read(this.at.clock));
    this.memory.store("statistics.session", session + SESSION.PID, pid);
    this.memory.store("statistics.session", session + SESSION.TGID, tgid);
    const name = this.at.name(pid);
    for (let word = SESSION.TEXT; word < SESSION.WORDS; word++) {
      const text = this.memory.load("statistics.name", name + word - SESSION.TEXT);
      this.memory.store("statistics.session", session + word, text);
    }
  }

  endSession(slot: number): void {
    const session = this.at.session(slot);
    this.zero(session, session + SESSION.WORDS);
  }

  /** Forgets all about a slot that has become free. */
  forgetSpace(slot: number): void {
    this.zero(this.at.space(slot), this.at.spaceEnd(slot));
  }

  zero(from: number, end: number): void {
    for (let word = from; word < end; word++) this.memory.store("statistics.zero", word, 0);
  }

  private raise(peak: number, value: number): void {
    if (value > this.memory.load("statistics.peak", peak)) this.memory.store("statistics.peak", peak, value);
  }
}
