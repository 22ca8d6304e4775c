/**
 * The Popcorn protocol as the engines see it. Operations are the labels of the explored abstraction; the implementation is
 * the cluster behind its vector.
 *
 * The reference knows the profiles, with free stamps and no budgets. Of a mutant, or of another abstraction, the production
 * step, taken on the reference's state, stands in for it: there only the claims judge.
 */
import { Cluster } from "../../impl/coherency/cluster.js";
import { ExploredCluster } from "../../impl/coherency/exploration.js";
import { PagedExploration } from "../../impl/coherency/paged-exploration.js";
import * as model from "../../model/coherency/state.js";
import { apply, operations } from "../../model/coherency/step.js";
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import type { Invariant, Shape, StepInvariant, System, Twin } from "../engine/system.js";
import { describeOperation, numberActions } from "./actions.js";
import { stateClaims, stepClaims } from "./claims.js";
import { engineMutants, engineScopes } from "./engine-scopes.js";
import { meaningOf, outcomeOf } from "./meaning.js";
import { entryChangesFirst, permissionClaims } from "./permission-claims.js";
import { accessCanComplete, PROGRESS } from "./progress.js";
import { isCovered } from "./reference.js";
import { type CoherencyShape, coherencyShape, configurationOfShape } from "./shape.js";
import { type StandIn, spentIn, standIn } from "./stand-in.js";
import { actor, describe, describeAnswer, tellStep } from "./telling.js";

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
  /** In a run about page tables, what is driven in place of `machine`. */
  readonly paged: PagedExploration | undefined;
  readonly numbers: ReadonlyMap<string, number>;
  readonly shape: CoherencyShape;
}

type CoherencyTwin = Twin<Operation, CoherencyState, Outcome, CoherencyView>;

function viewOf(shape: CoherencyShape): CoherencyView {
  const configuration = configurationOfShape(shape);
  const machine = new ExploredCluster(configuration);
  const paged = isOfPageTables(shape) ? new PagedExploration(configuration) : undefined;
  return { machine, paged, numbers: numberActions(machine), shape };
}

const pagedClaims = [...permissionClaims, entryChangesFirst];

function isOfPageTables({ claim }: CoherencyShape): boolean {
  return pagedClaims.some(({ id }) => id === claim);
}

function twin(asked: Shape, without?: string): CoherencyTwin {
  const own = coherencyShape(asked);
  const shape = without === undefined ? own : coherencyShape({ ...own, without });
  const [view, past] = [viewOf(shape), viewOf(shape)];
  const { numbers } = view;
  const machine = view.paged ?? view.machine;
  const numberOf = (operation: Operation) => numbers.get(describeOperation(operation));
  machine.initialise();
  return {
    words: machine.words,
    stateWords: machine.stateWords,
    view,
    pastWords: (past.paged ?? past.machine).words,
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
      const { cluster } = of.paged ?? of.machine;
      (of.paged ?? of.machine).load();
      return { ...meaningOf(cluster), shape: own, statistics: null, spent: spentIn(cluster) };
    },
  };
}

/** What stands on the reference's side of an instance: the reference, or undefined and a stand-in. */
interface ReferenceSide {
  readonly configuration: Configuration;
  readonly standIn: StandIn | undefined;
}

/** By the shape, which all states of a run share. */
const sides = new WeakMap<CoherencyShape, ReferenceSide>();

function sideOf(shape: CoherencyShape): ReferenceSide {
  const known = sides.get(shape);
  if (known !== undefined) return known;
  const configuration = configurationOfShape(shape);
  const isKnown = shape.without === null && isCovered(configuration);
  const side = { configuration, standIn: isKnown ? undefined : standIn(shape) };
  sides.set(shape, side);
  return side;
}

function enabled(state: CoherencyState, operation: Operation): boolean {
  const side = sideOf(state.shape);
  if (side.standIn !== undefined) return side.standIn.enabled(state, operation);
  const asked = describeOperation(operation);
  for (const offered of operations(side.configuration, state)) if (describeOperation(offered) === asked) return true;
  return false;
}

function step(state: CoherencyState, operation: Operation) {
  const { shape, spent } = state;
  const side = sideOf(shape);
  if (side.standIn !== undefined) {
    const taken = side.standIn.apply(state, operation);
    return { state: { ...taken.state, shape, statistics: null }, outcome: taken.outcome };
  }
  const taken = apply(side.configuration, state, operation);
  return { state: { ...taken.state, shape, statistics: null, spent }, outcome: taken.outcome };
}

const isAsked = (id: string, { claim }: CoherencyShape) => (claim === null ? id !== PROGRESS.id : id === claim);

const invariants: readonly Invariant<CoherencyView>[] = [
  ...[...stateClaims, accessCanComplete].map(({ id, name, why, witness, isAbout }) => ({
    id,
    name,
    why,
    *violations({ machine, shape }: CoherencyView) {
      if (!isAsked(id, shape) || isAbout?.(machine.configuration.rules) === false) return;
      const broken = witness(machine);
      if (broken !== undefined) yield broken;
    },
  })),
  ...permissionClaims.map(({ id, name, why, witness }) => ({
    id,
    name,
    why,
    *violations({ paged, shape }: CoherencyView) {
      const broken = paged !== undefined && isAsked(id, shape) ? witness(paged) : undefined;
      if (broken !== undefined) yield broken;
    },
  })),
];

type CoherencyStepInvariant = StepInvariant<Operation, Outcome, CoherencyView>;

const stepInvariants: readonly CoherencyStepInvariant[] = [
  ...stepClaims.map(
    ({ id, name, why, witness, isAbout }): CoherencyStepInvariant => ({
      id,
      name,
      why,
      *violations(before, operation, _answer, { machine, numbers, shape }) {
        if (!isAsked(id, shape) || isAbout?.(machine.configuration.rules) === false) return;
        const broken = witness(machine, numbers.get(describeOperation(operation))!, before.machine.words);
        if (broken !== undefined) yield broken;
      },
    }),
  ),
  {
    id: entryChangesFirst.id,
    name: entryChangesFirst.name,
    why: entryChangesFirst.why,
    *violations(_before, _operation, _answer, { paged, shape }) {
      const isJudged = paged !== undefined && isAsked(entryChangesFirst.id, shape);
      const broken = isJudged ? entryChangesFirst.witness(paged) : undefined;
      if (broken !== undefined) yield broken;
    },
  },
];

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
  tellStep: (before, operation, after) =>
    tellStep(before, operation, after, configurationOfShape(before.shape).rules.voidReasons !== "none"),
};
