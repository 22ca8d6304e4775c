/** What a check tells of a process's layout beside its verdict: tables, their bytes per node, and what walks would cost. */
import type { TableCount } from "../properties/replication/table-count.js";
import type { WalkPrediction } from "../properties/replication/walk-prediction.js";
import type { CostReport } from "../vocabulary/replication/cost.js";
import type { LatencyMatrix, SteeringVector } from "../vocabulary/replication/steering-choice.js";
import { plainTable } from "./text-table.js";

/** The field `layout` of a result: docs/schemas/check-1.schema.json. */
export interface LayoutReport {
  /** Regions of the process, those of them that were mapped, and those above the user half, which were left out. */
  readonly regions: number;
  readonly mapped: number;
  readonly leftOut: number;
  /** Pages touched, and nodes of the machine. */
  readonly pages: number;
  readonly nodes: number;
  /** Without replicas, and with them on all nodes; absent where the run ended before it was so far. */
  readonly tables: { readonly before?: TableCount; readonly after?: TableCount };
  readonly walks: {
    readonly latency: LatencyMatrix;
    readonly steering: SteeringVector;
    readonly unreplicated: WalkCost;
    readonly replicated: WalkCost;
    readonly steered: WalkCost;
  };
}

export type WalkCost = Pick<CostReport, "accesses" | "walks" | "remoteLeafLoads" | "walkCycles">;

export function walkCosts({ latency, steering, ...costs }: WalkPrediction): LayoutReport["walks"] {
  const { unreplicated, replicated, steered } = costs;
  return {
    latency,
    steering,
    unreplicated: walkCost(unreplicated),
    replicated: walkCost(replicated),
    steered: walkCost(steered),
  };
}

function walkCost({ accesses, walks, remoteLeafLoads, walkCycles }: CostReport): WalkCost {
  return { accesses, walks, remoteLeafLoads, walkCycles };
}

export function layoutTables(scope: string, { tables, walks }: LayoutReport): string {
  return `\n${scope}: page tables\n${tablePages(tables)}\n${scope}: page walks, predicted\n${walkTable(walks)}`;
}

function tablePages({ before, after }: LayoutReport["tables"]): string {
  const counts = [
    ...(before === undefined ? [] : [{ name: "unreplicated", count: before }]),
    ...(after === undefined ? [] : [{ name: "replicated", count: after }]),
  ];
  const [first] = counts;
  if (first === undefined) return "the run ended before they were counted\n";
  const heads = [
    "pages",
    ...Object.keys(first.count.pages),
    ...first.count.bytes.map((_, node) => `KiB, node ${node}`),
  ];
  const rows = counts.map(({ name, count }) => [
    name,
    ...Object.values(count.pages).map(said),
    ...count.bytes.map((bytes) => said(bytes / 1024)),
  ]);
  return plainTable(heads, rows);
}

function walkTable({ steering, ...costs }: LayoutReport["walks"]): string {
  const columns = [costs.unreplicated, costs.replicated, costs.steered];
  const row = (name: string, cell: (cost: WalkCost) => number) => [name, ...columns.map((cost) => said(cell(cost)))];
  const rows = [
    row("accesses", ({ accesses }) => accesses),
    row("walks", ({ walks }) => walks),
    row("remote leaf loads", ({ remoteLeafLoads }) => remoteLeafLoads),
    row("walk cycles", ({ walkCycles }) => walkCycles),
  ];
  return `${plainTable(["", "unreplicated", "replicated", "steered"], rows)}steering ${steering.join(" ")}\n`;
}

function said(number: number): string {
  return number.toLocaleString("en");
}
