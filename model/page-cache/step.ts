/** One operation after another: what each does to the stacks, and what it answers (4.2, 4.5). */
import { produce } from "immer";
import { match } from "ts-pattern";
import type { Answer, Operation } from "../../vocabulary/page-cache/operations.js";
import { type Counts, initial, type State } from "./state.js";

interface Step {
  readonly state: State;
  readonly outcome: Answer;
}

/** Only a frame that is out can be given back or, if pages have content, written to; nodes and frames are the geometry's. */
export function enabled(state: State, operation: Operation): boolean {
  return match(operation)
    .with({ kind: "pop" }, { kind: "drain" }, ({ node }) => node >= 0 && node < state.geometry.nodes)
    .with({ kind: "push" }, ({ frame }) => isOut(state, frame))
    .with({ kind: "write" }, ({ frame }) => state.geometry.pageWords > 0 && isOut(state, frame))
    .with({ kind: "populate" }, ({ target }) => target >= 0)
    .with({ kind: "drainAll" }, { kind: "reset" }, () => true)
    .exhaustive();
}

function isOut(state: State, frame: number): boolean {
  return state.out.some((page) => page.frame === frame);
}

export function apply(state: State, operation: Operation): Step {
  return match<Operation, Step>(operation)
    .with({ kind: "pop" }, ({ node }) => pop(state, node))
    .with({ kind: "push" }, ({ frame }) => push(state, frame))
    .with({ kind: "write" }, ({ frame }) => write(state, frame))
    .with({ kind: "drain" }, ({ node }) => drain(state, [node]))
    .with({ kind: "drainAll" }, () => drain(state, [...state.nodes.keys()]))
    .with({ kind: "populate" }, ({ target }) => populate(state, target))
    .with({ kind: "reset" }, () => ({
      state: { ...state, statistics: initial(state.geometry).statistics },
      outcome: { kind: "done" },
    }))
    .exhaustive();
}

/** A hit or a miss. The page comes clean, whatever was written into it before it was last pushed. */
function pop(state: State, node: number): Step {
  const [frame, ...rest] = state.nodes[node]!.list;
  if (frame === undefined) return { state: counted(state, node, "misses", 1), outcome: { kind: "empty" } };
  const popped = produce(state, (draft) => {
    draft.nodes[node]!.list = rest;
    draft.out = [...draft.out, { frame, written: false }].sort((one, other) => one.frame - other.frame);
  });
  return { state: counted(popped, node, "hits", 1), outcome: { kind: "frame", frame, clean: true } };
}

function push(state: State, frame: number): Step {
  const node = Math.floor(frame / state.geometry.framesPerNode);
  const pushed = produce(state, (draft) => {
    draft.out = draft.out.filter((page) => page.frame !== frame);
    draft.nodes[node]!.list.unshift(frame);
  });
  return { state: counted(pushed, node, "returns", 1), outcome: { kind: "done" } };
}

function write(state: State, frame: number): Step {
  const out = state.out.map((page) => (page.frame === frame ? { frame, written: true } : page));
  return { state: { ...state, out }, outcome: { kind: "done" } };
}

/** The pages of these nodes' lists are free again. */
function drain(state: State, nodes: readonly number[]): Step {
  const pages = nodes.reduce((sum, node) => sum + state.nodes[node]!.list.length, 0);
  const drained = produce(state, (draft) => {
    for (const node of nodes) {
      const { list, free } = draft.nodes[node]!;
      draft.nodes[node] = { list: [], free: [...free, ...list].sort((one, other) => one - other) };
    }
  });
  return { state: drained, outcome: { kind: "moved", pages } };
}

/** Each node's lowest free frames go on its list, one after another, until it has `target` pages or no free frame. Each
 * counts as a return. */
function populate(state: State, target: number): Step {
  const added = state.nodes.map(({ list, free }) => Math.min(Math.max(0, target - list.length), free.length));
  const filled = produce(state, (draft) => {
    for (const [node, count] of added.entries()) {
      const { list, free } = draft.nodes[node]!;
      draft.nodes[node] = { list: [...free.slice(0, count).reverse(), ...list], free: free.slice(count) };
    }
  });
  return {
    state: added.reduce((sofar, count, node) => counted(sofar, node, "returns", count), filled),
    outcome: { kind: "moved", pages: added.reduce((sum, count) => sum + count, 0) },
  };
}

function counted(state: State, node: number, what: keyof Counts, step: number): State {
  return produce(state, (draft) => {
    draft.statistics[node]![what] += step;
  });
}
