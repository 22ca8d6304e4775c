/**
 * The whole graph of reachable states, kept: what claims about cycles are judged on.
 *
 * States are numbered breadth first from 0; the transitions of state s are the entries starts[s] to starts[s + 1] - 1 of
 * `targets` and `actions`.
 */
import { Fingerprinter } from "../../explore/fingerprint.js";
import { FullSet } from "../../explore/full-set.js";
import type { Machine } from "../../explore/machine.js";

export interface StateGraph {
  readonly states: number;
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly actions: Uint8Array;
  /** For each state but the first, the one from which it was found. */
  readonly parents: Uint32Array;
  /** Puts a state into the words of the machine it was made from. */
  show(state: number): void;
}

/** @throws Error when there are more than `statesMax` states, or the machine has more than 256 actions */
export function stateGraph(machine: Machine, statesMax: number): StateGraph {
  if (machine.actionCount > 256) throw new Error(`${machine.actionCount} actions: expected at most 256`);
  const fingerprinter = new Fingerprinter(machine.stateWords);
  const set = new FullSet(machine.stateWords, fingerprinter);
  const starts = new Growing(Uint32Array);
  const targets = new Growing(Uint32Array);
  const actions = new Growing(Uint8Array);
  const parents = new Growing(Uint32Array);
  const numberOfLive = (parent: number): number => {
    fingerprinter.take(machine.words, 0);
    const { first, second } = fingerprinter;
    const known = set.find(first, second, machine.words);
    if (known >= 0) return known;
    if (set.count >= statesMax) throw new Error(`more than ${statesMax} states`);
    set.add(first, second, machine.words);
    parents.push(parent);
    return set.count - 1;
  };
  const base = new Int32Array(machine.stateWords);
  machine.initialise();
  numberOfLive(0);
  for (let state = 0; state < set.count; state++) {
    starts.push(targets.length);
    set.take(state, base);
    machine.words.set(base);
    for (let action = 0; action < machine.actionCount; action++) {
      if (!machine.enabled(action)) continue;
      machine.perform(action);
      targets.push(numberOfLive(state));
      actions.push(action);
      machine.words.set(base);
    }
  }
  starts.push(targets.length);
  return {
    states: set.count,
    starts: starts.values(),
    targets: targets.values(),
    actions: actions.values(),
    parents: parents.values(),
    show: (state) => set.take(state, machine.words),
  };
}

/** A list of numbers that doubles its array when it is full. */
class Growing<List extends Uint32Array | Uint8Array> {
  length = 0;
  private readonly make: new (
    length: number,
  ) => List;
  private list: List;

  constructor(make: new (length: number) => List) {
    this.make = make;
    this.list = new make(1024);
  }

  push(value: number): void {
    if (this.length === this.list.length) {
      const larger = new this.make(2 * this.length);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.length++] = value;
  }

  values(): List {
    return this.list.subarray(0, this.length) as List;
  }
}
