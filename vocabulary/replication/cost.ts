/**
 * The words of the cost model: a trace, the machine it ran on, how the tables were kept, and what that cost.
 *
 * Cycles are those of page walks and of keeping replicas; the program's own work is not in them.
 * Source: spec section 8.3.
 */
import { PagetwinError } from "../errors.js";
import { type LatencyMatrix, STEERING_AUTO, STEERING_SLOTS, type SteeringVector } from "./steering-choice.js";

/** One line of a trace. `node` is where the CPU sits, `page` a virtual page number, `count` that many pages on from it. */
export type TraceRecord =
  | { readonly kind: "read" | "write"; readonly node: number; readonly page: number }
  | { readonly kind: "map" | "protect" | "unmap"; readonly node: number; readonly page: number; readonly count: number }
  | { readonly kind: "switch" | "fork"; readonly node: number };

/** Most pages that one record covers. */
export const TRACE_COUNT_MAX = 2 ** 20;

/** Virtual pages of the user half, by levels of the table. */
export const USER_PAGES: Readonly<Record<4 | 5, number>> = { 4: 2 ** 35, 5: 2 ** 44 };

export interface CostMachine {
  readonly latency: LatencyMatrix;
  readonly levels: 4 | 5;
  /** Slots of each node's TLB, direct mapped by page number, 0 to 65,536; 0 = every access walks. */
  readonly tlbSlots: number;
  /** Slots per level of each node's paging-structure cache, direct mapped, 0 to 4,096; 0 = every walk starts at the root. */
  readonly walkCacheSlots: number;
  /** Levels, counted from the leaf, whose entries come from memory, 1 to `levels`; those above come from a data cache. */
  readonly memoryLevels: number;
  /** Cycles of a walk's load that a data cache answers, 0 to 65,535. */
  readonly cacheHitCycles: number;
  /** Cycles of one entry write in one further ring member, with the link read that leads there, 0 to 65,535. */
  readonly memberCycles: number;
  /** Cycles to allocate and copy one table page, 0 to 1,000,000. */
  readonly pageCopyCycles: number;
  /** Enables that a fork of a replicated process costs: 1 (ruling W8: the child's), 2 (the child's and the parent's own again). */
  readonly forkEnables: number;
}

/**
 * Everything but the latencies. `memberCycles` is calibrated on one published row (unmap, 310 to 473 cycles a page for
 * 4 further copies); `pageCopyCycles` is 4 KiB at 11 GB/s and 2.2 GHz; the rest is ours.
 */
export const COST_MACHINE: Omit<CostMachine, "latency"> = {
  levels: 4,
  tlbSlots: 64,
  walkCacheSlots: 16,
  memoryLevels: 1,
  cacheHitCycles: 40,
  memberCycles: 41,
  pageCopyCycles: 820,
  forkEnables: 1,
};

/** How the process's tables are kept during the whole trace. */
export interface CostConfiguration {
  /** Node of the root table. */
  readonly home: number;
  /** Nodes with replicas, ascending, home among them, 2 or more; empty = not replicated. */
  readonly set: readonly number[];
  readonly steering: SteeringVector;
  /** Whether coming back from a context switch finds the TLB empty: always with replication, which runs without PCID. */
  readonly flushOnSwitch: boolean;
}

/** Not replicated, on a stock kernel whose TLB survives a context switch. */
export const UNREPLICATED: CostConfiguration = {
  home: 0,
  set: [],
  steering: Array.from({ length: STEERING_SLOTS }, () => STEERING_AUTO),
  flushOnSwitch: false,
};

/** What a trace cost in one configuration: counts, pages and cycles. */
export interface CostReport {
  readonly accesses: number;
  readonly walks: number;
  /** Loads of table entries during walks: from a data cache, from memory, and of the latter from another node's memory. */
  readonly cachedLoads: number;
  readonly memoryLoads: number;
  readonly remoteLoads: number;
  /** Leaf entries loaded from another node's memory. */
  readonly remoteLeafLoads: number;
  readonly walkCycles: number;
  /** Entry writes: plain stores, atomic exchanges, and ring links read on the way. */
  readonly stores: number;
  readonly atomics: number;
  readonly linkReads: number;
  /** Cycles of writes in ring members beyond the first. */
  readonly writeCycles: number;
  /** Times a node's TLB and paging-structure cache were emptied by a CR3 load. */
  readonly flushes: number;
  /** Table pages copied by forks, and cycles of these enables. */
  readonly forkPages: number;
  readonly forkCycles: number;
  /** At the end of the trace: logical tables, pages that hold them (replicas included), mapped data pages. */
  readonly tables: number;
  readonly tablePages: number;
  readonly mappedPages: number;
  /** What enabling replication at the end of the trace would copy and cost; 0 when not replicated. */
  readonly enablePages: number;
  readonly enableCycles: number;
}

/** One configuration with replicas against one without, over one run of the same trace. */
export interface CostGain {
  /** Walk cycles saved; negative when walks became dearer. */
  readonly walkCycles: number;
  /** ... less the cycles of ring writes and forks. */
  readonly netCycles: number;
  /** Memory of data and tables, relative to that without replicas. */
  readonly memoryFactor: number;
  /** Runs of the trace after which an enable at its end has paid for itself; absent when it never does. */
  readonly breakEvenRuns: number | undefined;
}

/** Inclusive ranges of a machine's numbers. */
export const MACHINE_BOUNDS = {
  tlbSlots: [0, 65_536],
  walkCacheSlots: [0, 4096],
  memoryLevels: [1, 5],
  cacheHitCycles: [0, 65_535],
  memberCycles: [0, 65_535],
  pageCopyCycles: [0, 1_000_000],
  forkEnables: [1, 2],
} as const;

/**
 * Completes and checks a machine. The matrix is checked by `latencyMatrix`.
 * @throws PagetwinError `ARGUMENT` naming the first field out of range
 */
export function costMachine(some: Partial<CostMachine> & Pick<CostMachine, "latency">): CostMachine {
  const machine: CostMachine = { ...COST_MACHINE, ...some };
  if (machine.levels !== 4 && machine.levels !== 5) {
    throw new PagetwinError("ARGUMENT", `levels is ${machine.levels}: expected 4 or 5`);
  }
  for (const [field, [low, high]] of Object.entries(MACHINE_BOUNDS) as [
    keyof typeof MACHINE_BOUNDS,
    [number, number],
  ][]) {
    const top = field === "memoryLevels" ? machine.levels : high;
    if (!Number.isInteger(machine[field]) || machine[field] < low || machine[field] > top) {
      throw new PagetwinError("ARGUMENT", `${field} is ${machine[field]}: expected an integer from ${low} to ${top}`);
    }
  }
  return machine;
}

/**
 * Completes and checks a configuration. The vector is checked by `steeringVector`.
 * @param nodes nodes of the machine, 1 to 8
 * @throws PagetwinError `ARGUMENT` for a node outside the machine, a set of one, without home or out of order, or replication
 *   that keeps the TLB
 */
export function costConfiguration(some: Partial<CostConfiguration>, nodes: number): CostConfiguration {
  const configuration: CostConfiguration = { ...UNREPLICATED, ...some };
  const { home, set, flushOnSwitch } = configuration;
  if (!Number.isInteger(home) || home < 0 || home >= nodes) {
    throw new PagetwinError("ARGUMENT", `home is ${home}: expected a node from 0 to ${nodes - 1}`);
  }
  if (set.some((node, i) => !Number.isInteger(node) || node >= nodes || node <= (set[i - 1] ?? -1))) {
    throw new PagetwinError("ARGUMENT", `the replica set is [${set}]: expected ascending nodes from 0 to ${nodes - 1}`);
  }
  if (set.length === 1 || (set.length > 1 && !set.includes(home))) {
    throw new PagetwinError(
      "ARGUMENT",
      `the replica set is [${set}]: expected at least two nodes, home ${home} among them`,
    );
  }
  if (set.length > 0 && !flushOnSwitch) {
    throw new PagetwinError("ARGUMENT", "replication runs without PCID: expected flushOnSwitch");
  }
  return configuration;
}
