/**
 * How the contents of a range move to other pages (D17): first everything that needs memory, then the moves.
 *
 * A unit is the largest that fits: a whole table where both places are aligned to its span, else a leaf.
 */
import { countAtLevel } from "./counters.js";
import { getAndClear, setLeaf } from "./entry-calls.js";
import { span } from "./geometry-math.js";
import { splitLeaf } from "./large.js";
import { aggregate } from "./leaf.js";
import type { State } from "./state.js";
import type { Linking } from "./tables.js";
import { makePath, type Place, slotIsEmpty, tableEntry } from "./tables.js";
import { entryAt, knownTable, leafAt, type PlacedLeaf, putEntry, tableAt } from "./tree.js";
import { spaceAt } from "./who.js";

/** `pages` pages from `page` on go to `to`. */
export interface Move {
  readonly page: number;
  readonly to: number;
  readonly pages: number;
}

/** One unit; `level` is that of the entry that moves. */
export interface UnitMove {
  readonly kind: "table" | "leaf";
  readonly page: number;
  readonly to: number;
  readonly level: number;
}

export interface Plan extends Linking {
  readonly moves: readonly UnitMove[];
  readonly split: boolean;
}

/** Splits and makes all that the moves will need; when memory runs out, `linked` is what is to be undone. */
export function planMoves(state: State, slot: number, cpu: number, { page, to, pages }: Move): Plan {
  const { geometry } = state;
  let now = state;
  let split = false;
  const linked: Place[] = [];
  const moves: UnitMove[] = [];
  let offset = 0;
  while (offset < pages) {
    const rest = { page: page + offset, to: to + offset, pages: pages - offset };
    const placed = leafAt(geometry, spaceAt(now, slot), rest.page);
    const unit = tableMove(now, slot, rest) ?? leafMove(now, slot, rest, placed);
    if (unit !== undefined) {
      const path = makePath(now, slot, cpu, unit.to, unit.level);
      now = path.state;
      linked.push(...path.linked);
      if (!path.enough) return { state: now, linked, moves, split, enough: false };
      moves.push(unit);
      offset += span(geometry, unit.level);
    } else if (placed !== undefined) {
      const attempt = splitLeaf(now, slot, cpu, placed);
      now = attempt.state;
      if (!attempt.enough) return { state: now, linked, moves, split, enough: false };
      split = true;
    } else {
      offset += pagesOfHole(now, slot, rest.page);
    }
  }
  return { state: now, linked, moves, split, enough: true };
}

/** The largest table that begins here, is wholly to move, and has an empty aligned slot to go to. */
function tableMove(state: State, slot: number, { page, to, pages }: Move): UnitMove | undefined {
  const { geometry } = state;
  for (let level = geometry.levels; level > 1; level--) {
    const covered = span(geometry, level);
    if (page % covered !== 0 || to % covered !== 0 || pages < covered) continue;
    if (entryAt(geometry, spaceAt(state, slot), page, level)?.kind !== "table") continue;
    if (slotIsEmpty(state, slot, to, level)) return { kind: "table", page, to, level };
  }
  return undefined;
}

/** The leaf here, if it can move as it is: wholly to move, aligned at both places, its slot there empty. */
export function leafMove(
  state: State,
  slot: number,
  { page, to, pages }: Move,
  placed: PlacedLeaf | undefined,
): UnitMove | undefined {
  if (placed === undefined) return undefined;
  const { level } = placed;
  const covered = span(state.geometry, level);
  const fits = placed.page === page && to % covered === 0 && pages >= covered && slotIsEmpty(state, slot, to, level);
  return fits ? { kind: "leaf", page, to, level } : undefined;
}

/** From `page` to the end of the empty slot around it. */
export function pagesOfHole(state: State, slot: number, page: number): number {
  const { geometry } = state;
  let level = geometry.levels;
  while (level > 1 && tableAt(geometry, spaceAt(state, slot), page, level - 1) !== undefined) level--;
  return span(geometry, level) - (page % span(geometry, level));
}

/** Moves the units. `tookAway`: a present leaf or a table left its place, so a flush is due. */
export function carryOut(
  state: State,
  slot: number,
  moves: readonly UnitMove[],
): { readonly state: State; readonly tookAway: boolean } {
  let now = state;
  let tookAway = false;
  for (const unit of moves) {
    if (unit.kind === "table") {
      now = moveTable(now, slot, unit);
      tookAway = true;
      continue;
    }
    const placed = leafAt(state.geometry, spaceAt(now, slot), unit.page);
    if (placed === undefined) continue;
    const value = aggregate(placed.leaf); // A and D of all members come along
    now = setLeaf(getAndClear(now, slot, placed), slot, unit.to, unit.level, value);
    tookAway ||= value.presence === "present";
  }
  return { state: now, tookAway };
}

/** The table moves whole: its members, ring, A and D stay; one clear at the old parent, one set at the new (W25). */
function moveTable(state: State, slot: number, { page, to, level }: UnitMove): State {
  const { geometry } = state;
  const from = knownTable(geometry, spaceAt(state, slot), page, level);
  const table = knownTable(geometry, spaceAt(state, slot), page, level - 1);
  const cleared = countAtLevel(putEntry(state, slot, page, level, undefined), "clears", from);
  const into = knownTable(geometry, spaceAt(cleared, slot), to, level);
  return countAtLevel(putEntry(cleared, slot, to, level, tableEntry(table, into)), "sets", into);
}
