/** The table of the page cache, as `cache` and `status` show it. */
import { CACHE_COLUMNS, CACHE_RULE, STATUS, TITLES } from "../../../vocabulary/replication/proc.js";
import type { Kernel } from "../kernel.js";
import { columns, dashes, rule } from "./lines.js";

const WIDTHS = CACHE_COLUMNS.map(([, width]) => width);

export interface CacheTotals {
  readonly cached: number;
  readonly hits: number;
  readonly misses: number;
  readonly returns: number;
}

export function cacheText(kernel: Kernel): string[] {
  return [TITLES.cache, rule(TITLES.cache.length), "", ...cacheHead(), ...cacheRows(kernel)];
}

export function cacheHead(): string[] {
  const heads = CACHE_COLUMNS.map(([head]) => head);
  return [columns(heads, WIDTHS), dashes(CACHE_RULE)];
}

/** One row per online node. */
export function cacheRows(kernel: Kernel): string[] {
  return kernel.layout.geometry.onlineNodes.map((node) => row(node, nodeTotals(kernel, node)));
}

export function totalRow(totals: CacheTotals): string {
  return row(STATUS.cacheTotal, totals);
}

/** Sums over the online nodes. */
export function cacheTotals(kernel: Kernel): CacheTotals {
  const totals = { cached: 0, hits: 0, misses: 0, returns: 0 };
  for (const node of kernel.layout.geometry.onlineNodes) {
    const of = nodeTotals(kernel, node);
    totals.cached += of.cached;
    totals.hits += of.hits;
    totals.misses += of.misses;
    totals.returns += of.returns;
  }
  return totals;
}

function nodeTotals({ cache, counters }: Kernel, node: number): CacheTotals {
  const { at } = counters;
  return {
    cached: cache.count(node),
    hits: counters.read(at.counter(at.cacheHits, node)),
    misses: counters.read(at.counter(at.cacheMisses, node)),
    returns: counters.read(at.counter(at.cacheReturns, node)),
  };
}

function row(head: string | number, { cached, hits, misses, returns }: CacheTotals): string {
  return columns([head, cached, hits, misses, returns], WIDTHS);
}
