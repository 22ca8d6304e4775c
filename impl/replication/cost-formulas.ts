/**
 * The closed formulas of the cost model, in the form that needs the fewest operations.
 *
 * Source: spec sections 8.2 and 8.3.
 */
import type { CostGain, CostReport } from "../../vocabulary/replication/cost.js";

const PAGE_SHIFT = 12;
const INDEX_BITS = 9;
const ENTRIES = 1 << INDEX_BITS;

/** Tables that map `pages` (at least 1, below 2^44) consecutive pages from the start of an address space. */
export function tablesFor(pages: number, levels: number): number {
  let tables = 0;
  let below = pages;
  for (let level = 1; level <= levels; level++) {
    below = Math.floor((below + ENTRIES - 1) / ENTRIES);
    tables += below;
  }
  return tables;
}

/** Memory of data and `copies` sets of tables, relative to data and one set; `footprintBytes` is at least one page. */
export function memoryFactor(footprintBytes: number, copies: number, levels: number): number {
  const pageBytes = 1 << PAGE_SHIFT;
  const pages = Math.floor((footprintBytes + pageBytes - 1) / pageBytes);
  const tables = tablesFor(pages, levels);
  return 1 + ((copies - 1) * tables) / (pages + tables);
}

/** Run time relative to all-local tables if only walks slow down; share 0 to 1, ratio relative to local walks. */
export function runtimeByWalkShare(walkShare: number, walkRatio: number): number {
  return 1 + walkShare * (walkRatio - 1);
}

/** Share of leaf entries that a node finds on other nodes if pages are spread evenly over `nodes`. */
export function remoteShare(nodes: number): number {
  return 1 - 1 / nodes;
}

/** Cost per page of an entry operation with `copies` further members and `passes` through the ring, relative to none. */
export function operationRatio(cycles: number, copies: number, passes: number, memberCycles: number): number {
  return 1 + (passes * copies * memberCycles) / cycles;
}

/** What keeping replicas gained over not keeping them, for one run of the trace. */
export function gainOver(without: CostReport, withReplicas: CostReport): CostGain {
  const walkCycles = without.walkCycles - withReplicas.walkCycles;
  const netCycles = walkCycles - withReplicas.writeCycles - withReplicas.forkCycles;
  const pages = without.mappedPages + without.tablePages;
  const morePages = withReplicas.mappedPages + withReplicas.tablePages - pages;
  const remainder = withReplicas.enableCycles % netCycles;
  const runs = (withReplicas.enableCycles - remainder) / netCycles + (remainder > 0 ? 1 : 0);
  return {
    walkCycles,
    netCycles,
    memoryFactor: 1 + morePages / pages,
    breakEvenRuns: netCycles > 0 ? runs : undefined,
  };
}
