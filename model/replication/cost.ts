/**
 * What a trace costs in one configuration: tables are placed by first touch, walks are priced by where tables lie.
 *
 * 1. A page without an entry is mapped by the access that finds none: its missing tables come from the node of the CPU.
 * 2. A walk reads the tables below the lowest one that the paging-structure cache names. Without replication a table lies
 *    where it was first needed, and the root at home; with it all of the path lies on the node of the root in CR3.
 * 3. A change of an entry is made in each member of its table's ring.
 *
 * Left out: contention, large leaves, freeing of tables, accessed and dirty bits, the price of the first member's write.
 * Source: spec sections 8.3, 1.3 (ring), 2.13 (choice of root), 11 (micro-steps).
 */
import { type Draft, produce } from "immer";
import { match } from "ts-pattern";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { CostConfiguration, CostMachine, CostReport, TraceRecord } from "../../vocabulary/replication/cost.js";
import { NOT_MEASURED, STEERING_AUTO } from "../../vocabulary/replication/steering-choice.js";

type Running = Omit<CostReport, "tables" | "tablePages" | "mappedPages" | "enablePages" | "enableCycles">;

export interface CostState {
  /** Node on which each table was first needed, by `level/prefix`. */
  readonly tables: { readonly [key: string]: number };
  readonly mapped: { readonly [page: number]: true };
  /** Page in each TLB slot, by `node/slot`. */
  readonly tlb: { readonly [slot: string]: number };
  /** Prefix of the table that each slot of the paging-structure cache names, by `node/level/slot`. */
  readonly walkCache: { readonly [slot: string]: number };
  readonly running: Running;
}

interface Setting {
  readonly machine: CostMachine;
  readonly configuration: CostConfiguration;
}

/** Which table of a level covers a page: a table of level n spans 512^n pages. */
const prefixOf = (page: number, level: number): number => Math.floor(page / 512 ** level);
const tableKey = (page: number, level: number): string => `${level}/${prefixOf(page, level)}`;
const tlbKey = (node: number, page: number, { tlbSlots }: CostMachine): string => `${node}/${page % tlbSlots}`;
/** Slot for an entry of `level`, which names the table of the level below. */
const walkCacheKey = (node: number, page: number, level: number, { walkCacheSlots }: CostMachine): string =>
  `${node}/${level}/${prefixOf(page, level - 1) % walkCacheSlots}`;

export function initialCost({ machine, configuration }: Setting): CostState {
  return {
    tables: { [tableKey(0, machine.levels)]: configuration.home },
    mapped: {},
    tlb: {},
    walkCache: {},
    running: {
      accesses: 0,
      walks: 0,
      cachedLoads: 0,
      memoryLoads: 0,
      remoteLoads: 0,
      remoteLeafLoads: 0,
      walkCycles: 0,
      stores: 0,
      atomics: 0,
      linkReads: 0,
      writeCycles: 0,
      flushes: 0,
      forkPages: 0,
      forkCycles: 0,
    },
  };
}

/** The ring of a table: its base first, then the set's other nodes, ascending (1.3); alone when not replicated. */
function ringOf(base: number, { configuration }: Setting): readonly number[] {
  return [base, ...configuration.set.filter((node) => node !== base)];
}

/** The node whose root a CPU loads (I19): the steered or else the local one if it has a replica, otherwise home. */
function rootNode(node: number, { configuration }: Setting): number {
  const { set, steering, home } = configuration;
  const wanted = steering[node] === STEERING_AUTO ? node : steering[node]!;
  return set.includes(wanted) ? wanted : home;
}

function countWrites(
  draft: Draft<CostState>,
  ring: readonly number[],
  what: "stores" | "atomics",
  setting: Setting,
): void {
  draft.running[what] += ring.length;
  draft.running.linkReads += ring.length;
  draft.running.writeCycles += (ring.length - 1) * setting.machine.memberCycles;
}

/** A parent's entry in each of its members; the child's copy for that node is searched along the child's ring (1.3, I9). */
function enterTable(
  draft: Draft<CostState>,
  parent: readonly number[],
  child: readonly number[],
  setting: Setting,
): void {
  countWrites(draft, parent, "stores", setting);
  if (setting.configuration.set.length === 0) return;
  for (const node of parent) draft.running.linkReads += child.includes(node) ? child.indexOf(node) : child.length;
}

function mapPage(draft: Draft<CostState>, node: number, page: number, setting: Setting): void {
  for (let level = setting.machine.levels - 1; level >= 1; level--) {
    if (draft.tables[tableKey(page, level)] !== undefined) continue;
    draft.tables[tableKey(page, level)] = node;
    const parent = draft.tables[tableKey(page, level + 1)]!;
    enterTable(draft, ringOf(parent, setting), ringOf(node, setting), setting);
  }
  draft.mapped[page] = true;
  countWrites(draft, ringOf(draft.tables[tableKey(page, 1)]!, setting), "stores", setting);
}

function load(draft: Draft<CostState>, node: number, page: number, level: number, setting: Setting): void {
  const { machine, configuration } = setting;
  if (level > machine.memoryLevels) {
    draft.running.cachedLoads += 1;
    draft.running.walkCycles += machine.cacheHitCycles;
    return;
  }
  const replicated = configuration.set.length > 0;
  const place = replicated ? rootNode(node, setting) : draft.tables[tableKey(page, level)]!;
  draft.running.memoryLoads += 1;
  draft.running.walkCycles += machine.latency[node]![place]!;
  if (place !== node) draft.running.remoteLoads += 1;
  if (place !== node && level === 1) draft.running.remoteLeafLoads += 1;
}

function walk(draft: Draft<CostState>, node: number, page: number, setting: Setting): void {
  const { machine } = setting;
  const upper = Array.from({ length: machine.levels - 1 }, (_, i) => i + 2);
  const cached = upper.find(
    (level) => draft.walkCache[walkCacheKey(node, page, level, machine)] === prefixOf(page, level - 1),
  );
  const first = cached === undefined ? machine.levels : cached - 1;
  draft.running.walks += 1;
  for (let level = first; level >= 1; level--) load(draft, node, page, level, setting);
  if (machine.walkCacheSlots > 0) {
    for (const level of upper) draft.walkCache[walkCacheKey(node, page, level, machine)] = prefixOf(page, level - 1);
  }
  if (machine.tlbSlots > 0) draft.tlb[tlbKey(node, page, machine)] = page;
}

function access(draft: Draft<CostState>, node: number, page: number, setting: Setting): void {
  draft.running.accesses += 1;
  if (draft.mapped[page] === undefined) mapPage(draft, node, page, setting);
  if (draft.tlb[tlbKey(node, page, setting.machine)] !== page) walk(draft, node, page, setting);
}

/** What every CPU must forget when an entry loses something: its translation, and all paging-structure caches (INVLPG). */
function shootDown(draft: Draft<CostState>, page: number, { machine }: Setting): void {
  for (const node of machine.latency.keys()) {
    if (draft.tlb[tlbKey(node, page, machine)] === page) delete draft.tlb[tlbKey(node, page, machine)];
  }
  draft.walkCache = {};
}

/** Protect is a get-and-clear and a commit, unmap a get-and-clear (W35). */
function changePage(draft: Draft<CostState>, kind: "protect" | "unmap", page: number, setting: Setting): void {
  const ring = ringOf(draft.tables[tableKey(page, 1)]!, setting);
  countWrites(draft, ring, "atomics", setting);
  if (kind === "protect") countWrites(draft, ring, "stores", setting);
  else delete draft.mapped[page];
  shootDown(draft, page, setting);
}

function contextSwitch(draft: Draft<CostState>, node: number): void {
  const kept = <T>(slots: { [slot: string]: T }): { [slot: string]: T } =>
    Object.fromEntries(Object.entries(slots).filter(([slot]) => !slot.startsWith(`${node}/`)));
  draft.tlb = kept(draft.tlb);
  draft.walkCache = kept(draft.walkCache);
  draft.running.flushes += 1;
}

/** Copies of every table, and the entry of every table but the root rewritten on each node of the set. */
function enableCost(state: CostState, setting: Setting): { readonly pages: number; readonly cycles: number } {
  const bases = Object.values(state.tables);
  const pages = bases.reduce((sum, base) => sum + ringOf(base, setting).length - 1, 0);
  const rewrites = setting.configuration.set.length * (bases.length - 1);
  return { pages, cycles: pages * setting.machine.pageCopyCycles + rewrites * setting.machine.memberCycles };
}

function fork(draft: Draft<CostState>, setting: Setting): void {
  const { pages, cycles } = enableCost(draft, setting);
  draft.running.forkPages += pages * setting.machine.forkEnables;
  draft.running.forkCycles += cycles * setting.machine.forkEnables;
}

/**
 * One record.
 * @throws PagetwinError `ARGUMENT` for a node outside the machine or one whose latencies are not all measured
 */
export function costStep(state: CostState, record: TraceRecord, setting: Setting): CostState {
  const row = setting.machine.latency[record.node];
  if (row === undefined || row.includes(NOT_MEASURED)) {
    throw new PagetwinError("ARGUMENT", `node ${record.node}: expected a node with measured latencies to all nodes`);
  }
  const pagesOf = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);
  return produce(state, (draft) =>
    match(record)
      .with({ kind: "read" }, { kind: "write" }, ({ node, page }) => access(draft, node, page, setting))
      .with({ kind: "map" }, ({ node, page, count }) => {
        for (const each of pagesOf(page, count)) if (!draft.mapped[each]) mapPage(draft, node, each, setting);
      })
      .with({ kind: "protect" }, { kind: "unmap" }, ({ kind, page, count }) => {
        for (const each of pagesOf(page, count)) if (draft.mapped[each]) changePage(draft, kind, each, setting);
      })
      .with({ kind: "switch" }, ({ node }) => {
        if (setting.configuration.flushOnSwitch) contextSwitch(draft, node);
      })
      .with({ kind: "fork" }, () => fork(draft, setting))
      .exhaustive(),
  );
}

/** The cost of a whole trace. Errors as {@link costStep}. */
export function costOf(
  trace: readonly TraceRecord[],
  machine: CostMachine,
  configuration: CostConfiguration,
): CostReport {
  const setting = { machine, configuration };
  const state = trace.reduce((before, record) => costStep(before, record, setting), initialCost(setting));
  const bases = Object.values(state.tables);
  const enable = configuration.set.length === 0 ? { pages: 0, cycles: 0 } : enableCost(state, setting);
  return {
    ...state.running,
    tables: bases.length,
    tablePages: bases.reduce((sum, base) => sum + ringOf(base, setting).length, 0),
    mappedPages: Object.keys(state.mapped).length,
    enablePages: enable.pages,
    enableCycles: enable.cycles,
  };
}
