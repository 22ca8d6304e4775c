/**
 * What a CPU remembers of the tables: its TLB and its cache of pointers, both direct mapped, and how they forget.
 */
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Access, Mode } from "../../vocabulary/page-table/access.js";
import type { FaultReason } from "../../vocabulary/page-table/fault.js";
import { firstPage, highestLeafLevel, prefix } from "./address.js";
import { type CachedPointer, type Cpu, freshCpu, type State, type TlbEntry, type WalkRights } from "./state.js";

export function bothRights(a: WalkRights, b: WalkRights): WalkRights {
  return {
    writable: a.writable && b.writable,
    user: a.user && b.user,
    executable: a.executable && b.executable,
  };
}

/** The right that an access lacks, in the order user, write, execute; undefined if it lacks none. */
export function lacking(rights: WalkRights, access: Access, mode: Mode): FaultReason | undefined {
  if (mode === "user" && !rights.user) return "user";
  if (access === "write" && !rights.writable) return "write";
  if (access === "execute" && !rights.executable) return "execute";
  return undefined;
}

const ascending = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** What the TLB knows of a page, smallest leaf first. */
export function remembered(geometry: Geometry, cpu: Cpu, page: number): TlbEntry | undefined {
  return ascending(1, highestLeafLevel(geometry))
    .map((level) => ({ level, first: firstPage(geometry, level, page) }))
    .map(({ level, first }) => ({ level, first, entry: cpu.tlb[first % geometry.tlbSlots] }))
    .find(({ level, first, entry }) => entry?.level === level && entry.page === first)?.entry;
}

/** The lowest pointer that the CPU knows on a page's path, and its level. */
export function deepestPointer(
  geometry: Geometry,
  cpu: Cpu,
  page: number,
): { readonly level: number; readonly pointer: CachedPointer } | undefined {
  for (const level of ascending(2, geometry.levels)) {
    const tag = prefix(geometry, level, page);
    const pointer = cpu.walkCache[level]?.[tag % geometry.walkCacheSlots];
    if (pointer?.prefix === tag) return { level, pointer };
  }
  return undefined;
}

export function rememberLeaf(geometry: Geometry, cpu: Cpu, entry: TlbEntry): Cpu {
  if (geometry.tlbSlots === 0) return cpu;
  return { ...cpu, tlb: { ...cpu.tlb, [entry.page % geometry.tlbSlots]: entry } };
}

export function rememberPointer(geometry: Geometry, cpu: Cpu, level: number, pointer: CachedPointer): Cpu {
  if (geometry.walkCacheSlots === 0) return cpu;
  const slots = { ...cpu.walkCache[level], [pointer.prefix % geometry.walkCacheSlots]: pointer };
  return { ...cpu, walkCache: { ...cpu.walkCache, [level]: slots } };
}

/** Forgets every leaf that covers the page and every pointer on its path. */
export function forgetPage(geometry: Geometry, cpu: Cpu, page: number): Cpu {
  const covers = (entry: TlbEntry): boolean => entry.page === firstPage(geometry, entry.level, page);
  const keep = <Item>(slots: { readonly [slot: number]: Item }, drop: (item: Item) => boolean) =>
    Object.fromEntries(Object.entries(slots).filter(([, item]) => !drop(item)));
  const walkCache = Object.entries(cpu.walkCache).map(([level, slots]) => [
    level,
    keep(slots, (pointer) => pointer.prefix === prefix(geometry, Number(level), page)),
  ]);
  return { ...cpu, tlb: keep(cpu.tlb, covers), walkCache: Object.fromEntries(walkCache) };
}

/** Every CPU forgets the page: what a kernel's shootdown does. */
export function forgetPageEverywhere(state: State, page: number): State {
  return { ...state, cpus: state.cpus.map((cpu) => forgetPage(state.geometry, cpu, page)) };
}

/** Every CPU forgets everything. */
export function forgetAllEverywhere(state: State): State {
  return { ...state, cpus: state.cpus.map((cpu) => freshCpu(state.geometry, cpu.root)) };
}
