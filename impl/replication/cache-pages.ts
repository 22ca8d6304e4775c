/** What the page cache needs of this system: links and use of its table frames, their memory, their pools, its counts. */
import type { CacheCounters, CachePages } from "../page-cache/page-cache.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { FramePool } from "../page-table/frame-pool.js";
import type { Counters } from "./counters.js";
import { type Descriptors, NO_LINK } from "./descriptors.js";
import type { ReplicationLayout } from "./layout.js";

export class TablePages implements CachePages {
  private readonly layout: ReplicationLayout;
  private readonly descriptors: Descriptors;
  private readonly entries: EntryMemory;
  private readonly pool: FramePool;

  constructor(layout: ReplicationLayout, descriptors: Descriptors, entries: EntryMemory, pool: FramePool) {
    this.layout = layout;
    this.descriptors = descriptors;
    this.entries = entries;
    this.pool = pool;
  }

  numberOf(page: number): number {
    return this.layout.tableNumber(page) + 1;
  }

  frameOf(number: number): number {
    return this.layout.tableFrame(number - 1);
  }

  /** The word that {@link Descriptors.next} reads, under the name that the cache gives to the access. */
  link(label: string, page: number): number {
    const link = this.descriptors.memory.load(label, this.layout.link(page));
    return link === NO_LINK ? 0 : this.numberOf(this.layout.linked(link));
  }

  setLink(label: string, page: number, next: number): void {
    const link = next === 0 ? NO_LINK : this.layout.link(this.frameOf(next));
    this.descriptors.memory.store(label, this.layout.link(page), link);
  }

  zeroTable(page: number): void {
    this.entries.zeroTable(page);
  }

  becomeCached(page: number): void {
    this.descriptors.becomeCached(page);
  }

  becomePopped(page: number): void {
    this.unlink("pop.unlink", page);
    this.descriptors.becomePopped(page);
  }

  allocate(node: number): number {
    return this.pool.allocate(node);
  }

  free(page: number): void {
    this.unlink("drain.unlink", page);
    this.descriptors.becomeFree(page);
    this.pool.free(page);
  }

  private unlink(label: string, page: number): void {
    this.descriptors.memory.store(label, this.layout.link(page), NO_LINK);
  }
}

export class CacheCounts implements CacheCounters {
  private readonly counters: Counters;

  constructor(counters: Counters) {
    this.counters = counters;
  }

  hit(node: number, step: number): void {
    this.counters.add(this.counters.at.counter(this.counters.at.cacheHits, node), step);
  }

  miss(node: number, step: number): void {
    this.counters.add(this.counters.at.counter(this.counters.at.cacheMisses, node), step);
  }

  returned(node: number, step: number): void {
    this.counters.add(this.counters.at.counter(this.counters.at.cacheReturns, node), step);
  }
}
