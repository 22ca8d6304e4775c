/** Questions about the tables, and the two ways in which frames of tables come and go. */
import { produce } from "immer";
import type { Geometry } from "../../vocabulary/geometry.js";
import { firstFrame, indexAt, nodeOfCpu } from "./address.js";
import type { Pointer } from "./entry.js";
import type { Entry, State, Table } from "./state.js";

/** One step of a walk: the entry of this level that the page goes through; undefined if it is empty. */
export interface Step {
  readonly level: number;
  readonly table: number;
  readonly index: number;
  readonly entry: Entry | undefined;
}

/** The entries that a page goes through, from a table of `level` down to a leaf or to where nothing leads on. */
export function path(state: State, page: number, table = state.root, level = state.geometry.levels): readonly Step[] {
  const entries = state.tables[table];
  if (entries === undefined) throw new Error(`frame ${table} holds no table`);
  const index = indexAt(state.geometry, level, page);
  const entry = entries[index];
  const step: Step = { level, table, index, entry };
  return entry?.kind === "pointer" ? [step, ...path(state, page, entry.table, level - 1)] : [step];
}

/** The entry where the walk of a page ends. */
export function end(state: State, page: number): Step {
  return path(state, page).at(-1)!;
}

export function withEntry(state: State, table: number, index: number, entry: Entry | undefined): State {
  return produce(state, (draft) => {
    const entries = draft.tables[table] as { [index: number]: Entry };
    if (entry === undefined) delete entries[index];
    else entries[index] = entry;
  });
}

export function withTable(state: State, frame: number, table: Table): State {
  return { ...state, tables: { ...state.tables, [frame]: table } };
}

export function withoutTable(state: State, frame: number): State {
  const { [frame]: _freed, ...tables } = state.tables;
  return { ...state, tables };
}

/** A new pointer restricts nothing and has not been walked. */
export function pointerTo(table: number): Pointer {
  return { kind: "pointer", table, writable: true, user: true, noExecute: false, accessed: false };
}

/** The lowest frame of a node's table zone that holds no table; undefined if all do. */
function lowestFree(geometry: Geometry, tables: State["tables"], node: number): number | undefined {
  const first = firstFrame(geometry, node);
  const frames = Array.from({ length: geometry.tableFrames }, (_, i) => first + i);
  return frames.find((frame) => tables[frame] === undefined);
}

/** Where a new table for a CPU goes: its own node, then the other online ones, ascending (W34). */
export function frameForTable(state: State, cpu: number): number | undefined {
  const { geometry, tables } = state;
  const own = nodeOfCpu(geometry, cpu);
  const nodes = geometry.onlineNodes.filter((node) => node !== own);
  const order = geometry.onlineNodes.includes(own) ? [own, ...nodes] : nodes;
  return order.map((node) => lowestFree(geometry, tables, node)).find((frame) => frame !== undefined);
}

/** Takes back the tables on the page's path that hold nothing, from the bottom up; never the root. */
export function withoutEmptyTables(state: State, page: number): State {
  const last = end(state, page);
  if (last.table === state.root || Object.keys(state.tables[last.table]!).length > 0) return state;
  const parent = path(state, page).at(-2)!;
  return withoutEmptyTables(withoutTable(withEntry(state, parent.table, parent.index, undefined), last.table), page);
}
