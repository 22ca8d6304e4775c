/**
 * Table pages: bases for a walk that needs them (D4), copies for a ring (D5), and the paths that operations build.
 *
 * Whoever builds a path begins with {@link begin}; what has been linked since can be taken back with {@link undo}.
 */

import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import type { PageCache } from "../page-cache/page-cache.js";
import { frameOf } from "../page-table/entry.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { FramePool } from "../page-table/frame-pool.js";
import type { TableLayout } from "../page-table/layout.js";
import type { CacheCounts } from "./cache-pages.js";
import { NONE } from "./codes.js";
import type { Counters } from "./counters.js";
import type { Descriptors } from "./descriptors.js";
import type { ReplicationLayout } from "./layout.js";
import type { Locks } from "./locks.js";
import type { Release, ReleaseParts } from "./release.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";
import type { Setters } from "./setters.js";
import type { Spaces } from "./spaces.js";

export interface AllocateParts extends ReleaseParts {
  readonly spaces: Spaces;
  readonly locks: Locks;
  readonly release: Release;
  readonly cacheCounts: CacheCounts;
}

export class Allocate {
  /** Copies of the ring that is being made, ascending by node. */
  readonly copies = new Int32Array(NODE_SLOTS);
  private readonly layout: ReplicationLayout;
  private readonly tables: TableLayout;
  private readonly entries: EntryMemory;
  private readonly descriptors: Descriptors;
  private readonly rings: Rings;
  private readonly setters: Setters;
  private readonly counters: Counters;
  private readonly spaces: Spaces;
  private readonly locks: Locks;
  private readonly cache: PageCache<number>;
  private readonly pool: FramePool;
  private readonly release: Release;
  private readonly cacheCounts: CacheCounts;
  private readonly rules: Rules;
  private readonly linkedParent: Int32Array;
  private readonly linkedIndex: Int32Array;
  private readonly linkedLevel: Int32Array;
  private readonly linkedChild: Int32Array;
  private linkedCount = 0;

  constructor(parts: AllocateParts) {
    this.layout = parts.layout;
    this.tables = parts.layout.tables;
    this.entries = parts.entries;
    this.descriptors = parts.descriptors;
    this.rings = parts.rings;
    this.setters = parts.setters;
    this.counters = parts.counters;
    this.spaces = parts.spaces;
    this.locks = parts.locks;
    this.cache = parts.cache;
    this.pool = parts.pool;
    this.release = parts.release;
    this.cacheCounts = parts.cacheCounts;
    this.rules = parts.rules;
    this.linkedParent = new Int32Array(this.layout.tableFrames);
    this.linkedIndex = new Int32Array(this.layout.tableFrames);
    this.linkedLevel = new Int32Array(this.layout.tableFrames);
    this.linkedChild = new Int32Array(this.layout.tableFrames);
  }

  /** Forgets what was linked before: from here on {@link undo} takes back. */
  begin(): void {
    this.linkedCount = 0;
  }

  /**
   * A base table: from the cache of the CPU's node if the space is replicated or cache-only, else from that node, else
   * from the other online ones, ascending (D4, W34). Mode 0 puts node 0 in the CPU's place.
   * @param mayUseCache false for roots of new spaces (W38)
   * @returns its frame, zeroed; NONE if no node has one
   */
  base(slot: number, cpu: number, level: number, mayUseCache: boolean): number {
    const node = this.wantedNode(slot, cpu);
    let frame = NONE;
    if (mayUseCache && (this.spaces.isReplicated(slot) || this.spaces.isCacheOnly(slot))) frame = this.cache.pop(node);
    if (frame === NONE) frame = this.pool.allocate(node);
    if (frame === NONE) frame = this.elsewhere(node);
    if (frame === NONE) return NONE;
    const on = this.tables.nodeOfFrame(frame);
    this.descriptors.becomeTable(frame, slot, level, true);
    this.counters.addBase(slot, level, on, 1);
    this.counters.raiseBasePeak(slot, level, on);
    return frame;
  }

  /** One copy's page on exactly this node (2.6): from its cache, else from its zone; NONE if neither has one. */
  copy(slot: number, node: number, level: number): number {
    let frame = this.cache.pop(node);
    if (frame === NONE) frame = this.pool.allocate(node);
    if (frame === NONE && !this.rules.strictCopies) frame = this.elsewhere(node);
    if (frame === NONE) return NONE;
    this.descriptors.becomeTable(frame, slot, level, false);
    this.counters.addCopy(slot, level, this.tables.nodeOfFrame(frame), 1);
    return frame;
  }

  /**
   * The hook: makes copies of a base that is about to be linked under a parent (D5). The base must be complete.
   * @param filled entries have been written to the base since it was allocated
   */
  hook(slot: number, parent: number, base: number, level: number, filled: boolean): void {
    if (!this.spaces.isReplicated(slot)) return;
    if ((!this.rings.has(parent) && this.rules.ringNeedsParents) || this.rings.has(base)) return;
    if (level === 1) this.counters.add(this.counters.at.pteAttempts, 1);
    const baseNode = this.tables.nodeOfFrame(base);
    const wanted = this.spaces.set(slot) & ~(1 << baseNode);
    let count = 0;
    for (let node = 0; node < this.layout.nodes; node++) {
      if ((wanted & (1 << node)) === 0) continue;
      const copy = this.copy(slot, node, level);
      if (copy === NONE) {
        this.giveUp(count);
        return;
      }
      this.counters.raiseCopyPeak(slot, level, node);
      this.copies[count++] = copy;
    }
    const held = this.locks.lockTable(base);
    // Pages are zeroed when they are given back: copies of a table that nobody has written to are equal to it already.
    if (filled || !this.rules.zeroAtPush) {
      for (let i = 0; i < count; i++) this.copyContent(base, this.copies[i]!, this.tables.entriesPerTable);
    }
    this.rings.link(base, this.copies, count);
    this.locks.unlockTable(held);
    if (level === 1) this.counters.add(this.counters.at.pteSuccesses, 1);
  }

  /** Copies the first entries of a table to a page that nobody can reach yet. */
  copyContent(from: number, to: number, entries: number): void {
    for (let index = 0; index < entries; index++) {
      const source = this.tables.entryIndex(from, index);
      const target = this.tables.entryIndex(to, index);
      this.entries.set(target, this.entries.low(source), this.entries.high(source));
    }
  }

  /**
   * Puts a base, with the copies that it has got, under its parent: one set at the parent's level. If another fault was
   * faster the parent stays as it is, and the base goes.
   */
  link(slot: number, parent: number, index: number, parentLevel: number, child: number): void {
    const held = this.locks.lockTable(parent);
    const isFree = !this.rules.faultsLookAgain || this.entries.low(this.tables.entryIndex(parent, index)) === 0;
    if (isFree) this.setters.setPointer(parent, index, parentLevel, child, this.spaces.home(slot), true);
    this.locks.unlockTable(held);
    if (!isFree) {
      this.release.table(child, false);
      return;
    }
    this.linkedParent[this.linkedCount] = parent;
    this.linkedIndex[this.linkedCount] = index;
    this.linkedLevel[this.linkedCount] = parentLevel;
    this.linkedChild[this.linkedCount] = child;
    this.linkedCount++;
  }

  /**
   * Makes the tables on a page's path from the top down to `level`, those that are missing.
   * @returns the table of that level as the kernel's walk meets it; NONE if there was no memory (then call undo)
   */
  path(slot: number, cpu: number, page: number, level: number): number {
    const tables = this.tables;
    const high = tables.highOf(page);
    const low = tables.lowOf(page, high);
    let table = this.spaces.root(slot);
    for (let at = tables.levels; at > level; at--) {
      const index = tables.indexAt(at, high, low);
      const entry = tables.entryIndex(table, index);
      if (this.entries.low(entry) === 0) {
        const child = this.base(slot, cpu, at - 1, true);
        if (child === NONE) return NONE;
        this.hook(slot, table, child, at - 1, false);
        this.link(slot, table, index, at, child);
      }
      table = frameOf(this.entries.low(entry), this.entries.high(entry));
    }
    return table;
  }

  /** Unlinks what was linked since {@link begin}, the last one first, each counted as its release (D4). */
  undo(): void {
    while (this.linkedCount > 0) {
      const i = --this.linkedCount;
      this.setters.clearPointer(this.linkedParent[i]!, this.linkedIndex[i]!, this.linkedLevel[i]!);
      this.release.table(this.linkedChild[i]!, true);
    }
  }

  private wantedNode(slot: number, cpu: number): number {
    if (!this.rules.tablesIgnorePolicy && this.spaces.policy(slot) !== NONE) return this.spaces.policy(slot);
    return this.spaces.mode() === 0 ? 0 : this.tables.nodeOfCpu(cpu);
  }

  private elsewhere(node: number): number {
    const online = this.layout.geometry.onlineNodes;
    for (const other of this.rules.fallBackAscending ? online : online.toReversed()) {
      if (other === node) continue;
      const frame = this.pool.allocate(other);
      if (frame !== NONE) return frame;
    }
    return NONE;
  }

  /** A ring that cannot be completed: the copies taken so far go back, the table stays without one (W7, W39). */
  private giveUp(count: number): void {
    if (this.rules.giveBackPartial) for (let i = 0; i < count; i++) this.giveBack(this.copies[i]!);
    this.counters.add(this.counters.at.tablesWithoutRing, 1);
  }

  private giveBack(copy: number): void {
    const isUncounted = !this.rules.givenUpCounts && this.descriptors.isFromCache(copy);
    this.release.member(copy);
    if (!isUncounted) return;
    this.cacheCounts.hit(this.tables.nodeOfFrame(copy), -1);
    this.cacheCounts.returned(this.tables.nodeOfFrame(copy), -1);
  }
}
