/** From operations in the vocabulary's words to the numeric functions, and back to outcomes. */
import { type Access, EXECUTE, READ, WRITE } from "../../vocabulary/page-table/access.js";
import { NODE_SLOTS, type Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import { alias } from "./alias.js";
import { ABSENT, answer, rightsName, touchAnswer } from "./answers.js";
import { EINVAL, NONE } from "./codes.js";
import { age, clean, type LeafReading, read } from "./entry-operations.js";
import { fork } from "./fork.js";
import type { Kernel } from "./kernel.js";
import { writeKernelEntry } from "./kernel-entry.js";
import { collapse, split } from "./large.js";
import { clone, exec, exit, spawn } from "./lifecycle.js";
import { map } from "./map.js";
import { moveFinish, moveStart } from "./moving.js";
import * as prctl from "./prctl.js";
import { procText } from "./proc-text/proc-text.js";
import { writeProc } from "./proc-write.js";
import { protect } from "./protect.js";
import { rightsBits } from "./ranges.js";
import { remap } from "./remap.js";
import { switchTo } from "./switch.js";
import { touch } from "./touch.js";
import { discard, unmap } from "./unmap.js";

const DONE = 0;

export function accessCode(access: Access): number {
  if (access === "read") return READ;
  return access === "write" ? WRITE : EXECUTE;
}

/** Does an operation that {@link stateProblem} has nothing against. */
export function perform(kernel: Kernel, operation: Operation, reading: LeafReading): Outcome {
  if ("cpu" in operation) kernel.begin(operation.cpu);
  switch (operation.kind) {
    case "touch":
      return touchAnswer(touch(kernel, operation.cpu, operation.page, accessCode(operation.access)));
    case "read":
      read(kernel, operation.cpu, operation.page, reading);
      return readingOutcome(reading);
    case "getSteering":
      return steeringOutcome(kernel, prctl.getSteering(kernel, operation.cpu, operation.vector, operation.pid));
    case "readProc":
      return { kind: "text", text: procText(kernel, operation.file) };
    default:
      return answer(value(kernel, operation));
  }
}

type Valued = Exclude<Operation, { kind: "touch" | "read" | "getSteering" | "readProc" }>;

function value(kernel: Kernel, operation: Valued): number {
  switch (operation.kind) {
    case "spawn":
      return spawn(kernel, operation.cpu, operation.pid, operation.comm, operation.cmdline);
    case "switch":
      switchTo(kernel, operation.cpu, operation.pid);
      return DONE;
    case "fork":
      return fork(kernel, operation.cpu, operation.pid);
    case "clone":
      return clone(kernel, operation.cpu, operation.pid, operation.group === "own");
    case "exec":
      return exec(kernel, operation.cpu, operation.comm, operation.cmdline, operation.fails);
    case "exit":
      exit(kernel, operation.cpu);
      return DONE;
    case "flush":
      kernel.hardware.flushCpu(operation.cpu);
      return DONE;
    case "kernelEntry":
      writeKernelEntry(kernel, operation.index, operation.value);
      return DONE;
    case "advance":
      kernel.counters.write(
        kernel.counters.at.clock,
        kernel.counters.read(kernel.counters.at.clock) + operation.milliseconds,
      );
      return DONE;
    case "map":
    case "unmap":
    case "protect":
    case "discard":
    case "remap":
    case "alias":
    case "policy":
      return memoryValue(kernel, operation);
    case "age":
      return age(kernel, operation.cpu, operation.page);
    case "clean":
      return clean(kernel, operation.cpu, operation.page);
    case "moveStart":
    case "moveFinish":
    case "split":
    case "collapse":
      return entryValue(kernel, operation);
    default:
      return controlValue(kernel, operation);
  }
}

type MemoryKind = "map" | "unmap" | "protect" | "discard" | "remap" | "alias" | "policy";
type EntryKind = "moveStart" | "moveFinish" | "split" | "collapse";
type OtherKind =
  | MemoryKind
  | EntryKind
  | "age"
  | "clean"
  | "spawn"
  | "switch"
  | "fork"
  | "clone"
  | "exec"
  | "exit"
  | "flush"
  | "kernelEntry"
  | "advance";

/** What changes ranges or tables has the space to itself, faults included (W4). */
function memoryValue(kernel: Kernel, operation: Extract<Operation, { kind: MemoryKind }>): number {
  const slot = kernel.spaces.runsSlot(operation.cpu);
  kernel.locks.lockSpace(slot);
  const done = changeMemory(kernel, operation);
  kernel.locks.unlockSpace(slot);
  return done;
}

function changeMemory(kernel: Kernel, operation: Extract<Operation, { kind: MemoryKind }>): number {
  const { cpu } = operation;
  switch (operation.kind) {
    case "map": {
      const { page, pages, leaf, populate } = operation;
      return map(
        kernel,
        cpu,
        page,
        pages,
        rightsBits(operation.rights),
        operation.sharing === "shared",
        leaf,
        populate,
      );
    }
    case "unmap":
      return unmap(kernel, cpu, operation.page, operation.pages);
    case "protect":
      return protect(kernel, cpu, operation.page, operation.pages, rightsBits(operation.rights));
    case "discard":
      return discard(kernel, cpu, operation.page, operation.pages);
    case "remap":
      return remap(kernel, cpu, operation.page, operation.pages, operation.to, operation.toPages);
    case "alias":
      return alias(kernel, cpu, operation.page, operation.pages, operation.to);
    case "policy":
      return setPolicy(kernel, cpu, operation.node);
  }
}

/** Where data is preferred: -1 or an online node. */
function setPolicy(kernel: Kernel, cpu: number, node: number): number {
  if (node !== NONE && !kernel.layout.geometry.onlineNodes.includes(node)) return EINVAL;
  kernel.spaces.setPolicy(kernel.spaces.runsSlot(cpu), node);
  return DONE;
}

function entryValue(kernel: Kernel, operation: Extract<Operation, { kind: EntryKind }>): number {
  const slot = kernel.spaces.runsSlot(operation.cpu);
  kernel.locks.lockSpace(slot);
  const done = changeEntry(kernel, operation);
  kernel.locks.unlockSpace(slot);
  return done;
}

function changeEntry(kernel: Kernel, operation: Extract<Operation, { kind: EntryKind }>): number {
  const { cpu, page } = operation;
  switch (operation.kind) {
    case "moveStart":
      return moveStart(kernel, cpu, page, operation.node);
    case "moveFinish":
      return moveFinish(kernel, cpu, page);
    case "split":
      return split(kernel, cpu, page);
    case "collapse":
      return collapse(kernel, cpu, page, operation.level);
  }
}

function controlValue(kernel: Kernel, operation: Exclude<Valued, { kind: OtherKind }>): number {
  const { cpu } = operation;
  switch (operation.kind) {
    case "initialise":
      return prctl.initialise(kernel, operation.pid);
    case "enable":
      return prctl.enableProcess(kernel, cpu, operation.pid, operation.nodes);
    case "enableExternal":
      return prctl.enableExternal(kernel, operation.pid, operation.nodes);
    case "disable":
      return prctl.disableProcess(kernel, operation.pid);
    case "setReplication":
      return prctl.setReplication(kernel, cpu, operation.mask, operation.pid);
    case "getReplication":
      return prctl.getReplication(kernel, cpu);
    case "setCacheOnly":
      return prctl.setCacheOnly(kernel, cpu, operation.value, operation.pid);
    case "getCacheOnly":
      return prctl.getCacheOnly(kernel, cpu, operation.pid);
    case "setSteering":
      return prctl.setSteering(kernel, cpu, operation.vector, operation.pid);
    case "writeProc":
      return writeProc(kernel, operation.file, operation.text);
  }
}

function readingOutcome(reading: LeafReading): Outcome {
  if (reading.level === 0) return ABSENT;
  const { level, frame, accessed, dirty } = reading;
  return { kind: "entry", level, frame, rights: rightsName(reading.rights), accessed, dirty };
}

function steeringOutcome(kernel: Kernel, slot: number): Outcome {
  if (slot < 0) return answer(slot);
  return {
    kind: "steering",
    vector: Array.from({ length: NODE_SLOTS }, (_, node) => kernel.spaces.steering(slot, node)),
  };
}
