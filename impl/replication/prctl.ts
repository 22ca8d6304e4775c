/** What user space and the kernel itself ask for: prctl 100 to 105 (D28) and enable, disable, initialise (D26, D27). */
import { NODE_SLOTS, STEERING_AUTO, type UserVector } from "../../vocabulary/replication/operations.js";
import { EALREADY, EBUSY, EFAULT, EINVAL, ESRCH, NONE } from "./codes.js";
import { disable } from "./disable.js";
import { countNodes, enable } from "./enable.js";
import type { Kernel } from "./kernel.js";

/** The mask that stands for all online nodes, and what a mask is taken modulo. */
const ALL_NODES = 1;
const MASK_COUNT = 2 ** NODE_SLOTS;
/** The process that may not switch itself (W43). */
const INIT_PID = 1;

/** Node ids as bits; NONE if one of them is no node of the machine. */
export function maskOf(kernel: Kernel, nodes: readonly number[]): number {
  let mask = 0;
  for (const node of nodes) {
    if (!Number.isInteger(node) || node < 0 || node >= kernel.layout.nodes) return NONE;
    mask |= 1 << node;
  }
  return mask;
}

export function initialise(kernel: Kernel, pid: number | null): number {
  if (pid === null) return EINVAL;
  return pid !== 0 && kernel.spaces.isReplicated(kernel.spaces.slotOf(pid)) ? EALREADY : 0;
}

/** The kernel's own call, for a process in its own name. */
export function enableProcess(kernel: Kernel, cpu: number, pid: number | null, nodes: readonly number[]): number {
  if (pid === null || pid === 0) return EINVAL;
  const mask = maskOf(kernel, nodes);
  if (mask === NONE) return EINVAL;
  return enable(kernel, kernel.spaces.slotOf(pid), mask, kernel.spaces.runs(cpu));
}

/** The same, done by the target itself as soon as it can (2.4): the session is in its name. */
export function enableExternal(kernel: Kernel, pid: number, nodes: readonly number[]): number {
  if (pid === 0) return EINVAL;
  const slot = lookUp(kernel, pid);
  if (slot === NONE) return ESRCH;
  const mask = maskOf(kernel, nodes);
  return mask === NONE ? EINVAL : enable(kernel, slot, mask, pid);
}

export function disableProcess(kernel: Kernel, pid: number | null): number {
  if (pid !== null && pid !== 0) disable(kernel, kernel.spaces.slotOf(pid));
  return 0;
}

/** prctl 100: mask 0 = off, 1 = all online nodes, else bits. */
export function setReplication(kernel: Kernel, cpu: number, mask: number, pid: number): number {
  const target = targetPid(kernel, cpu, pid);
  const slot = lookUp(kernel, target);
  if (slot === NONE) return ESRCH;
  if (target === INIT_PID && kernel.spaces.runs(cpu) === INIT_PID) return EINVAL;
  if (mask === 0) {
    disable(kernel, slot);
    return 0;
  }
  if (countNodes(kernel.layout.onlineMask) < 2) return EINVAL;
  const nodes = decodeMask(kernel, mask);
  if ((nodes & ~kernel.layout.onlineMask) !== 0 || countNodes(nodes) < requiredNodes(kernel)) return EINVAL;
  const wasReplicated = kernel.spaces.isReplicated(slot);
  const done = enable(kernel, slot, nodes, target);
  if (done === 0 && !wasReplicated) kernel.shootdown.flush(slot, cpu);
  return done;
}

function decodeMask(kernel: Kernel, mask: number): number {
  if (mask === ALL_NODES && kernel.rules.maskOneMeansAll) return kernel.layout.onlineMask;
  return ((mask % MASK_COUNT) + MASK_COUNT) % MASK_COUNT;
}

/** Two, weighed before home is added; without that rule enable itself decides (M40). */
function requiredNodes(kernel: Kernel): number {
  return kernel.rules.weighBeforeHome ? 2 : 0;
}

/** prctl 101: the caller's set as a mask, 0 when off. */
export function getReplication(kernel: Kernel, cpu: number): number {
  return kernel.spaces.set(kernel.spaces.runsSlot(cpu));
}

/** prctl 102. */
export function setCacheOnly(kernel: Kernel, cpu: number, value: number, pid: number): number {
  const slot = lookUp(kernel, targetPid(kernel, cpu, pid));
  if (slot === NONE) return ESRCH;
  if (value !== 0 && value !== 1) return EINVAL;
  if (value === 1 && kernel.spaces.isReplicated(slot)) return EBUSY;
  kernel.spaces.setCacheOnly(slot, value);
  return 0;
}

/** prctl 103. */
export function getCacheOnly(kernel: Kernel, cpu: number, pid: number): number {
  const slot = lookUp(kernel, targetPid(kernel, cpu, pid));
  if (slot === NONE) return ESRCH;
  return kernel.spaces.isCacheOnly(slot) ? 1 : 0;
}

/** prctl 104: all eight entries or none; takes effect at each CPU's next switch. */
export function setSteering(kernel: Kernel, cpu: number, vector: UserVector, pid: number): number {
  if (vector === "null") return EINVAL;
  if (vector === "fault") return EFAULT;
  const least = kernel.rules.steerFromAuto ? STEERING_AUTO : Number.NEGATIVE_INFINITY;
  if (vector.some((entry) => !Number.isInteger(entry) || entry < least || entry >= NODE_SLOTS)) return EINVAL;
  const slot = lookUp(kernel, targetPid(kernel, cpu, pid));
  if (slot === NONE) return ESRCH;
  if (!kernel.spaces.isReplicated(slot)) return EINVAL;
  const allowed = kernel.rules.steerWithinSet ? kernel.spaces.set(slot) : kernel.layout.onlineMask;
  if (vector.some((entry) => entry >= 0 && (allowed & (1 << entry)) === 0)) return EINVAL;
  for (let node = 0; node < NODE_SLOTS; node++) kernel.spaces.setSteering(slot, node, vector[node]!);
  return 0;
}

/** prctl 105. @returns the slot whose vector is the answer, or an error */
export function getSteering(kernel: Kernel, cpu: number, vector: "ok" | "null" | "fault", pid: number): number {
  if (vector === "null") return EINVAL;
  const slot = lookUp(kernel, targetPid(kernel, cpu, pid));
  if (slot === NONE) return ESRCH;
  return vector === "fault" ? EFAULT : slot;
}

/** pid 0 is the caller. */
function targetPid(kernel: Kernel, cpu: number, pid: number): number {
  return pid === 0 ? kernel.spaces.runs(cpu) : pid;
}

/** The slot of a process; NONE if no such process is alive. */
function lookUp(kernel: Kernel, pid: number): number {
  if (!Number.isInteger(pid) || pid < 1 || pid > kernel.layout.geometry.processes) return NONE;
  return kernel.spaces.slotOf(pid);
}
