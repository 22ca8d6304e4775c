/** Who takes the next turn of a random schedule. */
import type { Random } from "./random.js";
import type { ThreadMachine } from "./thread-machine.js";

/** A thread that takes so many turns in a row without returning from its operation is taken to wait for another. */
const PATIENCE = 100;

export interface Picker {
  /** A schedule begins; `turns` is the length of the longest so far. */
  begin(machine: ThreadMachine, turns: number): void;
  /** The thread that takes the next turn, or -1 if none can. */
  pick(machine: ThreadMachine): number;
}

export class UniformPicker implements Picker {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  begin(): void {}

  pick(machine: ThreadMachine): number {
    let able = 0;
    for (let thread = 0; thread < machine.actionCount; thread++) if (machine.canGoOn(thread)) able++;
    if (able === 0) return -1;
    let choice = this.random.below(able);
    for (let thread = 0; ; thread++) {
      if (machine.canGoOn(thread) && choice-- === 0) return thread;
    }
  }
}

/**
 * Burckhardt, Kothari, Musuvathi and Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
 * bugs": threads have random priorities, and at `depth` - 1 random moments the one that runs drops below all others. Here it
 * also drops when it seems to wait.
 */
export class PriorityPicker implements Picker {
  private readonly random: Random;
  private readonly depth: number;
  private readonly priorities: number[] = [];
  /** The moments at which the thread that ran drops, in no order. */
  private readonly dropsAt: number[] = [];
  private lowest = 0;
  private turn = 0;
  private last = -1;
  private turnsInRow = 0;

  /** @param depth how many ordering constraints the failure needs, from 1 */
  constructor(random: Random, depth: number) {
    this.random = random;
    this.depth = depth;
  }

  begin(machine: ThreadMachine, turns: number): void {
    const { random, priorities, dropsAt } = this;
    for (let thread = 0; thread < machine.actionCount; thread++) priorities[thread] = thread + 1;
    for (let last = machine.actionCount - 1; last > 0; last--) {
      const other = random.below(last + 1);
      const kept = priorities[last]!;
      priorities[last] = priorities[other]!;
      priorities[other] = kept;
    }
    for (let drop = 1; drop < this.depth; drop++) {
      dropsAt[drop - 1] = 1 + random.below(Math.max(turns, machine.actionCount));
    }
    this.lowest = 0;
    this.turn = 0;
    this.last = -1;
    this.turnsInRow = 0;
  }

  pick(machine: ThreadMachine): number {
    const waits = this.turnsInRow > PATIENCE;
    if (this.last >= 0 && (waits || this.dropsAt.includes(this.turn))) this.drop(this.last);
    let picked = -1;
    for (let thread = 0; thread < machine.actionCount; thread++) {
      if (!machine.canGoOn(thread)) continue;
      if (picked < 0 || this.priorities[thread]! > this.priorities[picked]!) picked = thread;
    }
    this.turnsInRow = picked === this.last && !machine.turnReturns ? this.turnsInRow + 1 : 0;
    this.last = picked;
    this.turn++;
    return picked;
  }

  private drop(thread: number): void {
    this.priorities[thread] = --this.lowest;
    this.turnsInRow = 0;
  }
}
