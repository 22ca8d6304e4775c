/** The replication system as the engines see it. */

import { type ReplicationLayout, replicationLayout } from "../../impl/replication/layout.js";
import { Replication } from "../../impl/replication/replication.js";
import type { Rules } from "../../impl/replication/rules.js";
import { apply, applyEnabled, enabled } from "../../model/replication/apply.js";
import { initial, initialStatistics } from "../../model/replication/initial.js";
import type { State } from "../../model/replication/state.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { Shape, System, Twin } from "../engine/system.js";
import { cpuInvariants } from "./invariants-cpus.js";
import { ringInvariants } from "./invariants-rings.js";
import { spaceInvariants } from "./invariants-spaces.js";
import { tableInvariants } from "./invariants-tables.js";
import { meaning } from "./meaning.js";
import { Memory } from "./memory.js";
import { partsOf } from "./parts.js";
import { mutants, publicationScopes, rulesWithout } from "./publication/scopes.js";
import { rulingScenarios } from "./ruling-scenarios.js";
import { sampleScopes } from "./sample-scopes.js";
import { scenarios } from "./scenarios.js";
import { scopes } from "./scopes.js";
import { extrasOf, geometryOf } from "./shape.js";
import { sizeScenarios } from "./size-scenarios.js";
import { statisticsReader } from "./statistics-reader.js";
import { stepInvariants } from "./step-invariants.js";
import { hasAmpleTables, type View } from "./view.js";
import { actor, describe, describeAnswer } from "./words.js";

export const replication: System<Operation, State, Outcome, View> = {
  name: "replication",
  reference: {
    initial: (shape) => initial(geometryOf(shape)),
    enabled,
    apply,
    applyEnabled,
    withoutStatistics: (state) => ({ ...state, statistics: blankStatistics(state) }),
  },
  invariants: [...ringInvariants, ...tableInvariants, ...cpuInvariants, ...spaceInvariants],
  stepInvariants,
  mutants,
  scopes,
  sampleScopes,
  interleaved: publicationScopes,
  scenarios: [...scenarios, ...rulingScenarios, ...sizeScenarios],
  twin,
  actor,
  describe,
  describeAnswer,
};

function twin(shape: Shape, without?: string): Twin<Operation, State, Outcome, View> {
  const layout = replicationLayout(geometryOf(shape), extrasOf(shape));
  const rules = rulesWithout(without);
  const view = viewOver(layout, rules, shape);
  const past = viewOver(layout, rules, shape);
  const { words } = view.memory;
  const fresh = words.slice();
  return {
    words,
    stateWords: layout.stateWords,
    view,
    pastWords: past.memory.words,
    past,
    parts: partsOf(layout),
    look: ({ memory }) => memory.forget(),
    reset: () => words.set(fresh),
    enabled: (operation) => view.replication.enabled(operation),
    perform: (operation) => view.replication.apply(operation),
    meaning,
    statistics: statisticsReader(layout),
  };
}

function viewOver(layout: ReplicationLayout, rules: Rules, shape: Shape): View {
  const words = new Int32Array(layout.words);
  const system = Replication.initialise(words, layout.geometry, { ...extrasOf(shape), rules });
  return { memory: new Memory(words, layout), replication: system, hasAmpleTables: hasAmpleTables(layout.geometry) };
}

/** Statistics at zero depend on which spaces and processes there are, and on nothing else: one value for each. */
const blanks = new WeakMap<State["geometry"], Map<string, State["statistics"]>>();

function blankStatistics(state: State): State["statistics"] {
  const ofGeometry = blanks.get(state.geometry) ?? new Map<string, State["statistics"]>();
  blanks.set(state.geometry, ofGeometry);
  const present = `${Object.keys(state.spaces)}/${Object.keys(state.processes)}`;
  const blank = ofGeometry.get(present) ?? initialStatistics(state);
  ofGeometry.set(present, blank);
  return blank;
}
