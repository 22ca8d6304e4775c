/**
 * Which replica the CPUs of each node should walk, by measured latency.
 *
 * The node with the least measured latency; among equals the lowest id, even where the local node is one of them.
 * Nodes without CPU, and nodes from which nothing was measured, stay automatic. Source: spec section 8.4 (PTL).
 */
import {
  type LatencyMatrix,
  NOT_MEASURED,
  STEERING_AUTO,
  STEERING_SLOTS,
  type SteeringVector,
} from "../../vocabulary/replication/steering-choice.js";

/**
 * @param latency checked matrix, cycles
 * @param cpuNodes nodes that have CPUs
 */
export function steeringChoice(latency: LatencyMatrix, cpuNodes: readonly number[]): SteeringVector {
  return Array.from({ length: STEERING_SLOTS }, (_, source) => {
    const row = cpuNodes.includes(source) ? (latency[source] ?? []) : [];
    const measured = row.filter((cycles) => cycles !== NOT_MEASURED);
    return measured.length === 0 ? STEERING_AUTO : row.indexOf(Math.min(...measured));
  });
}
