/** The violations that a search has found, each with its path, and what follows from them for the search. */
import type { Violation, ViolationKind } from "./exploration.js";
import type { Fingerprinter } from "./fingerprint.js";
import type { Lineage } from "./lineage.js";
import type { Machine } from "./machine.js";
import { actionsAlong } from "./path.js";
import type { StateSet } from "./state-set.js";

/** What a finding needs to tell the way to itself. */
export interface Origins {
  readonly machine: Machine;
  readonly set: StateSet;
  readonly lineage: Lineage;
  readonly fingerprinter: Fingerprinter;
}

export class Findings {
  readonly violations: Violation[] = [];
  /** States that break a claim: known, and not expanded. */
  readonly withheld = new Set<number>();
  /** Whether a violation has ended the search. */
  isStop = false;
  private readonly origins: Origins;
  private readonly stopAtFirst: boolean;
  private readonly broken = new Set<string>();

  constructor(origins: Origins, stopAtFirst: boolean) {
    this.origins = origins;
    this.stopAtFirst = stopAtFirst;
  }

  /** A claim about `state` is broken: it is not expanded. */
  addState(kind: ViolationKind, invariant: string, witness: string, state: number): void {
    this.withheld.add(state);
    this.add(kind, invariant, witness, () => this.pathTo(state));
  }

  /** A claim about the step `action` from `state` is broken. */
  addStep(kind: ViolationKind, invariant: string, witness: string, state: number, action: number): void {
    this.add(kind, invariant, witness, () => [...this.pathTo(state), action]);
  }

  /** A claim about the search as a whole is broken. */
  addWhole(kind: ViolationKind, invariant: string, witness: string): void {
    this.add(kind, invariant, witness, () => []);
  }

  private add(kind: ViolationKind, invariant: string, witness: string, path: () => number[]): void {
    if (this.isStop || this.broken.has(`${kind} ${invariant}`)) return;
    this.broken.add(`${kind} ${invariant}`);
    this.violations.push({ kind, invariant, witness, path: path() });
    this.isStop = this.stopAtFirst;
  }

  /** The actions that lead to `state`. The live words are afterwards what they were. */
  private pathTo(state: number): number[] {
    const { machine, set, lineage, fingerprinter } = this.origins;
    const live = machine.words.slice();
    const path = actionsAlong(machine, set, fingerprinter, lineage.ancestry(state));
    machine.words.set(live);
    return path;
  }
}
