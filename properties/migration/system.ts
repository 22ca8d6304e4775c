/** Thread migration as the engines see it. */
import { apply, begunThreads, enabled } from "../../impl/migration/apply.js";
import { MigrationLayout } from "../../impl/migration/layout.js";
import { Migration } from "../../impl/migration/migration.js";
import { MIGRATION_RULES, type MigrationRules } from "../../impl/migration/rules.js";
import { initial, type State, withoutStatistics } from "../../model/migration/state.js";
import * as model from "../../model/migration/step.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Instance, instance } from "../../vocabulary/migration/instance.js";
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import { outcomeOf } from "../coherency/meaning.js";
import type { Shape, System, Twin } from "../engine/system.js";
import { actor, describe, describeAnswer, keyOf, operationsOf } from "./actions.js";
import { invariants } from "./claims.js";
import { meaningOf, statisticsOf } from "./meaning.js";
import { mutants } from "./mutants.js";
import { scenarios } from "./scenarios.js";
import { scopes } from "./scopes.js";
import { stepInvariants } from "./step-claims.js";
import type { MigrationView } from "./view.js";

type MigrationTwin = Twin<Operation, State, Answer, MigrationView>;

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesWithout(id: string | undefined): MigrationRules {
  if (id === undefined) return MIGRATION_RULES;
  const mutant = mutants.find((each) => each.id === id);
  if (mutant === undefined) throw new PagetwinError("ARGUMENT", `migration has no mutant ${id}`);
  return { ...MIGRATION_RULES, [mutant.drops]: false };
}

function viewOf(made: Instance, rules: MigrationRules): MigrationView {
  const layout = new MigrationLayout(made);
  const words = new Int32Array(layout.words);
  return { migration: new Migration(words, layout, rules), words, instance: made, operations: operationsOf(made) };
}

function twin(shape: Shape, without?: string): MigrationTwin {
  const made = instance(shape);
  const rules = rulesWithout(without);
  const [view, past] = [viewOf(made, rules), viewOf(made, rules)];
  const { migration, words } = view;
  const begun = begunThreads(migration);
  migration.initialise(begun);
  return {
    words,
    stateWords: migration.layout.stateWords,
    view,
    pastWords: past.words,
    past,
    reset: () => migration.initialise(begun),
    enabled: (operation) => enabled(migration, operation),
    perform: (operation) => apply(migration, operation, outcomeOf),
    meaning: meaningOf,
    statistics: statisticsOf,
  };
}

/** What the reference offers in a state, by its key; a state is asked for one operation after another. */
const offers = new WeakMap<State, ReadonlySet<string>>();

function isOffered(state: State, operation: Operation): boolean {
  const known = offers.get(state);
  const offered = known ?? new Set([...model.operations(state)].map(keyOf));
  if (known === undefined) offers.set(state, offered);
  return offered.has(keyOf(operation));
}

export const migration: System<Operation, State, Answer, MigrationView> = {
  name: "migration",
  reference: {
    initial: (shape) => initial(instance(shape)),
    enabled: isOffered,
    apply: model.apply,
    withoutStatistics,
  },
  invariants,
  stepInvariants,
  mutants,
  scopes,
  sampleScopes: [],
  scenarios,
  twin,
  actor,
  describe,
  describeAnswer,
};
