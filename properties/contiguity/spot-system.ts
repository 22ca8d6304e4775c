/** SpOT as the engines see it. */
import { SPOT_RULES, type SpotRules } from "../../impl/contiguity/spot.js";
import { initialSpot, miss, NO_PREDICTIONS, type SpotState } from "../../model/contiguity/spot.js";
import type { Prediction, SpotOperation, SpotShape } from "../../vocabulary/contiguity/spot.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Mutant, Shape, System, Twin } from "../engine/system.js";
import { spotInvariants, spotStepInvariants } from "./spot-claims.js";
import { spotSampleScopes, spotScopes } from "./spot-scopes.js";
import { type SpotSystemShape, SpotView } from "./spot-view.js";

interface SpotMutant extends Mutant {
  readonly drops: keyof SpotRules;
}

const mutant = (drops: keyof SpotRules, id: string, rule: string, ...killers: readonly string[]): SpotMutant => ({
  id,
  drops,
  rule,
  killers,
  scopes: ["one-set"],
});

const mutants: readonly SpotMutant[] = [
  mutant("predictsWhenConfident", "confident-predicts", "a prediction needs a confidence of 2", "P2"),
  mutant("replacesAtZero", "surprise-lowers", "another offset lowers the confidence and replaces at 0 only", "P7"),
  mutant("squashes", "wrong-is-squashed", "a prediction with which the walk does not agree is undone", "P3"),
  mutant("comparesTags", "tag-compared", "an entry speaks for its own program counter only", "P2"),
  mutant("comparesRights", "rights-compared", "a prediction is right only with the walk's rights", "P4"),
  mutant("agreementRaises", "agreement-raises", "the same offset again raises the confidence", "P5", "meaning"),
  mutant("saturates", "confidence-saturates", "a confidence of 3 stays there", "P1"),
];

type SpotTwin = Twin<SpotOperation, SpotState, Prediction, SpotView>;

/** @throws PagetwinError `GEOMETRY` when a field is out of range */
function shapeOf(shape: Shape): SpotSystemShape {
  const spot = shape as unknown as SpotSystemShape;
  for (const field of ["sets", "ways", "counters"] as const) {
    if (!Number.isInteger(spot[field]) || spot[field] < 1 || spot[field] > 4096) {
      throw new PagetwinError("GEOMETRY", `${field} is ${spot[field]}: expected an integer from 1 to 4096`);
    }
  }
  return spot;
}

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function rulesWithout(id: string | undefined): SpotRules {
  if (id === undefined) return SPOT_RULES;
  const found = mutants.find((each) => each.id === id);
  if (found === undefined) throw new PagetwinError("ARGUMENT", `contiguity-spot has no mutant ${id}`);
  return { ...SPOT_RULES, [found.drops]: false };
}

function twin(asked: Shape, without?: string): SpotTwin {
  const shape = shapeOf(asked);
  const rules = rulesWithout(without);
  const words = new Int32Array(SpotView.wordsNeeded(shape));
  const pastWords = new Int32Array(words.length);
  const view = new SpotView(words, shape, rules);
  return {
    words,
    stateWords: SpotView.stateWords(shape),
    view,
    pastWords,
    past: new SpotView(pastWords, shape, rules),
    reset: () => void words.fill(0),
    enabled: ({ counter }) => counter < shape.counters,
    perform: (operation) => view.miss(operation),
    meaning: (of) => ({ shape: tableOf(shape), sets: setsOf(of), statistics: statisticsOf(of) }),
    statistics: statisticsOf,
  };
}

const tableOf = ({ sets, ways }: SpotSystemShape): SpotShape => ({ sets, ways });
const setsOf = ({ spot, shape }: SpotView): SpotState["sets"] =>
  Array.from({ length: shape.sets }, (_, set) => spot.ways(set));

function statisticsOf({ spot: { misses, right, squashed } }: SpotView): SpotState["statistics"] {
  return { misses, right, squashed };
}

export const spotSystem: System<SpotOperation, SpotState, Prediction, SpotView> = {
  name: "contiguity-spot",
  reference: {
    initial: (shape) => initialSpot(tableOf(shapeOf(shape))),
    enabled: () => true,
    apply(state, operation) {
      const { state: next, prediction } = miss(state, operation);
      return { state: next, outcome: prediction };
    },
    withoutStatistics: (state) => ({ ...state, statistics: NO_PREDICTIONS }),
  },
  invariants: spotInvariants,
  stepInvariants: spotStepInvariants,
  mutants,
  scopes: spotScopes,
  sampleScopes: spotSampleScopes,
  scenarios: [],
  twin,
  actor: ({ counter }) => `counter ${counter}`,
  describe: ({ page, frame, writable }) =>
    `miss of page ${page}, which is in frame ${frame}, ${writable ? "rw-" : "r--"}`,
  describeAnswer(prediction) {
    switch (prediction.kind) {
      case "none":
        return "no prediction";
      case "right":
        return `frame ${prediction.frame} was predicted`;
      case "squashed":
        return `frame ${prediction.frame} was predicted, and is squashed`;
    }
  },
};
