/**
 * What must hold of the protocol in every state and on every step: P1 to P8 of the specification, section 2.6.
 *
 * Progress (P9) and fairness (P10) speak of what can happen later: `progress.ts` and `fairness.ts`.
 */
import { OUTCOME_LOST_UPDATE } from "../../impl/coherency/cluster.js";
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import { EXIT, READ, WRITE } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { OUTCOME_FETCHED_NOTHING, OUTCOME_UNSPECIFIED } from "../../impl/coherency/outcome.js";
import { isFreshIn, pendingIn, stateIn } from "../../impl/coherency/vector-layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import type { Rules } from "../../vocabulary/coherency/rules.js";
import { groupStateClaims, groupStepClaims } from "./group-claims.js";
import { readOnlyIsLocal } from "./read-only-claims.js";

/** A claim about every reachable state. */
export interface StateClaim {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** The rules under which it says something; not given = all. */
  isAbout?(rules: Rules): boolean;
  /** The values that break it, or undefined. */
  witness(machine: ExploredCluster): string | undefined;
}

/** A claim about every step, told from what the step did. */
export interface StepClaim {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  isAbout?(rules: Rules): boolean;
  /** The outcome bits of which there must be one for it to break. */
  readonly outcome?: number;
  /** It compares a kernel before the step with the same after it, which states modulo renaming do not permit. */
  readonly isOfNames?: boolean;
  /** @param before the vector before the step */
  witness(machine: ExploredCluster, action: number, before: Int32Array): string | undefined;
}

export const singleWriter: StateClaim = {
  id: "P1",
  name: "singleWriterOrReaders",
  why: "a reader beside a writer sees what is no longer so, and two writers overwrite each other",
  witness({ words, configuration: { kernels } }) {
    const modified = kernelsIn(words, kernels, at.MODIFIED);
    const shared = kernelsIn(words, kernels, at.SHARED);
    if (modified.length === 0 || (modified.length === 1 && shared.length === 0)) return undefined;
    return `Modified: ${names(modified)}; Shared: ${names(shared)}`;
  },
};

export const soleCopyIsOne: StateClaim = {
  id: "P2",
  name: "atMostOneNotReplicated",
  why: "two kernels that both believe to be alone write without telling each other",
  witness({ words, configuration: { kernels } }) {
    const found = kernelsIn(words, kernels, at.NOT_REPLICATED);
    return found.length > 1 ? `NotReplicated: ${names(found)}` : undefined;
  },
};

export const soleCopyIsAlone: StateClaim = {
  id: "P3",
  name: "notReplicatedIsAlone",
  why: "the only copy is written without a message, so nobody else may use the page",
  witness({ words, configuration: { kernels } }) {
    const alone = kernelsIn(words, kernels, at.NOT_REPLICATED);
    if (alone.length === 0) return undefined;
    for (let kernel = 0; kernel < kernels; kernel++) {
      const state = stateIn(words, kernel);
      if (state >= at.SHARED) return `K${alone[0]} is NotReplicated, K${kernel} is ${COPY_STATES[state]}`;
    }
    return undefined;
  },
};

export const readableIsFresh: StateClaim = {
  id: "P4",
  name: "readableCopiesAreFresh",
  why: "a load must return what was stored last",
  witness({ words, configuration: { kernels } }) {
    for (let kernel = 0; kernel < kernels; kernel++) {
      const state = stateIn(words, kernel);
      if (state >= at.NOT_REPLICATED && state <= at.MODIFIED && !isFreshIn(words, kernel))
        return `K${kernel} is ${COPY_STATES[state]} and its copy is not what was written last`;
    }
    return undefined;
  },
};

export const noDeadlock: StateClaim = {
  id: "P8",
  name: "noDeadlock",
  why: "an access that is pending must not wait for nothing",
  witness(machine) {
    if (machine.hasMessages()) return undefined; // of those in flight one can always arrive
    const { words, configuration } = machine;
    const pending: number[] = [];
    for (let kernel = 0; kernel < configuration.kernels; kernel++)
      if (pendingIn(words, kernel) !== 0) pending.push(kernel);
    if (pending.length === 0) return undefined;
    for (let action = machine.actionCount - 1; action >= 0; action--) {
      const kind = machine.kinds[action]!;
      if (kind !== READ && kind !== WRITE && machine.enabled(action)) return undefined;
    }
    const where = pending.map((kernel) => `K${kernel} in ${COPY_STATES[stateIn(words, kernel)]}`);
    return `pending for ever: ${where.join(", ")}`;
  },
};

const baseIsFresh: StepClaim = {
  id: "P5",
  name: "noLostUpdate",
  why: "a write on an outdated copy undoes a write that took effect before it",
  outcome: OUTCOME_LOST_UPDATE,
  witness: (machine, action) =>
    (machine.outcome & OUTCOME_LOST_UPDATE) === 0
      ? undefined
      : `K${machine.kernels[action]} committed on a copy that is not what was written last`,
};

const fetchFinds: StepClaim = {
  id: "P6",
  name: "fetchFindsACopy",
  why: "the page is replicated, so somebody has it, and a fetch that ends empty-handed has lost it",
  outcome: OUTCOME_FETCHED_NOTHING,
  witness: (machine, action) =>
    (machine.outcome & OUTCOME_FETCHED_NOTHING) === 0
      ? undefined
      : `the fetch of K${machine.kernels[action]} collected only CopyVoids`,
};

const receptionIsSpecified: StepClaim = {
  id: "P7",
  name: "noUnspecifiedReception",
  why: "a message that the protocol has no answer to stays unanswered",
  outcome: OUTCOME_UNSPECIFIED,
  witness(machine, action) {
    if ((machine.outcome & OUTCOME_UNSPECIFIED) === 0) return undefined;
    const kind = machine.kinds[action] === EXIT ? "an exit" : `a message from K${machine.senders[action]}`;
    return `K${machine.kernels[action]}: ${kind} that the protocol does not know`;
  },
};

/** In the order in which a state that breaks several is reported: by the first. */
export const stateClaims: readonly StateClaim[] = [
  singleWriter,
  soleCopyIsOne,
  soleCopyIsAlone,
  readableIsFresh,
  noDeadlock,
  ...groupStateClaims,
  readOnlyIsLocal,
];

export const stepClaims: readonly StepClaim[] = [baseIsFresh, fetchFinds, receptionIsSpecified, ...groupStepClaims];

/** Whether a claim says something of an instance, and can be judged in its states. */
export function isJudged(claim: StateClaim | StepClaim, rules: Rules, symmetry: "on" | "off"): boolean {
  const isOfNames = "isOfNames" in claim && claim.isOfNames === true;
  return (claim.isAbout?.(rules) ?? true) && !(isOfNames && symmetry === "on");
}

function kernelsIn(words: Int32Array, kernels: number, state: number): readonly number[] {
  const found: number[] = [];
  for (let kernel = 0; kernel < kernels; kernel++) if (stateIn(words, kernel) === state) found.push(kernel);
  return found;
}

function names(kernels: readonly number[]): string {
  return kernels.length === 0 ? "none" : kernels.map((kernel) => `K${kernel}`).join(", ");
}
