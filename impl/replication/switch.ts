/** Context switch (D29): what a CPU runs, and the root that it loads for it. */
import { NO_ROOT } from "../page-table/hardware.js";
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";
import { chosenRoot, stillChosen, targetNode } from "./steering.js";

/**
 * From the first look at the flags to the load the CPU takes no interrupts, which is a read section (2.13). It is seen to
 * run the space before it looks at the flags for the last time: a disable meets one or the other.
 * @param pid 0 = idle: the kernel's own root is loaded (W42), which is not modelled further
 */
export function switchTo(kernel: Kernel, cpu: number, pid: number): void {
  if (pid === 0) {
    if (kernel.rules.idleLeavesRoot) goIdle(kernel, cpu);
    else kernel.spaces.setRuns(cpu, 0);
    return;
  }
  kernel.interrupts.off(cpu);
  runProcess(kernel, cpu, pid);
  kernel.interrupts.on(cpu);
}

function runProcess(kernel: Kernel, cpu: number, pid: number): void {
  const { spaces, hardware } = kernel;
  const before = spaces.runsSlot(cpu);
  const slot = spaces.slotOf(pid);
  const chosen = chosenRoot(kernel, slot, cpu);
  spaces.setRuns(cpu, pid);
  const root = stillChosen(kernel, slot, chosen);
  const isBack = before === NONE && !kernel.rules.idleLeavesRoot;
  if ((before === slot || isBack) && hardware.root(cpu) === root) return;
  kernel.load(cpu, root);
  if (spaces.isReplicated(slot)) countLoad(kernel, slot, cpu, root);
}

/** Also in the place of another CPU, whose process ends. */
export function goIdle(kernel: Kernel, cpu: number): void {
  kernel.interrupts.off(cpu);
  kernel.spaces.setRuns(cpu, 0);
  kernel.load(cpu, NO_ROOT);
  kernel.interrupts.on(cpu);
}

/** Exactly one of replica (the root is not home's) and primary (I26). */
function countLoad(kernel: Kernel, slot: number, cpu: number, root: number): void {
  const { at } = kernel.counters;
  const primary = kernel.rules.countHomeAsPrimary
    ? root === kernel.spaces.root(slot)
    : kernel.spaces.replica(slot, targetNode(kernel, slot, cpu)) === NONE;
  kernel.counters.add(primary ? at.cr3Primary : at.cr3Replica, 1);
}
