/**
 * The cost of finding a translation: each node's TLB and paging-structure caches, and the loads of a walk.
 *
 * All caches are direct mapped; see the picture in cost-layout.ts.
 */

import { STEERING_SLOTS } from "../../vocabulary/replication/steering-choice.js";
import {
  CACHED_LEVEL_LOWEST,
  CACHED_LEVELS,
  COST,
  COUNTER,
  HIGH_NAME,
  LOW_NAME,
  LOW_SPAN,
  SLOT,
  TABLE,
  VACANT,
} from "./cost-layout.js";
import { tableAt } from "./cost-tables.js";

/** Pages that a table of each level spans; index 0 is a page itself. */
const SPAN = [1, 2 ** 9, 2 ** 18, 2 ** 27, 2 ** 36, 2 ** 45] as const;

function tlbSlot(state: Int32Array, node: number, page: number): number {
  const slots = state[COST.TLB_SLOTS]!;
  return COST.TLB_BASE + (node * slots + (page % slots)) * SLOT.WORDS;
}

/** Slot of the entry of `level` on the page's path; it names the table of the level below. */
function walkCacheSlot(state: Int32Array, node: number, page: number, level: number): number {
  const slots = state[COST.WALK_CACHE_SLOTS]!;
  const row = node * CACHED_LEVELS + (level - CACHED_LEVEL_LOWEST);
  return state[COST.WALK_CACHE_BASE]! + (row * slots + (Math.floor(page / SPAN[level - 1]!) % slots)) * SLOT.WORDS;
}

function holds(state: Int32Array, slot: number, low: number, high: number): boolean {
  return state[slot + SLOT.LOW] === low && state[slot + SLOT.HIGH] === high;
}

export function tlbHolds(state: Int32Array, node: number, page: number): boolean {
  if (state[COST.TLB_SLOTS] === 0) return false;
  return holds(state, tlbSlot(state, node, page), page % LOW_SPAN, Math.floor(page / LOW_SPAN));
}

/** The level at which a walk begins: just below the lowest cached entry, or the root. */
function firstLevel(state: Int32Array, node: number, page: number, low: number, high: number): number {
  const levels = state[COST.LEVELS]!;
  if (state[COST.WALK_CACHE_SLOTS] === 0) return levels;
  for (let level = CACHED_LEVEL_LOWEST; level <= levels; level++) {
    const slot = walkCacheSlot(state, node, page, level);
    if (holds(state, slot, low & LOW_NAME[level - 1]!, high & HIGH_NAME[level - 1]!)) return level - 1;
  }
  return levels;
}

function fill(state: Int32Array, node: number, page: number, low: number, high: number): void {
  if (state[COST.WALK_CACHE_SLOTS] !== 0) {
    for (let level = CACHED_LEVEL_LOWEST; level <= state[COST.LEVELS]!; level++) {
      const slot = walkCacheSlot(state, node, page, level);
      state[slot + SLOT.LOW] = low & LOW_NAME[level - 1]!;
      state[slot + SLOT.HIGH] = high & HIGH_NAME[level - 1]!;
    }
  }
  if (state[COST.TLB_SLOTS] !== 0) {
    const slot = tlbSlot(state, node, page);
    state[slot + SLOT.LOW] = low;
    state[slot + SLOT.HIGH] = high;
  }
}

/** One walk by a CPU of `node` to a page whose tables all exist. */
export function walk(state: Int32Array, counters: Float64Array, node: number, page: number): void {
  const low = page % LOW_SPAN;
  const high = Math.floor(page / LOW_SPAN);
  const memoryLevels = state[COST.MEMORY_LEVELS]!;
  const replicated = state[COST.SET] !== 0;
  counters[COUNTER.WALKS]! += 1;
  for (let level = firstLevel(state, node, page, low, high); level >= 1; level--) {
    if (level > memoryLevels) {
      counters[COUNTER.CACHED_LOADS]! += 1;
      counters[COUNTER.WALK_CYCLES]! += state[COST.CACHE_HIT_CYCLES]!;
      continue;
    }
    // With replicas every table of the path lies where the root lies (I9).
    const place = replicated ? state[COST.TARGET + node]! : state[tableAt(state, level, low, high) + TABLE.NODE]!;
    counters[COUNTER.MEMORY_LOADS]! += 1;
    counters[COUNTER.WALK_CYCLES]! += state[COST.LATENCY + node * STEERING_SLOTS + place]!;
    if (place !== node) {
      counters[COUNTER.REMOTE_LOADS]! += 1;
      if (level === 1) counters[COUNTER.REMOTE_LEAF_LOADS]! += 1;
    }
  }
  fill(state, node, page, low, high);
}

function vacate(state: Int32Array, from: number, slots: number): void {
  state.fill(VACANT, from, from + slots * SLOT.WORDS);
}

/** A CR3 load on a CPU of `node`. */
export function flushNode(state: Int32Array, node: number): void {
  const tlbSlots = state[COST.TLB_SLOTS]!;
  const cacheSlots = state[COST.WALK_CACHE_SLOTS]! * CACHED_LEVELS;
  vacate(state, COST.TLB_BASE + node * tlbSlots * SLOT.WORDS, tlbSlots);
  vacate(state, state[COST.WALK_CACHE_BASE]! + node * cacheSlots * SLOT.WORDS, cacheSlots);
}

/** Every CPU forgets the page's translation and, as INVLPG does, all of its paging-structure cache. */
export function shootDown(state: Int32Array, page: number): void {
  const nodes = state[COST.NODES]!;
  for (let node = 0; node < nodes; node++) {
    if (tlbHolds(state, node, page)) vacate(state, tlbSlot(state, node, page), 1);
  }
  vacate(state, state[COST.WALK_CACHE_BASE]!, nodes * CACHED_LEVELS * state[COST.WALK_CACHE_SLOTS]!);
}
