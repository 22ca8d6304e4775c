/** Which cells of the protocol table a search has visited, and the table as text. */
import { type Cell, EVENTS, type Event, PROTOCOL } from "../../model/coherency/protocol.js";
import { COPY_STATES, type CopyState } from "../../vocabulary/coherency/protocol.js";
import { cellIndex } from "./reference.js";

export interface Coverage {
  /** Cells with actions: how many there are. */
  readonly possible: number;
  /** Cells that cannot be, and were reached: each is a violation. */
  readonly neverReached: readonly string[];
  /** Cells with actions that nothing has led to, as `state event`. */
  readonly unvisited: readonly string[];
  /** All cells that were visited, as `state event`. */
  readonly visited: readonly string[];
}

/** @param visits as `CellWatch` and `ReferenceInStep` count them */
export function coverageOf(visits: Float64Array): Coverage {
  let possible = 0;
  const neverReached: string[] = [];
  const unvisited: string[] = [];
  const visited: string[] = [];
  for (const { state, event, cell } of cells()) {
    const count = visits[cellIndex(state, event)]!;
    if (cell.kind === "go") possible++;
    if (count > 0) visited.push(`${state} ${event}`);
    if (cell.kind === "never" && count > 0) neverReached.push(`${state} ${event}`);
    if (cell.kind === "go" && count === 0) unvisited.push(`${state} ${event}`);
  }
  return { possible, neverReached, unvisited, visited };
}

function* cells(): Generator<{ readonly state: CopyState; readonly event: Event; readonly cell: Cell }> {
  for (const state of COPY_STATES) for (const event of EVENTS) yield { state, event, cell: PROTOCOL[state][event] };
}

/** One line a cell that does something, grouped by state, as a Markdown table; then what cannot be, and why. */
export function protocolAsMarkdown(): string {
  const lines = ["| state | event | next | actions |", "|---|---|---|---|"];
  const reasons = new Map<string, string[]>();
  for (const { state, event, cell } of cells()) {
    if (cell.kind === "go") lines.push(`| ${state} | ${event} | ${cell.to} | ${cell.actions.join(", ")} |`);
    if (cell.kind === "hit") lines.push(`| ${state} | ${event} | ${state} | local hit |`);
    if (cell.kind === "stall") lines.push(`| ${state} | ${event} | ${state} | waits |`);
    if (cell.kind === "never") reasons.set(cell.because, [...(reasons.get(cell.because) ?? []), `${state} ${event}`]);
  }
  const never = [...reasons].map(([because, where]) => `- ${because}: ${where.join(", ")}`);
  return [...lines, "", "Cannot be:", "", ...never].join("\n");
}
