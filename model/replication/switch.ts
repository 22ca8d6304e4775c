/** Context switch: which root a CPU loads (D29, I19). */
import type { ProcessOperation } from "../../vocabulary/replication/operations.js";
import { count } from "./counters.js";
import { nodeOfCpu } from "./geometry-math.js";
import { IDLE } from "./initial.js";
import type { AddressSpace, State } from "./state.js";
import { done, type Step } from "./step.js";
import { changeCpu, cpuAt, isReplicated, runs, spaceAt } from "./who.js";

export function switchTo(state: State, { cpu, pid }: Extract<ProcessOperation, { kind: "switch" }>): Step {
  const process = state.processes[pid];
  if (process === undefined) return done(changeCpu(state, cpu, IDLE)); // W42: pid 0
  const space = spaceAt(state, process.space);
  const root = chosenRoot(space, nodeOfCpu(state.geometry, cpu));
  const current = cpuAt(state, cpu);
  if (runs(state, current, process.space) && current.root === root) return done(changeCpu(state, cpu, { pid }));
  const loaded = changeCpu(state, cpu, { pid, root, tlb: {}, walks: {} });
  if (!isReplicated(space)) return done(loaded);
  return done(count(loaded, root === space.home ? "cr3Primary" : "cr3Replica"));
}

/** The steered node's copy, or the local one; home where there is no such copy. */
function chosenRoot(space: AddressSpace, node: number): number {
  const steered = space.steering[node] ?? -1;
  const target = steered >= 0 ? steered : node;
  return space.nodes.includes(target) ? target : space.home;
}
