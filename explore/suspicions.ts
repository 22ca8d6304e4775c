/** State invariants by the quick looks that say whether they must be asked. */
import type { StateInvariant } from "./machine.js";

/** Invariants that are asked of a state where one quick look finds reason to; without it, of every state. */
export interface Suspicion {
  readonly suspect: (() => boolean) | undefined;
  readonly invariants: readonly StateInvariant[];
}

/** Neighbours that share a quick look stand together, so that all are asked in their order. */
export function suspicions(always: readonly StateInvariant[]): readonly Suspicion[] {
  const found: { suspect: (() => boolean) | undefined; invariants: StateInvariant[] }[] = [];
  for (const invariant of always) {
    const last = found.at(-1);
    if (last !== undefined && last.suspect === invariant.suspect) last.invariants.push(invariant);
    else found.push({ suspect: invariant.suspect, invariants: [invariant] });
  }
  return found;
}
