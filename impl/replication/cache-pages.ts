/** What the page cache needs of this system: links and use of its table frames, their memory, their pools, its counts. */
import type { CacheCounters, CachePages } from "../page-cache/page-cache.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { FramePool } from "../page-table/frame-pool.js";
import type { Counters } from "./counters.js";
import type { Descriptors } from "./descriptors.js";
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

  /** The word of {@link Descriptors.link}, under the name that the cache gives to the access. */
  link(label: string, page: number): number {
    return this.descriptors.memory.load(label, this.layout.linkBase + page);
  }

  setLink(label: string, page: number, link: number): void {
    this.descriptors.memory.store(label, this.layout.linkBase + page, link);
  }

  zeroTable(page: number): void {
    this.entries.zeroTable(page);
  }

  becomeCached(page: number): void {
    this.descriptors.becomeCached(page);
  }

  becomePopped(page: number): void {
    this.descriptors.becomePopped(page);
  }

  tableNumber(page: number): number {
    return this.layout.tableNumber(page);
  }

  tableFrame(number: number): number {
    return this.layout.tableFrame(number);
  }

  allocate(node: number): number {
    return this.pool.allocate(node);
  }

  free(page: number): void {
    this.descriptors.becomeFree(page);
    this.pool.free(page);
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
