/**
 * A latency matrix from text: one line per CPU node, in each the cycles to memory of node 0, 1, … ; 0 = not measured.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import {
  LATENCY_CYCLES_MAX,
  type LatencyMatrix,
  latencyMatrix,
  STEERING_SLOTS,
} from "../../vocabulary/replication/steering-choice.js";
import { fieldCount, integerField, textLines } from "./cost-text.js";

/**
 * Reads a matrix; the first row says how many nodes there are.
 * @param file the name by which errors call it
 * @throws PagetwinError `FORMAT` naming file, line and what was expected
 */
export function parseLatency(text: string, file: string): LatencyMatrix {
  const rows: number[][] = [];
  for (const line of textLines(text, file)) {
    const nodes = rows[0]?.length ?? line.fields.length;
    if (nodes > STEERING_SLOTS || rows.length === nodes) {
      const found = nodes > STEERING_SLOTS ? `${nodes} values` : `a row after the last of ${nodes}`;
      throw new PagetwinError(
        "FORMAT",
        `${line.place}: ${found}, expected a square matrix of 1 to ${STEERING_SLOTS} nodes`,
      );
    }
    fieldCount(line, nodes, `${nodes} latencies, one per memory node`);
    rows.push(line.fields.map((_, i) => integerField(line, i, `latency to node ${i}`, 0, LATENCY_CYCLES_MAX)));
  }
  if (rows.length === 0 || rows.length !== rows[0]!.length) {
    throw new PagetwinError(
      "FORMAT",
      `${file}: ${rows.length} rows, expected one per node (${rows[0]?.length ?? "at least 1"})`,
    );
  }
  return latencyMatrix(rows);
}
