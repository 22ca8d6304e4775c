/** A failing schedule as text: a row an access, a column a thread. */
import type { Failure, Row } from "./interleaving.js";

const GAP = "  ";

/** The table, with the claim and what breaks it below. Threads that take no turn have no column. */
export function scheduleText(failure: Failure): string {
  const { threads, rows, claim, witness, switches, preemptions, schedule, minimality } = failure;
  const columns = [...threads.keys()].filter((thread) => rows.some((row) => row.thread === thread));
  const cells = rows.map((row, at) => [
    rows[at - 1]?.turn === row.turn ? "" : String(row.turn),
    ...columns.map((thread) => (thread === row.thread ? cellText(row, isFirstOfOperation(rows, at)) : "")),
  ]);
  const lines = [["turn", ...columns.map((thread) => threads[thread]!)], ...cells];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const drawn = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(GAP)
      .trimEnd(),
  );
  return [
    ...drawn,
    "",
    `${claim}: ${witness}`,
    `turns: ${schedule.length}, switches: ${switches}, of these preemptions: ${preemptions} (${minimality})`,
  ].join("\n");
}

function isFirstOfOperation(rows: readonly Row[], at: number): boolean {
  const { thread, operation } = rows[at]!;
  return !rows.slice(0, at).some((row) => row.thread === thread && row.operation === operation);
}

function cellText(row: Row, isFirst: boolean): string {
  const name = isFirst ? `${row.name}: ` : GAP;
  return `${name}${accessText(row)}${endText(row)}`;
}

/** One access: `pop.swap [3] 5 → 7`. */
export function accessText({ kind, label, index, read, written }: Row): string {
  if (kind === "none") return "touches nothing";
  const place = `${label} [${index}]`;
  if (written === null) return kind === "compareExchange" ? `${place} = ${read}, fails` : `${place} = ${read}`;
  return read === null ? `${place} := ${written}` : `${place} ${read} → ${written}`;
}

function endText({ returns, throws }: Row): string {
  if (throws !== null) return `; throws "${throws}"`;
  return returns === null ? "" : `; returns ${returns}`;
}
