/**
 * Tables that go: first out of every parent entry, then, after the flush, link by link and back to where they came
 * from (2.7, W5). Between the two no CPU can reach them any more, and they are noted here.
 */
import type { PageCache } from "../page-cache/page-cache.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { FramePool } from "../page-table/frame-pool.js";
import type { Counters } from "./counters.js";
import type { Descriptors } from "./descriptors.js";
import type { ReplicationLayout } from "./layout.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";
import type { Setters } from "./setters.js";

export interface ReleaseParts {
  readonly layout: ReplicationLayout;
  readonly entries: EntryMemory;
  readonly descriptors: Descriptors;
  readonly rings: Rings;
  readonly setters: Setters;
  readonly counters: Counters;
  readonly cache: PageCache<number>;
  readonly pool: FramePool;
  readonly rules: Rules;
}

export class Release {
  /** The acting CPU's node, for M34 alone. */
  actorNode = 0;
  private readonly layout: ReplicationLayout;
  private readonly entries: EntryMemory;
  private readonly descriptors: Descriptors;
  private readonly rings: Rings;
  private readonly setters: Setters;
  private readonly counters: Counters;
  private readonly cache: PageCache<number>;
  private readonly pool: FramePool;
  private readonly rules: Rules;
  private readonly detached: Int32Array;
  private detachedCount = 0;

  constructor(parts: ReleaseParts) {
    this.layout = parts.layout;
    this.entries = parts.entries;
    this.descriptors = parts.descriptors;
    this.rings = parts.rings;
    this.setters = parts.setters;
    this.counters = parts.counters;
    this.cache = parts.cache;
    this.pool = parts.pool;
    this.rules = parts.rules;
    this.detached = new Int32Array(parts.layout.tableFrames);
  }

  /** Forgets what an operation that did not come to its end has detached. */
  begin(): void {
    this.detachedCount = 0;
  }

  /** Takes a table out of its parent's entries. Counts one clear at the parent's level if the parent has a ring (D6). */
  detach(parent: number, index: number, parentLevel: number, child: number): void {
    this.setters.clearPointer(parent, index, parentLevel);
    this.detached[this.detachedCount++] = child;
  }

  get hasDetached(): boolean {
    return this.detachedCount > 0;
  }

  /** Frees the members of everything that was detached, in that order. */
  releaseDetached(): void {
    for (let i = 0; i < this.detachedCount; i++) this.table(this.detached[i]!, true);
    this.detachedCount = 0;
  }

  /** Frees a table with all its copies. `counted`: as a release of the hook's rings (D6). */
  table(table: number, counted: boolean): void {
    const size = this.rings.collect(table);
    const level = this.descriptors.level(table);
    if (counted && level === 1 && size > 1) {
      this.counters.add(this.counters.at.pteReleases, 1);
      this.counters.add(this.counters.at.pteReplicasFreed, size - 1);
    }
    const freed = this.rules.releaseEveryCopy || size === 1 ? size : size - 1;
    for (let i = 0; i < freed; i++) {
      const member = this.rings.members[i]!;
      if (i === 0 || this.rules.clearCopyLinks) this.descriptors.swapLink(member);
      this.member(member);
    }
  }

  /** Frees one member whose link is gone already: a page that came from a cache returns to it. */
  member(frame: number): void {
    const slot = this.descriptors.owner(frame);
    const level = this.descriptors.level(frame);
    const node = this.layout.tables.nodeOfFrame(frame);
    if (this.descriptors.isBase(frame)) this.counters.addBase(slot, level, node, -1);
    else this.counters.addCopy(slot, level, node, -1);
    this.page(frame);
  }

  /** Gives a page back that is a table no more. */
  page(frame: number): void {
    if (this.descriptors.isFromCache(frame) || !this.rules.cacheOnlyItsOwn) {
      const node = this.rules.cacheByPageNode ? this.layout.tables.nodeOfFrame(frame) : this.actorNode;
      this.cache.push(frame, node);
      return;
    }
    this.entries.zeroTable(frame);
    this.descriptors.becomeFree(frame);
    this.pool.free(frame);
  }
}
