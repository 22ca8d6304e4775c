/**
 * Among the shortest schedules that lead to a goal, one with the fewest context switches.
 *
 * Breadth first over pairs of state and last thread. All pairs of one depth have their fewest switches before the first
 * of them is expanded: a pair that is reached again at the same depth with fewer takes the better way.
 */
import { Fingerprinter } from "../fingerprint.js";
import { FullSet } from "../full-set.js";
import { Rows } from "../rows.js";
import type { ThreadMachine } from "./thread-machine.js";

const NOBODY = -1;

export class FewestSwitches {
  private readonly machine: ThreadMachine;
  private readonly isGoal: () => boolean;
  private readonly fingerprinter: Fingerprinter;
  private readonly set: FullSet;
  private readonly parents = new Rows(1);
  private readonly switches = new Rows(1);
  /** A state and, behind it, the thread that has led to it. */
  private readonly pair: Int32Array;
  private readonly base: Int32Array;
  private best = { switches: Number.POSITIVE_INFINITY, parent: NOBODY, thread: NOBODY };

  /** @param isGoal judges the machine's live state */
  constructor(machine: ThreadMachine, isGoal: () => boolean) {
    const width = machine.stateWords + 1;
    this.machine = machine;
    this.isGoal = isGoal;
    this.fingerprinter = new Fingerprinter(width);
    this.set = new FullSet(width, this.fingerprinter);
    this.pair = new Int32Array(width);
    this.base = new Int32Array(width);
  }

  /**
   * @param turns how long the shortest schedule is
   * @param pairsMax most pairs to keep
   * @returns the schedule, or nothing if the room was too small
   */
  find(turns: number, pairsMax: number): number[] | undefined {
    const { machine, set } = this;
    machine.initialise();
    this.reach(NOBODY, NOBODY, 0, 0);
    let levelStart = 0;
    for (let turn = 1; turn <= turns; turn++) {
      const levelEnd = set.count;
      for (let number = levelStart; number < levelEnd; number++) this.expand(number, levelEnd, turn === turns);
      if (set.count > pairsMax) return undefined;
      levelStart = levelEnd;
    }
    return this.best.parent === NOBODY ? undefined : [...this.way(this.best.parent), this.best.thread];
  }

  private expand(number: number, levelEnd: number, isLastTurn: boolean): void {
    const { machine, set, base } = this;
    set.take(number, base);
    const last = base[machine.stateWords]!;
    const switches = this.switches.value(number);
    for (let thread = 0; thread < machine.actionCount; thread++) {
      machine.words.set(base.subarray(0, machine.stateWords));
      if (!machine.enabled(thread)) continue;
      machine.perform(thread);
      const more = last === NOBODY || last === thread ? switches : switches + 1;
      if (!isLastTurn) this.reach(thread, number, more, levelEnd);
      else if (more < this.best.switches && this.isGoal()) this.best = { switches: more, parent: number, thread };
    }
  }

  /** The live state was reached by `thread`. Pairs from `levelEnd` on are of the depth at hand. */
  private reach(thread: number, parent: number, switches: number, levelEnd: number): void {
    const { machine, set, pair, fingerprinter } = this;
    pair.set(machine.words);
    pair[machine.stateWords] = thread;
    fingerprinter.take(pair, 0);
    const known = set.find(fingerprinter.first, fingerprinter.second, pair);
    if (known < 0) {
      set.add(fingerprinter.first, fingerprinter.second, pair);
      this.parents.push(parent);
      this.switches.push(switches);
    } else if (known >= levelEnd && switches < this.switches.value(known)) {
      this.parents.setValue(known, parent);
      this.switches.setValue(known, switches);
    }
  }

  private way(to: number): number[] {
    const { machine, set, base } = this;
    const threads: number[] = [];
    for (let number = to; this.parents.value(number) !== NOBODY; number = this.parents.value(number)) {
      set.take(number, base);
      threads.unshift(base[machine.stateWords]!);
    }
    return threads;
  }
}
