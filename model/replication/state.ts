/**
 * The state of the reference: what is true, not where it lies.
 *
 * A table and all its replicas are one `Table` here: one set of entries, and for each member the A and D bits that its
 * node's hardware set. That replicas agree is therefore so by construction; that the implementation's pages agree with
 * this is what the suite checks. Table frames have no numbers here, only nodes; data frames keep theirs.
 */
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { Statistics } from "../../vocabulary/replication/statistics.js";

export interface State {
  readonly geometry: Geometry;
  /** By pid. */
  readonly processes: { readonly [pid: number]: Process };
  /** By slot; the lowest free slot is taken. */
  readonly spaces: { readonly [slot: number]: AddressSpace };
  readonly cpus: readonly Cpu[];
  /** Pages on the cache list of each node. All are alike: empty, unlinked. */
  readonly cached: readonly number[];
  /** /proc/mitosis/mode and inherit. */
  readonly mode: -1 | 0 | 1;
  readonly inherit: -1 | 1;
  /** Values of the kernel's root entries, the same in every root table (I8); index counts from the first of them. */
  readonly kernel: readonly number[];
  readonly statistics: Statistics;
}

export interface Process {
  readonly tgid: number;
  readonly space: number;
}

export interface AddressSpace {
  readonly home: number;
  readonly root: Table;
  /** Ascending, disjoint, neighbours differ. */
  readonly ranges: readonly Range[];
  /** Ascending; empty = not replicated. */
  readonly nodes: readonly number[];
  /** Eight entries, -1 = auto. Survives disable. */
  readonly steering: readonly number[];
  readonly cacheOnly: boolean;
  /** Memory policy for data: preferred node, -1 = the touching CPU's. */
  readonly policy: number;
}

export interface Range {
  readonly page: number;
  readonly pages: number;
  readonly rights: Rights;
  readonly sharing: "private" | "shared";
  readonly leaf: 1 | 2 | 3;
}

export interface Table {
  /** 1 = PTE … geometry.levels = root. */
  readonly level: number;
  /** Base first, the others by ascending node; one member = no ring. */
  readonly members: readonly Member[];
  /** By index; an absent key is an empty entry. Kernel entries of a root are not listed here. */
  readonly entries: { readonly [index: number]: Entry };
}

export interface Member {
  readonly node: number;
  readonly fromCache: boolean;
}

export type Entry = TableEntry | LeafEntry;

/** Per-member bits stand in the order of the *containing* table's members. */
export interface TableEntry {
  readonly kind: "table";
  readonly accessed: readonly boolean[];
  readonly table: Table;
}

export interface LeafEntry {
  readonly kind: "leaf";
  /** `none`: kept without access (W26); `moving`: on its way to another node, holds the new frame (W28). */
  readonly presence: "present" | "none" | "moving";
  /** First frame of the run. */
  readonly frame: number;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly accessed: readonly boolean[];
  readonly dirty: readonly boolean[];
}

export interface Cpu {
  /** 0 = idle. */
  readonly pid: number;
  /** Node of the root member it loaded; -1 when idle. */
  readonly root: number;
  /** By slot: first page of the leaf modulo geometry.tlbSlots. */
  readonly tlb: { readonly [slot: number]: Translation };
  /** By level of the table pointed to (1 = PTE …), then by slot: prefix modulo geometry.walkCacheSlots. */
  readonly walks: { readonly [level: number]: { readonly [slot: number]: Shortcut } };
}

/** One TLB entry: what a walk found, all levels taken together. */
export interface Translation {
  /** First page of the leaf. */
  readonly page: number;
  readonly level: number;
  readonly frame: number;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly dirty: boolean;
}

/** One paging-structure-cache entry: the table that covers pages with this prefix, as the member on `node`. */
export interface Shortcut {
  /** floor(page / span of that whole table). */
  readonly prefix: number;
  readonly node: number;
}
