/** What no state makes right (D1): numbers out of range, words that are none, lists in the wrong form. */
import { ACCESSES, RIGHTS } from "../../vocabulary/page-table/access.js";
import { NODE_SLOTS, type Operation, type UserVector } from "../../vocabulary/replication/operations.js";
import { PROC_FILES } from "../../vocabulary/replication/proc.js";
import type { ReplicationLayout } from "./layout.js";

const LARGEST_WORD = 2 ** 31 - 1;
const LARGEST_LEAF = 3;
const SHARINGS = ["private", "shared"];
const GROUPS = ["callers", "own"];
/** Pointers to no vector. */
const NO_VECTORS = ["null", "fault"];

/** Operations by nobody in particular. */
const WITHOUT_CPU = new Set<Operation["kind"]>(["readProc", "advance"]);
/** Operations on a run of pages, and on one. */
const ON_PAGES = new Set<Operation["kind"]>(["map", "unmap", "protect", "discard", "remap", "alias"]);
const ON_A_PAGE = new Set<Operation["kind"]>([
  "touch",
  "read",
  "age",
  "clean",
  "moveStart",
  "moveFinish",
  "split",
  "collapse",
]);

/** What is wrong with the operation's arguments whatever the state; undefined if nothing is. */
export function argumentProblem(layout: ReplicationLayout, operation: Operation): string | undefined {
  return missingField(operation) ?? fieldProblem(layout, operation);
}

function fieldProblem(layout: ReplicationLayout, operation: Operation): string | undefined {
  return (
    ("cpu" in operation ? cpuProblem(layout, operation.cpu) : undefined) ??
    ("page" in operation
      ? pagesProblem(layout, operation.page, "pages" in operation ? operation.pages : 1)
      : undefined) ??
    ownProblem(layout, operation)
  );
}

/** Callers without types may leave out what says who does it, and where. */
function missingField(operation: Operation): string | undefined {
  const { kind } = operation;
  if (!("cpu" in operation) && !WITHOUT_CPU.has(kind)) return `${kind} has no cpu`;
  if (!("page" in operation)) return ON_PAGES.has(kind) || ON_A_PAGE.has(kind) ? `${kind} has no page` : undefined;
  return !("pages" in operation) && ON_PAGES.has(kind) ? `${kind} has no pages` : undefined;
}

function ownProblem(layout: ReplicationLayout, operation: Operation): string | undefined {
  const { processes, kernelRootEntries } = layout.geometry;
  switch (operation.kind) {
    case "clone":
      return wordProblem("group", operation.group, GROUPS) ?? integerProblem("pid", operation.pid, 1, processes);
    case "spawn":
      return namesProblem(operation.comm, operation.cmdline) ?? integerProblem("pid", operation.pid, 1, processes);
    case "fork":
      return integerProblem("pid", operation.pid, 1, processes);
    case "exec":
      return namesProblem(operation.comm, operation.cmdline);
    case "switch":
      return integerProblem("pid", operation.pid, 0, processes);
    case "initialise":
    case "disable":
      return targetProblem(operation.pid, processes);
    case "enable":
      return targetProblem(operation.pid, processes) ?? nodesProblem(operation.nodes);
    case "enableExternal":
      return integerProblem("pid", operation.pid, 0) ?? nodesProblem(operation.nodes);
    case "setReplication":
      return integerProblem("mask", operation.mask, 0) ?? integerProblem("pid", operation.pid, 0);
    case "setCacheOnly":
    case "getCacheOnly":
      return integerProblem("pid", operation.pid, 0);
    case "getSteering":
      return wordProblem("vector", operation.vector, ["ok", ...NO_VECTORS]) ?? integerProblem("pid", operation.pid, 0);
    case "setSteering":
      return vectorProblem(operation.vector) ?? integerProblem("pid", operation.pid, 0);
    case "map":
      return (
        wordProblem("rights", operation.rights, RIGHTS) ??
        wordProblem("sharing", operation.sharing, SHARINGS) ??
        integerProblem("leaf", operation.leaf, 1, LARGEST_LEAF)
      );
    case "protect":
      return wordProblem("rights", operation.rights, RIGHTS);
    case "touch":
      return wordProblem("access", operation.access, ACCESSES);
    case "alias":
      return pagesProblem(layout, operation.to, operation.pages);
    case "remap":
      // A target may lie anywhere: outside the user half it is answered with EINVAL or ENOMEM (D17).
      return integerProblem("to", operation.to, 0) ?? integerProblem("toPages", operation.toPages, 1);
    case "collapse":
      return integerProblem("level", operation.level, 2, LARGEST_LEAF);
    case "readProc":
      return wordProblem("file", operation.file, PROC_FILES);
    case "writeProc":
      return wordProblem("file", operation.file, PROC_FILES) ?? textProblem("text", operation.text);
    case "advance":
      return integerProblem("milliseconds", operation.milliseconds, 0);
    case "kernelEntry":
      return (
        integerProblem("index", operation.index, 0, kernelRootEntries - 1) ??
        integerProblem("value", operation.value, 0, LARGEST_WORD)
      );
    case "exit":
    case "unmap":
    case "discard":
    case "policy":
    case "read":
    case "age":
    case "clean":
    case "moveStart":
    case "moveFinish":
    case "split":
    case "getReplication":
    case "flush":
      return undefined;
    default:
      return unknownKind(operation);
  }
}

/** Callers without types may ask for anything. */
function unknownKind(operation: never): string {
  return `kind is ${(operation as Operation).kind}: there is no such operation`;
}

/** A pid, 0 for the kernel's own address space, null for none at all. */
function targetProblem(pid: number | null, processes: number): string | undefined {
  return pid === null ? undefined : integerProblem("pid", pid, 0, processes);
}

function integerProblem(name: string, value: number, low: number, high = Number.MAX_SAFE_INTEGER): string | undefined {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return undefined;
  return `${name} is ${value}: expected an integer from ${low} to ${high}`;
}

function wordProblem(name: string, word: string, words: readonly string[]): string | undefined {
  return words.includes(word) ? undefined : `${name} is ${word}: expected one of ${words.join(" ")}`;
}

function cpuProblem({ cpus, tables, onlineMask }: ReplicationLayout, cpu: number): string | undefined {
  const problem = integerProblem("cpu", cpu, 0, cpus - 1);
  if (problem !== undefined) return problem;
  return ((onlineMask >>> tables.nodeOfCpu(cpu)) & 1) === 1 ? undefined : `cpu ${cpu} is on a node that is not online`;
}

function pagesProblem({ userPages }: ReplicationLayout, page: number, pages: number): string | undefined {
  return integerProblem("page", page, 0, userPages - 1) ?? integerProblem("pages", pages, 1, userPages - page);
}

/** What a process is called, by callers without types. */
function namesProblem(comm: string, cmdline: string): string | undefined {
  return textProblem("comm", comm) ?? textProblem("cmdline", cmdline);
}

function textProblem(name: string, text: string): string | undefined {
  return typeof text === "string" ? undefined : `${name} is ${text}: expected a text`;
}

function nodesProblem(nodes: readonly number[]): string | undefined {
  const ascends =
    Array.isArray(nodes) &&
    nodes.every((node, at) => Number.isSafeInteger(node) && (at === 0 || node > nodes[at - 1]!));
  return ascends ? undefined : `nodes are ${nodes}: expected ascending ids`;
}

function vectorProblem(vector: UserVector): string | undefined {
  if (typeof vector === "string") return wordProblem("vector", vector, NO_VECTORS);
  if (!Array.isArray(vector)) return `the vector is ${vector}: expected ${NODE_SLOTS} entries`;
  return vector.length === NODE_SLOTS ? undefined : `the vector has ${vector.length} entries: expected ${NODE_SLOTS}`;
}
