/** Which root a CPU loads (2.13, D29), and the steering vector that decides with it (2.14). */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";

/** The node that steering, or else the CPU's place, asks for. */
export function targetNode(kernel: Kernel, slot: number, cpu: number): number {
  const node = kernel.tables.nodeOfCpu(cpu);
  const steered = kernel.rules.steerByCpuNode ? kernel.spaces.steering(slot, node) : steeredTo(kernel, slot, node);
  return steered >= 0 ? steered : node;
}

/**
 * The root for a CPU: the target's if it has one, else home's. The flags are read again behind the slot, and the
 * page's own node decides, so that a half-built or half-freed set never leads away from home.
 */
export function chosenRoot(kernel: Kernel, slot: number, cpu: number): number {
  const { spaces, tables, rules } = kernel;
  const home = spaces.root(slot);
  if (!copiesServe(kernel, slot)) return home;
  const target = targetNode(kernel, slot, cpu);
  const replica = spaces.replica(slot, target);
  if (replica === NONE) return rules.fallBackToHome ? home : highestRoot(kernel, slot);
  if (rules.lookAgainAfterSlot && !copiesServe(kernel, slot)) return home;
  return tables.nodeOfFrame(replica) === target ? replica : home;
}

/** The root that was chosen, or home's if the flags have changed since: the last look before the load. */
export function stillChosen(kernel: Kernel, slot: number, chosen: number): number {
  const home = kernel.spaces.root(slot);
  if (chosen === home || !kernel.rules.lookAgainBeforeLoad) return chosen;
  return copiesServe(kernel, slot) ? chosen : home;
}

/** The space is replicated, and no enable is at work on it: in this order, because enable writes them in the other one. */
function copiesServe(kernel: Kernel, slot: number): boolean {
  if (!kernel.spaces.isReplicated(slot)) return false;
  return !kernel.rules.heedInProgress || !kernel.spaces.isInProgress(slot);
}

/** Index and value swapped: the node that is steered to this one (M37). */
function steeredTo(kernel: Kernel, slot: number, node: number): number {
  for (let index = 0; index < NODE_SLOTS; index++) if (kernel.spaces.steering(slot, index) === node) return index;
  return NONE;
}

/** Some root of the set that need not be home's (M35). */
function highestRoot(kernel: Kernel, slot: number): number {
  for (let node = NODE_SLOTS - 1; node >= 0; node--) {
    const replica = kernel.spaces.replica(slot, node);
    if (replica !== NONE) return replica;
  }
  return kernel.spaces.root(slot);
}
