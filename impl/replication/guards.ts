/** Which operations may be asked for in a state (D1): calling another one is a mistake of the caller, not an outcome. */
import type { Operation } from "../../vocabulary/replication/operations.js";
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";

/** What in the state forbids the operation; undefined if nothing does. The arguments must be right. */
export function stateProblem(kernel: Kernel, operation: Operation): string | undefined {
  const { spaces } = kernel;
  switch (operation.kind) {
    case "readProc":
    case "writeProc":
    case "advance":
    case "flush":
    case "kernelEntry":
      return undefined;
    case "switch":
      return operation.pid === 0 || isAlive(kernel, operation.pid) ? undefined : `pid ${operation.pid} is not alive`;
    case "spawn":
      return newProcessProblem(kernel, operation.pid, true);
    default:
  }
  if (spaces.runs(operation.cpu) === 0) return `cpu ${operation.cpu} is idle`;
  const moving = spaces.moving(spaces.runsSlot(operation.cpu)) > 0;
  switch (operation.kind) {
    case "fork":
      return moving ? "a page is moving" : newProcessProblem(kernel, operation.pid, true);
    case "clone":
      return newProcessProblem(kernel, operation.pid, false);
    case "exec":
      return moving ? "a page is moving" : execProblem(kernel, operation.cpu);
    case "exit":
      return moving ? "a page is moving" : undefined;
    case "initialise":
    case "enable":
    case "disable":
      return operation.pid === null || operation.pid === 0 || isAlive(kernel, operation.pid)
        ? undefined
        : `pid ${operation.pid} is not alive`;
    default:
      return undefined;
  }
}

function isAlive(kernel: Kernel, pid: number): boolean {
  return kernel.spaces.slotOf(pid) !== NONE;
}

function newProcessProblem(kernel: Kernel, pid: number, needsSlot: boolean): string | undefined {
  if (isAlive(kernel, pid)) return `pid ${pid} is in use`;
  return needsSlot && kernel.spaces.freeSlot() === NONE ? "every address-space slot is in use" : undefined;
}

function execProblem(kernel: Kernel, cpu: number): string | undefined {
  const { spaces, layout } = kernel;
  const pid = spaces.runs(cpu);
  for (let other = 1; other <= layout.geometry.processes; other++) {
    if (other !== pid && isAlive(kernel, other) && spaces.group(other) === spaces.group(pid)) {
      return `pid ${pid} has other threads`;
    }
  }
  for (let other = 0; other < layout.cpus; other++) {
    if (other !== cpu && spaces.runs(other) === pid) return `pid ${pid} runs on cpu ${other} as well`;
  }
  return spaces.freeSlot() === NONE ? "every address-space slot is in use" : undefined;
}
