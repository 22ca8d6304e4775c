/** The checks that compare the twins: every step leads where the reference goes, and every state offers what it offers. */
import type { Checks, StateInvariant } from "../../explore/machine.js";
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import { operations } from "../../model/coherency/step.js";
import { describeOperation, numberActions, operationOf } from "./actions.js";
import { meaningOf } from "./meaning.js";
import { ReferenceInStep } from "./reference.js";

/**
 * For configurations that the reference covers: stamps free, ties absorbed, no budgets, rules of a profile.
 * @param share of the states in which the offers are compared, above 0 to 1
 */
export function agreementChecks(
  machine: ExploredCluster,
  reference: ReferenceInStep = new ReferenceInStep(machine),
  share = 1,
): Checks {
  return { reference, always: [sameOffers(machine, share)] };
}

function sameOffers(machine: ExploredCluster, share: number): StateInvariant {
  let asked = 0;
  const numbers = numberActions(machine);
  const expected = new Uint8Array(machine.actionCount);
  const found = new Uint32Array(machine.actionCount);
  return {
    name: "offersAgree",
    violation() {
      // The search asks in a fixed order, so which states these are is fixed too.
      asked++;
      if (Math.floor(asked * share) === Math.floor((asked - 1) * share)) return undefined;
      machine.load();
      expected.fill(0);
      for (const operation of operations(machine.cluster.configuration, meaningOf(machine.cluster))) {
        const action = numbers.get(describeOperation(operation));
        if (action === undefined) return `the implementation has no action for "${describeOperation(operation)}"`;
        expected[action] = 1;
      }
      const offered = machine.listEnabled(found);
      for (let i = 0; i < offered; i++) expected[found[i]!]! ^= 1;
      const different = expected.indexOf(1);
      return different < 0 ? undefined : whoOffers(machine, different);
    },
  };
}

function whoOffers(machine: ExploredCluster, action: number): string {
  const who = machine.enabled(action) ? "implementation" : "reference";
  return `"${describeOperation(operationOf(machine, action))}": only the ${who} offers it`;
}
