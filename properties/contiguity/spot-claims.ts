/** What makes SpOT safe, and what makes it useful (7.4). */
import { CONFIDENCE_MAX, PREDICTING, type Prediction, type SpotOperation } from "../../vocabulary/contiguity/spot.js";
import type { Invariant, StepInvariant } from "../engine/system.js";
import type { SpotView } from "./spot-view.js";

export const spotInvariants: readonly Invariant<SpotView>[] = [
  {
    id: "P1",
    name: "confidenceIsSmall",
    why: "two bits hold it: one more wraps to no confidence at all",
    *violations({ spot, shape }) {
      for (let set = 0; set < shape.sets; set++) {
        for (const { counter, confidence } of spot.ways(set)) {
          if (confidence < 0 || confidence > CONFIDENCE_MAX) yield `counter ${counter} has confidence ${confidence}`;
        }
      }
    },
  },
];

export const spotStepInvariants: readonly StepInvariant<SpotOperation, Prediction, SpotView>[] = [
  {
    id: "P2",
    name: "confidentPredict",
    why: "a wrong guess costs a flush, so only what was right before may guess",
    *violations(before, { counter }, prediction) {
      if (prediction.kind === "none") return;
      const confidence = before.entryOf(counter)?.confidence;
      if (confidence === undefined) yield `counter ${counter} has no entry and predicts frame ${prediction.frame}`;
      else if (confidence < PREDICTING) yield `counter ${counter} predicts at confidence ${confidence}`;
    },
  },
  {
    id: "P3",
    name: "onlyTheWalkIsVisible",
    why: "what was done on a wrong frame must never be seen: the walk has the last word",
    *violations(_before, { page, frame }, prediction) {
      if (prediction.kind === "right" && prediction.frame !== frame) {
        yield `page ${page}: frame ${prediction.frame} counts as right, the walk says ${frame}`;
      }
    },
  },
  {
    id: "P4",
    name: "rightsAreTheWalks",
    why: "a store that went on by a prediction must be one that the table allows",
    *violations(before, { counter, page, writable }, prediction) {
      if (prediction.kind === "right" && before.entryOf(counter)?.writable === true && !writable) {
        yield `page ${page} is predicted as writable, the walk has it read-only`;
      }
    },
  },
  {
    id: "P5",
    name: "stableOffsetIsPredicted",
    why: "from the third miss of a counter on, one and the same offset has to be predicted: that is the whole gain",
    *violations(before, miss, prediction) {
      const { counter, page, frame, writable } = miss;
      const entry = before.entryOf(counter);
      const goesOn = entry?.offset === page - frame && entry.writable === writable;
      if (before.sameMisses(counter) < PREDICTING || !goesOn) return;
      if (prediction.kind !== "right") yield `miss 3 of counter ${counter} with one offset: ${prediction.kind}`;
    },
  },
  {
    id: "P6",
    name: "alternatingIsNotPredicted",
    why: "a counter whose offsets alternate would be wrong each time",
    *violations(before, miss, prediction) {
      if (before.entryOf(miss.counter) !== undefined && before.alternates(miss) && prediction.kind !== "none") {
        yield `counter ${miss.counter} alternates and predicts frame ${prediction.frame}`;
      }
    },
  },
  {
    id: "P7",
    name: "surpriseCostsConfidence",
    why: "one miss elsewhere must not wipe out an offset that was right, nor leave a new one as trusted as the old",
    *violations(before, { counter, page, frame, writable }, _prediction, after) {
      const [entry, left] = [before.entryOf(counter), after.entryOf(counter)];
      if (entry === undefined || (entry.offset === page - frame && entry.writable === writable)) return;
      const expected = entry.confidence > 1 ? entry.confidence - 1 : 1;
      const offset = entry.confidence > 1 ? entry.offset : page - frame;
      if (left?.confidence !== expected || left.offset !== offset) {
        yield `counter ${counter}: offset ${left?.offset} at confidence ${left?.confidence}, not ${offset} at ${expected}`;
      }
    },
  },
];
