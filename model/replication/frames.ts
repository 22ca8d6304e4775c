/**
 * The frame pools. Nothing is kept about them: what is free is what no table, cache list or leaf has.
 *
 * Table frames have no numbers here, so a node's are counted; data frames are looked for among all leaves.
 */

import { countAtNode } from "./counters.js";
import { firstDataFrame, nodesFrom, overlap, span } from "./geometry-math.js";
import type { Member, State } from "./state.js";
import { baseOf, leaves, type PlacedLeaf, someLeaf, tables } from "./tree.js";
import { slotsInUse, spaceAt } from "./who.js";

/** What a node's frames are used for (I22). */
export interface Census {
  readonly node: number;
  readonly bases: number;
  readonly copies: number;
  readonly cached: number;
  readonly freeTables: number;
  readonly data: number;
  readonly freeData: number;
}

export interface NamingLeaf extends PlacedLeaf {
  readonly slot: number;
}

/** The leaves that name one of the frames [frame, frame + frames), by slot, then page (W22). */
export function leavesNaming(state: State, frame: number, frames: number): readonly NamingLeaf[] {
  const found: NamingLeaf[] = [];
  for (const slot of slotsInUse(state)) {
    for (const placed of leaves(state.geometry, spaceAt(state, slot))) {
      const names = overlap(placed.leaf.frame, span(state.geometry, placed.level), frame, frames);
      if (names) found.push({ ...placed, slot });
    }
  }
  return found;
}

/** Whether a leaf names one of the frames [frame, frame + frames). */
function areNamed(state: State, frame: number, frames: number): boolean {
  return slotsInUse(state).some((slot) =>
    someLeaf(spaceAt(state, slot).root, (leaf, level) =>
      overlap(leaf.frame, span(state.geometry, level), frame, frames),
    ),
  );
}

/** Which of the frames from `first` up to `end` any leaf names. A run never leaves its zone. */
function takenFrames(state: State, first: number, end: number): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const slot of slotsInUse(state)) {
    for (const { leaf, level } of leaves(state.geometry, spaceAt(state, slot))) {
      if (leaf.frame < first || leaf.frame >= end) continue;
      for (let i = 0; i < span(state.geometry, level); i++) taken.add(leaf.frame + i);
    }
  }
  return taken;
}

/** Whether a leaf other than this one names one of its frames. */
export function namedByAnother(state: State, slot: number, placed: PlacedLeaf): boolean {
  const naming = leavesNaming(state, placed.leaf.frame, span(state.geometry, placed.level));
  return naming.some((other) => other.slot !== slot || other.page !== placed.page);
}

function membersOn(state: State, node: number): number {
  const all = slotsInUse(state).flatMap((slot) => tables(state.geometry, spaceAt(state, slot)));
  return all.filter(({ table }) => table.members.some((member) => member.node === node)).length;
}

export function freeTableFrames(state: State, node: number): number {
  return state.geometry.tableFrames - membersOn(state, node) - (state.cached[node] ?? 0);
}

/** One entry per node. */
export function census(state: State): readonly Census[] {
  const { geometry } = state;
  const all = slotsInUse(state).flatMap((slot) => tables(geometry, spaceAt(state, slot)));
  return Array.from({ length: geometry.nodes }, (_, node) => {
    const bases = all.filter(({ table }) => baseOf(table).node === node).length;
    const data = usedDataFrames(state, node);
    return {
      node,
      bases,
      copies: membersOn(state, node) - bases,
      cached: state.cached[node] ?? 0,
      freeTables: freeTableFrames(state, node),
      data,
      freeData: geometry.dataFrames - data,
    };
  });
}

function usedDataFrames(state: State, node: number): number {
  const first = firstDataFrame(state.geometry, node);
  const named = leavesNaming(state, first, state.geometry.dataFrames).flatMap(({ leaf, level }) =>
    Array.from({ length: span(state.geometry, level) }, (_, i) => leaf.frame + i),
  );
  return named.filter((frame, i) => named.indexOf(frame) === i).length;
}

/** A page that was asked for, or undefined when there is none; the state has the counting of it. */
export interface Taken {
  readonly state: State;
  readonly member: Member | undefined;
}

/** Pops a page of the cache list of `node`: one hit or one miss (W39). */
export function takeFromCache(state: State, node: number): Taken {
  const length = state.cached[node] ?? 0;
  if (length === 0) return { state: countAtNode(state, "cacheMisses", node), member: undefined };
  const popped = { ...state, cached: state.cached.map((each, i) => (i === node ? each - 1 : each)) };
  return { state: countAtNode(popped, "cacheHits", node), member: { node, fromCache: true } };
}

/** A frame of the table zone of the first of these nodes that has one. */
export function takeFromZones(state: State, nodes: readonly number[]): Taken {
  const node = nodes.find((each) => freeTableFrames(state, each) > 0);
  return { state, member: node === undefined ? undefined : { node, fromCache: false } };
}

/** Frees a table page: one that came from a cache goes back to the list of its own node, one return (D6). */
export function giveBack(state: State, member: Member): State {
  if (!member.fromCache) return state;
  const { node } = member;
  const pushed = { ...state, cached: state.cached.map((each, i) => (i === node ? each + 1 : each)) };
  return countAtNode(pushed, "cacheReturns", node);
}

/** The aligned free run for a leaf of `level` whose first page is `page`, on `node` or after it the other online nodes. */
export function findRun(state: State, node: number, level: number, page: number): number | undefined {
  for (const each of nodesFrom(state.geometry, node)) {
    const run = findRunOn(state, each, level, page);
    if (run !== undefined) return run;
  }
  return undefined;
}

/**
 * The free run for such a leaf on `node` itself: its first frame number is a multiple of its length. With placement
 * by-page the run at the page's own place in the zone comes first, then the lowest.
 */
export function findRunOn(state: State, node: number, level: number, page: number): number | undefined {
  const { geometry } = state;
  const frames = span(geometry, level);
  const zone = firstDataFrame(geometry, node);
  const end = zone + geometry.dataFrames;
  const preferred = zone + (page % geometry.dataFrames);
  const isAtItsPlace = geometry.placement === "by-page" && preferred % frames === 0 && preferred + frames <= end;
  if (isAtItsPlace && !areNamed(state, preferred, frames)) return preferred;
  const lowest = Math.ceil(zone / frames) * frames;
  if (lowest + frames > end) return undefined;
  const taken = takenFrames(state, zone, end);
  for (let run = lowest; run + frames <= end; run += frames) if (isFree(taken, run, frames)) return run;
  return undefined;
}

function isFree(taken: ReadonlySet<number>, run: number, frames: number): boolean {
  for (let frame = run; frame < run + frames; frame++) if (taken.has(frame)) return false;
  return true;
}
