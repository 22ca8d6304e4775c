/** Putting claims to the test: what breaks a claim, and which claims an operation has to do with. */
import type { AnyOperation, AnySystem } from "./any-system.js";
import type { Invariant, StepInvariant } from "./system.js";

/** A claim that did not hold, and the values that show it. */
export interface Breach {
  /** Id of the invariant; `answer`, `meaning` and `thrown` are the comparison's own. */
  readonly invariant: string;
  readonly name: string;
  readonly why: string;
  readonly witness: readonly string[];
}

export const WITNESSES_MAX = 8;

type Claim = { readonly id: string; readonly name: string; readonly why: string };
type AnyInvariant = Invariant<unknown>;
type AnyStepInvariant = StepInvariant<AnyOperation, unknown, unknown>;

/** How a state breaks a claim, or undefined when it holds. A claim that cannot be evaluated does not hold. */
export function stateBreach(claim: AnyInvariant, view: unknown): Breach | undefined {
  let witness: readonly string[];
  try {
    witness = firstOf(claim.violations(view));
  } catch (thrown) {
    witness = [cannotBeJudged(thrown)];
  }
  return witness.length === 0 ? undefined : breach(claim, witness);
}

/** How a step breaks a claim, or undefined when it holds. */
export function stepBreach(
  claim: AnyStepInvariant,
  before: unknown,
  operation: AnyOperation,
  answer: unknown,
  after: unknown,
): Breach | undefined {
  let witness: readonly string[];
  try {
    witness = firstOf(claim.violations(before, operation, answer, after));
  } catch (thrown) {
    witness = [cannotBeJudged(thrown)];
  }
  return witness.length === 0 ? undefined : breach(claim, witness);
}

/** The first lines, as many as a breach tells. */
function firstOf(lines: Iterable<string>): readonly string[] {
  if (Array.isArray(lines) && lines.length <= WITNESSES_MAX) return lines;
  const first: string[] = [];
  for (const line of lines) {
    first.push(line);
    if (first.length === WITNESSES_MAX) break;
  }
  return first;
}

function cannotBeJudged(thrown: unknown): string {
  return `it cannot be judged: ${thrown}`;
}

function breach({ id, name, why }: Claim, witness: readonly string[]): Breach {
  return { invariant: id, name, why, witness };
}

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
