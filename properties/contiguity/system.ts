/** Contiguity-aware paging as the engines see it. */
import { ContiguityMachine } from "../../impl/contiguity/machine.js";
import { initial, NO_STATISTICS, type State } from "../../model/contiguity/state.js";
import { apply, enabled } from "../../model/contiguity/step.js";
import { allocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineOutcome, MachineShape } from "../../vocabulary/contiguity/machine.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Shape, System, Twin } from "../engine/system.js";
import { invariants } from "./invariants.js";
import { meaningOf, statisticsOf } from "./meaning.js";
import { mutants as stepMutants } from "./mutants.js";
import { sampleScopes } from "./samples.js";
import { scopes } from "./scopes.js";
import { stepInvariants } from "./step-invariants.js";
import { threadMutants, threadScopes } from "./threads/scopes.js";
import { describe, describeAnswer } from "./words.js";

type ContiguityTwin = Twin<MachineOperation, State, MachineOutcome, ContiguityMachine>;

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
function shapeOf(shape: Shape): MachineShape {
  const machine = shape as unknown as MachineShape;
  allocatorShape(machine.memory);
  return machine;
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function shapeWithout(shape: Shape, id: string | undefined): MachineShape {
  const machine = shapeOf(shape);
  if (id === undefined) return machine;
  const mutant = stepMutants.find((each) => each.id === id);
  if (mutant === undefined) throw new PagetwinError("ARGUMENT", `contiguity has no mutant ${id}`);
  const { quirks, dropped } = mutant;
  return { ...machine, memory: { ...machine.memory, quirks, dropped } };
}

function twin(shape: Shape, without?: string): ContiguityTwin {
  const machine = shapeWithout(shape, without);
  const original = shapeOf(shape);
  const words = new Int32Array(ContiguityMachine.wordsNeeded(machine));
  const pastWords = new Int32Array(words.length);
  const view = new ContiguityMachine(words, machine);
  view.initialise();
  return {
    words,
    stateWords: view.stateWords,
    view,
    pastWords,
    past: new ContiguityMachine(pastWords, machine),
    reset: () => view.initialise(),
    enabled: (operation) => view.enabled(operation),
    perform: (operation) => view.perform(operation),
    meaning: (of) => ({ ...meaningOf(of), shape: original }),
    statistics: statisticsOf,
  };
}

export const contiguity: System<MachineOperation, State, MachineOutcome, ContiguityMachine> = {
  name: "contiguity",
  reference: {
    initial: (shape) => initial(shapeOf(shape)),
    enabled,
    apply,
    withoutStatistics: (state) => ({ ...state, statistics: NO_STATISTICS }),
  },
  invariants,
  stepInvariants,
  mutants: [...stepMutants, ...threadMutants],
  scopes,
  sampleScopes,
  interleaved: threadScopes,
  scenarios: [],
  twin,
  actor: (operation) => {
    if ("process" in operation) return `process ${operation.process}`;
    return "parent" in operation ? `process ${operation.parent}` : "kernel";
  },
  describe,
  describeAnswer,
};
