/** Operations and outcomes of the protocol in words, for charts. */
import type { Operation, Outcome } from "../../vocabulary/coherency/operations.js";

/** Who acts: the kernel that issues the access, receives the message or ends its wait. */
export function actor(operation: Operation): string {
  return `kernel ${"to" in operation ? operation.to : operation.kernel}`;
}

export function describe(operation: Operation): string {
  const stamp = "draw" in operation && operation.draw > 0 ? `, new stamp at place ${operation.draw}` : "";
  if ("from" in operation) return `receives the ${operation.kind} from kernel ${operation.from}${stamp}`;
  return `${SAYS[operation.kind]}${stamp}`;
}

const SAYS = { read: "reads", write: "writes", retry: "takes up its access again", exit: "ends its wait" } as const;

export function describeAnswer({ completed, committed, fetchedNothing, unspecified }: Outcome): string {
  const parts = [
    ...(completed ? ["access completed"] : []),
    ...(committed === "no" ? [] : [committed === "onFresh" ? "write committed" : "write committed on an old copy"]),
    ...(fetchedNothing ? ["fetched nothing"] : []),
    ...(unspecified ? ["the protocol has no answer"] : []),
  ];
  return parts.join(", ") || "done";
}
