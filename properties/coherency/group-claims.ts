/**
 * What must hold of multicast groups and of requests that do not go to everybody: G1 to G4 of the specification, section 8.
 *
 * G1 is read so that a state can break it: a fetch under way counts for a writer once that writer has answered it. Until
 * then the writer's own answer is still to come, and M1 sees to it that nothing older is kept.
 */
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { OUTCOME_ASKED_NOBODY } from "../../impl/coherency/outcome.js";
import { groupIn } from "../../impl/coherency/vector-groups.js";
import { ANSWER_MASK, ANSWER_SHIFT, pairIn, stateIn, THREE_BITS } from "../../impl/coherency/vector-layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import type { Rules } from "../../vocabulary/coherency/rules.js";
import type { StateClaim, StepClaim } from "./claims.js";

const hasGroups = ({ multicast }: Rules): boolean => multicast !== "off";
const asksSome = ({ multicast, ownerHint }: Rules): boolean => multicast !== "off" || ownerHint;

const writersKnowReaders: StateClaim = {
  id: "G1",
  name: "writersKnowReaders",
  why: "a write is announced to the group only, so who can read, or will have read by then, must be in it",
  isAbout: hasGroups,
  witness(machine) {
    return firstUnknown(machine, (words, writer, other, kernels) => {
      if (!canBeginRound(stateIn(words, writer))) return undefined;
      const state = stateIn(words, other);
      const isAnswered = isFetching(state) && (pairIn(words, kernels, other, writer) & THREE_BITS) === 0;
      return isReadable(state) || isAnswered ? "can begin a round" : undefined;
    });
  },
};

const groupsKnowHolders: StateClaim = {
  id: "G2",
  name: "groupsKnowHolders",
  why: "a fetch that goes past the one that holds the page collects only CopyVoids",
  isAbout: hasGroups,
  witness(machine) {
    return firstUnknown(machine, (words, kernel, other) =>
      stateIn(words, kernel) >= at.NOT_REPLICATED && isReadable(stateIn(words, other))
        ? "uses the page too"
        : undefined,
    );
  },
};

const requestsAskSomebody: StepClaim = {
  id: "G3",
  name: "requestsAskSomebody",
  why: "a request to nobody is answered at once, by nobody",
  isAbout: asksSome,
  witness: ({ outcome, kernels }, action) =>
    (outcome & OUTCOME_ASKED_NOBODY) === 0 ? undefined : `K${kernels[action]} has nobody to ask`,
};

/** Of one kernel asking another, what is under way: the request in flight or held, or the answer. */
const NOTHING = 0;
const ASKED = 1;
const ANSWERED = 2;

const answeredOnce: StepClaim = {
  id: "G4",
  name: "everybodyAskedAnswersOnce",
  why: "who is asked and says nothing is waited for, and a second answer is taken for that to the next request",
  isAbout: asksSome,
  isOfNames: true,
  witness({ words, configuration: { kernels } }, _action, before) {
    for (let asker = 0; asker < kernels; asker++) {
      for (let asked = 0; asked < kernels; asked++) {
        if (asked === asker) continue;
        const was = underWay(before, kernels, asker, asked);
        const is = underWay(words, kernels, asker, asked);
        if (is === ASKED + ANSWERED) return `K${asked} has answered K${asker} and has its request still`;
        if (was === ASKED && is === NOTHING) return `K${asked} has taken the request of K${asker} and does not answer`;
        if (was === NOTHING && is === ANSWERED) return `K${asked} answers K${asker}, which has not asked it`;
      }
    }
    return undefined;
  },
};

export const groupStateClaims: readonly StateClaim[] = [writersKnowReaders, groupsKnowHolders];
export const groupStepClaims: readonly StepClaim[] = [requestsAskSomebody, answeredOnce];

function underWay(words: Int32Array, kernels: number, asker: number, asked: number): number {
  const isAsked = (pairIn(words, kernels, asker, asked) & THREE_BITS) !== 0;
  const isAnswered = ((pairIn(words, kernels, asked, asker) >>> ANSWER_SHIFT) & ANSWER_MASK) !== 0;
  return (isAsked ? ASKED : NOTHING) + (isAnswered ? ANSWERED : NOTHING);
}

/** The first kernel that does not know another one although it should, and why it should. */
function firstUnknown(
  { words, configuration: { kernels } }: ExploredCluster,
  why: (words: Int32Array, kernel: number, other: number, kernels: number) => string | undefined,
): string | undefined {
  for (let kernel = 0; kernel < kernels; kernel++) {
    const group = groupIn(words, kernels, kernel);
    for (let other = 0; other < kernels; other++) {
      if (other === kernel || ((group >>> other) & 1) !== 0) continue;
      const reason = why(words, kernel, other, kernels);
      if (reason === undefined) continue;
      return `K${kernel} ${reason} and does not know K${other}, ${COPY_STATES[stateIn(words, other)]}`;
    }
  }
  return undefined;
}

function isReadable(state: number): boolean {
  return state === at.NOT_REPLICATED || state === at.SHARED || state === at.MODIFIED;
}

/** In a fetch that may end with a copy to read. FetchInv and InvRead2 end without one. */
function isFetching(state: number): boolean {
  return state === at.FETCH_NR || state === at.FETCH_VAL || state === at.INV_READ_1;
}

/** Whether the kernel's next Invalids can be sent without another fetch for reading. */
function canBeginRound(state: number): boolean {
  return state === at.SHARED || at.isWriting(state);
}
