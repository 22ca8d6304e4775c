/** Stories that must come out in just this way. */
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import type { Scenario } from "../engine/system.js";
import { shapeOf } from "./scopes.js";

/** How the experiment of the paper's section 6 begins: a thread fills an array, then begins a second one that goes elsewhere. */
const sectionSix: Scenario<Operation, Answer> = {
  id: "section-6",
  title: "a thread uses a page and begins a second one, which goes to another kernel",
  shape: shapeOf({ kernels: 2, pages: 2 }, "write 0, spawn 1", "migrate 1, read 1"),
  steps: [
    { operation: { kind: "write", thread: 0, kernel: 0, page: 0, draw: 0 }, answer: { kind: "done" } },
    { operation: { kind: "spawn", thread: 0, kernel: 0, child: 1 } },
    {
      operation: { kind: "migrate", thread: 1, from: 0, to: 1 },
      answer: { kind: "departs", replicationBegins: true },
    },
    { operation: { kind: "arrive", thread: 1, kernel: 1 }, answer: { kind: "arrives", process: "made" } },
    { operation: { kind: "create", thread: 1, kernel: 1 } },
    { operation: { kind: "read", thread: 1, kernel: 1, page: 1 } },
    { operation: { kind: "protocol", group: 0, page: 1, step: { kind: "request", from: 1, to: 0, draw: 0 } } },
    { operation: { kind: "protocol", group: 0, page: 1, step: { kind: "answer", from: 0, to: 1, draw: 0 } } },
  ],
};

export const scenarios: readonly Scenario<Operation, Answer>[] = [sectionSix];
