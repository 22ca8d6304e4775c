/** What a search tells of the cells of its protocol table. */
import type { Coverage } from "../properties/coherency/coverage.js";
import { wrap } from "./chart.js";
import type { ScopeResult } from "./report.js";
import { plainTable } from "./text-table.js";

/** The field `cells` of a result: docs/schemas/check-1.schema.json. Cells are written `state event`. */
export interface CellReport {
  /** Cells that do something, and how many of them were visited. */
  readonly possible: number;
  readonly reached: number;
  /** Cells that cannot be and were visited. */
  readonly neverReached: readonly string[];
  readonly unvisited: readonly string[];
}

export function cellReport({ possible, neverReached, unvisited }: Coverage): CellReport {
  return { possible, reached: possible - unvisited.length, neverReached, unvisited };
}

const WIDTH = 100;

/** A line a scope, and which cells none of them has visited; nothing where no result has a table. */
export function cellTable(results: readonly ScopeResult[]): readonly string[] {
  const told = results.flatMap(({ scope, cells }) => (cells === undefined ? [] : [{ scope, cells }]));
  const [first] = told;
  if (first === undefined) return [];
  const rows = told.map(({ scope, cells: { possible, reached, neverReached } }) => [
    scope,
    `${reached} of ${possible}`,
    neverReached.length === 0 ? "0" : neverReached.join(", "),
  ]);
  const nowhere = first.cells.unvisited.filter((cell) => told.every(({ cells }) => cells.unvisited.includes(cell)));
  return [
    `\ncells of the protocol table\n${plainTable(["scope", "visited", "visited of those that cannot be"], rows)}`,
    ...(nowhere.length === 0
      ? []
      : wrap(`not visited${told.length > 1 ? " in any" : ""}: ${byState(nowhere)}`, WIDTH)
    ).map((line) => `${line}\n`),
  ];
}

/** `WPend1: Ack, Nack; WPend2: Ack` */
function byState(cells: readonly string[]): string {
  const events = new Map<string, string[]>();
  for (const cell of cells) {
    const [state = "", event = ""] = cell.split(" ");
    events.set(state, [...(events.get(state) ?? []), event]);
  }
  return [...events].map(([state, names]) => `${state} ${names.join(", ")}`).join("; ");
}
