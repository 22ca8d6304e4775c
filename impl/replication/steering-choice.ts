/**
 * Which replica the CPUs of each node should walk: one scan over a flat latency matrix, row = node of the CPU.
 *
 *   latency = [ row 0: nodes words ][ row 1: nodes words ] …      cycles, 0 = not measured
 *
 * Source: spec section 8.4 (PTL).
 */
import {
  LATENCY_CYCLES_MAX,
  type LatencyMatrix,
  NOT_MEASURED,
  STEERING_AUTO,
  STEERING_SLOTS,
} from "../../vocabulary/replication/steering-choice.js";

/** The rules of the choice that a mutant leaves out, one bit each. */
export const STEERING_RULE = {
  /** The lowest of equal nodes wins. */
  LOWEST_WINS_TIES: 1 << 0,
  /** ... even over the local node. */
  LOCAL_IS_NOT_SPECIAL: 1 << 1,
  /** A pair that was not measured is not chosen. */
  MEASURED_ONLY: 1 << 2,
  /** A node without CPU stays automatic. */
  CPU_NODES_ONLY: 1 << 3,
} as const;

/** Copies checked rows into one array, row after row. */
export function flatLatency(rows: LatencyMatrix): Int32Array {
  const flat = new Int32Array(rows.length * rows.length);
  for (const [node, row] of rows.entries()) flat.set(row, node * rows.length);
  return flat;
}

function nearest(latency: Int32Array, nodes: number, source: number, dropped: number): number {
  let best = STEERING_AUTO;
  let least = LATENCY_CYCLES_MAX + 1;
  for (let target = 0; target < nodes; target++) {
    const cycles = latency[source * nodes + target]!;
    if (cycles === NOT_MEASURED && (dropped & STEERING_RULE.MEASURED_ONLY) === 0) continue;
    const tieWins =
      (dropped & STEERING_RULE.LOWEST_WINS_TIES) !== 0 ||
      ((dropped & STEERING_RULE.LOCAL_IS_NOT_SPECIAL) !== 0 && target === source);
    if (cycles < least || (cycles === least && tieWins)) {
      least = cycles;
      best = target;
    }
  }
  return best;
}

/**
 * Writes the steering vector.
 * @param latency nodes × nodes cycles, checked
 * @param nodes 1 to 8
 * @param cpuNodes bit n = node n has CPUs
 * @param steering at least STEERING_SLOTS entries, all written
 * @param dropped rules to leave out, bits of STEERING_RULE; for mutants
 */
export function chooseSteering(
  latency: Int32Array,
  nodes: number,
  cpuNodes: number,
  steering: Int32Array,
  dropped = 0,
): void {
  const scanned = (dropped & STEERING_RULE.CPU_NODES_ONLY) !== 0 ? -1 : cpuNodes;
  for (let source = 0; source < STEERING_SLOTS; source++) {
    const hasRow = source < nodes && ((scanned >>> source) & 1) === 1;
    steering[source] = hasRow ? nearest(latency, nodes, source, dropped) : STEERING_AUTO;
  }
}
