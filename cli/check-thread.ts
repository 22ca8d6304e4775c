/** One thread of a check: takes tasks that nobody has taken until there are none left. */
import { parentPort, workerData } from "node:worker_threads";
import { PagetwinError } from "../vocabulary/errors.js";
import type { PoolMessage, PoolOrder } from "./check-pool.js";
import { checkedSystems } from "./check-systems.js";
import { tasksOf } from "./check-tasks.js";
import type { Findings } from "./run-scopes.js";
import type { Terminal } from "./terminal.js";

const { system, flags, options, taken, way }: PoolOrder = workerData;

const say = (message: PoolMessage): void => parentPort!.postMessage(message);

const terminal: Terminal = {
  out: () => {},
  err: () => {},
  progress: (text) => say({ kind: "progress", text }),
  settle: () => {},
};

try {
  const { systems, explorers } = await checkedSystems(system, flags);
  const tasks = tasksOf(systems, options, explorers);
  for (const task of way) {
    if (Atomics.compareExchange(taken, task, 0, 1) !== 0) continue;
    const findings: Findings = { folder: options.findings, found: [] };
    const result = tasks[task]!.run(findings, terminal);
    say({ kind: "done", task, result, found: findings.found });
  }
} catch (error) {
  if (!(error instanceof PagetwinError)) throw error;
  say({ kind: "refused", code: error.code, message: error.message });
}
