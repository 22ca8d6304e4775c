/**
 * One configuration's run of the cost model, in one Int32Array.
 *
 *   ┌────────┬──────────┬─────────┬──────────────┬────────────────────┬──────────────────────────┐
 *   │ header │ TARGET×8 │ LATENCY │ TLB          │ paging-structure   │ tables (hash, linear     │
 *   │ 24     │          │ 8×8     │ nodes×slots  │ caches nodes×4×slots│ probing) capacity × 20   │
 *   └────────┴──────────┴─────────┴──────────────┴────────────────────┴──────────────────────────┘
 *
 *   TLB slot, cache slot   [ LOW | HIGH ]       LOW = VACANT when empty
 *   table                  [ LEVEL | LOW | HIGH | NODE | presence of its 512 entries, 16 words (leaf tables only) ]
 *
 * A page number is split into LOW (27 bits, the three lower table indices) and HIGH (the rest). A table is named by the
 * first page of its span. Slots 0 of a cache belong to level 2, the next to level 3, … up to the root.
 */
import { STEERING_SLOTS } from "../../vocabulary/replication/steering-choice.js";

export const COST = {
  NODES: 0,
  LEVELS: 1,
  TLB_SLOTS: 2,
  WALK_CACHE_SLOTS: 3,
  MEMORY_LEVELS: 4,
  CACHE_HIT_CYCLES: 5,
  MEMBER_CYCLES: 6,
  PAGE_COPY_CYCLES: 7,
  FORK_ENABLES: 8,
  HOME: 9,
  /** Bit n = a replica on node n; 0 = not replicated. */
  SET: 10,
  FLUSH_ON_SWITCH: 11,
  /** Rules left out, bits of {@link COST_RULE}; 0 in production. */
  DROPPED: 12,
  /** Table slots, a power of two. */
  TABLE_CAPACITY: 13,
  TABLE_COUNT: 14,
  /** Pages of all rings together. */
  TABLE_PAGES: 15,
  MAPPED_PAGES: 16,
  WALK_CACHE_BASE: 17,
  TABLE_BASE: 18,
  /** Bit n = all latencies from node n are measured. */
  MEASURED: 19,
  /** Where walks of each CPU node go when replicated. */
  TARGET: 24,
  LATENCY: 24 + STEERING_SLOTS,
  TLB_BASE: 24 + STEERING_SLOTS + STEERING_SLOTS * STEERING_SLOTS,
} as const;

export const VACANT = -1;
export const SLOT = { LOW: 0, HIGH: 1, WORDS: 2 } as const;
export const TABLE = { LEVEL: 0, LOW: 1, HIGH: 2, NODE: 3, PRESENCE: 4, WORDS: 20 } as const;
/** LEVEL of a vacant table slot. */
export const NO_TABLE = 0;

export const LOW_BITS = 27;
export const LOW_SPAN = 2 ** LOW_BITS;
export const LEAF_INDEX_MASK = 511;
export const PRESENCE_SHIFT = 5;
export const PRESENCE_MASK = 31;
/** Levels that a paging-structure cache may hold, 2 to 5. */
export const CACHED_LEVELS = 4;
export const CACHED_LEVEL_LOWEST = 2;

/** By level: the bits of LOW and HIGH that name a table of that level; index 0 is a page itself. */
export const LOW_NAME = [LOW_SPAN - 1, LOW_SPAN - 2 ** 9, LOW_SPAN - 2 ** 18, 0, 0, 0] as const;
export const HIGH_NAME = [-1, -1, -1, -1, ~LEAF_INDEX_MASK, 0] as const;

if (TABLE.PRESENCE + 2 ** 9 / (PRESENCE_MASK + 1) !== TABLE.WORDS)
  throw new Error("a table's presence words do not fit");

/** Words of a state. `tableCapacity` is a power of two; a quarter of it stays vacant. */
export function costWords(nodes: number, tlbSlots: number, walkCacheSlots: number, tableCapacity: number): number {
  return tableBase(nodes, tlbSlots, walkCacheSlots) + tableCapacity * TABLE.WORDS;
}
export function walkCacheBase(nodes: number, tlbSlots: number): number {
  return COST.TLB_BASE + nodes * tlbSlots * SLOT.WORDS;
}
export function tableBase(nodes: number, tlbSlots: number, walkCacheSlots: number): number {
  return walkCacheBase(nodes, tlbSlots) + nodes * CACHED_LEVELS * walkCacheSlots * SLOT.WORDS;
}

/** Counters of a run, a Float64Array beside the state; not part of it. */
export const COUNTER = {
  ACCESSES: 0,
  WALKS: 1,
  CACHED_LOADS: 2,
  MEMORY_LOADS: 3,
  REMOTE_LOADS: 4,
  REMOTE_LEAF_LOADS: 5,
  WALK_CYCLES: 6,
  STORES: 7,
  ATOMICS: 8,
  LINK_READS: 9,
  WRITE_CYCLES: 10,
  FLUSHES: 11,
  FORK_PAGES: 12,
  FORK_CYCLES: 13,
} as const;
export const COUNTERS = 14;

/** The rules of the cost model that a mutant leaves out, one bit each. */
export const COST_RULE = {
  /** A CPU walks the steered replica (I19). */
  STEERING_IS_FOLLOWED: 1 << 0,
  /** Without the wanted replica a CPU walks home, not the local tables (I19). */
  MISSING_MEANS_HOME: 1 << 1,
  /** An entry is written in every ring member (8.3). */
  EVERY_MEMBER_IS_WRITTEN: 1 << 2,
  /** A base outside the set is a further member (W45). */
  BASE_IS_A_MEMBER: 1 << 3,
  /** A CR3 load empties the TLB and the paging-structure cache (2.15). */
  SWITCH_FLUSHES: 1 << 4,
  /** What unmap and protect change is forgotten by every CPU. */
  CHANGES_SHOOT_DOWN: 1 << 5,
} as const;
