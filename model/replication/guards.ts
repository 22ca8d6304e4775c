/**
 * What a caller must not ask for (D1): arguments that no operation has, and operations that the state does not allow.
 *
 * A refusal is a usage error, never an outcome. `undefined` = nothing against it.
 */
import { match } from "ts-pattern";
import type { ErrorCode } from "../../vocabulary/errors.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import { ACCESSES, RIGHTS } from "../../vocabulary/page-table/access.js";
import {
  type ControlOperation,
  type EntryOperation,
  type HardwareOperation,
  type MemoryOperation,
  NODE_SLOTS,
  type Operation,
  type ProcessOperation,
  type ReplicationOperation,
  type UserVector,
} from "../../vocabulary/replication/operations.js";
import { PROC_FILES } from "../../vocabulary/replication/proc.js";
import {
  is,
  isControlOperation,
  isEntryOperation,
  isHardwareOperation,
  isMemoryOperation,
  isOneOf,
  isProcessOperation,
  isReplicationOperation,
} from "./families.js";
import { cpuCount, nodeOfCpu, userPages } from "./geometry-math.js";
import type { State } from "./state.js";
import { leaves } from "./tree.js";
import { caller, lowestFreeSlot, pidsAlive } from "./who.js";

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

type Verdict = Refusal | undefined;

function argument(holds: boolean, message: () => string): Verdict {
  return holds ? undefined : { code: "ARGUMENT", message: message() };
}

function allowed(holds: boolean, message: () => string): Verdict {
  return holds ? undefined : { code: "NOT_ENABLED", message: message() };
}

const SHARINGS = ["private", "shared"] as const;
const GROUPS = ["callers", "own"] as const;
const BAD_POINTERS = ["null", "fault"] as const;
const POINTERS = ["ok", ...BAD_POINTERS] as const;

/** Operations that an idle CPU may do (D1). */
const BY_IDLE_CPUS: readonly Operation["kind"][] = [
  "spawn",
  "switch",
  "readProc",
  "writeProc",
  "advance",
  "flush",
  "kernelEntry",
];

/** The first thing that is against this operation in this state: arguments before all that the state decides. */
export function refusal(state: State, operation: Operation): Refusal | undefined {
  const { geometry } = state;
  const pages = "pages" in operation ? operation.pages : 1;
  return (
    complete(operation) ??
    ("cpu" in operation ? cpuVerdict(state, operation.cpu) : undefined) ??
    ("page" in operation ? pagesVerdict(geometry, operation.page, pages) : undefined) ??
    verdict(state, operation) ??
    ("cpu" in operation && !BY_IDLE_CPUS.includes(operation.kind) ? busy(state, operation.cpu) : undefined)
  );
}

/** Who does it, and to which pages, is said. Callers without types may leave it out. */
function complete(operation: Operation): Verdict {
  const { kind } = operation;
  const onAPage = isEntryOperation(operation) || (isMemoryOperation(operation) && kind !== "policy");
  const onPages = isMemoryOperation(operation) && kind !== "policy" && kind !== "touch";
  return (
    argument(kind === "readProc" || kind === "advance" || "cpu" in operation, () => `${kind} has no cpu`) ??
    argument(!onAPage || "page" in operation, () => `${kind} has no page`) ??
    argument(!onPages || "pages" in operation, () => `${kind} has no pages`)
  );
}

function isInteger(value: number, low: number, high = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= low && value <= high;
}

function cpuVerdict({ geometry }: State, cpu: number): Verdict {
  const last = cpuCount(geometry) - 1;
  const isOnline = geometry.onlineNodes.includes(nodeOfCpu(geometry, cpu));
  return (
    argument(isInteger(cpu, 0, last), () => `cpu is ${cpu}: expected 0 to ${last}`) ??
    argument(isOnline, () => `cpu ${cpu} is on a node that is not online`)
  );
}

function busy({ cpus }: State, cpu: number): Verdict {
  return allowed(cpus[cpu]?.pid !== 0, () => `cpu ${cpu} is idle`);
}

function pagesVerdict(geometry: Geometry, page: number, pages: number): Verdict {
  const end = userPages(geometry);
  const fits = isInteger(page, 0, end - 1) && isInteger(pages, 1, end - page);
  const wanted = () => `pages ${page} to ${page + pages - 1}: expected to lie in the user half, 0 to ${end - 1}`;
  return argument(fits, wanted);
}

/** What is against one kind of operation. Nodes, masks and steering entries are judged by the operation itself. */
function verdict(state: State, operation: Operation): Verdict {
  return match(operation)
    .when(isMemoryOperation, (each) => memoryVerdict(state, each))
    .when(isControlOperation, controlVerdict)
    .when(isEntryOperation, entryVerdict)
    .when(isProcessOperation, (each) => processVerdict(state, each))
    .when(isReplicationOperation, (each) => replicationVerdict(state, each))
    .when(isHardwareOperation, (each) => hardwareVerdict(state, each))
    .exhaustive(noOperation);
}

/** What a caller without types may ask for. */
function noOperation(operation: unknown): Refusal {
  return { code: "ARGUMENT", message: `kind is ${(operation as Operation).kind}: there is no such operation` };
}

function memoryVerdict({ geometry }: State, operation: MemoryOperation): Verdict {
  return match(operation)
    .when(is("touch"), ({ access }) => oneOf("access", access, ACCESSES))
    .when(
      is("map"),
      ({ rights, sharing, leaf }) =>
        oneOf("rights", rights, RIGHTS) ??
        oneOf("sharing", sharing, SHARINGS) ??
        argument(isInteger(leaf, 1, 3), () => `leaf is ${leaf}: expected 1 to 3`),
    )
    .when(is("protect"), ({ rights }) => oneOf("rights", rights, RIGHTS))
    .when(isOneOf("unmap", "discard", "policy"), () => undefined)
    .when(is("remap"), ({ to, toPages }) =>
      argument(
        isInteger(to, 0) && isInteger(toPages, 1),
        () => `remap to ${to}, ${toPages} pages: expected page numbers`,
      ),
    )
    .when(is("alias"), ({ to, pages }) => pagesVerdict(geometry, to, pages))
    .exhaustive();
}

function entryVerdict(operation: EntryOperation): Verdict {
  if (operation.kind !== "collapse") return undefined;
  const { level } = operation;
  return argument(isInteger(level, 2, 3), () => `level is ${level}: expected 2 or 3`);
}

function processVerdict(state: State, operation: ProcessOperation): Verdict {
  return match(operation)
    .when(is("switch"), ({ pid }) => knownPid(state, pid))
    .when(is("spawn"), ({ pid, comm, cmdline }) => named(comm, cmdline) ?? newPid(state, pid) ?? slotFree(state))
    .when(is("fork"), ({ cpu, pid }) => newPid(state, pid) ?? slotFree(state) ?? atRest(state, cpu))
    .when(is("clone"), ({ pid, group }) => oneOf("group", group, GROUPS) ?? newPid(state, pid))
    .when(
      is("exec"),
      ({ cpu, comm, cmdline }) => named(comm, cmdline) ?? alone(state, cpu) ?? slotFree(state) ?? atRest(state, cpu),
    )
    .when(is("exit"), ({ cpu }) => atRest(state, cpu))
    .exhaustive();
}

function replicationVerdict(state: State, operation: ReplicationOperation): Verdict {
  return match(operation)
    .when(is("enable"), ({ pid, nodes }) => ascending(nodes) ?? knownPid(state, orKernel(pid)))
    .when(isOneOf("initialise", "disable"), ({ pid }) => knownPid(state, orKernel(pid)))
    .when(is("enableExternal"), ({ pid, nodes }) => ascending(nodes) ?? anyPid(pid))
    .exhaustive();
}

function controlVerdict(operation: ControlOperation): Verdict {
  return match(operation)
    .when(
      is("setReplication"),
      ({ mask, pid }) =>
        argument(isInteger(mask, 0), () => `mask is ${mask}: expected an integer from 0`) ?? anyPid(pid),
    )
    .when(is("getReplication"), () => undefined)
    .when(isOneOf("setCacheOnly", "getCacheOnly"), ({ pid }) => anyPid(pid))
    .when(is("getSteering"), ({ vector, pid }) => oneOf("vector", vector, POINTERS) ?? anyPid(pid))
    .when(is("setSteering"), ({ vector, pid }) => vectorVerdict(vector) ?? anyPid(pid))
    .when(is("readProc"), ({ file }) => oneOf("file", file, PROC_FILES))
    .when(is("writeProc"), ({ file, text }) => oneOf("file", file, PROC_FILES) ?? written("text", text))
    .when(is("advance"), ({ milliseconds }) =>
      argument(isInteger(milliseconds, 0), () => `milliseconds is ${milliseconds}: expected an integer from 0`),
    )
    .exhaustive();
}

function vectorVerdict(vector: UserVector): Verdict {
  if (typeof vector === "string") return oneOf("vector", vector, BAD_POINTERS);
  const holds = Array.isArray(vector) && vector.length === NODE_SLOTS;
  return argument(holds, () => `vector is [${vector}]: expected ${NODE_SLOTS} entries`);
}

function hardwareVerdict({ geometry }: State, operation: HardwareOperation): Verdict {
  return match(operation)
    .when(is("flush"), () => undefined)
    .when(is("kernelEntry"), ({ index, value }) => {
      const last = geometry.kernelRootEntries - 1;
      return (
        argument(isInteger(index, 0, last), () => `index is ${index}: expected 0 to ${last}`) ??
        argument(isInteger(value, 0, 2 ** 31 - 1), () => `value is ${value}: expected 0 to 2^31 - 1`)
      );
    })
    .exhaustive();
}

function oneOf(name: string, word: string, words: readonly string[]): Verdict {
  return argument(words.includes(word), () => `${name} is ${word}: expected one of ${words.join(" ")}`);
}

function written(name: string, text: string): Verdict {
  return argument(typeof text === "string", () => `${name} is ${text}: expected a text`);
}

function named(comm: string, cmdline: string): Verdict {
  return written("comm", comm) ?? written("cmdline", cmdline);
}

function ascending(nodes: readonly number[]): Verdict {
  const holds =
    Array.isArray(nodes) && nodes.every((node, i) => Number.isSafeInteger(node) && node > (nodes[i - 1] ?? node - 1));
  return argument(holds, () => `nodes are [${nodes}]: expected ascending ids`);
}

/** A pid that need not be alive: the operation answers ESRCH then. */
function anyPid(pid: number): Verdict {
  return argument(isInteger(pid, 0), () => `pid is ${pid}: expected an integer from 0`);
}

function pidInRange({ geometry: { processes } }: State, pid: number, low: number): Verdict {
  return argument(isInteger(pid, low, processes), () => `pid is ${pid}: expected ${low} to ${processes}`);
}

/** The pid of a null address space counts as the kernel's own: both are answered by the operation itself. */
function orKernel(pid: number | null): number {
  return pid === null ? 0 : pid;
}

/** A pid that is alive, or 0. */
function knownPid(state: State, pid: number): Verdict {
  const known = pid === 0 || state.processes[pid] !== undefined;
  return pidInRange(state, pid, 0) ?? allowed(known, () => `pid ${pid} is not alive`);
}

function newPid(state: State, pid: number): Verdict {
  return pidInRange(state, pid, 1) ?? allowed(state.processes[pid] === undefined, () => `pid ${pid} is in use`);
}

function slotFree(state: State): Verdict {
  return allowed(lowestFreeSlot(state) !== undefined, () => "every address-space slot is in use");
}

/** No leaf of the caller's space is on its way to another node. */
function atRest(state: State, cpu: number): Verdict {
  const idle = busy(state, cpu);
  if (idle !== undefined) return idle;
  const moving = leaves(state.geometry, caller(state, cpu).space).some(({ leaf }) => leaf.presence === "moving");
  return allowed(!moving, () => "a leaf of the caller's address space is moving");
}

/** The caller's thread group has no other member, and no other CPU runs the caller. */
function alone(state: State, cpu: number): Verdict {
  const idle = busy(state, cpu);
  if (idle !== undefined) return idle;
  const { pid, process } = caller(state, cpu);
  const group = pidsAlive(state).filter((each) => state.processes[each]?.tgid === process.tgid);
  const cpus = state.cpus.filter((each) => each.pid === pid);
  return (
    allowed(group.length === 1, () => `the thread group of pid ${pid} has other members`) ??
    allowed(cpus.length === 1, () => `pid ${pid} runs on another CPU`)
  );
}
