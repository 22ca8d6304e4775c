/** What a system offers to the engine of real threads. */
import type { Shape } from "./system.js";

/** One run of real threads, bounded by a count of operations. */
export interface StressScope {
  /** Distinct from all other scopes of the system. */
  readonly name: string;
  readonly title: string;
  /** What the words are asked when all threads have ended. */
  readonly claim: { readonly id: string; readonly name: string; readonly why: string };
  /** All that the run starts from but the machine's order of things. A finding holds it: replaying is doing it again. */
  readonly input: Shape;
  /** Runs once. Rejects with what a thread throws. @param without id of the mutant whose rule the code drops */
  run(without?: string): Promise<StressOutcome>;
}

export interface StressOutcome {
  /** Of all threads together. */
  readonly operations: number;
  /** Whether a time limit came before all were done. */
  readonly isCut: boolean;
  /** What breaks the claim, a line each; empty if nothing was found. */
  readonly wrong: readonly string[];
  /** By thread: what it was to do, and what it counted. */
  readonly threads?: readonly { readonly says: string; readonly answer: string }[];
}
