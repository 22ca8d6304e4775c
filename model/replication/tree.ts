/** The tree of tables of one address space: finding things in it, and the same tree with one table changed. */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import { firstPage, indexAt, overlap, span } from "./geometry-math.js";
import type { AddressSpace, Entry, LeafEntry, Member, State, Table } from "./state.js";
import { changeSpace, spaceAt } from "./who.js";

/** A table and the first page that it covers. */
export interface PlacedTable {
  readonly page: number;
  readonly table: Table;
}

/** A leaf, its first page, and the table that holds it. */
export interface PlacedLeaf {
  readonly page: number;
  readonly level: number;
  readonly leaf: LeafEntry;
  readonly table: Table;
}

export function hasRing(table: Table): boolean {
  return table.members.length > 1;
}

export function baseOf(table: Table): Member {
  const base = table.members[0];
  if (base === undefined) throw new PagetwinError("UNREACHABLE", "a table without members");
  return base;
}

/** The member that an entry of the parent's member on `node` names: of the same node, else of home, else the base. */
export function namedMember(table: Table, node: number, home: number): Member {
  const on = (wanted: number) => table.members.find((member) => member.node === wanted);
  return on(node) ?? on(home) ?? baseOf(table);
}

/** The table of `level` that covers `page`. */
export function tableAt(geometry: Geometry, space: AddressSpace, page: number, level: number): Table | undefined {
  let table = space.root;
  while (table.level > level) {
    const entry = table.entries[indexAt(geometry, page, table.level)];
    if (entry?.kind !== "table") return undefined;
    table = entry.table;
  }
  return table;
}

/** The table of `level` that covers `page` and is known to be there. */
export function knownTable(geometry: Geometry, space: AddressSpace, page: number, level: number): Table {
  const table = tableAt(geometry, space, page, level);
  if (table === undefined) throw new PagetwinError("UNREACHABLE", `no table of level ${level} over page ${page}`);
  return table;
}

/** The entry of `level` over `page`; undefined when it is empty or there is no table to hold it. */
export function entryAt(geometry: Geometry, space: AddressSpace, page: number, level: number): Entry | undefined {
  return tableAt(geometry, space, page, level)?.entries[indexAt(geometry, page, level)];
}

/** The leaf that covers `page`, at whatever level, in whatever presence. */
export function leafAt(geometry: Geometry, space: AddressSpace, page: number): PlacedLeaf | undefined {
  let table = space.root;
  for (;;) {
    const entry = table.entries[indexAt(geometry, page, table.level)];
    if (entry === undefined) return undefined;
    if (entry.kind === "leaf") {
      return { page: firstPage(geometry, page, table.level), level: table.level, leaf: entry, table };
    }
    table = entry.table;
  }
}

/** The entries of a table with their indices, ascending. */
function entriesOf(table: Table): readonly (readonly [number, Entry])[] {
  return Object.entries(table.entries).map(([index, entry]) => [Number(index), entry]);
}

/** All leaves of an address space, ascending. */
export function leaves(geometry: Geometry, space: AddressSpace): readonly PlacedLeaf[] {
  const found: PlacedLeaf[] = [];
  addLeaves(geometry, space.root, 0, found);
  return found;
}

function addLeaves(geometry: Geometry, table: Table, start: number, found: PlacedLeaf[]): void {
  const { level, entries } = table;
  const covered = span(geometry, level);
  for (const index in entries) {
    const entry = entries[index]!;
    const page = start + Number(index) * covered;
    if (entry.kind === "leaf") found.push({ page, level, leaf: entry, table });
    else addLeaves(geometry, entry.table, page, found);
  }
}

/** Whether some leaf of this table, or of one below it, is such. */
export function someLeaf(table: Table, isSuch: (leaf: LeafEntry, level: number) => boolean): boolean {
  return Object.values(table.entries).some((entry) =>
    entry.kind === "leaf" ? isSuch(entry, table.level) : someLeaf(entry.table, isSuch),
  );
}

/** The leaves that meet the pages [page, page + pages), ascending. */
export function leavesWithin(
  geometry: Geometry,
  space: AddressSpace,
  page: number,
  pages: number,
): readonly PlacedLeaf[] {
  return leaves(geometry, space).filter((placed) => overlap(placed.page, span(geometry, placed.level), page, pages));
}

/** Whether a leaf on its way to another node (W28) meets these pages. */
export function meetsMovingLeaf(geometry: Geometry, space: AddressSpace, page: number, pages: number): boolean {
  return leavesWithin(geometry, space, page, pages).some((placed) => placed.leaf.presence === "moving");
}

/** All tables, each before its children, children by index. */
export function tables(geometry: Geometry, space: AddressSpace): readonly PlacedTable[] {
  const found: PlacedTable[] = [];
  addTables(geometry, space.root, 0, found);
  return found;
}

function addTables(geometry: Geometry, table: Table, page: number, found: PlacedTable[]): void {
  found.push({ page, table });
  if (table.level === 1) return;
  const covered = span(geometry, table.level);
  for (const index in table.entries) {
    const entry = table.entries[index]!;
    if (entry.kind === "table") addTables(geometry, entry.table, page + Number(index) * covered, found);
  }
}

/** The same state with the table of `level` that covers `page` replaced by what `change` makes of it. */
export function changeTable(
  state: State,
  slot: number,
  page: number,
  level: number,
  change: (table: Table) => Table,
): State {
  return changeSpace(state, slot, { root: changed(state.geometry, spaceAt(state, slot).root, page, level, change) });
}

function changed(
  geometry: Geometry,
  table: Table,
  page: number,
  level: number,
  change: (table: Table) => Table,
): Table {
  if (table.level === level) return change(table);
  const index = indexAt(geometry, page, table.level);
  const entry = table.entries[index];
  if (entry?.kind !== "table") throw new PagetwinError("UNREACHABLE", `no table of level ${level} over page ${page}`);
  const below = changed(geometry, entry.table, page, level, change);
  return { ...table, entries: { ...table.entries, [index]: { ...entry, table: below } } };
}

/** The same state with the entry of `level` over `page` set, or with undefined cleared. Counts nothing. */
export function putEntry(state: State, slot: number, page: number, level: number, entry: Entry | undefined): State {
  const index = indexAt(state.geometry, page, level);
  return changeTable(state, slot, page, level, (table) => {
    if (entry !== undefined) return { ...table, entries: { ...table.entries, [index]: entry } };
    const { [index]: _cleared, ...others } = table.entries;
    return { ...table, entries: others };
  });
}

/** The same table with every entry replaced by what `change` makes of it. */
export function changeEntries(table: Table, change: (entry: Entry) => Entry): Table {
  const entries: { [index: number]: Entry } = {};
  for (const [index, entry] of entriesOf(table)) entries[index] = change(entry);
  return { ...table, entries };
}
