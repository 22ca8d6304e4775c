/**
 * The closed formulas of the cost model, written as one would explain them.
 *
 * Source: spec sections 8.2 and 8.3.
 */
import type { CostGain, CostReport } from "../../vocabulary/replication/cost.js";

const PAGE_BYTES = 4096;
const ENTRIES = 512;

/** Tables that map `pages` consecutive pages from the start of an address space: one per 512 things below, up to the root. */
export function tablesFor(pages: number, levels: 4 | 5): number {
  const perLevel = Array.from({ length: levels }, (_, below) => Math.ceil(pages / ENTRIES ** (below + 1)));
  return perLevel.reduce((sum, tables) => sum + tables, 0);
}

/** Memory of data and `copies` sets of tables, relative to data and one set. `footprintBytes` is at least one page. */
export function memoryFactor(footprintBytes: number, copies: number, levels: 4 | 5): number {
  const pages = Math.ceil(footprintBytes / PAGE_BYTES);
  const tables = tablesFor(pages, levels);
  return (pages + copies * tables) / (pages + tables);
}

/**
 * Run time relative to all-local tables, if only the walks slow down.
 * @param walkShare share of the cycles that walks take when tables are local, 0 to 1
 * @param walkRatio walk cycles relative to local tables
 */
export function runtimeByWalkShare(walkShare: number, walkRatio: number): number {
  const rest = 1 - walkShare;
  return rest + walkShare * walkRatio;
}

/** Share of the leaf entries that a node finds on other nodes, if pages are spread evenly. */
export function remoteShare(nodes: number): number {
  return (nodes - 1) / nodes;
}

/**
 * Cost of changing one page's entry, relative to a process without replicas.
 * @param cycles per page without replicas
 * @param copies ring members beyond the first
 * @param passes times the operation goes through the ring: map 1, unmap 1, protect 2 (W35)
 * @param memberCycles cycles per further member and pass
 */
export function operationRatio(cycles: number, copies: number, passes: number, memberCycles: number): number {
  return (cycles + passes * copies * memberCycles) / cycles;
}

/** What keeping replicas gained over not keeping them, for one run of the trace. */
export function gainOver(without: CostReport, withReplicas: CostReport): CostGain {
  const paid = withReplicas.writeCycles + withReplicas.forkCycles;
  const netCycles = without.walkCycles - withReplicas.walkCycles - paid;
  return {
    walkCycles: without.walkCycles - withReplicas.walkCycles,
    netCycles,
    memoryFactor: (withReplicas.mappedPages + withReplicas.tablePages) / (without.mappedPages + without.tablePages),
    breakEvenRuns: netCycles > 0 ? Math.ceil(withReplicas.enableCycles / netCycles) : undefined,
  };
}
