/** How much memory page tables take, by level and by node. */
import { levelIndex } from "../../model/replication/geometry-math.js";
import type { State } from "../../model/replication/state.js";
import { tables } from "../../model/replication/tree.js";
import { slotsInUse, spaceAt } from "../../model/replication/who.js";
import { LEVEL_NAMES, type LevelName } from "../../vocabulary/replication/statistics.js";
import type { Pair } from "../engine/pair.js";

export interface TableCount {
  /** Table pages of each level that the geometry has, root first; a replica is a page of its own. */
  readonly pages: { readonly [level in LevelName]?: number };
  /** Bytes of table pages on each node. */
  readonly bytes: readonly number[];
}

/** Bytes of an entry, on x86-64. */
const ENTRY_BYTES = 8;

/** The tables of all address spaces, counted in the state that the reference of a replication pair is in. */
export function countTables({ state: reached }: Pick<Pair, "state">): TableCount {
  const state = reached as State;
  const { geometry } = state;
  const all = slotsInUse(state).flatMap((slot) => tables(geometry, spaceAt(state, slot)));
  const pages: { [level in LevelName]?: number } = {};
  for (let level = geometry.levels; level >= 1; level--) {
    const ofLevel = all.filter(({ table }) => table.level === level);
    pages[LEVEL_NAMES[levelIndex(geometry, level)]!] = ofLevel.flatMap(({ table }) => table.members).length;
  }
  const members = all.flatMap(({ table }) => table.members);
  const bytes = Array.from(
    { length: geometry.nodes },
    (_, node) => members.filter((member) => member.node === node).length * ENTRY_BYTES * 2 ** geometry.indexBits,
  );
  return { pages, bytes };
}
