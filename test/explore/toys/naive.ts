/** The search that a beginner would write: string keys in a Map, a list of edges. The twin of the engine. */
import type { Machine } from "../../../explore/index.js";

export interface NaiveGraph {
  /** State words by number, in the order of finding. */
  readonly states: readonly (readonly number[])[];
  /** Every transition, self-loops included. */
  readonly edges: readonly { readonly from: number; readonly action: number; readonly to: number }[];
  readonly depths: readonly number[];
}

export function naiveGraph(machine: Machine): NaiveGraph {
  const live = (): number[] => [...machine.words.subarray(0, machine.stateWords)];
  machine.initialise();
  const states = [live()];
  const depths = [0];
  const numbers = new Map([[states[0]!.join(), 0]]);
  const edges: { from: number; action: number; to: number }[] = [];
  for (let from = 0; from < states.length; from++) {
    for (let action = 0; action < machine.actionCount; action++) {
      machine.words.fill(0);
      machine.words.set(states[from]!);
      if (!machine.enabled(action)) continue;
      machine.perform(action);
      const key = live().join();
      if (!numbers.has(key)) {
        numbers.set(key, states.length);
        states.push(live());
        depths.push(depths[from]! + 1);
      }
      edges.push({ from, action, to: numbers.get(key)! });
    }
  }
  return { states, edges, depths };
}

/** Whether a state that satisfies `goal` can be reached from `start`, by a walk forward. */
export function reaches(graph: NaiveGraph, start: number, goal: (state: readonly number[]) => boolean): boolean {
  const seen = new Set([start]);
  for (const state of seen) {
    if (goal(graph.states[state]!)) return true;
    for (const { from, to } of graph.edges) if (from === state) seen.add(to);
  }
  return false;
}
