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

  numberOf(page: number): number {
    return this.layout.tableNumber(page) + 1;
  }

  frameOf(number: number): number {
    return this.layout.tableFrame(number - 1);
  }

  /** The word of {@link Descriptors.link}, under the name that the cache gives to the access. */
  link(label: string, page: number): number {
    const link = this.descriptors.memory.load(label, this.layout.linkBase + page);
    return link === 0 ? 0 : this.numberOf(link - 1);
  }

  setLink(label: string, page: number, next: number): void {
    const link = next === 0 ? 0 : this.frameOf(next) + 1;
    this.descriptors.memory.store(label, this.layout.linkBase + page, link);
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
    this.descriptors.memory.store(label, this.layout.linkBase + page, 0);
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
