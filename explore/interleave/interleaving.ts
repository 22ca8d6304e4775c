/** What a search of interleavings found. The document is plain data. */
import type { AccessName } from "./port.js";

export type Method =
  /** Every reachable state of the replayed threads. */
  | "states"
  /** One execution of each class of executions that differ in the order of independent turns only. */
  | "sleep-sets"
  /** Every execution. */
  | "executions"
  /** Some executions, chosen at random. */
  | "random";

export interface Interleaving {
  readonly program: string;
  readonly method: Method;
  /**
   * `held`: no schedule breaks a claim, and none was left out. `outside`: the code is not what the theory speaks of, see
   * `outside`; nothing else in the document counts then.
   */
  readonly verdict: "held" | "violated" | "unfinished" | "outside";
  /** What was left out, or null: "at most 2 context switches". */
  readonly bound: string | null;
  /** An estimate, made before the start, of how many executions there are; null if they do not all end. */
  readonly estimate: number | null;
  /** Distinct states, the initial one included; null for methods that do not count them. */
  readonly states: number | null;
  /** Turns that were taken. */
  readonly steps: number;
  /** Turns of the longest schedule; for `states`, of the shortest to the state that is farthest away. */
  readonly depth: number;
  /** Complete executions, and those given up because all that could come had come before; null for `states`. */
  readonly executions: number | null;
  readonly blocked: number | null;
  /** Names of the ways in which complete executions ended. */
  readonly outcomes: readonly string[];
  readonly store: "full" | "fingerprint" | "none";
  readonly missProbability: number;
  readonly code: CodeFigures;
  readonly failure: Failure | null;
  readonly outside: string | null;
  /** What may be said of a verdict `held`, and on which grounds; null for every other. */
  readonly claim: string | null;
}

/** How the code under test was run. */
export interface CodeFigures {
  /** Distinct states of single threads. */
  readonly localStates: number;
  /** Runs of operations from their starts, and accesses that they made. */
  readonly runs: number;
  readonly accesses: number;
  /** Rounds of waiting that were taken to change no local state. */
  readonly spins: number;
}

/** What is known of the length of a failing schedule. */
export type ScheduleMinimality =
  /** No schedule with fewer turns breaks the claim, and none with as many has fewer switches. */
  | "fewest turns, then fewest switches"
  | "fewest turns"
  /** No single operation and no single turn can be left out, and no run of turns joined to another of its thread. */
  | "1-minimal"
  | "as found";

export interface Failure {
  /**
   * The claim; `operationsDoNotThrow`, `historiesAreLinearizable`, `endsWhereTheModelMay`, `nobodyIsHeldUp` and
   * `everyOperationCanReturn` are the engine's own.
   */
  readonly claim: string;
  readonly witness: string;
  readonly minimality: ScheduleMinimality;
  /** Who takes each turn. */
  readonly schedule: readonly number[];
  /** Changes of thread, and those away from a thread that could have gone on. */
  readonly switches: number;
  readonly preemptions: number;
  readonly threads: readonly string[];
  /** Per thread, which operations of the program are in the story: all, unless it was shrunk. `reducedTo` makes that program. */
  readonly kept: readonly (readonly number[])[];
  /** What each turn does, an access a row. */
  readonly rows: readonly Row[];
}

export interface Row {
  /** From 1. Accesses that ride along have the same number. */
  readonly turn: number;
  readonly thread: number;
  /** Which of the thread's kept operations, from 0, and its name. */
  readonly operation: number;
  readonly name: string;
  readonly label: string;
  readonly kind: AccessName;
  readonly index: number;
  /** The value found, except by a store; null also where nothing was accessed. */
  readonly read: number | null;
  /** The value left, if the access writes. */
  readonly written: number | null;
  /** What the operation answers, if it returns after this access. */
  readonly returns: number | null;
  /** What it throws, if it throws after this access. */
  readonly throws: string | null;
}
