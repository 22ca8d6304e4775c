/** The machine of the small scopes: as little of everything as still shows what a rule is for. */
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import * as op from "./build.js";

/** A toy machine: tables of two entries, one CPU per node, enough frames for everything unless said otherwise. */
export function toy(shape: Partial<Geometry>): Geometry {
  return geometry({
    indexBits: 1,
    kernelRootEntries: 0,
    cpusPerNode: 1,
    tableFrames: 8,
    dataFrames: 8,
    placement: "by-page",
    tlbSlots: 4,
    walkCacheSlots: 2,
    ranges: 4,
    processes: 1,
    ...shape,
  });
}

/** Room that small scopes do with: see shape.ts. */
export const SMALL = { historyMax: 4, tagBits: 0 } as const;

/** One process runs on every CPU, its data goes to node 0. */
export function everywhere(cpus: number, pid = 1): Operation[] {
  const run = Array.from({ length: cpus }, (_, cpu) => op.switchTo(cpu, pid));
  return [op.spawn(0, pid), ...run, op.policy(0, 0)];
}
