/**
 * The words of the steering choice: what was measured between nodes, and the vector that answers.
 *
 * Source: spec section 8.4 (PTL), 2.14 (the vector).
 */
import { PagetwinError } from "../errors.js";

/** Entries of a steering vector, whatever the machine's node count. */
export const STEERING_SLOTS = 8;

/** An entry that leaves the choice to the kernel: the local replica if there is one, else home. */
export const STEERING_AUTO = -1;

/** Row = node of the CPU, column = node of the memory; cycles, 1 to 65,535, or 0 where nothing was measured. */
export type LatencyMatrix = readonly (readonly number[])[];

/** The value of a pair that was not measured. */
export const NOT_MEASURED = 0;
export const LATENCY_CYCLES_MAX = 65_535;

/** For each CPU node the node whose replica it walks, or {@link STEERING_AUTO}; always {@link STEERING_SLOTS} long. */
export type SteeringVector = readonly number[];

/**
 * Checks a latency matrix.
 * @throws PagetwinError `ARGUMENT` unless it is square with 1 to 8 rows of integers from 0 to 65,535
 */
export function latencyMatrix(rows: LatencyMatrix): LatencyMatrix {
  if (rows.length < 1 || rows.length > STEERING_SLOTS) {
    throw new PagetwinError("ARGUMENT", `the latency matrix has ${rows.length} rows: expected 1 to ${STEERING_SLOTS}`);
  }
  for (const [node, row] of rows.entries()) {
    if (row.length !== rows.length) {
      throw new PagetwinError("ARGUMENT", `latency row ${node} has ${row.length} values: expected ${rows.length}`);
    }
    const wrong = row.find((cycles) => !Number.isInteger(cycles) || cycles < 0 || cycles > LATENCY_CYCLES_MAX);
    if (wrong !== undefined) {
      throw new PagetwinError("ARGUMENT", `latency ${wrong} in row ${node}: expected 0 to ${LATENCY_CYCLES_MAX}`);
    }
  }
  return rows;
}

/**
 * Checks a steering vector against a machine.
 * @param nodes nodes of the machine, 1 to 8
 * @throws PagetwinError `ARGUMENT` unless it has 8 entries from -1 to nodes - 1
 */
export function steeringVector(entries: SteeringVector, nodes: number): SteeringVector {
  if (entries.length !== STEERING_SLOTS) {
    throw new PagetwinError(
      "ARGUMENT",
      `the steering vector has ${entries.length} entries: expected ${STEERING_SLOTS}`,
    );
  }
  const wrong = entries.find((entry) => !Number.isInteger(entry) || entry < STEERING_AUTO || entry >= nodes);
  if (wrong !== undefined) {
    throw new PagetwinError("ARGUMENT", `steering entry ${wrong}: expected ${STEERING_AUTO} to ${nodes - 1}`);
  }
  return entries;
}
