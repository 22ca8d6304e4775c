/** The kernel's calls on a leaf, each on all members of the ring at once, with their counting (D10). */
import { countAtLevel, countOnRing } from "./counters.js";
import { aggregate, inEveryMember, type LeafValue } from "./leaf.js";
import type { State } from "./state.js";
import { knownTable, type PlacedLeaf, putEntry } from "./tree.js";
import { spaceAt } from "./who.js";

/** Takes the leaf away; its value is `aggregate(placed.leaf)`: no bit that a member's hardware set is lost (I14). */
export function getAndClear(state: State, slot: number, placed: PlacedLeaf): State {
  const cleared = putEntry(state, slot, placed.page, placed.level, undefined);
  return countOnRing(cleared, "getAndClears", placed.table);
}

/** Stores the leaf in every member: one set. */
export function setLeaf(state: State, slot: number, page: number, level: number, value: LeafValue): State {
  const table = knownTable(state.geometry, spaceAt(state, slot), page, level);
  return countAtLevel(putEntry(state, slot, page, level, inEveryMember(value, table)), "sets", table);
}

/** The end of a change of rights (ptep_modify_prot_commit): stored in every member, one protCommit. */
export function commitLeaf(state: State, slot: number, placed: PlacedLeaf, value: LeafValue): State {
  const stored = putEntry(state, slot, placed.page, placed.level, inEveryMember(value, placed.table));
  return countOnRing(stored, "protCommits", placed.table);
}

/** RW, A and D or'ed into every member (W15); one set if any of them differed. */
export function setAccessFlags(state: State, slot: number, placed: PlacedLeaf): State {
  const { page, level, leaf } = placed;
  if (leaf.writable && !leaf.accessed.includes(false) && !leaf.dirty.includes(false)) return state;
  return setLeaf(state, slot, page, level, { ...aggregate(leaf), writable: true, accessed: true, dirty: true });
}
