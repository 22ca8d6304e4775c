/**
 * The tables that a trace has needed, and the writes that keep their rings: the part of the cost model that changes entries.
 *
 * A ring is a mask of nodes with a base: base first, then the others ascending (1.3).
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import {
  COST,
  COST_RULE,
  COUNTER,
  HIGH_NAME,
  LEAF_INDEX_MASK,
  LOW_NAME,
  NO_TABLE,
  PRESENCE_MASK,
  PRESENCE_SHIFT,
  TABLE,
} from "./cost-layout.js";

const HASH_LOW = 0x9e3779b1;
const HASH_HIGH = 0x85ebca6b;
const HASH_FOLD = 15;

function hash(level: number, low: number, high: number): number {
  const mixed = Math.imul(low + level, HASH_LOW) ^ Math.imul(high + level, HASH_HIGH);
  return (mixed ^ (mixed >>> HASH_FOLD)) >>> 0;
}

/** Word of the table of `level` that covers the page, or of the vacant slot where it would go. */
export function tableAt(state: Int32Array, level: number, low: number, high: number): number {
  const nameLow = low & LOW_NAME[level]!;
  const nameHigh = high & HIGH_NAME[level]!;
  const base = state[COST.TABLE_BASE]!;
  const last = state[COST.TABLE_CAPACITY]! - 1;
  for (let slot = hash(level, nameLow, nameHigh) & last; ; slot = (slot + 1) & last) {
    const at = base + slot * TABLE.WORDS;
    const found = state[at + TABLE.LEVEL]!;
    if (found === NO_TABLE) return at; // one slot in four stays vacant, so the scan ends
    if (found === level && state[at + TABLE.LOW] === nameLow && state[at + TABLE.HIGH] === nameHigh) return at;
  }
}

/** Bits set in a mask of eight nodes. */
function nodeCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Nodes of the ring of a table with this base: the set and the base (W45), or the base alone. */
function ringOf(state: Int32Array, base: number): number {
  const set = state[COST.SET]!;
  const baseCounts = set === 0 || (state[COST.DROPPED]! & COST_RULE.BASE_IS_A_MEMBER) === 0;
  return baseCounts ? set | (1 << base) : set;
}

/** Counts one write of an entry of a table at word `at`; `counter` is STORES or ATOMICS. */
export function countWrites(state: Int32Array, counters: Float64Array, at: number, counter: number): void {
  const dropped = (state[COST.DROPPED]! & COST_RULE.EVERY_MEMBER_IS_WRITTEN) !== 0;
  const members = dropped ? 1 : nodeCount(ringOf(state, state[at + TABLE.NODE]!));
  counters[counter]! += members;
  counters[COUNTER.LINK_READS]! += members;
  counters[COUNTER.WRITE_CYCLES]! += (members - 1) * state[COST.MEMBER_CYCLES]!;
}

/** Links read to find, for each node of the parent's ring, the child's copy on that node; all of them where it has none. */
function linksToCopies(parent: number, child: number, childBase: number): number {
  const behindBase = child & ~(1 << childBase);
  const behindCount = nodeCount(behindBase);
  let links = 0;
  for (let rest = parent; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    if (bit === 1 << childBase) continue;
    links += 1 + ((behindBase & bit) !== 0 ? nodeCount(behindBase & (bit - 1)) : behindCount);
  }
  return links;
}

/**
 * Adds the table of `level` that covers the page, its base on `node`, without an entry in its parent.
 * @returns its word
 * @throws PagetwinError `STORAGE` when three quarters of the capacity are taken
 */
export function addTable(state: Int32Array, level: number, low: number, high: number, node: number): number {
  const capacity = state[COST.TABLE_CAPACITY]!;
  if ((state[COST.TABLE_COUNT]! + 1) * 4 > capacity * 3) {
    throw new PagetwinError("STORAGE", `no room for another table: expected at most ${(capacity / 4) * 3}`);
  }
  const at = tableAt(state, level, low, high);
  state[at + TABLE.LEVEL] = level;
  state[at + TABLE.LOW] = low & LOW_NAME[level]!;
  state[at + TABLE.HIGH] = high & HIGH_NAME[level]!;
  state[at + TABLE.NODE] = node;
  state[COST.TABLE_COUNT]! += 1;
  state[COST.TABLE_PAGES]! += nodeCount(ringOf(state, node));
  return at;
}

function presenceWord(at: number, low: number): number {
  return at + TABLE.PRESENCE + ((low & LEAF_INDEX_MASK) >>> PRESENCE_SHIFT);
}

/** Whether the page has an entry. */
export function isMapped(state: Int32Array, low: number, high: number): boolean {
  const at = tableAt(state, 1, low, high);
  return state[at + TABLE.LEVEL] !== NO_TABLE && ((state[presenceWord(at, low)]! >>> (low & PRESENCE_MASK)) & 1) === 1;
}

/** Flips the presence of a page whose leaf table exists; `change` is +1 when it gets an entry, -1 when it loses it. */
export function flipMapped(state: Int32Array, at: number, low: number, change: 1 | -1): void {
  state[presenceWord(at, low)]! ^= 1 << (low & PRESENCE_MASK);
  state[COST.MAPPED_PAGES]! += change;
}

/** Gives a page without entry one, from a CPU of `node`: missing tables top down, each entered in its parent, then the leaf. */
export function mapPage(state: Int32Array, counters: Float64Array, node: number, low: number, high: number): void {
  const replicated = state[COST.SET] !== 0;
  let parent = tableAt(state, state[COST.LEVELS]!, low, high);
  for (let level = state[COST.LEVELS]! - 1; level >= 1; level--) {
    let child = tableAt(state, level, low, high);
    if (state[child + TABLE.LEVEL] === NO_TABLE) {
      child = addTable(state, level, low, high, node);
      countWrites(state, counters, parent, COUNTER.STORES);
      if (replicated) {
        const parentRing = ringOf(state, state[parent + TABLE.NODE]!);
        counters[COUNTER.LINK_READS]! += linksToCopies(parentRing, ringOf(state, node), node);
      }
    }
    parent = child;
  }
  flipMapped(state, parent, low, 1);
  countWrites(state, counters, parent, COUNTER.STORES);
}
