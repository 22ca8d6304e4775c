/** Operations with the arguments that most stories share left out, so that a scope or a scenario reads as a list. */
import type { Access, Rights } from "../../vocabulary/page-table/access.js";
import { NODE_SLOTS, type Operation, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import type { ProcFile } from "../../vocabulary/replication/proc.js";

export const spawn = (cpu: number, pid: number): Operation => ({
  kind: "spawn",
  cpu,
  pid,
  comm: `p${pid}`,
  cmdline: `p${pid} -x`,
});
export const switchTo = (cpu: number, pid: number): Operation => ({ kind: "switch", cpu, pid });
export const fork = (cpu: number, pid: number): Operation => ({ kind: "fork", cpu, pid });
export const clone = (cpu: number, pid: number, group: "callers" | "own" = "own"): Operation => ({
  kind: "clone",
  cpu,
  pid,
  group,
});
export const exec = (cpu: number, fails = false): Operation => ({
  kind: "exec",
  cpu,
  comm: "new",
  cmdline: "new",
  fails,
});
export const exit = (cpu: number): Operation => ({ kind: "exit", cpu });

export interface MapOptions {
  readonly rights?: Rights;
  readonly sharing?: "private" | "shared";
  readonly leaf?: 1 | 2 | 3;
  readonly populate?: boolean;
}

/** A private, readable and writable range of 4 KiB leaves, not populated, unless said otherwise. */
export const map = (cpu: number, page: number, pages: number, options: MapOptions = {}): Operation => ({
  kind: "map",
  cpu,
  page,
  pages,
  rights: options.rights ?? "rw-",
  sharing: options.sharing ?? "private",
  leaf: options.leaf ?? 1,
  populate: options.populate ?? false,
});
export const unmap = (cpu: number, page: number, pages = 1): Operation => ({ kind: "unmap", cpu, page, pages });
export const protect = (cpu: number, page: number, rights: Rights, pages = 1): Operation => ({
  kind: "protect",
  cpu,
  page,
  pages,
  rights,
});
export const discard = (cpu: number, page: number, pages = 1): Operation => ({ kind: "discard", cpu, page, pages });
export const remap = (cpu: number, page: number, pages: number, to: number, toPages = pages): Operation => ({
  kind: "remap",
  cpu,
  page,
  pages,
  to,
  toPages,
});
export const alias = (cpu: number, page: number, to: number, pages = 1): Operation => ({
  kind: "alias",
  cpu,
  page,
  pages,
  to,
});
export const policy = (cpu: number, node: number): Operation => ({ kind: "policy", cpu, node });
export const touch = (cpu: number, page: number, access: Access = "read"): Operation => ({
  kind: "touch",
  cpu,
  page,
  access,
});

export const read = (cpu: number, page: number): Operation => ({ kind: "read", cpu, page });
export const age = (cpu: number, page: number): Operation => ({ kind: "age", cpu, page });
export const clean = (cpu: number, page: number): Operation => ({ kind: "clean", cpu, page });
export const moveStart = (cpu: number, page: number, node: number): Operation => ({
  kind: "moveStart",
  cpu,
  page,
  node,
});
export const moveFinish = (cpu: number, page: number): Operation => ({ kind: "moveFinish", cpu, page });
export const split = (cpu: number, page: number): Operation => ({ kind: "split", cpu, page });
export const collapse = (cpu: number, page: number, level: 2 | 3 = 2): Operation => ({
  kind: "collapse",
  cpu,
  page,
  level,
});

export const enable = (cpu: number, nodes: readonly number[], pid = 1): Operation => ({
  kind: "enable",
  cpu,
  pid,
  nodes,
});
export const disable = (cpu: number, pid = 1): Operation => ({ kind: "disable", cpu, pid });
export const setReplication = (cpu: number, mask: number, pid = 0): Operation => ({
  kind: "setReplication",
  cpu,
  mask,
  pid,
});
export const getReplication = (cpu: number): Operation => ({ kind: "getReplication", cpu });
export const setCacheOnly = (cpu: number, value: number, pid = 0): Operation => ({
  kind: "setCacheOnly",
  cpu,
  value,
  pid,
});
export const getCacheOnly = (cpu: number, pid = 0): Operation => ({ kind: "getCacheOnly", cpu, pid });
/** @param toward replica node by physical node; the others are auto */
export const steer = (cpu: number, toward: { readonly [node: number]: number }, pid = 0): Operation => ({
  kind: "setSteering",
  cpu,
  vector: Array.from({ length: NODE_SLOTS }, (_, node) => toward[node] ?? STEERING_AUTO),
  pid,
});
export const getSteering = (cpu: number, pid = 0): Operation => ({ kind: "getSteering", cpu, vector: "ok", pid });
export const readProc = (file: ProcFile): Operation => ({ kind: "readProc", file });
export const writeProc = (cpu: number, file: ProcFile, text: string): Operation => ({
  kind: "writeProc",
  cpu,
  file,
  text,
});
export const advance = (milliseconds: number): Operation => ({ kind: "advance", milliseconds });
export const flush = (cpu: number): Operation => ({ kind: "flush", cpu });
export const kernelEntry = (cpu: number, index: number, value: number): Operation => ({
  kind: "kernelEntry",
  cpu,
  index,
  value,
});
