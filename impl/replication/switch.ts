/** Context switch (D29): what a CPU runs, and the root that it loads for it. */
import { NO_ROOT } from "../page-table/hardware.js";
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { chosenRoot, targetNode } from "./steering.js";

/** @param pid 0 = idle: the kernel's own root is loaded (W42), which is not modelled further */
export function switchTo(kernel: Kernel, cpu: number, pid: number): void {
  const { spaces, hardware } = kernel;
  if (pid === 0) {
    goIdle(kernel, cpu);
    return;
  }
  const before = spaces.runsSlot(cpu);
  const slot = spaces.slotOf(pid);
  spaces.setRuns(cpu, pid);
  const root = chosenRoot(kernel, slot, cpu);
  if (before === slot && hardware.root(cpu) === root) return;
  kernel.load(cpu, root);
  if (spaces.isReplicated(slot)) countLoad(kernel, slot, cpu, root);
}

export function goIdle(kernel: Kernel, cpu: number): void {
  kernel.spaces.setRuns(cpu, 0);
  kernel.load(cpu, NO_ROOT);
}

/** Exactly one of replica (the root is not home's) and primary (I26). */
function countLoad(kernel: Kernel, slot: number, cpu: number, root: number): void {
  const { at } = kernel.counters;
  const primary = kernel.rules.countHomeAsPrimary
    ? root === kernel.spaces.root(slot)
    : kernel.spaces.replica(slot, targetNode(kernel, slot, cpu)) === NONE;
  kernel.counters.add(primary ? at.cr3Primary : at.cr3Replica, 1);
}
