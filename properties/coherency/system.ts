/**
 * The Popcorn protocol as the engines see it. Operations are the labels of the explored abstraction; the implementation is
 * the cluster behind its vector.
 *
 * The reference knows the profiles, with free stamps and no budgets. Of a mutant, or of another abstraction, the production
 * step, taken on the reference's state, stands in for it: there only the claims judge.
 */
import { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as model from "../../model/coherency/state.js";
import { apply, operations } from "../../model/coherency/step.js";
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import type { Invariant, Shape, StepInvariant, System, Twin } from "../engine/system.js";
import { describeOperation, numberActions } from "./actions.js";
import { stateClaims, stepClaims } from "./claims.js";
import { engineMutants, engineScopes } from "./engine-scopes.js";
import { meaningOf, outcomeOf } from "./meaning.js";
import { accessCanComplete, PROGRESS } from "./progress.js";
import { isCovered } from "./reference.js";
import { type CoherencyShape, coherencyShape, configurationOfShape } from "./shape.js";
import { spentIn, standIn } from "./stand-in.js";
import { actor, describe, describeAnswer } from "./telling.js";

/** The reference's state, and of which instance it is one. */
export interface CoherencyState extends model.State {
  readonly shape: CoherencyShape;
  /** Nothing is counted in the explored abstraction. */
  readonly statistics: null;
  /** What each kernel has spent of its budgets, as the cluster packs it; empty where there are none. */
  readonly spent: readonly number[];
}

/** The explored cluster over some words, with the number of each of its actions. */
export interface CoherencyView {
  readonly machine: ExploredCluster;
  readonly numbers: ReadonlyMap<string, number>;
  readonly shape: CoherencyShape;
}

type CoherencyTwin = Twin<Operation, CoherencyState, Outcome, CoherencyView>;

function viewOf(shape: CoherencyShape): CoherencyView {
  const machine = new ExploredCluster(configurationOfShape(shape));
  return { machine, numbers: numberActions(machine), shape };
}

function twin(asked: Shape, without?: string): CoherencyTwin {
  const own = coherencyShape(asked);
  const shape = without === undefined ? own : coherencyShape({ ...own, without });
  const [view, past] = [viewOf(shape), viewOf(shape)];
  const { machine, numbers } = view;
  const numberOf = (operation: Operation) => numbers.get(describeOperation(operation));
  machine.initialise();
  return {
    words: machine.words,
    stateWords: machine.stateWords,
    view,
    pastWords: past.machine.words,
    past,
    reset: () => machine.initialise(),
    enabled(operation) {
      const action = numberOf(operation);
      return action !== undefined && machine.enabled(action);
    },
    perform(operation) {
      machine.perform(numberOf(operation)!);
      return outcomeOf(machine.outcome);
    },
    meaning(of) {
      of.machine.load();
      const { cluster } = of.machine;
      return { ...meaningOf(cluster), shape: own, statistics: null, spent: spentIn(cluster) };
    },
  };
}

function enabled(state: CoherencyState, operation: Operation): boolean {
  if (!isReferenceFor(state.shape)) return standIn(state.shape).enabled(state, operation);
  const asked = describeOperation(operation);
  for (const offered of operations(configurationOfShape(state.shape), state))
    if (describeOperation(offered) === asked) return true;
  return false;
}

function step(state: CoherencyState, operation: Operation) {
  const { shape } = state;
  if (!isReferenceFor(shape)) {
    const { state: reached, outcome } = standIn(shape).apply(state, operation);
    return { state: { ...reached, shape, statistics: null }, outcome };
  }
  const { state: reached, outcome } = apply(configurationOfShape(shape), state, operation);
  return { state: { ...reached, shape, statistics: null, spent: state.spent }, outcome };
}

function isReferenceFor(shape: CoherencyShape): boolean {
  return shape.without === null && isCovered(configurationOfShape(shape));
}

const isAsked = (id: string, { claim }: CoherencyShape) => (claim === null ? id !== PROGRESS.id : id === claim);

const invariants: readonly Invariant<CoherencyView>[] = [...stateClaims, accessCanComplete].map(
  ({ id, name, why, witness }) => ({
    id,
    name,
    why,
    *violations({ machine, shape }) {
      const broken = isAsked(id, shape) ? witness(machine) : undefined;
      if (broken !== undefined) yield broken;
    },
  }),
);

const stepInvariants: readonly StepInvariant<Operation, Outcome, CoherencyView>[] = stepClaims.map(
  ({ id, name, why, witness }) => ({
    id,
    name,
    why,
    *violations(_before, operation, _answer, { machine, numbers, shape }) {
      if (!isAsked(id, shape)) return;
      const broken = witness(machine, numbers.get(describeOperation(operation))!);
      if (broken !== undefined) yield broken;
    },
  }),
);

export const coherency: System<Operation, CoherencyState, Outcome, CoherencyView> = {
  name: "coherency",
  reference: {
    initial(asked) {
      const shape = coherencyShape(asked);
      const configuration = configurationOfShape(shape);
      return { ...model.initial(configuration), shape, statistics: null, spent: spentIn(new Cluster(configuration)) };
    },
    enabled,
    apply: step,
    withoutStatistics: (state) => state,
  },
  invariants,
  stepInvariants,
  mutants: engineMutants,
  scopes: engineScopes,
  sampleScopes: [],
  scenarios: [],
  twin,
  actor,
  describe,
  describeAnswer,
};
