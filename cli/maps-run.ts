/** The layout of a live process as a workload for replication. */
import { parseLatency } from "../impl/replication/cost-latency.js";
import type { AnySystem } from "../properties/engine/any-system.js";
import { COUNTED, workloadOf } from "../properties/replication/maps-workload.js";
import { countTables, type TableCount } from "../properties/replication/table-count.js";
import { evenLatency, predictWalks } from "../properties/replication/walk-prediction.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { type LatencyMatrix, NOT_MEASURED } from "../vocabulary/replication/steering-choice.js";
import { counted } from "./chart.js";
import { readInput } from "./cost-input.js";
import { type LayoutReport, walkCosts } from "./layout-report.js";
import { readMaps } from "./maps.js";
import type { ScopeResult } from "./report.js";
import { type Findings, workloadScope } from "./run-scopes.js";
import type { Terminal } from "./terminal.js";

/** Nodes of the machine, unless a latency file says otherwise. */
const NODES = 4;

export interface LayoutOptions {
  /** Most pages of a process that are touched, from 2. */
  readonly pagesMax: number;
  /** File of latencies, a row per node; every node as far from every other unless given. */
  readonly latency?: string;
}

export type LayoutRun = (
  system: AnySystem,
  findings: Findings,
  terminal: Terminal,
  options: { readonly seed: number },
) => ScopeResult[];

/**
 * Reads the layout now and answers what runs it later. Systems other than replication have no use for it.
 * @throws PagetwinError `FORMAT` for a file that cannot be used
 */
export async function layoutRun(file: string, { pagesMax, latency: latencyFile }: LayoutOptions): Promise<LayoutRun> {
  const layout = readMaps(file);
  const latency = latencyFile === undefined ? evenLatency(NODES) : await readLatency(latencyFile);
  return (system, findings, terminal, { seed }) => {
    if (system.name !== "replication") return [];
    const workload = workloadOf(layout.regions, { pagesMax, seed, nodes: latency.length });
    const { shape, phases } = workload;
    const tables: { before?: TableCount; after?: TableCount } = {};
    const run = { name: `maps ${file}`, shape, phases };
    const result = workloadScope(system, run, findings, terminal, seed, (phase, pair) => {
      if (phase === COUNTED.before) tables.before = countTables(pair);
      if (phase === COUNTED.after) tables.after = countTables(pair);
    });
    const walks = predictWalks(
      phases.flatMap(({ operations }) => operations),
      latency,
    );
    const report: LayoutReport = {
      regions: layout.regions.length,
      mapped: workload.mapped,
      leftOut: layout.skipped,
      pages: workload.picks.length,
      nodes: latency.length,
      tables,
      walks: walkCosts(walks),
    };
    return [{ ...result, layout: report, notes: [inWords(report), ...(result.notes ?? [])] }];
  };
}

function inWords({ regions, mapped, leftOut, pages, nodes }: LayoutReport): string {
  const some = mapped === regions ? "" : `, ${counted(mapped, "region")} of them mapped`;
  const left = leftOut === 0 ? "" : `, ${leftOut} above the user half left out`;
  return `${counted(regions, "region")}${some}${left}, ${counted(pages, "page")} touched on ${nodes} nodes`;
}

/** @throws PagetwinError `FORMAT` unless it is a matrix of two nodes or more, all of them with CPUs and measured */
async function readLatency(file: string): Promise<LatencyMatrix> {
  const latency = parseLatency(await readInput(file), file);
  const blank = latency.findIndex((row) => row.includes(NOT_MEASURED));
  if (latency.length < 2) throw new PagetwinError("FORMAT", `${file}: 1 node, expected 2 to 8`);
  if (blank !== -1) throw new PagetwinError("FORMAT", `${file}: node ${blank} is not measured, expected all to be`);
  return latency;
}
