/** Making, linking and releasing page tables: base tables (D4), the hook that gives them a ring (D5), release (D6). */
import { count, countAtLevel, movePeak } from "./counters.js";
import { giveBack, type Taken, takeFromCache, takeFromZones } from "./frames.js";
import { firstPage, nodeOfCpu, nodesFrom, span } from "./geometry-math.js";
import { meetsRange } from "./ranges.js";
import type { Entry, Member, State, Table } from "./state.js";
import type { Attempt } from "./step.js";
import { baseOf, changeEntries, changeTable, entryAt, hasRing, knownTable, putEntry, tableAt, tables } from "./tree.js";
import { isReplicated, spaceAt } from "./who.js";

/** The table of `level` that covers `page`. */
export interface Place {
  readonly page: number;
  readonly level: number;
}

/** What linking came to, and the tables that were linked, in their order. */
export interface Linking extends Attempt {
  readonly linked: readonly Place[];
}

/** Where a base table is wanted: the acting CPU's node, or 0 in mode 0 (D4). */
export function wantedNode(state: State, cpu: number): number {
  return state.mode === 0 ? 0 : nodeOfCpu(state.geometry, cpu);
}

/** D4: a page for a base table of this space: from the cache if the space uses it, else from the zones. */
export function takeBase(state: State, slot: number, cpu: number): Taken {
  const space = spaceAt(state, slot);
  const node = wantedNode(state, cpu);
  if (!isReplicated(space) && !space.cacheOnly) return takeFromZones(state, nodesFrom(state.geometry, node));
  const popped = takeFromCache(state, node);
  return popped.member ? popped : takeFromZones(popped.state, nodesFrom(state.geometry, node));
}

/** D5, D26: a page for a copy on `node`, strictly: from its cache (hit or miss), else from its zone. */
export function takeCopy(state: State, node: number): Taken {
  const popped = takeFromCache(state, node);
  return popped.member ? popped : takeFromZones(popped.state, [node]);
}

/** The tables over `page` from the root's child down to `level`, those that are missing made (D4). */
export function makePath(state: State, slot: number, cpu: number, page: number, level: number): Linking {
  let now = state;
  const linked: Place[] = [];
  for (let down = state.geometry.levels - 1; down >= level; down--) {
    if (tableAt(state.geometry, spaceAt(now, slot), page, down) !== undefined) continue;
    const { state: asked, member } = takeBase(now, slot, cpu);
    if (member === undefined) return { state: asked, linked, enough: false };
    now = link(asked, slot, page, { level: down, members: [member], entries: {} });
    linked.push({ page, level: down });
  }
  return { state: now, linked, enough: true };
}

/** All these paths; when one finds no memory, what was linked is unlinked again (D4). */
export function makePaths(state: State, slot: number, cpu: number, places: readonly Place[]): Linking {
  let now = state;
  const linked: Place[] = [];
  for (const { page, level } of places) {
    const path = makePath(now, slot, cpu, page, level);
    now = path.state;
    linked.push(...path.linked);
    if (!path.enough) return { state: unlinkAgain(now, slot, linked), linked: [], enough: false };
  }
  return { state: now, linked, enough: true };
}

/** D4: what an operation without enough memory has linked goes in reverse order, each counted as its release. */
export function unlinkAgain(state: State, slot: number, linked: readonly Place[]): State {
  return linked.toReversed().reduce((now, { page, level }) => unlink(now, slot, page, level), state);
}

/** Links a new table of one member over `page`: its peak, the hook, then one set at the parent's level (D5, D30). */
export function link(state: State, slot: number, page: number, table: Table): State {
  const parent = knownTable(state.geometry, spaceAt(state, slot), page, table.level + 1);
  const linked = putEntry(state, slot, page, table.level + 1, tableEntry(table, parent));
  const seen = movePeak(linked, slot, "peakPrimary", table.level, baseOf(table).node);
  return countAtLevel(hook(seen, slot, page, table.level), "sets", parent);
}

/** An entry that names `table` in every member of `parent`; A is clear in all. */
export function tableEntry(table: Table, parent: Table): Entry {
  return { kind: "table", accessed: parent.members.map(() => false), table };
}

/** D5: copies for a table that is linked under a parent with a ring; all of them or none. */
function hook(state: State, slot: number, page: number, level: number): State {
  const { geometry } = state;
  const space = spaceAt(state, slot);
  const table = knownTable(geometry, space, page, level);
  if (!isReplicated(space) || !hasRing(knownTable(geometry, space, page, level + 1))) return state; // W33
  const asked = level === 1 ? count(state, "pteAttempts") : state;
  const given = giveRing(asked, slot, { page, level }, space.nodes);
  if (!given.enough) {
    const copies = knownTable(geometry, spaceAt(given.state, slot), page, level).members.slice(1);
    const returned = copies.reduce(giveBack, given.state); // W39
    const alone = changeTable(returned, slot, page, level, () => table);
    return count(alone, "tablesWithoutRing"); // W7
  }
  return level === 1 ? count(given.state, "pteSuccesses") : given.state;
}

/** Copies on the nodes other than the base's, ascending. Without memory it stops half-way. */
export function giveRing(state: State, slot: number, place: Place, nodes: readonly number[]): Attempt {
  const { page, level } = place;
  const base = baseOf(knownTable(state.geometry, spaceAt(state, slot), page, level));
  let now = state;
  for (const node of nodes.filter((each) => each !== base.node)) {
    const { state: asked, member } = takeCopy(now, node);
    if (member === undefined) return { state: asked, enough: false };
    const more = changeTable(asked, slot, page, level, (table) => withCopy(table, member));
    now = movePeak(more, slot, "peakReplica", level, node);
  }
  return { state: now, enough: true };
}

/** The table with one more member, which starts as the base is, A and D included. */
function withCopy(table: Table, member: Member): Table {
  const first = (bits: readonly boolean[]) => [...bits, bits[0] ?? false];
  const copied = changeEntries(table, (entry) =>
    entry.kind === "table"
      ? { ...entry, accessed: first(entry.accessed) }
      : { ...entry, accessed: first(entry.accessed), dirty: first(entry.dirty) },
  );
  return { ...copied, members: [...table.members, member] };
}

/** D6: unlinks the table of `level` over `page` and frees its members. What it held is the caller's business. */
export function unlink(state: State, slot: number, page: number, level: number): State {
  const space = spaceAt(state, slot);
  const table = knownTable(state.geometry, space, page, level);
  const parent = knownTable(state.geometry, space, page, level + 1);
  const cleared = countAtLevel(putEntry(state, slot, page, level + 1, undefined), "clears", parent);
  return table.members.reduce(giveBack, countRelease(cleared, table));
}

function countRelease(state: State, table: Table): State {
  if (table.level !== 1 || !hasRing(table)) return state;
  return count(count(state, "pteReleases"), "pteReplicasFreed", table.members.length - 1);
}

/** D14, W24: frees, bottom up, the tables that meet these pages and have no range left in their span; never the root. */
export function freeTables(
  state: State,
  slot: number,
  page: number,
  pages: number,
): { readonly state: State; readonly detached: boolean } {
  const { geometry } = state;
  const space = spaceAt(state, slot);
  const free = tables(geometry, space)
    .filter(({ table }) => table.level < geometry.levels)
    .filter((placed) => {
      const covered = span(geometry, placed.table.level + 1);
      const meets = placed.page < page + pages && page < placed.page + covered;
      return meets && !meetsRange(space.ranges, placed.page, covered);
    })
    .toSorted((a, b) => a.table.level - b.table.level);
  const freed = free.reduce((now, { page: at, table }) => unlink(now, slot, at, table.level), state);
  return { state: freed, detached: free.length > 0 };
}

/** Whether the aligned slot of `level` around `page` is empty, or its path is not there yet. */
export function slotIsEmpty(state: State, slot: number, page: number, level: number): boolean {
  const { geometry } = state;
  return entryAt(geometry, spaceAt(state, slot), firstPage(geometry, page, level), level) === undefined;
}
