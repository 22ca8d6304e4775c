/**
 * Weakly fair cycles in a part of a state graph.
 *
 * A run is weakly fair if what stays enabled from some point on is taken again and again. Whoever goes round a strongly
 * connected part for ever can visit all of it, and going round all of it is the fairest there is; so a part holds a fair
 * run exactly if each obligation is taken on one of its transitions or is not enabled in one of its states.
 */
import type { StateGraph } from "./state-graph.js";

export interface Region {
  /** Whether a state belongs to the part. */
  has(state: number): boolean;
  /** Whether a transition, between two states of the part, belongs to it. */
  hasTransition(state: number, action: number): boolean;
  /** What weak fairness owes: obligation of each action, 0 to 31, or NO_OBLIGATION. */
  readonly obligations: Int8Array;
}

export const NO_OBLIGATION = -1;

/** The states of one strongly connected part in which a weakly fair run can stay for ever. */
export type FairPart = Uint32Array;

/** All of them, in no particular order. */
export function fairParts(graph: StateGraph, region: Region): FairPart[] {
  const inside = new Uint8Array(graph.states);
  for (let state = 0; state < graph.states; state++) inside[state] = region.has(state) ? 1 : 0;
  const found: FairPart[] = [];
  new ComponentSearch(graph, region, inside).run((component, members) => {
    if (isFair(graph, region, component, members)) found.push(members.slice());
  });
  return found;
}

/** @param component of each state, by which a transition is known to stay inside */
function isFair(graph: StateGraph, region: Region, component: Int32Array, members: Uint32Array): boolean {
  const own = component[members[0]!]!;
  let owedEverywhere = -1;
  let taken = 0;
  let stays = false;
  for (const state of members) {
    let enabled = 0;
    for (let edge = graph.starts[state]!; edge < graph.starts[state + 1]!; edge++) {
      const action = graph.actions[edge]!;
      const obligation = region.obligations[action]!;
      const bit = obligation === NO_OBLIGATION ? 0 : 1 << obligation;
      enabled |= bit;
      if (component[graph.targets[edge]!] !== own || !region.hasTransition(state, action)) continue;
      taken |= bit;
      stays = true;
    }
    owedEverywhere &= enabled;
  }
  return stays && (owedEverywhere & ~taken) === 0;
}

const UNSEEN = 0;
const OUTSIDE = -1;

/** Tarjan's strongly connected components, without recursion. */
class ComponentSearch {
  private readonly graph: StateGraph;
  private readonly region: Region;
  private readonly inside: Uint8Array;
  /** Order of discovery from 1; UNSEEN before it. */
  private readonly order: Int32Array;
  private readonly low: Int32Array;
  private readonly nextEdge: Uint32Array;
  /** The component of each finished state, from 0. */
  private readonly component: Int32Array;
  private readonly path: number[] = [];
  private readonly open: number[] = [];
  private discovered = 0;
  private components = 0;

  constructor(graph: StateGraph, region: Region, inside: Uint8Array) {
    this.graph = graph;
    this.region = region;
    this.inside = inside;
    this.order = new Int32Array(graph.states);
    this.low = new Int32Array(graph.states);
    this.nextEdge = graph.starts.slice(0, graph.states);
    this.component = new Int32Array(graph.states).fill(OUTSIDE);
  }

  run(onComponent: (component: Int32Array, members: Uint32Array) => void): void {
    for (let root = 0; root < this.graph.states; root++) {
      if (this.inside[root] === 0 || this.order[root] !== UNSEEN) continue;
      this.enter(root);
      while (this.path.length > 0) {
        const state = this.path.at(-1)!;
        const next = this.advance(state);
        if (next >= 0) this.enter(next);
        else this.finish(state, onComponent);
      }
    }
  }

  private enter(state: number): void {
    this.order[state] = ++this.discovered;
    this.low[state] = this.discovered;
    this.path.push(state);
    this.open.push(state);
  }

  /** The next undiscovered successor, or -1 when all are known. */
  private advance(state: number): number {
    const { graph, region, inside, order, low, component } = this;
    const end = graph.starts[state + 1]!;
    while (this.nextEdge[state]! < end) {
      const edge = this.nextEdge[state]!++;
      const target = graph.targets[edge]!;
      if (inside[target] === 0 || !region.hasTransition(state, graph.actions[edge]!)) continue;
      if (order[target] === UNSEEN) return target;
      if (component[target] === OUTSIDE) low[state] = Math.min(low[state]!, order[target]!);
    }
    return -1;
  }

  private finish(state: number, onComponent: (component: Int32Array, members: Uint32Array) => void): void {
    const { low, order, open, component } = this;
    this.path.pop();
    const below = this.path.at(-1);
    if (below !== undefined) low[below] = Math.min(low[below]!, low[state]!);
    if (low[state] !== order[state]) return;
    const first = open.lastIndexOf(state);
    const members = Uint32Array.from(open.splice(first));
    for (const member of members) component[member] = this.components;
    this.components++;
    onComponent(component, members);
  }
}
