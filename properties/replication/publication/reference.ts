/** The reference as a judge of histories: what operations of the vocabulary answer one after another. */
import type { SequentialModel } from "../../../explore/interleave/sequential-model.js";
import { apply, enabled } from "../../../model/replication/apply.js";
import { initial } from "../../../model/replication/initial.js";
import type { State } from "../../../model/replication/state.js";
import type { Geometry } from "../../../vocabulary/geometry.js";
import type { Operation } from "../../../vocabulary/replication/operations.js";
import type { Outcome } from "../../../vocabulary/replication/outcomes.js";
import { FAULT, leafRead } from "./claims.js";

/** Answers below all others. */
const SEGFAULT = -2;
const WAITS = -3;
const REFUSED = -4;
/** No operation answers this: what the reference does not allow is explained by nothing. */
const IMPOSSIBLE = -5;

/** An answer as one number. By what a touch was served depends on what others have left in caches: it is not compared. */
export function answerOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case "ok":
      return outcome.value;
    case "entry":
      return leafRead(outcome.frame, outcome.accessed, outcome.dirty, outcome.rights.includes("x"));
    case "absent":
      return FAULT;
    case "touched":
      return 0;
    case "segfault":
      return SEGFAULT;
    case "waits":
      return WAITS;
    default:
      return REFUSED;
  }
}

export function referenceModel(geometry: Geometry, before: readonly Operation[]): SequentialModel<State, Operation> {
  let first = initial(geometry);
  for (const operation of before) first = apply(first, operation).state;
  return {
    initial: first,
    step: (state, operation) => {
      if (!enabled(state, operation)) return { state, result: IMPOSSIBLE };
      const { state: next, outcome } = apply(state, operation);
      return { state: next, result: answerOf(outcome) };
    },
    // What is only counted decides nothing.
    key: ({ statistics: _, geometry: __, ...rest }) => JSON.stringify(rest),
  };
}
