/** Guests on a host as the engines see them. */
import { GUEST_RULES, type GuestRules } from "../../impl/contiguity/guest-rules.js";
import { StackedMachine } from "../../impl/contiguity/stacked-machine.js";
import {
  applyStacked,
  initialStacked,
  noStackedStatistics,
  type StackedState,
  stackedEnabled,
} from "../../model/contiguity/stacked.js";
import type { Dropped } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import {
  type StackedOperation,
  type StackedOutcome,
  type StackedShape,
  stackedShape,
} from "../../vocabulary/contiguity/stacked.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Mutant, Shape, System, Twin } from "../engine/system.js";
import { stackedInvariants, stackedStepInvariants } from "./stacked-claims.js";
import { stackedMeaningOf, stackedStatisticsOf } from "./stacked-meaning.js";
import { stackedSampleScopes } from "./stacked-samples.js";
import { stackedScopes } from "./stacked-scopes.js";
import { contiguity } from "./system.js";

interface StackedMutant extends Mutant {
  readonly drops?: keyof GuestRules;
  /** Rules that the host's allocator is without. */
  readonly hostDrops?: readonly Dropped[];
}

const mutant = (
  id: string,
  drops: keyof GuestRules,
  rule: string,
  killer: string,
  ...scopes: readonly string[]
): StackedMutant => ({ id, drops, rule, killers: [killer], scopes });

const mutants: readonly StackedMutant[] = [
  mutant(
    "host-absent",
    "hostAbsentIsAbsent",
    "a guest frame that the host does not back is not there",
    "V1",
    "one-guest",
  ),
  mutant("offsets-add", "offsetsReachHost", "an offset is the guest's plus the host's", "V2", "one-guest"),
  mutant("guest-gap", "guestFramesContinue", "a range has consecutive guest frames too", "V3", "mended"),
  mutant("huge-in-both", "hugeInBoth", "a huge page is huge in both dimensions", "V4", "huge"),
  mutant("host-gap", "hostFramesContinue", "a range has consecutive host frames", "V5", "mended"),
  mutant("flags-cut", "flagsCut", "other flags begin another range", "V6", "one-guest"),
  {
    id: "equal-offsets",
    hostDrops: ["occupied-target"],
    rule: "a host frame that one guest uses is refused as another one's target",
    killers: ["V7"],
    scopes: ["two-guests"],
  },
];

type StackedTwin = Twin<StackedOperation, StackedState, StackedOutcome, StackedMachine>;

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
const shapeOf = (shape: Shape): StackedShape => stackedShape(shape as unknown as StackedShape);

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function mutantOf(id: string | undefined): StackedMutant | undefined {
  const found = mutants.find((each) => each.id === id);
  if (id !== undefined && found === undefined) {
    throw new PagetwinError("ARGUMENT", `contiguity-virtual has no mutant ${id}`);
  }
  return found;
}

const without = (machine: MachineShape, dropped: readonly Dropped[]): MachineShape => ({
  ...machine,
  memory: { ...machine.memory, dropped },
});

function twin(asked: Shape, id?: string): StackedTwin {
  const original = shapeOf(asked);
  const { drops, hostDrops } = mutantOf(id) ?? {};
  const rules = drops === undefined ? GUEST_RULES : { ...GUEST_RULES, [drops]: false };
  const shape = hostDrops === undefined ? original : { ...original, host: without(original.host, hostDrops) };
  const words = new Int32Array(StackedMachine.wordsNeeded(shape));
  const pastWords = new Int32Array(words.length);
  const view = new StackedMachine(words, shape, rules);
  view.initialise();
  return {
    words,
    stateWords: view.stateWords,
    view,
    pastWords,
    past: new StackedMachine(pastWords, shape, rules),
    reset: () => view.initialise(),
    enabled: (operation) => view.enabled(operation),
    perform: (operation) => view.perform(operation),
    meaning: (of) => stackedMeaningOf(of, original),
    statistics: stackedStatisticsOf,
  };
}

export const stackedSystem: System<StackedOperation, StackedState, StackedOutcome, StackedMachine> = {
  name: "contiguity-virtual",
  reference: {
    initial: (shape) => initialStacked(shapeOf(shape)),
    enabled: stackedEnabled,
    apply: applyStacked,
    withoutStatistics: (state) => ({ ...state, statistics: noStackedStatistics(state.shape) }),
  },
  invariants: stackedInvariants,
  stepInvariants: stackedStepInvariants,
  mutants,
  scopes: stackedScopes,
  sampleScopes: stackedSampleScopes,
  scenarios: [],
  twin,
  actor(operation) {
    if (operation.kind === "guest") return `guest ${operation.guest}, ${contiguity.actor(operation.does)}`;
    if (operation.kind === "host" || operation.kind === "reclaim") return "host";
    return `guest ${operation.guest}, process ${operation.process}`;
  },
  describe,
  describeAnswer,
};

function describe(operation: StackedOperation): string {
  switch (operation.kind) {
    case "guest":
      return contiguity.describe(operation.does);
    case "host": {
      const whose = "process" in operation.does ? ` for guest ${operation.does.process}` : "";
      return `${contiguity.describe(operation.does)}${whose}`;
    }
    case "access": {
      const backing = operation.order > 0 ? `, the host backs ${2 ** operation.order} frames if there is need` : "";
      return `${operation.writes ? "write to" : "read"} page ${operation.page}${backing}`;
    }
    case "age":
      return `page ${operation.page} was not accessed lately`;
    case "reclaim":
      return `take away what backs frame ${operation.frame} of guest ${operation.guest}`;
    case "report":
      return "report";
    case "introspect":
      return "introspect";
  }
}

function describeAnswer(answer: StackedOutcome): string {
  switch (answer.kind) {
    case "translation":
      return `host frame ${answer.frame}, ${2 ** answer.order} frames`;
    case "report": {
      const sizes = ({ name, histogram }: (typeof answer.sections)[number]): string => {
        const entries = histogram.sizes.map((size, at) => `${histogram.counts[at]} of ${size}`);
        return `${name} ${entries.length === 0 ? "none" : entries.join(", ")}`;
      };
      return `${answer.sections.map(sizes).join("; ")}; ${answer.hugePages} huge pages`;
    }
    case "texts":
      return answer.pagemap.trimEnd().replaceAll("\n", " | ").replaceAll("\t", " ");
    case "done":
    case "frame":
    case "none":
    case "fatal":
      return contiguity.describeAnswer(answer);
  }
}
