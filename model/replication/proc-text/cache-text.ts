/** /proc/mitosis/cache, and the table that status shows as well. */
import { CACHE_COLUMNS, CACHE_RULE, TITLES } from "../../../vocabulary/replication/proc.js";
import type { State } from "../state.js";
import { dashes, heading, heads, row, text } from "./columns.js";

export function cacheText(state: State): string {
  return text([...heading(TITLES.cache), ...cacheTable(state)]);
}

/** Heads, rule, and a row per online node. */
export function cacheTable(state: State): readonly string[] {
  const { cacheHits, cacheMisses, cacheReturns } = state.statistics;
  const rows = state.geometry.onlineNodes.map((node) =>
    row(CACHE_COLUMNS, [
      node,
      state.cached[node] ?? 0,
      cacheHits[node] ?? 0,
      cacheMisses[node] ?? 0,
      cacheReturns[node] ?? 0,
    ]),
  );
  return [heads(CACHE_COLUMNS), dashes(CACHE_RULE), ...rows];
}
