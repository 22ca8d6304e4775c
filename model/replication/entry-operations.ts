/** What the kernel's page-table helpers do with one leaf: read, age, clean (D20) and move its data (D21). */
import type { EntryOperation } from "../../vocabulary/replication/operations.js";
import { countAtLevel } from "./counters.js";
import { getAndClear, setLeaf } from "./entry-calls.js";
import { findRunOn, leavesNaming, namedByAnother } from "./frames.js";
import { nodeOfFrame } from "./geometry-math.js";
import { aggregate, rightsOf } from "./leaf.js";
import { flush, flushIf } from "./shootdown.js";
import type { State } from "./state.js";
import { done, refused, type Step } from "./step.js";
import { leafAt, meetsMovingLeaf, putEntry, tableAt } from "./tree.js";
import { caller } from "./who.js";

/** W3. One get at the level of the entry that was read: an entry of level 1, empty or not, or a large leaf. */
export function read(state: State, { cpu, page }: Extract<EntryOperation, { kind: "read" }>): Step {
  const { space } = caller(state, cpu);
  const placed = leafAt(state.geometry, space, page);
  const table = placed?.table ?? tableAt(state.geometry, space, page, 1);
  const counted = table === undefined ? state : countAtLevel(state, "gets", table);
  if (placed === undefined || placed.leaf.presence === "moving") return { state: counted, outcome: { kind: "absent" } };
  const value = aggregate(placed.leaf);
  const { frame, accessed, dirty } = value;
  const rights = rightsOf(value);
  return { state: counted, outcome: { kind: "entry", level: placed.level, frame, rights, accessed, dirty } };
}

/** Tests and clears A in every member (I13); value 1 if any had it. TLBs keep what they have. */
export function age(state: State, { cpu, page }: Extract<EntryOperation, { kind: "age" }>): Step {
  const { slot, space } = caller(state, cpu);
  const placed = leafAt(state.geometry, space, page);
  if (placed === undefined || placed.leaf.presence === "moving") return done(state);
  if (!placed.leaf.accessed.includes(true)) return done(state);
  const young = { ...placed.leaf, accessed: placed.leaf.accessed.map(() => false) };
  return done(putEntry(state, slot, placed.page, placed.level, young), 1);
}

/** W22: every leaf that names the page's frame loses D and RW; value 1 if any member of any had D. */
export function clean(state: State, { cpu, page }: Extract<EntryOperation, { kind: "clean" }>): Step {
  const { space } = caller(state, cpu);
  const placed = leafAt(state.geometry, space, page);
  if (placed?.leaf.presence === "moving") return refused(state, "EBUSY");
  if (placed === undefined) return done(state);
  const naming = leavesNaming(state, placed.leaf.frame + page - placed.page, 1);

  const cleaned = naming.reduce((now, each) => {
    const value = { ...aggregate(each.leaf), writable: false, dirty: false };
    const cleared = getAndClear(now, each.slot, each);
    const flushed = flushIf(each.leaf.presence === "present", cleared, each.slot, cpu);
    return setLeaf(flushed, each.slot, each.page, each.level, value);
  }, state);
  return done(cleaned, naming.some(({ leaf }) => leaf.dirty.includes(true)) ? 1 : 0);
}

/** W28, first half: the entry is not present and holds the new frame, the same in every member (I7). */
export function moveStart(state: State, operation: Extract<EntryOperation, { kind: "moveStart" }>): Step {
  const { cpu, page, node } = operation;
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  if (meetsMovingLeaf(geometry, space, page, 1)) return refused(state, "EBUSY");
  const placed = leafAt(geometry, space, page);
  if (placed?.leaf.presence !== "present" || !geometry.onlineNodes.includes(node)) return refused(state, "EINVAL");
  if (nodeOfFrame(geometry, placed.leaf.frame) === node) return done(state);
  if (namedByAnother(state, slot, placed)) return refused(state, "EBUSY");
  const frame = findRunOn(state, node, placed.level, placed.page);
  if (frame === undefined) return refused(state, "ENOMEM");
  const flushed = flush(getAndClear(state, slot, placed), slot, cpu);
  const payload = { ...aggregate(placed.leaf), presence: "moving" as const, frame };
  return done(setLeaf(flushed, slot, placed.page, placed.level, payload), 1);
}

/** W28, second half: present again, with the rights, A and D of before in every member. */
export function moveFinish(state: State, { cpu, page }: Extract<EntryOperation, { kind: "moveFinish" }>): Step {
  const { slot, space } = caller(state, cpu);
  const placed = leafAt(state.geometry, space, page);
  if (placed?.leaf.presence !== "moving") return refused(state, "EINVAL");
  const value = { ...aggregate(placed.leaf), presence: "present" as const };
  return done(setLeaf(state, slot, placed.page, placed.level, value));
}
