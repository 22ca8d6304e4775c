/** The claims about a program as invariants of its machine. */
import type { StateInvariant } from "../machine.js";
import { UNEXPLAINED } from "./monitor.js";
import { ACCESS } from "./port.js";
import type { Claim, Claims } from "./program.js";
import { heldUp } from "./solo.js";
import type { ThreadMachine } from "./thread-machine.js";

export interface Broken {
  readonly claim: string;
  readonly witness: string;
}

export class Judge {
  /** In the order in which they are judged; the first that breaks is reported. */
  readonly invariants: readonly StateInvariant[];
  private readonly machine: ThreadMachine;
  private readonly claims: Claims;
  private readonly seen = new Set<string>();

  constructor(machine: ThreadMachine, claims: Claims) {
    this.machine = machine;
    this.claims = claims;
    const { model } = claims;
    this.invariants = [
      { name: "operationsDoNotThrow", violation: () => this.thrown() },
      ...(claims.always ?? []).map((claim) => this.inEachState(claim)),
      ...(claims.nobodyIsHeldUp ? [{ name: "nobodyIsHeldUp", violation: () => heldUp(machine) }] : []),
      ...(model === undefined ? [] : [{ name: "historiesAreLinearizable", violation: () => this.unexplained() }]),
      ...(claims.atEnd ?? []).map((claim) => this.inFinalStates(claim)),
      ...(model?.meaning === undefined
        ? []
        : [{ name: "endsWhereTheModelMay", violation: () => this.endsElsewhere() }]),
      // Claims nothing; it stands last because an execution that breaks a claim has no outcome.
      ...(claims.outcome === undefined ? [] : [{ name: "outcome", violation: () => this.note() }]),
    ];
  }

  /** The first claim that the machine's live state breaks. */
  broken(): Broken | undefined {
    for (const invariant of this.invariants) {
      const witness = invariant.violation();
      if (witness !== undefined) return { claim: invariant.name, witness };
    }
    return undefined;
  }

  /** The outcomes of the complete executions that were judged, in the order of their names. */
  get outcomes(): string[] {
    return [...this.seen].sort();
  }

  private inEachState(claim: Claim): StateInvariant {
    return { name: claim.name, violation: () => claim.violation(this.machine) };
  }

  private inFinalStates(claim: Claim): StateInvariant {
    return {
      name: claim.name,
      violation: () => (this.machine.isFinished() ? claim.violation(this.machine) : undefined),
    };
  }

  private thrown(): string | undefined {
    const { machine } = this;
    for (let thread = 0; thread < machine.threadCount; thread++) {
      const local = machine.local(thread);
      if (machine.locals.kind(local) === ACCESS.Thrown) return machine.threads.message(local);
    }
    return undefined;
  }

  private unexplained(): string | undefined {
    if (this.machine.explanations !== UNEXPLAINED) return undefined;
    return "no order of the operations under way gives the result that was returned";
  }

  private endsElsewhere(): string | undefined {
    const { machine, claims } = this;
    if (!machine.isFinished()) return undefined;
    const found = claims.model!.meaning!(machine.shared);
    if (machine.monitor!.mayBeIn(machine.explanations, found)) return undefined;
    return `the words mean ${found}, the model is in ${machine.monitor!.describe(machine.explanations)}`;
  }

  private note(): undefined {
    if (this.machine.isFinished()) this.seen.add(this.claims.outcome!(this.machine));
  }
}
