/**
 * P9 judged in one state: can every access that is pending there still be completed?
 *
 * A search of the whole space answers this for all states at once (`search.ts`); this one is for following a single run.
 */
import { explore } from "../../explore/explore.js";
import type { Machine } from "../../explore/machine.js";
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PENDING_NONE } from "../../impl/coherency/layout.js";
import { pendingIn, stateIn } from "../../impl/coherency/vector-layout.js";
import { COPY_STATES } from "../../vocabulary/coherency/protocol.js";
import type { StateClaim } from "./claims.js";

export const PROGRESS = { id: "P9", name: "accessCanComplete" } as const;

/** States looked through for a completion; where that is not enough the claim counts as kept. */
const STATES_MAX = 200_000;

export const accessCanComplete: StateClaim = {
  ...PROGRESS,
  why: "an access that no continuation completes hangs its thread for ever",
  witness(machine) {
    for (let kernel = 0; kernel < machine.cluster.kernels; kernel++) {
      if (pendingIn(machine.words, kernel) === PENDING_NONE || !isStuck(machine, kernel)) continue;
      return `K${kernel} in ${COPY_STATES[stateIn(machine.words, kernel)]}: no continuation completes its access`;
    }
    return undefined;
  },
};

/** Whether all that can be reached from here leaves the access of `kernel` pending. Leaves the words as they are. */
function isStuck(machine: ExploredCluster, kernel: number): boolean {
  const start = machine.words.slice();
  const stillPending = {
    name: "stillPending",
    violation: () => (pendingIn(machine.words, kernel) === PENDING_NONE ? "completed" : undefined),
  };
  const { verdict } = explore(
    startingAt(machine, start),
    { always: [stillPending] },
    { store: "full", states: STATES_MAX },
  );
  machine.words.set(start);
  return verdict === "held";
}

function startingAt(machine: ExploredCluster, start: Int32Array): Machine {
  const { words, stateWords, actionCount } = machine;
  return {
    words,
    stateWords,
    actionCount,
    initialise: () => words.set(start),
    enabled: (action) => machine.enabled(action),
    listEnabled: (into) => machine.listEnabled(into),
    perform: (action) => machine.perform(action),
  };
}
