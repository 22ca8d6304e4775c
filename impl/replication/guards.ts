/** Which operations may be asked for in a state (D1): calling another one is a mistake of the caller, not an outcome. */
import { NODE_SLOTS, type Operation } from "../../vocabulary/replication/operations.js";
import { NONE } from "./codes.js";
import type { Kernel } from "./kernel.js";

const LARGEST_VALUE = 2 ** 31 - 1;

/** What is wrong with the operation's arguments whatever the state; undefined if nothing is. */
export function argumentProblem(kernel: Kernel, operation: Operation): string | undefined {
  if ("cpu" in operation && !isBelow(operation.cpu, kernel.layout.cpus)) {
    return `cpu is ${operation.cpu}: expected 0 to ${kernel.layout.cpus - 1}`;
  }
  switch (operation.kind) {
    case "spawn":
    case "fork":
    case "clone":
      return isBelow(operation.pid - 1, kernel.layout.geometry.processes)
        ? undefined
        : `pid is ${operation.pid}: expected 1 to ${kernel.layout.geometry.processes}`;
    case "map":
    case "unmap":
    case "protect":
    case "discard":
      return pagesProblem(kernel, operation.page, operation.pages);
    case "alias":
      return (
        pagesProblem(kernel, operation.page, operation.pages) ?? pagesProblem(kernel, operation.to, operation.pages)
      );
    case "remap":
      return pagesProblem(kernel, operation.page, operation.pages) ?? targetProblem(operation.to, operation.toPages);
    case "touch":
    case "read":
    case "age":
    case "clean":
    case "moveStart":
    case "moveFinish":
    case "split":
    case "collapse":
      return pagesProblem(kernel, operation.page, 1);
    case "policy":
      return isBelow(operation.node + 1, kernel.layout.nodes + 1)
        ? undefined
        : `node is ${operation.node}: expected -1 to ${kernel.layout.nodes - 1}`;
    case "setSteering":
      return typeof operation.vector === "string" || operation.vector.length === NODE_SLOTS
        ? undefined
        : `the vector has ${operation.vector.length} entries: expected ${NODE_SLOTS}`;
    case "advance":
      return isBelow(operation.milliseconds, Number.MAX_SAFE_INTEGER)
        ? undefined
        : `milliseconds is ${operation.milliseconds}: expected an integer from 0`;
    case "kernelEntry":
      return kernelEntryProblem(kernel, operation.index, operation.value);
    default:
      return undefined;
  }
}

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

function isBelow(value: number, bound: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < bound;
}

function isAlive(kernel: Kernel, pid: number): boolean {
  return isBelow(pid - 1, kernel.layout.geometry.processes) && kernel.spaces.slotOf(pid) !== NONE;
}

function pagesProblem(kernel: Kernel, page: number, pages: number): string | undefined {
  const { userPages } = kernel.layout;
  if (isBelow(page, userPages) && isBelow(pages - 1, userPages) && page + pages <= userPages) return undefined;
  return `${pages} pages from page ${page}: expected at least one, all below ${userPages}`;
}

/** A remap's target may lie anywhere: outside the user half it is answered with EINVAL or ENOMEM (D17). */
function targetProblem(page: number, pages: number): string | undefined {
  const valid = isBelow(page, Number.MAX_SAFE_INTEGER) && isBelow(pages - 1, Number.MAX_SAFE_INTEGER);
  return valid ? undefined : `a target of ${pages} pages at page ${page}: expected at least one page`;
}

function kernelEntryProblem(kernel: Kernel, index: number, value: number): string | undefined {
  const { kernelRootEntries } = kernel.layout.geometry;
  if (isBelow(index, kernelRootEntries) && isBelow(value, LARGEST_VALUE)) return undefined;
  return `kernel entry ${index} := ${value}: expected an index below ${kernelRootEntries} and a value below 2^31 - 1`;
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
