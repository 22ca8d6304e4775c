/** A fair run told as a lasso: how to get there, and one round of a cycle on which nothing owed is left out for ever. */
import { type FairPart, NO_OBLIGATION, type Region } from "./fair-cycles.js";
import type { StateGraph } from "./state-graph.js";

export interface Lasso {
  /** Actions from the initial state to the cycle, on a shortest path. */
  readonly stem: readonly number[];
  /** Actions of one round. Not the shortest fair cycle there is, but without detours between what has to be visited. */
  readonly cycle: readonly number[];
}

export function lassoOf(graph: StateGraph, region: Region, part: FairPart): Lasso {
  const start = part.reduce((lowest, state) => Math.min(lowest, state));
  const inPart = new Set(part);
  const walker = new Walker(graph, region, inPart);
  let at = start;
  const cycle: number[] = [];
  for (const owed of obligationsIn(graph, region, part)) {
    const leg = walker.walk(at, (state, edge) =>
      edge === NO_EDGE ? !isEnabled(graph, region, state, owed) : region.obligations[graph.actions[edge]!] === owed,
    );
    cycle.push(...leg.actions);
    at = leg.end;
  }
  if (cycle.length === 0) {
    const first = walker.edges(start).next().value!;
    cycle.push(graph.actions[first]!);
    at = graph.targets[first]!;
  }
  const home = walker.walk(at, (state, edge) => edge === NO_EDGE && state === start);
  return { stem: stemTo(graph, start), cycle: [...cycle, ...home.actions] };
}

const NO_EDGE = -1;

/** Walks inside one part. */
class Walker {
  private readonly graph: StateGraph;
  private readonly region: Region;
  private readonly inPart: ReadonlySet<number>;

  constructor(graph: StateGraph, region: Region, inPart: ReadonlySet<number>) {
    this.graph = graph;
    this.region = region;
    this.inPart = inPart;
  }

  *edges(state: number): Generator<number> {
    const { graph, region, inPart } = this;
    for (let edge = graph.starts[state]!; edge < graph.starts[state + 1]!; edge++)
      if (inPart.has(graph.targets[edge]!) && region.hasTransition(state, graph.actions[edge]!)) yield edge;
  }

  /** The shortest walk to a state (edge = NO_EDGE), or over a transition, that is wanted. */
  walk(
    from: number,
    isWanted: (state: number, edge: number) => boolean,
  ): { readonly actions: readonly number[]; readonly end: number } {
    const { graph } = this;
    const cameBy = new Map<number, { readonly state: number; readonly edge: number }>();
    const actionsTo = (state: number): number[] => {
      const actions: number[] = [];
      for (let step = cameBy.get(state); step !== undefined; step = cameBy.get(step.state))
        actions.unshift(graph.actions[step.edge]!);
      return actions;
    };
    const queue = [from];
    const seen = new Set(queue);
    for (const state of queue) {
      if (isWanted(state, NO_EDGE)) return { actions: actionsTo(state), end: state };
      for (const edge of this.edges(state)) {
        const target = graph.targets[edge]!;
        if (isWanted(state, edge)) return { actions: [...actionsTo(state), graph.actions[edge]!], end: target };
        if (seen.has(target)) continue;
        seen.add(target);
        cameBy.set(target, { state, edge });
        queue.push(target);
      }
    }
    throw new Error(`state ${from} cannot go where its own strongly connected part goes`);
  }
}

/** Obligations that are enabled somewhere in the part; the others are met by every state. */
function obligationsIn(graph: StateGraph, region: Region, part: FairPart): readonly number[] {
  const found = new Set<number>();
  for (const state of part)
    for (let edge = graph.starts[state]!; edge < graph.starts[state + 1]!; edge++) {
      const owed = region.obligations[graph.actions[edge]!]!;
      if (owed !== NO_OBLIGATION) found.add(owed);
    }
  return [...found].toSorted((a, b) => a - b);
}

function isEnabled(graph: StateGraph, region: Region, state: number, owed: number): boolean {
  for (let edge = graph.starts[state]!; edge < graph.starts[state + 1]!; edge++)
    if (region.obligations[graph.actions[edge]!] === owed) return true;
  return false;
}

function stemTo(graph: StateGraph, state: number): number[] {
  const actions: number[] = [];
  for (let at = state; at !== 0; ) {
    const parent = graph.parents[at]!;
    let edge = graph.starts[parent]!;
    while (graph.targets[edge] !== at) edge++;
    actions.unshift(graph.actions[edge]!);
    at = parent;
  }
  return actions;
}
