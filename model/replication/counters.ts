/** Counting. Nothing here decides anything: statistics are only written, and read by the files in /proc. */
import type { Statistics } from "../../vocabulary/replication/statistics.js";
import { levelIndex } from "./geometry-math.js";
import type { State, Table } from "./state.js";
import { baseOf, hasRing, tables } from "./tree.js";
import { spaceAt } from "./who.js";

type Counter = {
  [Name in keyof Statistics]: Statistics[Name] extends number ? Name : never;
}[keyof Statistics];

function increased(list: readonly number[], place: number, by = 1): readonly number[] {
  return list.map((value, index) => (index === place ? value + by : value));
}

export function count(state: State, counter: Counter, by = 1): State {
  const { statistics } = state;
  return { ...state, statistics: { ...statistics, [counter]: statistics[counter] + by } };
}

/** Counts a call on an entry of `table`, which is counted only where there is a ring (D10, W35). */
export function countOnRing(state: State, counter: "protCommits" | "getAndClears", table: Table): State {
  return hasRing(table) ? count(state, counter) : state;
}

/** The same, by the level of `table`. */
export function countAtLevel(state: State, counter: "sets" | "clears" | "gets", table: Table): State {
  if (!hasRing(table)) return state;
  const { statistics } = state;
  const more = increased(statistics[counter], levelIndex(state.geometry, table.level));
  return { ...state, statistics: { ...statistics, [counter]: more } };
}

export function countAtNode(
  state: State,
  counter: "cacheHits" | "cacheMisses" | "cacheReturns",
  node: number,
  by = 1,
): State {
  const { statistics } = state;
  return { ...state, statistics: { ...statistics, [counter]: increased(statistics[counter], node, by) } };
}

/** A table or copy of `level` has come to `node`: the peak there is at least what there is now (D30). */
export function movePeak(
  state: State,
  slot: number,
  peak: "peakPrimary" | "peakReplica",
  level: number,
  node: number,
): State {
  const now = peak === "peakPrimary" ? bases(state, slot, level, node) : copies(state, slot, level, node);
  const { statistics } = state;
  const ours = statistics.spaces[slot];
  if (ours === undefined) return state;
  const place = levelIndex(state.geometry, level);
  const moved = ours[peak].map((row, index) =>
    index === place ? row.map((value, each) => (each === node ? Math.max(value, now) : value)) : row,
  );
  return {
    ...state,
    statistics: { ...statistics, spaces: { ...statistics.spaces, [slot]: { ...ours, [peak]: moved } } },
  };
}

function bases(state: State, slot: number, level: number, node: number): number {
  const ofLevel = tables(state.geometry, spaceAt(state, slot)).filter(({ table }) => table.level === level);
  return ofLevel.filter(({ table }) => baseOf(table).node === node).length;
}

function copies(state: State, slot: number, level: number, node: number): number {
  const ofLevel = tables(state.geometry, spaceAt(state, slot)).filter(({ table }) => table.level === level);
  return ofLevel.filter(({ table }) => table.members.slice(1).some((member) => member.node === node)).length;
}
