/**
 * What an engine has to know of a system, and nothing else. Each system has one value of this kind in
 * properties/<system>/system.ts; tests, the command line and benchmarks hand it to the engines.
 *
 *   Operation   what is asked, a plain value of vocabulary/; it goes into counterexamples as it is
 *   Answer      what both twins answer, a plain value
 *   State       the reference's state, plain readonly data, its `statistics` apart
 *   View        the implementation attached to some array of words: what invariants look at
 */

import type { Message, Standing } from "./counterexample.js";
import type { InterleavedScope } from "./interleaved.js";
import type { StressScope } from "./stress-scope.js";

/** Plain data: what JSON can hold. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export interface System<
  Operation extends { readonly kind: string },
  State extends { readonly statistics: unknown },
  Answer,
  View,
> {
  /** The folder's name in every room. */
  readonly name: string;
  readonly reference: Reference<Operation, State, Answer>;
  readonly invariants: readonly Invariant<View>[];
  readonly stepInvariants: readonly StepInvariant<Operation, Answer, View>[];
  readonly mutants: readonly Mutant[];
  /** Spaces for `explore`, smallest first. */
  readonly scopes: readonly Scope<Operation, State>[];
  /** Spaces for `sample`. */
  readonly sampleScopes: readonly SampleScope<Operation, State>[];
  /** Programs for `interleave`: threads through the production code. None by default. */
  readonly interleaved?: readonly InterleavedScope[];
  /** Runs of real threads for `stress`. None by default. */
  readonly stressed?: readonly StressScope[];
  /** Kept stories: what once went wrong, or must come out in just this way. */
  readonly scenarios: readonly Scenario<Operation, Answer>[];
  /** A fresh implementation beside the reference. `without` is the id of the mutant whose rule is dropped. */
  twin(shape: Shape, without?: string): Twin<Operation, State, Answer, View>;
  /** Who does the operation: the heading of its column in a chart, such as `cpu 0`. */
  actor(operation: Operation): string;
  /** The operation as a person would say it: `touch page 3, write`. Without the actor. */
  describe(operation: Operation): string;
  describeAnswer(answer: Answer): string;
  /** A step told with what its states show: which message it was, who stands where. Where it is missing, changes are told. */
  tellStep?(before: State, operation: Operation, after: State): ToldStep;
}

export interface ToldStep {
  /** In place of what `describe` says. */
  readonly says: string;
  /** Those that leave in this step. */
  readonly messages: readonly Message[];
  /** What each actor's part of the state is after the step. */
  readonly standing: readonly Standing[];
  /** What has been sent and has not arrived after the step. */
  readonly underWay: readonly string[];
}

export interface Reference<Operation, State, Answer> {
  initial(shape: Shape): State;
  enabled(state: State, operation: Operation): boolean;
  apply(state: State, operation: Operation): { readonly state: State; readonly outcome: Answer };
  /** `apply` without the look at whether `operation` is enabled, for callers that know that it is. */
  applyEnabled?(state: State, operation: Operation): { readonly state: State; readonly outcome: Answer };
  /** The same state with everything that is only counted set to zero: what a step of `explore` starts from. */
  withoutStatistics(state: State): State;
}

/** The size of an instance, plain data: what `twin` and `initial` are made from, and what a counterexample records. */
export interface Shape {
  readonly [field: string]: Plain;
}

export interface Twin<Operation, State extends { readonly statistics: unknown }, Answer, View> {
  /** The implementation's whole state; words[0, stateWords) is hashed, the rest is statistics. */
  readonly words: Int32Array;
  readonly stateWords: number;
  /** The implementation over `words`. */
  readonly view: View;
  /** A second array of the same layout, with the implementation attached to it: a step's state before. */
  readonly pastWords: Int32Array;
  readonly past: View;
  /** The words in parts that have to do with each other, ascending and without gaps. Some may share a name. */
  readonly parts?: readonly Part[];
  /** Told before a view is judged or asked for its meaning: its words may have changed since it was last looked at. */
  look?(view: View): void;
  reset(): void;
  enabled(operation: Operation): boolean;
  perform(operation: Operation): Answer;
  /**
   * What the view's words mean: implementation → reference state, statistics included.
   * @param known another view and what it means: what follows from words which are the same there may be taken from it
   */
  meaning(view: View, known?: KnownMeaning<View, State>): State;
  /** `meaning(view).statistics`, where that can be had for less. Asked on every transition of `explore`. */
  statistics?(view: View): State["statistics"];
}

/** Words [first, end) of a twin. */
export interface Part {
  readonly name: string;
  readonly first: number;
  readonly end: number;
}

/** A view whose meaning is known. */
export interface KnownMeaning<View, State> {
  readonly view: View;
  readonly state: State;
  /** Whether any word of the parts with this name is another one there. */
  differs(part: string): boolean;
}

/** A claim about every state. Yields one line per place that breaks it. */
export interface Invariant<View> {
  /** Rule id of the specification, such as `I5`. */
  readonly id: string;
  /** The claim, such as `replicasAgree`. */
  readonly name: string;
  readonly why: string;
  /** Names of the parts of the words that it looks at; by default all. Where none of them has changed, it still holds. */
  readonly reads?: readonly string[];
  violations(view: View): Iterable<string>;
}

/** A claim about one step. */
export interface StepInvariant<Operation extends { readonly kind: string }, Answer, View> {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** Kinds of operation that can break the claim; by default every one. Of others it is not asked. */
  readonly concerns?: readonly Operation["kind"][];
  violations(before: View, operation: Operation, answer: Answer, after: View): Iterable<string>;
}

/** One rule dropped. */
export interface Mutant {
  readonly id: string;
  /** The rule that is dropped, in words. */
  readonly rule: string;
  /** Ids of the invariants that may kill it for the right reason; `answer` and `meaning` = disagreement with the reference. */
  readonly killers: readonly string[];
  /** Names of the scopes to be searched, in this order; of interleaved ones as well. */
  readonly scopes: readonly string[];
}

/** A small space for `explore`. */
export interface Scope<Operation, State> {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** Done before the search begins; its end is the initial state. */
  readonly setup: readonly Operation[];
  /** What may happen in every state: one transition each. A transition of several operations does them in order;
   * it is enabled when its first one is, and ends early at one that is not. */
  readonly actions: readonly (readonly Operation[])[];
  /** States that must be reached, so that the search is not empty. */
  readonly sometimes: readonly Wanted<State>[];
  /** Transitions that must occur: each is looked at through the state behind it, in which it alone has counted. */
  readonly happens?: readonly Wanted<State>[];
  /** Pinned counts of the unmutated system. */
  readonly expected?: { readonly states: number; readonly transitions: number; readonly depth: number };
  /** `quick` runs in `pagetwin check` and `npm test`; `long` with --exhaustive and in `npm run verify`; `mutants` only there. */
  readonly effort: "quick" | "long" | "mutants";
}

/** What a search must come by. */
export interface Wanted<State> {
  readonly name: string;
  holds(state: State): boolean;
}

/** A large space for `sample`. */
export interface SampleScope<Operation, State> {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  readonly setup: readonly Operation[];
  /** What can be drawn. An item that answers undefined, or what is not enabled, has nothing to offer in this state. */
  readonly menu: readonly MenuItem<Operation, State>[];
  readonly commandsMax: number;
}

export interface MenuItem<Operation, State> {
  readonly name: string;
  draw(state: State, choose: Choose): Operation | undefined;
}

/** Decisions of a run, as a source of small numbers; the same numbers give the same operation. */
export interface Choose {
  /** An integer from 0 to bound - 1. */
  below(bound: number): number;
  /** One of the list, which must not be empty. */
  from<Item>(list: readonly Item[]): Item;
}

export interface Scenario<Operation, Answer> {
  /** Such as `B17`. */
  readonly id: string;
  readonly title: string;
  readonly shape: Shape;
  /** Each operation with the answer that is right, where the story depends on it. */
  readonly steps: readonly { readonly operation: Operation; readonly answer?: Answer }[];
}
