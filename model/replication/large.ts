/** Large leaves: split into a table (D12), the splits that a part of one needs (D11), collapse of a table (D13). */
import type { EntryOperation } from "../../vocabulary/replication/operations.js";
import { countOnRing } from "./counters.js";
import { getAndClear, setLeaf } from "./entry-calls.js";
import { findRun, namedByAnother } from "./frames.js";
import { fanOut, firstPage, span } from "./geometry-math.js";
import { aggregate, inEveryMember } from "./leaf.js";
import { rangeAround } from "./ranges.js";
import { flush, flushIf } from "./shootdown.js";
import type { AddressSpace, State, Table } from "./state.js";
import { type Attempt, done, refused, type Step } from "./step.js";
import { link, takeBase, unlink } from "./tables.js";
import { dataNode } from "./touch.js";
import { entryAt, leafAt, leavesWithin, meetsMovingLeaf, type PlacedLeaf } from "./tree.js";
import { caller, spaceAt } from "./who.js";

export function split(state: State, { cpu, page }: Extract<EntryOperation, { kind: "split" }>): Step {
  const { slot, space } = caller(state, cpu);
  if (meetsMovingLeaf(state.geometry, space, page, 1)) return refused(state, "EBUSY");
  const placed = leafAt(state.geometry, space, page);
  if (placed === undefined || placed.level === 1) return refused(state, "EINVAL");
  const attempt = splitLeaf(state, slot, cpu, placed);
  return attempt.enough ? done(flush(attempt.state, slot, cpu)) : refused(attempt.state, "ENOMEM");
}

/** D12 without its flush. Counts in this order: allocation, getAndClear, hook, set. */
export function splitLeaf(state: State, slot: number, cpu: number, placed: PlacedLeaf): Attempt {
  const { geometry } = state;
  const { page, level } = placed;
  const { state: asked, member } = takeBase(state, slot, cpu);
  if (member === undefined) return { state: asked, enough: false };
  const empty: Table = { level: level - 1, members: [member], entries: {} };
  const value = aggregate(placed.leaf);
  const parts = Array.from({ length: fanOut(geometry) }, (_, i) =>
    inEveryMember({ ...value, frame: value.frame + i * span(geometry, level - 1) }, empty),
  );
  const cleared = getAndClear(asked, slot, placed);
  return { state: link(cleared, slot, page, { ...empty, entries: { ...parts } }), enough: true };
}

/** What the splits at the edges of a piece came to; `split` asks for a flush even when memory ran out. */
export interface EdgeSplits extends Attempt {
  readonly split: boolean;
}

/** D11: from the top down the large leaf that straddles the beginning, then the one that straddles the end. */
export function splitEdges(state: State, slot: number, cpu: number, edges: readonly number[]): EdgeSplits {
  let now = state;
  let split = false;
  for (const edge of edges) {
    let placed = straddling(now, slot, edge);
    while (placed !== undefined) {
      const attempt = splitLeaf(now, slot, cpu, placed);
      now = attempt.state;
      if (!attempt.enough) return { state: now, split, enough: false };
      split = true;
      placed = straddling(now, slot, edge);
    }
  }
  return { state: now, split, enough: true };
}

/** The leaf that covers both the page before `edge` and the one behind it. */
function straddling(state: State, slot: number, edge: number): PlacedLeaf | undefined {
  const placed = leafAt(state.geometry, spaceAt(state, slot), edge);
  return placed !== undefined && placed.page < edge ? placed : undefined;
}

/** An operation that ran out of memory while splitting: the splits that were made stay, and are flushed (D3, D11). */
export function outOfMemory({ state, split }: EdgeSplits, slot: number, cpu: number): Step {
  return refused(flushIf(split, state, slot, cpu), "ENOMEM");
}

export function collapse(state: State, operation: Extract<EntryOperation, { kind: "collapse" }>): Step {
  const { cpu, level } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  if (level >= geometry.levels) return refused(state, "EINVAL");
  const page = firstPage(geometry, operation.page, level);
  if (meetsMovingLeaf(geometry, space, page, span(geometry, level))) return refused(state, "EBUSY");
  const parts = collapsible(state, slot, space, page, level);
  if (parts === undefined) return refused(state, "EINVAL");
  const frame = findRun(state, dataNode(state, space, cpu), level, page);
  if (frame === undefined) return refused(state, "ENOMEM");

  const counted = parts.reduce((now, { table }) => countOnRing(now, "getAndClears", table), state);
  const flushed = flush(unlink(counted, slot, page, level - 1), slot, cpu);
  const values = parts.map(({ leaf }) => aggregate(leaf));
  const value = {
    ...aggregate(parts[0]!.leaf), // there is a part for each entry of a table
    frame,
    accessed: values.some(({ accessed }) => accessed),
    dirty: values.some(({ dirty }) => dirty),
  };
  return done(setLeaf(flushed, slot, page, level, value));
}

/** The leaves of a table that may become one large leaf (D13). */
function collapsible(
  state: State,
  slot: number,
  space: AddressSpace,
  page: number,
  level: number,
): readonly PlacedLeaf[] | undefined {
  const { geometry } = state;
  const pages = span(geometry, level);
  if (rangeAround(space.ranges, page, pages) === undefined) return undefined;
  if (entryAt(geometry, space, page, level)?.kind !== "table") return undefined;
  const parts = leavesWithin(geometry, space, page, pages);
  const first = parts[0];
  if (first === undefined || parts.length !== fanOut(geometry)) return undefined;
  const alike = parts.every(
    ({ level: each, leaf }) =>
      each === level - 1 &&
      leaf.presence === "present" &&
      leaf.writable === first.leaf.writable &&
      leaf.executable === first.leaf.executable,
  );
  return alike && !parts.some((part) => namedByAnother(state, slot, part)) ? parts : undefined;
}
