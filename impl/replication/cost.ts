/**
 * What a trace costs in one configuration. State, counters and trace are flat arrays; nothing is allocated per record.
 *
 * What is counted and what is left out: docs/policy-and-cost.md. Source: spec section 8.3.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { CostConfiguration, CostMachine, CostReport } from "../../vocabulary/replication/cost.js";
import { NOT_MEASURED, STEERING_AUTO, STEERING_SLOTS } from "../../vocabulary/replication/steering-choice.js";
import {
  COST,
  COST_RULE,
  COUNTER,
  COUNTERS,
  costWords,
  LOW_SPAN,
  tableBase,
  VACANT,
  walkCacheBase,
} from "./cost-layout.js";
import { addTable, countWrites, flipMapped, isMapped, mapPage, tableAt } from "./cost-tables.js";
import { type CostTrace, TRACE_OP } from "./cost-trace.js";
import { flushNode, shootDown, tlbHolds, walk } from "./cost-walk.js";

export { COST_RULE } from "./cost-layout.js";

const FIRST_CAPACITY = 2 ** 10;
const LAST_CAPACITY = 2 ** 20;

/** The node whose root a CPU of `node` loads (I19). */
function targetOf(configuration: CostConfiguration, set: number, node: number, dropped: number): number {
  const steered = (dropped & COST_RULE.STEERING_IS_FOLLOWED) !== 0 ? STEERING_AUTO : configuration.steering[node]!;
  const wanted = steered === STEERING_AUTO ? node : steered;
  if (((set >>> wanted) & 1) === 1) return wanted;
  return (dropped & COST_RULE.MISSING_MEANS_HOME) !== 0 ? node : configuration.home;
}

function initialise(state: Int32Array, machine: CostMachine, configuration: CostConfiguration, dropped: number): void {
  const nodes = machine.latency.length;
  let set = 0;
  for (const node of configuration.set) set |= 1 << node;
  state[COST.NODES] = nodes;
  state[COST.LEVELS] = machine.levels;
  state[COST.TLB_SLOTS] = machine.tlbSlots;
  state[COST.WALK_CACHE_SLOTS] = machine.walkCacheSlots;
  state[COST.MEMORY_LEVELS] = machine.memoryLevels;
  state[COST.CACHE_HIT_CYCLES] = machine.cacheHitCycles;
  state[COST.MEMBER_CYCLES] = machine.memberCycles;
  state[COST.PAGE_COPY_CYCLES] = machine.pageCopyCycles;
  state[COST.FORK_ENABLES] = machine.forkEnables;
  state[COST.HOME] = configuration.home;
  state[COST.SET] = set;
  state[COST.FLUSH_ON_SWITCH] = configuration.flushOnSwitch ? 1 : 0;
  state[COST.DROPPED] = dropped;
  state[COST.WALK_CACHE_BASE] = walkCacheBase(nodes, machine.tlbSlots);
  state[COST.TABLE_BASE] = tableBase(nodes, machine.tlbSlots, machine.walkCacheSlots);
  for (const [node, row] of machine.latency.entries()) {
    state.set(row, COST.LATENCY + node * STEERING_SLOTS);
    state[COST.TARGET + node] = targetOf(configuration, set, node, dropped);
    if (!row.includes(NOT_MEASURED)) state[COST.MEASURED]! |= 1 << node;
  }
  state.fill(VACANT, COST.TLB_BASE, state[COST.TABLE_BASE]!);
  addTable(state, machine.levels, 0, 0, configuration.home);
}

function access(state: Int32Array, counters: Float64Array, node: number, page: number): void {
  counters[COUNTER.ACCESSES]! += 1;
  if (tlbHolds(state, node, page)) return; // what the TLB holds is mapped: unmap shoots it down
  const low = page % LOW_SPAN;
  const high = Math.floor(page / LOW_SPAN);
  if (!isMapped(state, low, high)) mapPage(state, counters, node, low, high);
  walk(state, counters, node, page);
}

/** Protect is a get-and-clear and a commit, unmap a get-and-clear (W35); pages without entry are passed over. */
function changePages(state: Int32Array, counters: Float64Array, op: number, page: number, count: number): void {
  for (let each = page; each < page + count; each++) {
    const low = each % LOW_SPAN;
    const high = Math.floor(each / LOW_SPAN);
    if (!isMapped(state, low, high)) continue;
    const at = tableAt(state, 1, low, high);
    countWrites(state, counters, at, COUNTER.ATOMICS);
    if (op === TRACE_OP.protect) countWrites(state, counters, at, COUNTER.STORES);
    else flipMapped(state, at, low, -1);
    if ((state[COST.DROPPED]! & COST_RULE.CHANGES_SHOOT_DOWN) === 0) shootDown(state, each);
  }
}

function mapPages(state: Int32Array, counters: Float64Array, node: number, page: number, count: number): void {
  for (let each = page; each < page + count; each++) {
    const low = each % LOW_SPAN;
    const high = Math.floor(each / LOW_SPAN);
    if (!isMapped(state, low, high)) mapPage(state, counters, node, low, high);
  }
}

/** Pages that an enable now would copy: every ring member but one. */
const copiesNow = (state: Int32Array): number => state[COST.TABLE_PAGES]! - state[COST.TABLE_COUNT]!;

/** ... and its cycles: the copies, and the entry of every table but the root rewritten on each node of the set. */
function enableCyclesNow(state: Int32Array): number {
  let rewrites = 0;
  for (let rest = state[COST.SET]!; rest !== 0; rest &= rest - 1) rewrites += state[COST.TABLE_COUNT]! - 1;
  return copiesNow(state) * state[COST.PAGE_COPY_CYCLES]! + rewrites * state[COST.MEMBER_CYCLES]!;
}

function step(state: Int32Array, counters: Float64Array, op: number, node: number, page: number, count: number): void {
  if (node >= state[COST.NODES]! || ((state[COST.MEASURED]! >>> node) & 1) === 0) {
    throw new PagetwinError("ARGUMENT", `node ${node}: expected a node with measured latencies to all nodes`);
  }
  switch (op) {
    case TRACE_OP.read:
    case TRACE_OP.write:
      access(state, counters, node, page);
      return;
    case TRACE_OP.map:
      mapPages(state, counters, node, page, count);
      return;
    case TRACE_OP.protect:
    case TRACE_OP.unmap:
      changePages(state, counters, op, page, count);
      return;
    case TRACE_OP.switch:
      if (state[COST.FLUSH_ON_SWITCH] === 0) return;
      if ((state[COST.DROPPED]! & COST_RULE.SWITCH_FLUSHES) === 0) flushNode(state, node);
      counters[COUNTER.FLUSHES]! += 1;
      return;
    case TRACE_OP.fork:
      counters[COUNTER.FORK_PAGES]! += copiesNow(state) * state[COST.FORK_ENABLES]!;
      counters[COUNTER.FORK_CYCLES]! += enableCyclesNow(state) * state[COST.FORK_ENABLES]!;
      return;
    default:
      throw new PagetwinError("ARGUMENT", `trace operation ${op}: expected one of TRACE_OP`);
  }
}

function report(state: Int32Array, counters: Float64Array): CostReport {
  return {
    accesses: counters[COUNTER.ACCESSES]!,
    walks: counters[COUNTER.WALKS]!,
    cachedLoads: counters[COUNTER.CACHED_LOADS]!,
    memoryLoads: counters[COUNTER.MEMORY_LOADS]!,
    remoteLoads: counters[COUNTER.REMOTE_LOADS]!,
    remoteLeafLoads: counters[COUNTER.REMOTE_LEAF_LOADS]!,
    walkCycles: counters[COUNTER.WALK_CYCLES]!,
    stores: counters[COUNTER.STORES]!,
    atomics: counters[COUNTER.ATOMICS]!,
    linkReads: counters[COUNTER.LINK_READS]!,
    writeCycles: counters[COUNTER.WRITE_CYCLES]!,
    flushes: counters[COUNTER.FLUSHES]!,
    forkPages: counters[COUNTER.FORK_PAGES]!,
    forkCycles: counters[COUNTER.FORK_CYCLES]!,
    tables: state[COST.TABLE_COUNT]!,
    tablePages: state[COST.TABLE_PAGES]!,
    mappedPages: state[COST.MAPPED_PAGES]!,
    enablePages: copiesNow(state),
    enableCycles: enableCyclesNow(state),
  };
}

/** One run with room for three quarters of `capacity` (a power of two) tables. */
function run(
  trace: CostTrace,
  machine: CostMachine,
  configuration: CostConfiguration,
  capacity: number,
  dropped: number,
): CostReport {
  const words = costWords(machine.latency.length, machine.tlbSlots, machine.walkCacheSlots, capacity);
  const state = new Int32Array(words);
  const counters = new Float64Array(COUNTERS);
  state[COST.TABLE_CAPACITY] = capacity;
  initialise(state, machine, configuration, dropped);
  for (let at = 0; at < trace.length; at++) {
    step(state, counters, trace.ops[at]!, trace.nodes[at]!, trace.pages[at]!, trace.counts[at]!);
  }
  return report(state, counters);
}

/**
 * The cost of a whole trace. Room for tables starts small and doubles; a run that finds none starts over.
 * @param machine checked machine; @param configuration checked against it
 * @param dropped rules to leave out, bits of COST_RULE; for mutants
 * @throws PagetwinError `ARGUMENT` for a node outside the machine or without measured latencies, `STORAGE` when the trace
 *   needs more than 786,432 tables
 */
export function traceCost(
  trace: CostTrace,
  machine: CostMachine,
  configuration: CostConfiguration,
  dropped = 0,
): CostReport {
  for (let capacity = FIRST_CAPACITY; ; capacity *= 2) {
    try {
      return run(trace, machine, configuration, capacity, dropped);
    } catch (error) {
      const full = error instanceof PagetwinError && error.code === "STORAGE";
      if (!full || capacity >= LAST_CAPACITY) throw error;
    }
  }
}
