/**
 * The whole state: which tables there are, what is in them, and what each CPU remembers.
 *
 * Tables are named by their frames. A frame of the table zone is free exactly if no table of that name is there, so the
 * allocator has no state of its own: the next frame is the lowest one without a table.
 */
import type { Geometry } from "../../vocabulary/geometry.js";
import { firstFrame } from "./address.js";
import type { Leaf, Pointer } from "./entry.js";

export type Entry = Leaf | Pointer;

/** The entries that are not empty, by their index. */
export interface Table {
  readonly [index: number]: Entry;
}

/** What a walk is allowed: the AND over its levels. */
export interface WalkRights {
  readonly writable: boolean;
  readonly user: boolean;
  readonly executable: boolean;
}

export const ALL_RIGHTS: WalkRights = { writable: true, user: true, executable: true };

/** A leaf that a CPU remembers. `page` and `frame` are its first ones. */
export interface TlbEntry extends WalkRights {
  readonly page: number;
  readonly level: number;
  readonly frame: number;
  /** The leaf's D was set when it was read. */
  readonly dirty: boolean;
}

/** A pointer that a CPU remembers, for all pages with this prefix. The rights include the pointer's own. */
export interface CachedPointer extends WalkRights {
  readonly prefix: number;
  readonly table: number;
}

export interface Cpu {
  /** Frame of the root table that it walks; null = none. */
  readonly root: number | null;
  /** By slot number. */
  readonly tlb: { readonly [slot: number]: TlbEntry };
  /** By the pointer's level, then by slot number. */
  readonly walkCache: { readonly [level: number]: { readonly [slot: number]: CachedPointer } };
}

export interface State {
  readonly geometry: Geometry;
  /** By frame. */
  readonly tables: { readonly [frame: number]: Table };
  readonly root: number;
  readonly cpus: readonly Cpu[];
  /** Nothing is counted here. */
  readonly statistics: null;
}

/** A CPU that walks nothing or has just loaded a root. */
export function freshCpu(geometry: Geometry, root: number | null): Cpu {
  const levels = Array.from({ length: geometry.levels - 1 }, (_, i) => i + 2);
  return { root, tlb: {}, walkCache: Object.fromEntries(levels.map((level) => [level, {}])) };
}

/** An empty address space, its root in the first frame of node 0; no CPU runs it yet. */
export function initial(geometry: Geometry): State {
  const root = firstFrame(geometry, 0);
  const cpus = Array.from({ length: geometry.nodes * geometry.cpusPerNode }, () => freshCpu(geometry, null));
  return { geometry, tables: { [root]: {} }, root, cpus, statistics: null };
}
