/**
 * What the page walks of a workload would cost without replicas, with them on all nodes, and with steering as well: the
 * cost model of docs/policy-and-cost.md, over the touches before the first fork. What comes later belongs to two processes.
 */
import { traceCost } from "../../impl/replication/cost.js";
import { traceOf } from "../../impl/replication/cost-trace.js";
import { chooseSteering, flatLatency } from "../../impl/replication/steering-choice.js";
import {
  type CostConfiguration,
  type CostReport,
  costConfiguration,
  costMachine,
  type TraceRecord,
} from "../../vocabulary/replication/cost.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import {
  type LatencyMatrix,
  STEERING_SLOTS,
  type SteeringVector,
} from "../../vocabulary/replication/steering-choice.js";

/** Cycles of a read from the own node's memory and from another's (Mitosis, ASPLOS'20). */
const LOCAL_CYCLES = 280;
const REMOTE_CYCLES = 580;

export interface WalkPrediction {
  readonly latency: LatencyMatrix;
  /** The vector that the latencies ask for. */
  readonly steering: SteeringVector;
  readonly unreplicated: CostReport;
  readonly replicated: CostReport;
  readonly steered: CostReport;
}

/** Every node as far from every other. */
export function evenLatency(nodes: number): LatencyMatrix {
  const all = Array.from({ length: nodes }, (_, node) => node);
  return all.map((from) => all.map((to) => (from === to ? LOCAL_CYCLES : REMOTE_CYCLES)));
}

/** The touches before the first fork, as a trace. CPU n sits on node n. */
export function traceOfTouches(operations: readonly Operation[]): TraceRecord[] {
  const fork = operations.findIndex(({ kind }) => kind === "fork");
  return operations
    .slice(0, fork === -1 ? operations.length : fork)
    .flatMap((operation) =>
      operation.kind === "touch"
        ? [{ kind: operation.access === "write" ? "write" : "read", node: operation.cpu, page: operation.page }]
        : [],
    );
}

/**
 * @param latency of the machine's nodes, 2 to 8, all measured; four levels, other numbers as COST_MACHINE has them
 */
export function predictWalks(operations: readonly Operation[], latency: LatencyMatrix): WalkPrediction {
  const nodes = latency.length;
  const machine = costMachine({ latency });
  const trace = traceOf(traceOfTouches(operations));
  const costs = (configuration: Partial<CostConfiguration>) =>
    traceCost(trace, machine, costConfiguration(configuration, nodes));
  const steering = new Int32Array(STEERING_SLOTS);
  chooseSteering(flatLatency(latency), nodes, 2 ** nodes - 1, steering);
  const replicated = { set: latency.map((_, node) => node), flushOnSwitch: true };
  return {
    latency,
    steering: [...steering],
    unreplicated: costs({}),
    replicated: costs(replicated),
    steered: costs({ ...replicated, steering: [...steering] }),
  };
}
