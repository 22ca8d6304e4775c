/** The numbered actions of the explored cluster, as operations that a person and the reference understand. */

import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as explored from "../../impl/coherency/exploration.js";
import type { Operation } from "../../vocabulary/coherency/operations.js";

export function operationOf(machine: ExploredCluster, action: number): Operation {
  const kernel = machine.kernels[action]!;
  const from = machine.senders[action]!;
  const draw = machine.draws[action]!;
  switch (machine.kinds[action]) {
    case explored.READ:
      return { kind: "read", kernel };
    case explored.WRITE:
      return { kind: "write", kernel, draw };
    case explored.RETRY:
      return { kind: "retry", kernel, draw };
    case explored.REQUEST:
      return { kind: "request", from, to: kernel, draw };
    case explored.ANSWER:
      return { kind: "answer", from, to: kernel, draw };
    default:
      return { kind: "exit", kernel, draw };
  }
}

/** Equal texts, equal operations. */
export function describeOperation(operation: Operation): string {
  const stamp = "draw" in operation && operation.draw > 0 ? ` stamp place ${operation.draw}` : "";
  if ("from" in operation) return `K${operation.from} to K${operation.to}: ${operation.kind}${stamp}`;
  return `K${operation.kernel} ${operation.kind}${stamp}`;
}

/** The number of each operation, by its description. */
export function numberActions(machine: ExploredCluster): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (let action = 0; action < machine.actionCount; action++)
    numbers.set(describeOperation(operationOf(machine, action)), action);
  return numbers;
}
