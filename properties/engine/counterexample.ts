/**
 * The one document that a violation becomes, whatever engine found it. It holds the steps as values, not as a seed, so
 * that it outlives changes of generators; charts, pages, the corpus and `pagetwin replay` all read it.
 * Its schema is docs/schemas/counterexample-1.schema.json.
 */
import type { AnyOperation } from "./any-system.js";
import type { Change } from "./differences.js";
import { Digester } from "./digest.js";
import type { Plain, Shape } from "./system.js";

export const COUNTEREXAMPLE_KIND = "pagetwin-counterexample";
export const COUNTEREXAMPLE_VERSION = 1;

export type EngineName = "sample" | "explore" | "interleave" | "stress" | "scenario";

/** What is known of the length of a story. `shortest`: no shorter one in this scope. `1-minimal`: no single step can be
 * dropped. `as-found`: nobody tried to shorten it. */
export type Minimality = "shortest" | "1-minimal" | "as-found";

export interface Counterexample {
  readonly kind: typeof COUNTEREXAMPLE_KIND;
  readonly version: typeof COUNTEREXAMPLE_VERSION;
  readonly system: string;
  readonly engine: EngineName;
  /** The rule that was left out, or null for the system as it is. */
  readonly mutant: { readonly id: string; readonly rule: string } | null;
  /** `setup` was done before the initial state. */
  readonly scope: { readonly name: string; readonly shape: Shape; readonly setup: readonly AnyOperation[] };
  readonly seed: number | null;
  readonly minimality: Minimality;
  /** Who acts in this story, in the order of the columns. */
  readonly actors: readonly string[];
  /** What the implementation's words mean after `setup`; null where they mean nothing. */
  readonly initialState: Plain;
  readonly steps: readonly CounterexampleStep[];
  readonly violation: CounterexampleViolation;
  /** The command that runs it again, with the name of the file that holds it. */
  readonly replay: string;
}

export interface CounterexampleStep {
  /** From 1. */
  readonly number: number;
  readonly actor: string;
  readonly operation: AnyOperation;
  /** The operation in words. */
  readonly says: string;
  /** What the implementation answered, in words. */
  readonly answer: string;
  /** What the reference answered, where that differs. */
  readonly expected?: string;
  /** Messages that left in this step; none in systems without messages. */
  readonly messages: readonly Message[];
  /** What each actor's part of the state is after the step, in words; not in systems whose state has no such parts. */
  readonly standing?: readonly Standing[];
  /** What has been sent and has not arrived after the step, in words. */
  readonly underWay?: readonly string[];
  /** From the state before to the state after, of the implementation. */
  readonly changes: readonly Change[];
}

export interface Standing {
  readonly actor: string;
  readonly says: string;
}

export interface Message {
  readonly from: string;
  readonly to: string;
  readonly says: string;
}

export interface CounterexampleViolation {
  readonly invariant: string;
  readonly name: string;
  readonly why: string;
  readonly witness: readonly string[];
  /** Number of the step after which it shows; 0 = already in the initial state. */
  readonly step: number;
}

/** The document with the command that replays it. */
export function entitle(document: Omit<Counterexample, "replay">): Counterexample {
  return { ...document, replay: `npx pagetwin replay ${fileNameOf(document)}` };
}

/** `system-invariant-mutant-digest.json`: the same story has the same name, different ones have different names. */
export function fileNameOf(document: Omit<Counterexample, "replay">): string {
  const { system, engine, mutant, scope, steps, violation } = document;
  const told = { engine, scope, operations: steps.map(({ operation }) => operation), witness: violation.witness };
  const digest = new Digester().hexadecimal(told).slice(0, 8);
  const words = [system, violation.invariant, mutant?.id ?? "as-is", digest];
  return `${words.map((word) => word.replace(/[^A-Za-z0-9.]+/g, "_")).join("-")}.json`;
}
