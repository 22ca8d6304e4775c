/** The production step on a reference state: what stands in for a reference where a mutant reads a rule otherwise. */
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { pack } from "../../impl/coherency/explored-vector.js";
import type { State } from "../../model/coherency/state.js";
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import { describeOperation, numberActions } from "./actions.js";
import { embody, meaningOf, outcomeOf } from "./meaning.js";
import { type CoherencyShape, configurationOfShape } from "./shape.js";

export interface StandIn {
  enabled(state: State, operation: Operation): boolean;
  apply(state: State, operation: Operation): { readonly state: State; readonly outcome: Outcome };
}

export function standIn(shape: CoherencyShape): StandIn {
  const machine = new ExploredCluster(configurationOfShape(shape));
  const numbers = numberActions(machine);
  const show = (state: State): void => {
    embody(state, machine.cluster);
    pack(machine.cluster, machine.words);
  };
  return {
    enabled(state, operation) {
      show(state);
      const action = numbers.get(describeOperation(operation));
      return action !== undefined && machine.enabled(action);
    },
    apply(state, operation) {
      show(state);
      machine.perform(numbers.get(describeOperation(operation))!);
      const outcome = outcomeOf(machine.outcome);
      machine.load();
      return { state: meaningOf(machine.cluster), outcome };
    },
  };
}
