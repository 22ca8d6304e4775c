/** A small machine for the implementation's own tests, and operations with their usual arguments filled in. */

import { wordsNeeded } from "../../impl/replication/layout.js";
import { Replication, type ReplicationOptions } from "../../impl/replication/replication.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Access, Rights } from "../../vocabulary/page-table/access.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";

/** Three levels of one bit: 8 pages, 2 of them to a table; one CPU to a node. */
export function small(shape: Partial<Geometry> = {}): Geometry {
  return geometry({
    levels: 3,
    indexBits: 1,
    kernelRootEntries: 0,
    nodes: 2,
    cpusPerNode: 1,
    tableFrames: 16,
    dataFrames: 8,
    placement: "by-page",
    tlbSlots: 4,
    walkCacheSlots: 2,
    ranges: 4,
    processes: 3,
    ...shape,
  });
}

export function machine(shape: Partial<Geometry> = {}, options: ReplicationOptions = { tagBits: 0 }): Replication {
  const shaped = small(shape);
  return Replication.initialise(new Int32Array(wordsNeeded(shaped, options)), shaped, options);
}

/** The words that count as state, copied. */
export function stateOf(system: Replication): Int32Array {
  return system.words.slice(0, system.stateWords);
}

/** Does all operations; answers what the last one answered. */
export function run(system: Replication, ...operations: readonly Operation[]): Outcome {
  let last: Outcome = { kind: "absent" };
  for (const operation of operations) last = system.apply(operation);
  return last;
}

export const ok = (value = 0): Outcome => ({ kind: "ok", value });
export const refused = (errno: Extract<Outcome, { kind: "error" }>["errno"]): Outcome => ({ kind: "error", errno });
export const served = (by: Extract<Outcome, { kind: "touched" }>["served"]): Outcome => ({
  kind: "touched",
  served: by,
});

export const spawn = (cpu: number, pid: number): Operation => ({
  kind: "spawn",
  cpu,
  pid,
  comm: `p${pid}`,
  cmdline: `/bin/p${pid}`,
});
export const go = (cpu: number, pid: number): Operation => ({ kind: "switch", cpu, pid });
export const exit = (cpu: number): Operation => ({ kind: "exit", cpu });
export const fork = (cpu: number, pid: number): Operation => ({ kind: "fork", cpu, pid });
export const touch = (cpu: number, page: number, access: Access = "write"): Operation => ({
  kind: "touch",
  cpu,
  page,
  access,
});
export const unmap = (cpu: number, page: number, pages = 1): Operation => ({ kind: "unmap", cpu, page, pages });
export const read = (cpu: number, page: number): Operation => ({ kind: "read", cpu, page });
export const replicate = (cpu: number, pid: number): Operation => ({ kind: "enable", cpu, pid, nodes: [0, 1] });
export const disable = (cpu: number, pid: number): Operation => ({ kind: "disable", cpu, pid });
export const write = (file: "cache" | "mode" | "inherit" | "history" | "status", text: string): Operation => ({
  kind: "writeProc",
  cpu: 0,
  file,
  text,
});

export interface MapOptions {
  readonly rights?: Rights;
  readonly sharing?: "private" | "shared";
  readonly leaf?: 1 | 2 | 3;
  readonly populate?: boolean;
}

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

/** Process 1 runs on both CPUs. */
export const onBothNodes: readonly Operation[] = [spawn(0, 1), go(0, 1), go(1, 1)];
