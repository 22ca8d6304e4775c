/** Telling stories to the reference: a machine, operations one after the other, what was answered. */
import { apply, initial, type State } from "../../model/replication/index.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";

/** Two nodes with one CPU each, 3 levels of 2 entries: user pages 0 to 7. Root slots cover 4 pages, PMD slots 2. */
export const SMALL: Partial<Geometry> = {
  levels: 3,
  indexBits: 1,
  kernelRootEntries: 0,
  cpusPerNode: 1,
  tableFrames: 32,
  dataFrames: 16,
  tlbSlots: 4,
  walkCacheSlots: 2,
  ranges: 8,
  processes: 4,
};

export function machine(shape: Partial<Geometry> = {}): State {
  return initial(geometry({ ...SMALL, ...shape }));
}

/** The state after all of these. */
export function played(state: State, ...operations: readonly Operation[]): State {
  return operations.reduce((now, operation) => apply(now, operation).state, state);
}

/** What the last of these is answered. */
export function answer(state: State, ...operations: readonly Operation[]): Outcome {
  const last = operations.at(-1);
  if (last === undefined) throw new Error("a story without operations has no answer");
  return apply(played(state, ...operations.slice(0, -1)), last).outcome;
}

/** Process 1 with an empty address space at home on node 0, running on CPU 0. */
export const BORN: readonly Operation[] = [
  { kind: "spawn", cpu: 0, pid: 1, comm: "one", cmdline: "/bin/one" },
  { kind: "switch", cpu: 0, pid: 1 },
];

export const mapAt = (
  page: number,
  pages: number,
  more: Partial<Extract<Operation, { kind: "map" }>> = {},
): Operation => ({
  kind: "map",
  cpu: 0,
  page,
  pages,
  rights: "rw-",
  sharing: "private",
  leaf: 1,
  populate: false,
  ...more,
});

export const touchAt = (page: number, access: "read" | "write" | "execute" = "read", cpu = 0): Operation => ({
  kind: "touch",
  cpu,
  page,
  access,
});

export const enableBoth = (pid = 1): Operation => ({ kind: "enable", cpu: 0, pid, nodes: [0, 1] });
export const readAt = (page: number, cpu = 0): Operation => ({ kind: "read", cpu, page });
export const switchOn = (cpu: number, pid: number): Operation => ({ kind: "switch", cpu, pid });
export const unmapAt = (page: number, pages: number): Operation => ({ kind: "unmap", cpu: 0, page, pages });
export const procRead = (file: Extract<Operation, { kind: "readProc" }>["file"]): Operation => ({
  kind: "readProc",
  file,
});
export const procWrite = (file: Extract<Operation, { kind: "writeProc" }>["file"], text: string): Operation => ({
  kind: "writeProc",
  cpu: 0,
  file,
  text,
});
