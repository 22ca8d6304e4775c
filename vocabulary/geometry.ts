/**
 * The shape of the machine that both twins are given: page-table levels, nodes, frames, CPUs.
 *
 * x86-64 is 4 or 5 levels of 9 bits; exhaustive scopes use 2 or 3 levels of 1 bit. The same code serves both.
 *
 *   physical frames     node 0: [ tableFrames | dataFrames ]   node 1: [ tableFrames | dataFrames ]   …
 *
 * Frame numbers are global and ascend through the nodes. Only frames of the table zone can hold page tables and have
 * memory behind them; frames of the data zone are named by leaves and never read.
 */
import { PagetwinError } from "./errors.js";

/** Which data frame a first touch gets. `lowest`: the lowest free one. `by-page`: the one of the page's own number
 * (modulo the zone) if it is free, else the lowest free one, so that scopes do not differ by order of touching. */
export type Placement = "lowest" | "by-page";

export interface Geometry {
  /** Levels of a walk, 2 to 5; level 1 holds 4 KiB leaves, level `levels` is the root. */
  readonly levels: number;
  /** Index bits per level, 1 to 9; a table has 2^indexBits entries. */
  readonly indexBits: number;
  /** Entries of the root, counted from its end, that belong to the kernel; 0 to half of the table (256 on x86-64). */
  readonly kernelRootEntries: number;
  /** Width of a physical address in bits, 20 to 52. Entry bits above it are reserved. */
  readonly physicalAddressBits: number;
  /** NUMA nodes, 1 to 8. */
  readonly nodes: number;
  /** Nodes that are online, ascending, node 0 among them. */
  readonly onlineNodes: readonly number[];
  /** CPUs per node, 1 to 8; CPU c sits on node floor(c / cpusPerNode). */
  readonly cpusPerNode: number;
  /** Frames per node that can hold page tables, 1 to 2^19. */
  readonly tableFrames: number;
  /** Frames per node for data, 0 to 2^31 / 8. */
  readonly dataFrames: number;
  readonly placement: Placement;
  /** Slots of each CPU's TLB, direct mapped by page number; 0 = none. */
  readonly tlbSlots: number;
  /** Slots of each CPU's paging-structure cache per level, direct mapped by the page number's prefix; 0 = none. */
  readonly walkCacheSlots: number;
  /** Most ranges that one address space can have, 1 to 65,536. */
  readonly ranges: number;
  /** Most processes alive at a time, 1 to 1,024; process ids are 1 to `processes`. */
  readonly processes: number;
  /** The kernel is kept out of user page tables (PTI). Replication refuses to begin there (W17); absent = it is not. */
  readonly isolation?: boolean;
}

/** x86-64 with 4 levels, two nodes with two CPUs each, small memories: the default of tests and examples. */
export const X86_64: Geometry = {
  levels: 4,
  indexBits: 9,
  kernelRootEntries: 256,
  physicalAddressBits: 52,
  nodes: 2,
  onlineNodes: [0, 1],
  cpusPerNode: 2,
  tableFrames: 256,
  dataFrames: 4096,
  placement: "lowest",
  tlbSlots: 64,
  walkCacheSlots: 16,
  ranges: 64,
  processes: 8,
};

/**
 * Completes and checks a geometry.
 * @param shape the fields that differ from {@link X86_64}; `onlineNodes` defaults to all nodes
 * @throws PagetwinError `GEOMETRY` naming the first field out of range
 */
export function geometry(shape: Partial<Geometry>): Geometry {
  const nodes = shape.nodes ?? X86_64.nodes;
  const complete: Geometry = { ...X86_64, onlineNodes: Array.from({ length: nodes }, (_, node) => node), ...shape };
  const bounds: readonly [Exclude<keyof Geometry, "onlineNodes" | "placement" | "isolation">, number, number][] = [
    ["levels", 2, 5],
    ["indexBits", 1, 9],
    ["kernelRootEntries", 0, 2 ** complete.indexBits / 2],
    ["physicalAddressBits", 20, 52],
    ["nodes", 1, 8],
    ["cpusPerNode", 1, 8],
    ["tableFrames", 1, 2 ** 19],
    ["dataFrames", 0, 2 ** 28],
    ["tlbSlots", 0, 4096],
    ["walkCacheSlots", 0, 4096],
    ["ranges", 1, 65_536],
    ["processes", 1, 1024],
  ];
  for (const [field, low, high] of bounds) {
    const value = complete[field];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new PagetwinError("GEOMETRY", `${field} is ${value}: expected an integer from ${low} to ${high}`);
    }
  }
  if (complete.placement !== "lowest" && complete.placement !== "by-page") {
    throw new PagetwinError("GEOMETRY", `placement is ${complete.placement}: expected lowest or by-page`);
  }
  if (complete.isolation !== undefined && typeof complete.isolation !== "boolean") {
    throw new PagetwinError("GEOMETRY", `isolation is ${complete.isolation}: expected true or false`);
  }
  const online = complete.onlineNodes;
  if (
    online[0] !== 0 ||
    online.some((node, i) => !Number.isInteger(node) || node >= nodes || node <= (online[i - 1] ?? -1))
  ) {
    throw new PagetwinError("GEOMETRY", `onlineNodes is [${online}]: expected ascending node ids that begin with 0`);
  }
  return complete;
}
