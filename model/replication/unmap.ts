/** unmap (D14) and discard (D16): leaves go; with unmap the ranges and then the tables too. */
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import { getAndClear } from "./entry-calls.js";
import { outOfMemory, splitEdges } from "./large.js";
import { joined, without } from "./ranges.js";
import { flushIf } from "./shootdown.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { freeTables } from "./tables.js";
import { leavesWithin, meetsMovingLeaf } from "./tree.js";
import { caller, changeSpace, spaceAt } from "./who.js";

export function unmap(state: State, { cpu, page, pages }: Extract<MemoryOperation, { kind: "unmap" }>): Step {
  const { slot, space } = caller(state, cpu);
  if (meetsMovingLeaf(state.geometry, space, page, pages)) return refused(state, "EBUSY");
  return unmapPages(state, slot, cpu, page, pages);
}

/** D14: value = leaves removed. */
export function unmapPages(state: State, slot: number, cpu: number, page: number, pages: number): Step {
  const ranges = joined(without(spaceAt(state, slot).ranges, page, pages), []);
  if (ranges.length > state.geometry.ranges) return refused(state, "ENOMEM");
  const edges = splitEdges(state, slot, cpu, [page, page + pages]);
  if (!edges.enough) return outOfMemory(edges, slot, cpu);

  const cleared = removeLeaves(edges.state, slot, page, pages);
  const shortened = changeSpace(cleared.state, slot, { ranges });
  const freed = freeTables(shortened, slot, page, pages);
  const needed = edges.split || cleared.present || freed.detached;
  return done(flushIf(needed, freed.state, slot, cpu), cleared.removed);
}

/** D16, W23: value = leaves removed; ranges, tables and rings stay. */
export function discard(state: State, { cpu, page, pages }: Extract<MemoryOperation, { kind: "discard" }>): Step {
  const { slot, space } = caller(state, cpu);
  if (meetsMovingLeaf(state.geometry, space, page, pages)) return refused(state, "EBUSY");
  const edges = splitEdges(state, slot, cpu, [page, page + pages]);
  if (!edges.enough) return outOfMemory(edges, slot, cpu);
  const cleared = removeLeaves(edges.state, slot, page, pages);
  return done(flushIf(edges.split || cleared.present, cleared.state, slot, cpu), cleared.removed);
}

/** get_and_clear of each leaf, ascending; its frames are free when no other leaf names them (D19). */
function removeLeaves(
  state: State,
  slot: number,
  page: number,
  pages: number,
): { readonly state: State; readonly removed: number; readonly present: boolean } {
  const gone = leavesWithin(state.geometry, spaceAt(state, slot), page, pages);
  return {
    state: gone.reduce((now, placed) => getAndClear(now, slot, placed), state),
    removed: gone.length,
    present: gone.some(({ leaf }) => leaf.presence === "present"),
  };
}
