/** What an exploration found: the verdict, the counts that a test pins, and a shortest path to each violation. */
import type { Resource } from "./machine.js";

export type ViolationKind =
  /** A state invariant does not hold in the state at the end of the path. */
  | "state"
  /** A step invariant does not hold of the last action of the path. */
  | "step"
  /** The last action of the path was answered differently by the reference. */
  | "answer"
  /** The state at the end of the path means something else than the state that the reference has reached. */
  | "meaning"
  /** No action is enabled at the end of the path. */
  | "deadlock"
  /** The last action of the path threw. */
  | "thrown"
  /** No reachable state is what had to occur; the path is empty. */
  | "sometimes"
  /** From the end of the path no state that grants what is pending can be reached. */
  | "progress";

export interface Violation {
  readonly kind: ViolationKind;
  /** The name of the claim; `answersAgree`, `meaningsAgree`, `noDeadlock` and `performDoesNotThrow` are the engine's own. */
  readonly invariant: string;
  /** The values that break it. */
  readonly witness: string;
  /** Actions from the initial state; no shorter path breaks the same claim. */
  readonly path: readonly number[];
}

/** Bytes held at the end of the search, except where a peak is named. Chunks are counted whole. */
export interface Memory {
  /** The set of states with its table, and the parent links. In `full` mode the states themselves are in here. */
  readonly set: number;
  /** Most bytes of states that waited to be expanded; 0 in `full` mode, where the set holds them. */
  readonly frontierPeak: number;
  /** Meanings and remembered steps of the reference; transitions kept for progress. */
  readonly checks: number;
}

export interface Exploration {
  /** `held` only after every reachable state was expanded; a search that a limit cut is `unfinished`. */
  readonly verdict: "held" | "violated" | "unfinished";
  readonly states: number;
  /** Enabled actions of all expanded states, also those that lead back to the same state. */
  readonly transitions: number;
  /** Actions on the shortest path to the deepest state that was reached. */
  readonly depth: number;
  /** Whether every reachable state was expanded (without `stopAtFirst`: save those behind a violation). */
  readonly exhausted: boolean;
  /** What cut the search, null if nothing did. */
  readonly limit: Resource | null;
  readonly store: "full" | "fingerprint";
  /** An upper bound of the probability that two states shared a fingerprint and one was left out, if the fingerprint is
   * as good as a random one: n (n - 1) / 2 / 2^64. 0 in `full` mode. */
  readonly missProbability: number;
  /** The share of transitions on which the reference walked along; 0 without a reference. */
  readonly inStep: number;
  /** How often each action was taken. */
  readonly actionCounts: readonly number[];
  /** For each `sometimes`, by name, whether a state was reached in which it holds. */
  readonly sometimes: Readonly<Record<string, boolean>>;
  readonly violations: readonly Violation[];
  readonly memory: Memory;
}
