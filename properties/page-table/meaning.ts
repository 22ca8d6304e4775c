/**
 * What the implementation's words mean: words → state of the reference.
 *
 * Raw words are read here and taken apart by the reference's own decoder, so that a bit which the implementation keeps
 * in a wrong place has a wrong meaning, even if it finds it there again.
 */

import { NO_ROOT } from "../../impl/page-table/hardware.js";
import { SLOT_WORDS } from "../../impl/page-table/layout.js";
import type { PageTable } from "../../impl/page-table/page-table.js";
import {
  RIGHT_EXECUTE,
  RIGHT_USER,
  RIGHT_WRITE,
  slotIsDirty,
  slotLevel,
  slotRights,
} from "../../impl/page-table/tlb.js";
import { type Decoded, decode } from "../../model/page-table/entry.js";
import type { CachedPointer, Cpu, State, Table, TlbEntry, WalkRights } from "../../model/page-table/state.js";

/** @throws Error where the words mean nothing: a pointer out of the table zones, a table in two places */
export function meaningOf(system: PageTable): State {
  const { geometry } = system.layout;
  const tables: { [frame: number]: Table } = {};
  readTable(system, system.root, geometry.levels, tables);
  const cpus = Array.from({ length: system.layout.cpus }, (_, cpu) => cpuOf(system, cpu));
  return { geometry, tables, root: system.root, cpus, statistics: null };
}

/** One entry, read as the reference reads it. */
export function decodedEntry(system: PageTable, table: number, level: number, index: number): Decoded {
  const word = system.layout.entryIndex(table, index);
  const low = system.memory.load("meaning", word) >>> 0;
  const high = system.memory.load("meaning", word + 1) >>> 0;
  const decoded = decode(system.layout.geometry, level, { low, high });
  if (decoded.kind === "empty" && (low !== 0 || high !== 0))
    throw new Error(`table ${table} entry ${index}: neither zero nor installed`);
  return decoded;
}

function readTable(system: PageTable, table: number, level: number, tables: { [frame: number]: Table }): void {
  if (!system.layout.isTableFrame(table)) throw new Error(`frame ${table} is used as a table outside the table zones`);
  if (tables[table] !== undefined) throw new Error(`table ${table} is in two places`);
  const entries: { [index: number]: Table[number] } = {};
  tables[table] = entries;
  for (let index = 0; index < system.layout.entriesPerTable; index++) {
    const decoded = decodedEntry(system, table, level, index);
    if (decoded.kind === "empty") continue;
    if (decoded.kind === "reserved") throw new Error(`table ${table} entry ${index}: reserved bits set`);
    entries[index] = decoded;
    if (decoded.kind === "pointer") readTable(system, decoded.table, level - 1, tables);
  }
}

function cpuOf(system: PageTable, cpu: number): Cpu {
  const { layout, hardware } = system;
  const { levels, tlbSlots, walkCacheSlots } = layout.geometry;
  const root = hardware.root(cpu);
  const tlb: { [slot: number]: TlbEntry } = {};
  for (let slot = 0; slot < tlbSlots; slot++) {
    const entry = tlbEntryOf(system, layout.tlbIndex(cpu) + slot * SLOT_WORDS);
    if (entry !== undefined) tlb[slot] = entry;
  }
  const walkCache: { [level: number]: { [slot: number]: CachedPointer } } = {};
  for (let level = 2; level <= levels; level++) {
    const slots: { [slot: number]: CachedPointer } = {};
    walkCache[level] = slots;
    for (let slot = 0; slot < walkCacheSlots; slot++) {
      const pointer = pointerOf(system, layout.walkCacheIndex(cpu, level) + slot * SLOT_WORDS, level);
      if (pointer !== undefined) slots[slot] = pointer;
    }
  }
  return { root: root === NO_ROOT ? null : root, tlb, walkCache };
}

/** What a TLB slot holds; undefined if it is empty. */
export function tlbEntryOf(system: PageTable, word: number): TlbEntry | undefined {
  const { tlb } = system.hardware;
  const info = tlb.info(word);
  const level = slotLevel(info);
  if (level === 0) return undefined;
  const rights = rightsOf(slotRights(info));
  return { page: tlb.page(word), level, frame: tlb.frame(word), ...rights, dirty: slotIsDirty(info) };
}

/** What a structure-cache slot holds; undefined if it is empty. */
export function pointerOf(system: PageTable, word: number, level: number): CachedPointer | undefined {
  const { walkCache } = system.hardware;
  if (!walkCache.isValid(word)) return undefined;
  return {
    prefix: walkCache.prefix(word, level),
    table: walkCache.child(word),
    ...rightsOf(walkCache.rights(word)),
  };
}

function rightsOf(bits: number): WalkRights {
  return {
    writable: (bits & RIGHT_WRITE) !== 0,
    user: (bits & RIGHT_USER) !== 0,
    executable: (bits & RIGHT_EXECUTE) !== 0,
  };
}
