/** remap: a range shrinks, grows or moves (D17, W25). How its leaves and tables move is in moving.ts. */
import type { MemoryOperation } from "../../vocabulary/replication/operations.js";
import { overlap, span, userPages } from "./geometry-math.js";
import { carryOut, planMoves } from "./moving.js";
import { joined, meetsRange, rangeAround, without } from "./ranges.js";
import { flushIf } from "./shootdown.js";
import type { Range, State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { freeTables, unlinkAgain } from "./tables.js";
import { meetsMovingLeaf } from "./tree.js";
import { unmapPages } from "./unmap.js";
import { caller, changeSpace, spaceAt } from "./who.js";

type Remap = Extract<MemoryOperation, { kind: "remap" }>;

export function remap(state: State, operation: Remap): Step {
  const { cpu, page, pages, to, toPages } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  const moves = to !== page;
  if (moves && (to + toPages > userPages(geometry) || overlap(page, pages, to, toPages)))
    return refused(state, "EINVAL");
  const range = rangeAround(space.ranges, page, pages);
  if (range === undefined) return refused(state, "EFAULT");
  const unit = span(geometry, range.leaf);
  if ([page, to, pages, toPages].some((each) => each % unit !== 0)) return refused(state, "EINVAL");
  if (moves && meetsRange(space.ranges, to, toPages)) return refused(state, "EEXIST");
  if (meetsMovingLeaf(geometry, space, page, pages)) return refused(state, "EBUSY");
  if (moves) return move(state, slot, operation, range);
  if (toPages > pages) return grow(state, slot, operation, range);
  return toPages < pages ? shrink(state, slot, operation) : done(state);
}

function shrink(state: State, slot: number, { cpu, page, pages, toPages }: Remap): Step {
  const { state: now, outcome } = unmapPages(state, slot, cpu, page + toPages, pages - toPages);
  return outcome.kind === "ok" ? done(now) : { state: now, outcome };
}

function grow(state: State, slot: number, { page, pages, toPages }: Remap, range: Range): Step {
  const { ranges } = spaceAt(state, slot);
  const end = page + pages;
  const more = toPages - pages;
  const free = end + more <= userPages(state.geometry) && !meetsRange(ranges, end, more);
  if (range.page + range.pages !== end || !free) return refused(state, "ENOMEM");
  return done(changeSpace(state, slot, { ranges: joined(ranges, [{ ...range, page: end, pages: more }]) }));
}

function move(state: State, slot: number, { cpu, page, pages, to, toPages }: Remap, range: Range): Step {
  const { geometry } = state;
  const { ranges } = spaceAt(state, slot);
  const target = { ...range, page: to, pages: toPages };
  const moved = joined(without(ranges, page, pages), [target]);
  if (moved.length > geometry.ranges) return refused(state, "ENOMEM");

  const tail = pages - toPages;
  const cut = tail > 0 ? unmapPages(state, slot, cpu, page + toPages, tail) : done(state);
  if (cut.outcome.kind !== "ok") return cut;

  const plan = planMoves(cut.state, slot, cpu, { page, to, pages: Math.min(pages, toPages) });
  if (!plan.enough) {
    const undone = unlinkAgain(plan.state, slot, plan.linked); // splits stay
    return refused(flushIf(plan.split, undone, slot, cpu), "ENOMEM");
  }
  const carried = carryOut(plan.state, slot, plan.moves);
  const renamed = changeSpace(carried.state, slot, { ranges: moved });
  const freed = freeTables(renamed, slot, page, Math.min(pages, toPages));
  const needed = plan.split || carried.tookAway || freed.detached;
  return done(flushIf(needed, freed.state, slot, cpu), plan.moves.length);
}
