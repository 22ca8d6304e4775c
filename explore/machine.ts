/**
 * What the explorer is given: a machine whose whole state is one flat array, and what is claimed of it.
 *
 *   words = [ state: stateWords words, hashed and compared ][ statistics: the rest, never part of a state ]
 *
 * The engine copies the state out and back by itself; a machine only answers what it can do and does it. Actions are
 * the numbers 0 to `actionCount` - 1; what they mean is the caller's affair.
 */
export interface Machine {
  /** The live words. The same array for the whole exploration. */
  readonly words: Int32Array;
  /** How many of `words`, from the first, are state; 1 to `words.length`. The engine clears the others before every
   * `perform`, so that they hold the difference that the action made, and before a state is judged. */
  readonly stateWords: number;
  /** How many actions there are, 1 to 2^20. */
  readonly actionCount: number;
  /** Puts the initial state into `words`. */
  initialise(): void;
  /** Whether `action` can happen in the live state. Reads state words only and writes nothing. */
  enabled(action: number): boolean;
  /**
   * Writes the enabled actions of the live state, ascending, into `into`, which has `actionCount` words, and says how many
   * they are: for machines that find them faster than by being asked for one after another. Must agree with `enabled`.
   */
  listEnabled?(into: Uint32Array): number;
  /**
   * Writes what each enabled action of the live state changes, ascending, into `into` from word `start` on, and says where that
   * ends: for machines that know it without doing it. Changes neither state nor statistics.
   *
   *   [ action | statistics | where the step ends | position | value | position | value … ] …
   *
   * Each state word that changes is named once, with its new value. `statistics` is what `perform` would leave in the first
   * word behind the state, and it leaves nothing in others. Must agree with `perform`, and must not throw.
   */
  listSteps?: ((into: Int32Array, start: number) => number) | undefined;
  /** Lets an enabled action happen. A function of the state words alone. What it throws is reported as a violation. */
  perform(action: number): void;
}

/** Must hold in every reachable state. */
export interface StateInvariant {
  readonly name: string;
  /** Judges `machine.words`; the values that break the claim, or nothing when it holds. */
  violation(): string | undefined;
  /** A quick look at `machine.words`: where it says false, the claim holds and is not asked. Claims that share the same function
   * have it called once a state. */
  readonly suspect?: (() => boolean) | undefined;
}

/** Must hold of every transition, also of those that change no state word. */
export interface StepInvariant {
  readonly name: string;
  /** Bits of the first word behind the state, one of which is set by every step that breaks it; not given = any step may. */
  readonly statistics?: number;
  /**
   * @param before the state words before `action`; `machine.words` holds the state after it and the statistics' change
   */
  violation(before: Int32Array, action: number): string | undefined;
}

/** Must hold in some reachable state: the guard against claims that hold because nothing happens. */
export interface Reachable {
  readonly name: string;
  holds(): boolean;
}

/** Wherever something is pending, a state that grants it can still be reached. Both read `machine.words`. */
export interface Progress {
  readonly name: string;
  pending(): boolean;
  granted(): boolean;
}

/** Where the reference goes with an action, and what it answers on the way. */
export interface ReferenceStep {
  readonly meaning: number;
  readonly answer: number;
}

/**
 * A reference that walks in step with the machine. Its states (meanings) and answers are named by small integers from 0
 * that are equal exactly if what they name is equal.
 */
export interface Reference {
  /** The reference's initial state; when given, the meaning of the machine's initial state is compared with it. */
  initial?(): number;
  /** What `machine.words` means. Asked at most once per distinct state. */
  meaning(): number;
  /** What the action just performed answered, its statistics included. */
  answer(): number;
  /** The reference's own step. A pure function; the engine remembers what it said. */
  step(meaning: number, action: number): ReferenceStep;
  /** Puts a disagreement into words, for the witness. Without it the witness holds the two numbers. */
  explain?(kind: "answer" | "meaning", expected: number, found: number): string;
}

export interface Checks {
  readonly always?: readonly StateInvariant[];
  readonly steps?: readonly StepInvariant[];
  readonly sometimes?: readonly Reachable[];
  /** At most 15. Costs up to 4 bytes a transition and 4 a state. */
  readonly progress?: readonly Progress[];
  readonly reference?: Reference;
  /** Whether the live state, in which no action is enabled, is a proper end. Without it deadlock is not looked for. */
  deadlockAllowed?(): boolean;
}

/** What a search can run out of. */
export type Resource = "states" | "time" | "memory";

export interface Limits {
  /** `full` compares whole states: a proof. `fingerprint` keeps 64 bits of each: see `missProbability`. */
  readonly store: "full" | "fingerprint";
  /** Most states to keep, from 1; a search that needs more is `unfinished`. By default 2^30. */
  readonly states?: number;
  /**
   * Stop at the first violation (the default). Otherwise the first violation of each invariant is collected; a state
   * that breaks an invariant and what lies behind a step that breaks one are not explored further from there.
   */
  readonly stopAtFirst?: boolean;
  /**
   * What has run out, if anything: asked before each group of states, of which there are 16 at most. The search then ends
   * with what it has reached, as it does where an array cannot be enlarged. By default nothing runs out.
   */
  readonly ranOut?: (() => Exclude<Resource, "states"> | undefined) | undefined;
  /** The share of transitions, 0 to 1, on which the reference walks along. By default 1. Which ones they are depends on
   * the state and the action alone. */
  readonly inStep?: number;
}

/** Hears how far a search is. */
export interface Observer {
  /** After how many new states it wants to hear again; from 1. */
  readonly every: number;
  /** @param frontier states that are known and not yet expanded */
  onProgress(states: number, depth: number, frontier: number): void;
}
