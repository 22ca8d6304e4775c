/** The production step on a reference state: what stands in for a reference where there is none. */
import type { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { pack } from "../../impl/coherency/explored-vector.js";
import type { State } from "../../model/coherency/state.js";
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import { describeOperation, numberActions } from "./actions.js";
import { embody, meaningOf, outcomeOf } from "./meaning.js";
import { type CoherencyShape, configurationOfShape } from "./shape.js";

/** A reference state, and what each kernel has spent of its budgets. */
export interface SpendingState extends State {
  readonly spent: readonly number[];
}

export interface StandIn {
  enabled(state: SpendingState, operation: Operation): boolean;
  apply(state: SpendingState, operation: Operation): { readonly state: SpendingState; readonly outcome: Outcome };
}

/** What each kernel has spent; empty where nothing is counted. */
export function spentIn({ hasBudgets, spent }: Cluster): readonly number[] {
  return hasBudgets ? [...spent] : [];
}

export function standIn(shape: CoherencyShape): StandIn {
  const machine = new ExploredCluster(configurationOfShape(shape));
  const numbers = numberActions(machine);
  const show = (state: SpendingState): void => {
    embody(state, machine.cluster);
    machine.cluster.spent.set(state.spent);
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
      return { state: { ...meaningOf(machine.cluster), spent: spentIn(machine.cluster) }, outcome };
    },
  };
}
