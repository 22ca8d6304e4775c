/** protect: other rights for a range, leaf by leaf (D15, W26). */
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import { commitLeaf, getAndClear } from "./entry-calls.js";
import { outOfMemory, splitEdges } from "./large.js";
import { aggregate, allowsExecuting, allowsWriting, type LeafValue } from "./leaf.js";
import { joined, piecesWithin, rangeAt, without } from "./ranges.js";
import { flushIf } from "./shootdown.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { leavesWithin, meetsMovingLeaf } from "./tree.js";
import { caller, changeSpace, spaceAt } from "./who.js";

export function protect(state: State, operation: Extract<MemoryOperation, { kind: "protect" }>): Step {
  const { cpu, page, pages, rights } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  if (meetsMovingLeaf(geometry, space, page, pages)) return refused(state, "EBUSY");
  const pieces = piecesWithin(space.ranges, page, pages);
  if (pieces.reduce((sum, piece) => sum + piece.pages, 0) < pages) return refused(state, "ENOMEM"); // a hole
  const changed = pieces.map((piece) => ({ ...piece, rights }));
  const ranges = joined(without(space.ranges, page, pages), changed);
  if (ranges.length > geometry.ranges) return refused(state, "ENOMEM");

  // D11: only where rights change is there anything to split for.
  const changes = (at: number) => rangeAt(space.ranges, at)?.rights !== rights;
  const edges = splitEdges(state, slot, cpu, [
    ...(changes(page) ? [page] : []),
    ...(changes(page + pages - 1) ? [page + pages] : []),
  ]);
  if (!edges.enough) return outOfMemory(edges, slot, cpu);

  const leaves = pieces
    .filter((piece) => piece.rights !== rights)
    .flatMap((piece) => leavesWithin(geometry, spaceAt(edges.state, slot), piece.page, piece.pages));
  const committed = leaves.reduce(
    (now, placed) =>
      commitLeaf(getAndClear(now, slot, placed), slot, placed, withRights(aggregate(placed.leaf), rights)),
    changeSpace(edges.state, slot, { ranges }),
  );
  const deprived = leaves.some(({ leaf }) => losesRight(aggregate(leaf), withRights(aggregate(leaf), rights)));
  return done(flushIf(edges.split || deprived, committed, slot, cpu), leaves.length);
}

/** The leaf under new rights: never more writable than it was, for a write has to fault first. */
function withRights(value: LeafValue, rights: Rights): LeafValue {
  if (rights === "---") return { ...value, presence: "none", writable: false, executable: false };
  const writable = value.writable && allowsWriting(rights);
  return { ...value, presence: "present", writable, executable: allowsExecuting(rights) };
}

/** W31: only what takes a right from a present leaf needs a flush. */
function losesRight(before: LeafValue, after: LeafValue): boolean {
  if (before.presence !== "present") return false;
  return (
    after.presence !== "present" || (before.writable && !after.writable) || (before.executable && !after.executable)
  );
}
