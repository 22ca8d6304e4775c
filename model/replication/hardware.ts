/**
 * What a CPU does by itself: TLB, paging-structure cache and page walk (D8).
 *
 * A and D are set only in the member that is walked; that the members then differ is what W2 and W3 are about.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Access } from "../../vocabulary/page-table/access.js";
import { firstPage, indexAt, span } from "./geometry-math.js";
import { grants } from "./leaf.js";
import type { Cpu, LeafEntry, State, Table, Translation } from "./state.js";
import { entryAt, knownTable, namedMember, putEntry } from "./tree.js";
import { caller, changeCpu, cpuAt, spaceAt } from "./who.js";

export interface Walk {
  readonly state: State;
  readonly granted: boolean;
}

/** The TLB entry that translates `page`. */
export function translationOf(state: State, cpu: number, page: number): Translation | undefined {
  const { geometry } = state;
  const { tlb } = cpuAt(state, cpu);
  for (let level = 1; level < geometry.levels; level++) {
    const first = firstPage(geometry, page, level);
    const found = tlb[first % geometry.tlbSlots];
    if (found !== undefined && found.level === level && found.page === first) return found;
  }
  return undefined;
}

/** Whether the TLB alone serves the access: a write needs the cached D as well. */
export function tlbServes(state: State, cpu: number, page: number, access: Access): boolean {
  const found = translationOf(state, cpu, page);
  return found !== undefined && grants(found, access) && (access !== "write" || found.dirty);
}

/** Whether the TLB holds the page without the right: a fault at once, whatever the tables say by now (W31). */
export function tlbRefuses(state: State, cpu: number, page: number, access: Access): boolean {
  const found = translationOf(state, cpu, page);
  return found !== undefined && !grants(found, access);
}

/** Walks from the deepest table that the paging-structure cache knows, else from the loaded root. */
export function walk(state: State, cpu: number, page: number, access: Access): Walk {
  const { geometry } = state;
  const { slot, space } = caller(state, cpu);
  let { level, node } = walkStart(state, cpu, page);
  let now = state;
  for (;;) {
    const table = knownTable(geometry, space, page, level);
    const member = memberOn(table, node);
    const entry = table.entries[indexAt(geometry, page, level)];
    if (entry === undefined) return { state: now, granted: false };
    if (entry.kind === "leaf") {
      // W40: an access that faults leaves the leaf alone.
      if (entry.presence !== "present" || !grants(entry, access)) return { state: now, granted: false };
      now = setBits(now, slot, page, level, member, access === "write");
      return { state: fillTlb(now, cpu, slot, page, level, member), granted: true };
    }
    now = setBits(now, slot, page, level, member, false);
    node = namedMember(entry.table, node, space.home).node;
    level = entry.table.level;
    now = remember(now, cpu, page, level, node);
  }
}

function walkStart(state: State, cpu: number, page: number): { readonly level: number; readonly node: number } {
  const { geometry } = state;
  const { walks, root } = cpuAt(state, cpu);
  for (let level = 1; level < geometry.levels; level++) {
    const prefix = prefixOf(state, page, level);
    const shortcut = walks[level]?.[prefix % geometry.walkCacheSlots];
    if (shortcut?.prefix === prefix) return { level, node: shortcut.node };
  }
  return { level: geometry.levels, node: root };
}

/** Number of the whole table of `level` that covers `page`. */
function prefixOf(state: State, page: number, level: number): number {
  return Math.floor(page / span(state.geometry, level + 1));
}

function memberOn(table: Table, node: number): number {
  const member = table.members.findIndex((each) => each.node === node);
  // I17, I25: what a CPU remembers is dropped before it goes.
  if (member < 0) throw new PagetwinError("UNREACHABLE", `a walk meets a table that has no page on node ${node}`);
  return member;
}

/** A, and for a write D, in one member of the entry of `level` over `page`. */
function setBits(state: State, slot: number, page: number, level: number, member: number, write: boolean): State {
  const entry = entryAt(state.geometry, spaceAt(state, slot), page, level);
  if (entry === undefined) return state;
  const dirties = write && entry.kind === "leaf";
  if (entry.accessed[member] && !(dirties && !entry.dirty[member])) return state;
  const used = { ...entry, accessed: entry.accessed.with(member, true) };
  const written = dirties ? { ...used, dirty: entry.dirty.with(member, true) } : used;
  return putEntry(state, slot, page, level, written);
}

function fillTlb(state: State, cpu: number, slot: number, page: number, level: number, member: number): State {
  const { geometry } = state;
  if (geometry.tlbSlots === 0) return state;
  const leaf = knownTable(geometry, spaceAt(state, slot), page, level).entries[
    indexAt(geometry, page, level)
  ] as LeafEntry;
  const first = firstPage(geometry, page, level);
  const { frame, writable, executable } = leaf;
  const filled = { page: first, level, frame, writable, executable, dirty: leaf.dirty[member] === true };
  return changeCpu(state, cpu, { tlb: { ...cpuAt(state, cpu).tlb, [first % geometry.tlbSlots]: filled } });
}

/** The table of `level` over `page` goes into the paging-structure cache, as the member on `node`. */
function remember(state: State, cpu: number, page: number, level: number, node: number): State {
  const { geometry } = state;
  if (geometry.walkCacheSlots === 0) return state;
  const { walks } = cpuAt(state, cpu);
  const prefix = prefixOf(state, page, level);
  const ofLevel = { ...walks[level], [prefix % geometry.walkCacheSlots]: { prefix, node } };
  return changeCpu(state, cpu, { walks: { ...walks, [level]: ofLevel } });
}

/** W31: a CPU that faults drops its own entries for the page, of both kinds. */
export function dropPage(state: State, cpu: number, page: number): State {
  const { tlbSlots, walkCacheSlots } = state.geometry;
  if (tlbSlots === 0 && walkCacheSlots === 0) return state;
  const { tlb, walks } = cpuAt(state, cpu);
  const ofPage = translationOf(state, cpu, page);
  const kept: Cpu["tlb"] = Object.fromEntries(Object.entries(tlb).filter(([, each]) => each !== ofPage));
  const levels = Object.entries(walks).flatMap(([level, shortcuts]) => {
    const others = Object.entries(shortcuts).filter(([, each]) => each.prefix !== prefixOf(state, page, Number(level)));
    return others.length === 0 ? [] : [[level, Object.fromEntries(others)] as const];
  });
  return changeCpu(state, cpu, { tlb: kept, walks: Object.fromEntries(levels) });
}
