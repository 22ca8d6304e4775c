/**
 * What can be asked of the replication system. Every operation is done by a CPU, on behalf of the process that it runs.
 *
 * Pages are virtual page numbers (4 KiB units) in the user half; lengths are counts of pages. Process ids are 1 to
 * `geometry.processes`; node sets are ascending lists of node ids. Exact meaning: docs/replication.md, rules D1 to D30.
 */
import type { Access, Rights } from "../page-table/access.js";
import type { ProcFile } from "./proc.js";

export type Operation =
  | ProcessOperation
  | MemoryOperation
  | EntryOperation
  | ReplicationOperation
  | ControlOperation
  | HardwareOperation;

/** Processes and what a CPU runs. */
export type ProcessOperation =
  /** A process that was there from the start: empty address space, root table on the CPU's node; runs nowhere yet. */
  | {
      readonly kind: "spawn";
      readonly cpu: number;
      readonly pid: number;
      readonly comm: string;
      readonly cmdline: string;
    }
  /** Context switch of a CPU to a process; pid 0 = idle. */
  | { readonly kind: "switch"; readonly cpu: number; readonly pid: number }
  | { readonly kind: "fork"; readonly cpu: number; readonly pid: number }
  /** A new pid in the caller's address space: a thread of the caller's group, or (vfork) the leader of its own. */
  | { readonly kind: "clone"; readonly cpu: number; readonly pid: number; readonly group: "callers" | "own" }
  | {
      readonly kind: "exec";
      readonly cpu: number;
      readonly comm: string;
      readonly cmdline: string;
      readonly fails: boolean;
    }
  | { readonly kind: "exit"; readonly cpu: number };

/** The caller's address space. */
export type MemoryOperation =
  | {
      readonly kind: "map";
      readonly cpu: number;
      readonly page: number;
      readonly pages: number;
      readonly rights: Rights;
      readonly sharing: "private" | "shared";
      /** Largest leaf that a fault may install: level 1 (4 KiB), 2 (2 MiB) or 3 (1 GiB). */
      readonly leaf: 1 | 2 | 3;
      readonly populate: boolean;
    }
  | { readonly kind: "unmap"; readonly cpu: number; readonly page: number; readonly pages: number }
  | {
      readonly kind: "protect";
      readonly cpu: number;
      readonly page: number;
      readonly pages: number;
      readonly rights: Rights;
    }
  | { readonly kind: "discard"; readonly cpu: number; readonly page: number; readonly pages: number }
  | {
      readonly kind: "remap";
      readonly cpu: number;
      readonly page: number;
      readonly pages: number;
      readonly to: number;
      readonly toPages: number;
    }
  /** Maps the frames of a shared range a second time, at `to`. */
  | { readonly kind: "alias"; readonly cpu: number; readonly page: number; readonly pages: number; readonly to: number }
  /** Memory policy for data: the node to prefer, or -1 for the touching CPU's own. */
  | { readonly kind: "policy"; readonly cpu: number; readonly node: number }
  /** A load, store or instruction fetch. */
  | { readonly kind: "touch"; readonly cpu: number; readonly page: number; readonly access: Access };

/** One leaf of the caller's address space, as the kernel's page-table helpers see it. */
export type EntryOperation =
  | { readonly kind: "read"; readonly cpu: number; readonly page: number }
  | { readonly kind: "age"; readonly cpu: number; readonly page: number }
  | { readonly kind: "clean"; readonly cpu: number; readonly page: number }
  | { readonly kind: "moveStart"; readonly cpu: number; readonly page: number; readonly node: number }
  | { readonly kind: "moveFinish"; readonly cpu: number; readonly page: number }
  | { readonly kind: "split"; readonly cpu: number; readonly page: number }
  | { readonly kind: "collapse"; readonly cpu: number; readonly page: number; readonly level: 2 | 3 };

/** The kernel's own interface. pid null stands for a null address space, pid 0 for the kernel's own. */
export type ReplicationOperation =
  | { readonly kind: "initialise"; readonly cpu: number; readonly pid: number | null }
  | { readonly kind: "enable"; readonly cpu: number; readonly pid: number | null; readonly nodes: readonly number[] }
  | { readonly kind: "enableExternal"; readonly cpu: number; readonly pid: number; readonly nodes: readonly number[] }
  | { readonly kind: "disable"; readonly cpu: number; readonly pid: number | null };

/** What user space has: prctl and the files in /proc/mitosis. pid 0 = the caller. */
export type ControlOperation =
  | { readonly kind: "setReplication"; readonly cpu: number; readonly mask: number; readonly pid: number }
  | { readonly kind: "getReplication"; readonly cpu: number }
  | { readonly kind: "setCacheOnly"; readonly cpu: number; readonly value: number; readonly pid: number }
  | { readonly kind: "getCacheOnly"; readonly cpu: number; readonly pid: number }
  | { readonly kind: "setSteering"; readonly cpu: number; readonly vector: UserVector; readonly pid: number }
  | {
      readonly kind: "getSteering";
      readonly cpu: number;
      readonly vector: "ok" | "null" | "fault";
      readonly pid: number;
    }
  | { readonly kind: "readProc"; readonly file: ProcFile }
  | { readonly kind: "writeProc"; readonly cpu: number; readonly file: ProcFile; readonly text: string }
  /** The logical clock, in milliseconds. */
  | { readonly kind: "advance"; readonly milliseconds: number };

/** What the machine itself may do at any time. */
export type HardwareOperation =
  /** A CPU forgets its TLB and its paging-structure cache. */
  | { readonly kind: "flush"; readonly cpu: number }
  /** The kernel writes one of its root entries: in every root table of every address space. */
  | { readonly kind: "kernelEntry"; readonly cpu: number; readonly index: number; readonly value: number };

/** Eight entries, one per physical node, -1 = auto; or a pointer that is null or faults. */
export type UserVector = readonly number[] | "null" | "fault";

/** prctl numbers of the operations above. */
export const PRCTL = {
  setReplication: 100,
  getReplication: 101,
  setCacheOnly: 102,
  getCacheOnly: 103,
  setSteering: 104,
  getSteering: 105,
} as const;

/** Length of steering vectors and of the replica slots (NUMA_NODE_COUNT). */
export const NODE_SLOTS = 8;
export const STEERING_AUTO = -1;
