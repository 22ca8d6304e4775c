/**
 * Where everything of the replication system lies in its one `Int32Array`.
 *
 *   0                                                                                      stateWords              words
 *   │ global │ kernel │ caches │ processes │ CPUs │ spaces │ links │ names │ tables │ page-table ground │ statistics │
 *
 *   global     MODE · INHERIT · ENABLE_LOCK
 *   kernel     the kernel's root entries, low words, as every new root gets them
 *   caches     per node: HEAD · COUNT (page-cache/page-cache.ts)
 *   processes  per pid from 1: SLOT (of its address space, + 1; 0 = not alive) · TGID
 *   CPUs       per CPU: the pid that it runs, 0 = idle · OFF · READING (interrupts.ts)
 *   spaces     per slot: see SPACE; then tables by level and node, as bases and as copies; then the ranges
 *   links      per place of a table (placeOf): its LINK, which is the word index of another table's, 0 = none
 *   names      per data frame: how many leaves name it
 *   tables     per table frame: META (descriptors.ts) · LOCK
 *   ground     impl/page-table: pools, CPUs with their caches, table memory
 *   statistics statistics-layout.ts
 *
 * Nothing before `stateWords` depends on what is behind it. Slots and frames that are free are zero throughout, so
 * equal situations are equal words.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import { LEVEL_NAMES } from "../../vocabulary/replication/statistics.js";
import { TableLayout, tablePlaces } from "../page-table/layout.js";
import { StatisticsLayout } from "./statistics-layout.js";

const GLOBAL = { MODE: 0, INHERIT: 1, ENABLE_LOCK: 2, WORDS: 3 } as const;
const CACHE_WORDS = 2;
const PROCESS_WORDS = 2;
const CPU_WORDS = 3;
const DESCRIPTOR_WORDS = 2;
/** Page and end of a range in two halves each, and its attributes (ranges.ts). */
export const RANGE_WORDS = 5;
/** An edit of the list may be longer by two before it is known to fit. */
const RANGE_SLACK = 2;

/** Words of an address space. Frames are stored + 1 where 0 means none. */
export const SPACE = {
  /** Pids that share it; 0 = the slot is free. */
  USERS: 0,
  /** The home root's frame + 1. */
  ROOT: 1,
  /** Written by enable and disable, read by switch: enabled after in_progress, see 2.3 step 7. */
  ENABLED: 2,
  IN_PROGRESS: 3,
  /** Bit n: node n has a root. */
  SET: 4,
  POLICY: 5,
  CACHE_ONLY: 6,
  /** Leaves whose data is moving (W28). */
  MOVING: 7,
  MM_LOCK: 8,
  MMAP_LOCK: 9,
  VMA_LOCK: 10,
  RANGES: 11,
  /** Root per node (pgd_replicas), frame + 1. */
  SLOTS: 12,
  STEERING: 12 + NODE_SLOTS,
  COUNTS: 12 + 2 * NODE_SLOTS,
} as const;

export interface LayoutOptions {
  /** Records that the history keeps, 1 to 64. Less than 64 is for small scopes. */
  readonly historyMax?: number;
  /** Tag width of the cache heads, 0 to 16; by default the widest that leaves room for the table frames. */
  readonly tagBits?: number;
}

export class ReplicationLayout {
  readonly geometry: Geometry;
  readonly nodes: number;
  readonly cpus: number;
  /** Address-space slots: one per process. */
  readonly slots: number;
  /** Pages below the kernel's root entries. */
  readonly userPages: number;
  /** User entries of a root. */
  readonly userRootEntries: number;
  /** Bit n: node n is online. */
  readonly onlineMask: number;
  readonly tableFrames: number;
  readonly mode: number;
  readonly inherit: number;
  readonly enableLock: number;
  readonly kernelBase: number;
  readonly cacheBase: number;
  readonly linkBase: number;
  readonly tables: TableLayout;
  readonly stateWords: number;
  readonly statistics: StatisticsLayout;
  readonly words: number;
  /** Undefined = the widest possible. */
  readonly tagBits: number | undefined;

  private readonly processBase: number;
  private readonly cpuBase: number;
  private readonly spaceBase: number;
  private readonly spaceStride: number;
  private readonly rangeOffset: number;
  private readonly nameBase: number;
  private readonly descriptorBase: number;

  constructor(geometry: Geometry, options: LayoutOptions = {}) {
    const { nodes, kernelRootEntries, processes, tableFrames, dataFrames, ranges } = geometry;
    const historyMax = options.historyMax ?? HISTORY_MAX;
    if (!Number.isInteger(historyMax) || historyMax < 1 || historyMax > HISTORY_MAX) {
      throw new PagetwinError("ARGUMENT", `historyMax is ${historyMax}: expected an integer from 1 to ${HISTORY_MAX}`);
    }
    this.geometry = geometry;
    this.tagBits = options.tagBits;
    this.nodes = nodes;
    this.cpus = nodes * geometry.cpusPerNode;
    this.slots = processes;
    this.tableFrames = nodes * tableFrames;
    this.userRootEntries = 2 ** geometry.indexBits - kernelRootEntries;
    this.userPages = this.userRootEntries * 2 ** (geometry.indexBits * (geometry.levels - 1));
    let online = 0;
    for (const node of geometry.onlineNodes) online |= 1 << node;
    this.onlineMask = online;

    this.mode = GLOBAL.MODE;
    this.inherit = GLOBAL.INHERIT;
    this.enableLock = GLOBAL.ENABLE_LOCK;
    this.kernelBase = GLOBAL.WORDS;
    this.cacheBase = this.kernelBase + kernelRootEntries;
    this.processBase = this.cacheBase + nodes * CACHE_WORDS;
    this.cpuBase = this.processBase + processes * PROCESS_WORDS;
    this.spaceBase = this.cpuBase + this.cpus * CPU_WORDS;
    this.rangeOffset = SPACE.COUNTS + 2 * LEVEL_NAMES.length * nodes;
    this.spaceStride = this.rangeOffset + (ranges + RANGE_SLACK) * RANGE_WORDS;
    this.linkBase = this.spaceBase + this.slots * this.spaceStride;
    this.nameBase = this.linkBase + nodes * tablePlaces(tableFrames);
    this.descriptorBase = this.nameBase + nodes * dataFrames;
    this.tables = new TableLayout(geometry, this.descriptorBase + this.tableFrames * DESCRIPTOR_WORDS);
    this.stateWords = this.tables.end;
    this.statistics = new StatisticsLayout(geometry, this.slots, this.stateWords, historyMax);
    this.words = this.statistics.end;
  }

  /** Word index of a node's cache head; its count is the next word. */
  cacheHead(node: number): number {
    return this.cacheBase + node * CACHE_WORDS;
  }

  /** Word index of a process: its slot + 1; its thread group is the next word. */
  process(pid: number): number {
    return this.processBase + (pid - 1) * PROCESS_WORDS;
  }

  cpuPid(cpu: number): number {
    return this.cpuBase + cpu * CPU_WORDS;
  }

  /** Word index of a CPU's OFF; its READING is the next word (interrupts.ts). */
  cpuWaits(cpu: number): number {
    return this.cpuPid(cpu) + 1;
  }

  space(slot: number): number {
    return this.spaceBase + slot * this.spaceStride;
  }

  spaceEnd(slot: number): number {
    return this.space(slot) + this.spaceStride;
  }

  range(slot: number, index: number): number {
    return this.space(slot) + this.rangeOffset + index * RANGE_WORDS;
  }

  /** Word index of how many tables of a level (0 = PTE … 4 = PGD) an address space has on a node, as bases. */
  baseCount(slot: number, level: number, node: number): number {
    return this.space(slot) + SPACE.COUNTS + level * this.nodes + node;
  }

  /** The same of copies. */
  copyCount(slot: number, level: number, node: number): number {
    return this.baseCount(slot, level + LEVEL_NAMES.length, node);
  }

  /** Word index of a table's link. A link leads there: whoever follows a ring needs nothing but loads. */
  link(frame: number): number {
    return this.linkBase + this.tables.placeOf(frame);
  }

  /** The table to which a link leads: the inverse of {@link link}. */
  linked(link: number): number {
    return this.tables.frameAt(link - this.linkBase);
  }

  /** Word index of how many leaves name a data frame. */
  names(frame: number): number {
    return this.nameBase + this.dataNumber(frame);
  }

  /** A dense number of a table frame, 0 to tableFrames − 1. */
  tableNumber(frame: number): number {
    return frame - this.tables.nodeOfFrame(frame) * this.geometry.dataFrames;
  }

  /** The same of a data frame. */
  private dataNumber(frame: number): number {
    return frame - (this.tables.nodeOfFrame(frame) + 1) * this.geometry.tableFrames;
  }

  /** The inverse of {@link tableNumber}. */
  tableFrame(number: number): number {
    return number + ((number / this.geometry.tableFrames) | 0) * this.geometry.dataFrames;
  }

  /** Word index of a table's META; its LOCK is the next word. */
  descriptor(frame: number): number {
    return this.descriptorBase + this.tableNumber(frame) * DESCRIPTOR_WORDS;
  }
}

export function replicationLayout(geometry: Geometry, options?: LayoutOptions): ReplicationLayout {
  return new ReplicationLayout(geometry, options);
}

/** Words that the caller's array must have. */
export function wordsNeeded(geometry: Geometry, options?: LayoutOptions): number {
  return replicationLayout(geometry, options).words;
}
