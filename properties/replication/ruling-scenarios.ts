/**
 * Stories of rulings (ids W… of the specification) that random commands seldom meet, told from the side of the caller
 * like those of scenarios.ts.
 */
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { Scenario } from "../engine/system.js";
import * as op from "./build.js";
import { shapeOf } from "./shape.js";
import { toy } from "./toy-machine.js";

type Step = Scenario<Operation, Outcome>["steps"][number];

const quiet = (...operations: readonly Operation[]): Step[] => operations.map((operation) => ({ operation }));
const answers = (operation: Operation, answer: Outcome): Step => ({ operation, answer });

export const rulingScenarios: readonly Scenario<Operation, Outcome>[] = [
  {
    id: "W32",
    title: "an enable that runs out of memory leaves the cache lists as they were, tags apart",
    // Two table frames a node, one of them cached: the root and the first table find copies, the second does not.
    shape: shapeOf(toy({ levels: 2, nodes: 3, tableFrames: 2, processes: 2 })),
    steps: [
      ...quiet(op.spawn(0, 2), op.switchTo(0, 2), op.writeProc(0, "cache", "1")),
      ...quiet(op.map(0, 0, 4), op.touch(0, 0), op.touch(0, 2), op.readProc("cache")),
      answers(op.setReplication(0, 1), { kind: "error", errno: "ENOMEM" }),
      answers(op.getReplication(0), { kind: "ok", value: 0 }),
      ...quiet(op.readProc("cache"), op.readProc("status"), op.writeProc(0, "cache", "-1")),
    ],
  },
];
