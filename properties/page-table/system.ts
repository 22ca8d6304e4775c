/** The stand-alone page-table system as the engines see it. */
import { PlainPort } from "../../impl/memory-port.js";
import * as impl from "../../impl/page-table/apply.js";
import { PageTable } from "../../impl/page-table/page-table.js";
import { PAGE_TABLE_RULES, type PageTableRules } from "../../impl/page-table/rules.js";
import { initial, type State } from "../../model/page-table/state.js";
import * as model from "../../model/page-table/step.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/page-table/operations.js";
import type { Outcome } from "../../vocabulary/page-table/outcomes.js";
import type { Shape, System, Twin } from "../engine/system.js";
import { invariants } from "./invariants.js";
import { meaningOf } from "./meaning.js";
import { mutants } from "./mutants.js";
import { sampleScopes } from "./sample-scopes.js";
import { scenarios } from "./scenarios.js";
import { scopes } from "./scopes.js";
import { stepInvariants } from "./step-invariants.js";
import { actor, describe, describeAnswer } from "./telling.js";

type PageTableTwin = Twin<Operation, State, Outcome, PageTable>;

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
function geometryOf(shape: Shape): Geometry {
  return geometry(shape as Partial<Geometry>);
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesWithout(id: string | undefined): PageTableRules {
  if (id === undefined) return PAGE_TABLE_RULES;
  const mutant = mutants.find((each) => each.id === id);
  if (mutant === undefined) throw new PagetwinError("ARGUMENT", `page-table has no mutant ${id}`);
  return { ...PAGE_TABLE_RULES, [mutant.drops]: false };
}

function twin(shape: Shape, without?: string): PageTableTwin {
  const machine = geometryOf(shape);
  const rules = rulesWithout(without);
  const words = new Int32Array(PageTable.wordsNeeded(machine));
  const pastWords = new Int32Array(words.length);
  const view = PageTable.attach(new PlainPort(words), machine, rules);
  view.initialise();
  return {
    words,
    stateWords: words.length,
    view,
    pastWords,
    past: PageTable.attach(new PlainPort(pastWords), machine, rules),
    reset: () => view.initialise(),
    enabled: (operation) => impl.enabled(view, operation),
    perform: (operation) => impl.apply(view, operation),
    meaning: meaningOf,
  };
}

export const pageTable: System<Operation, State, Outcome, PageTable> = {
  name: "page-table",
  reference: {
    initial: (shape) => initial(geometryOf(shape)),
    enabled: model.enabled,
    apply: model.apply,
    withoutStatistics: (state) => state,
  },
  invariants,
  stepInvariants,
  mutants,
  scopes,
  sampleScopes,
  scenarios,
  twin,
  actor,
  describe,
  describeAnswer,
};
