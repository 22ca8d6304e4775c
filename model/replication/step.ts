/** What an operation comes to: the state after it and the answer. */
import type { Errno, Outcome } from "../../vocabulary/replication/outcomes.js";
import type { State } from "./state.js";

export interface Step {
  readonly state: State;
  readonly outcome: Outcome;
}

/** A part of an operation that may find no memory. What it did before that is in `state`. */
export interface Attempt {
  readonly state: State;
  readonly enough: boolean;
}

export function done(state: State, value = 0): Step {
  return { state, outcome: { kind: "ok", value } };
}

export function refused(state: State, errno: Errno): Step {
  return { state, outcome: { kind: "error", errno } };
}
