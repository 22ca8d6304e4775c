/** Putting claims to the test: what breaks a claim, and which claims an operation has to do with. */
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { StepInvariant } from "./system.js";

/** A claim that did not hold, and the values that show it. */
export interface Breach {
  /** Id of the invariant; `answer`, `meaning` and `thrown` are the comparison's own. */
  readonly invariant: string;
  readonly name: string;
  readonly why: string;
  readonly witness: readonly string[];
}

export const WITNESSES_MAX = 8;

const NONE: readonly string[] = [];

/** The lines by which a claim is broken, or undefined when it holds. A claim that cannot be evaluated does not hold. */
export function firstWitnesses(
  claim: { readonly id: string; readonly name: string; readonly why: string },
  violations: () => Iterable<string>,
): Breach | undefined {
  let witness = NONE;
  try {
    for (const line of violations()) {
      witness = [...witness, line];
      if (witness.length === WITNESSES_MAX) break;
    }
  } catch (thrown) {
    witness = [...witness, `it cannot be judged: ${thrown}`];
  }
  return witness.length === 0 ? undefined : { invariant: claim.id, name: claim.name, why: claim.why, witness };
}

type AnyStepInvariant = StepInvariant<AnyOperation, unknown, unknown>;

/** The step invariants of a system by kind of operation: most speak of a few kinds and hold of all others by themselves. */
export class StepInvariants {
  private readonly all: readonly AnyStepInvariant[];
  private readonly ofKind = new Map<string, readonly AnyStepInvariant[]>();

  constructor(system: AnySystem) {
    this.all = system.stepInvariants;
  }

  about({ kind }: AnyOperation): readonly AnyStepInvariant[] {
    const known = this.ofKind.get(kind);
    if (known !== undefined) return known;
    const found = this.all.filter(({ concerns }) => concerns === undefined || concerns.includes(kind));
    this.ofKind.set(kind, found);
    return found;
  }
}
