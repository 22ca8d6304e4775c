/**
 * The page-table page cache: one lock-free list of zeroed table pages per node, last in, first out (4.2).
 *
 *   head(node) ──→ page ──link──→ page ──link──→ 0            count(node): pages on the list, exact at rest (W6)
 *
 *   word      written by                                    read by
 *   head      whoever pushes, pops or drains, by exchange   the same
 *   link      who owns the page: push before `push.swap`,   pop at `pop.next`, perhaps when the page is somebody else's
 *             pop at `pop.unlink`, drain at `drain.unlink`  already; drain of the pages that it has taken
 *   count     whoever has changed the list, afterwards      populate
 *
 * The lists are a closed pool: populate takes pages from the node's frames, and only pages that were popped come back.
 * A link that is read late is rubbish, and the compare-exchange that follows fails because the head's tag has moved on, as
 * long as it has not come round. Takes effect: push and pop at their exchange of the head, drain at the one that empties
 * it; a pop that finds nothing at `pop.head`.
 *
 * Each shared access names itself; a name is one turn of the checker. The class sees the port, the heads and the pages as
 * interfaces, so a process that works with one kind of each has call sites of one shape.
 */
import type { MemoryPort } from "../memory-port.js";
import type { Heads } from "./heads.js";
import { CACHE_RULES, type CacheRules } from "./rules.js";

/**
 * What the cache needs of the pages that it holds. `page` is a frame; `number` is its dense number + 1, as heads name it, 0 =
 * none. Labels name the access to the page's link.
 */
export interface CachePages {
  numberOf(page: number): number;
  frameOf(number: number): number;
  /** Number of the page that follows. */
  link(label: string, page: number): number;
  /** For a page on its way to the list, before the one with number `next`. */
  setLink(label: string, page: number, next: number): void;
  zeroTable(page: number): void;
  becomeCached(page: number): void;
  /** Off the list, by `pop.unlink` without a link; it must come back. */
  becomePopped(page: number): void;
  /** One of the node's own frames: −1 if none is left. */
  allocate(node: number): number;
  /** Drained, by `drain.unlink` without a link; it is one of the node's own frames again. */
  free(page: number): void;
}

/** What is counted, per node. */
export interface CacheCounters {
  hit(node: number, step: number): void;
  miss(node: number, step: number): void;
  returned(node: number, step: number): void;
}

export interface CacheParts<Head> {
  readonly memory: MemoryPort;
  readonly heads: Heads<Head>;
  /** Word index of each node's count. */
  readonly counts: Int32Array;
  readonly pages: CachePages;
  readonly counters: CacheCounters;
  readonly rules?: CacheRules;
}

const NO_PAGE = -1;

export class PageCache<Head = unknown> {
  readonly memory: MemoryPort;
  readonly heads: Heads<Head>;
  private readonly counts: Int32Array;
  private readonly pages: CachePages;
  private readonly counters: CacheCounters;
  private readonly rules: CacheRules;

  constructor(parts: CacheParts<Head>) {
    this.memory = parts.memory;
    this.heads = parts.heads;
    this.counts = parts.counts;
    this.pages = parts.pages;
    this.counters = parts.counters;
    this.rules = parts.rules ?? CACHE_RULES;
  }

  /** Pages on the node's list. */
  count(node: number): number {
    return this.memory.load("cache.count", this.counts[node]!);
  }

  /** Frame on top of the node's list; −1 if it is empty. Follow it with the pages' links. */
  top(node: number): number {
    const number = this.heads.number(this.heads.load("cache.top", node));
    return number === 0 ? NO_PAGE : this.pages.frameOf(number);
  }

  /** Puts a page on the list, zeroed. */
  push(page: number, node: number): void {
    const { heads, pages, rules } = this;
    pages.becomeCached(page);
    if (rules.zeroAtPush) pages.zeroTable(page);
    const number = pages.numberOf(page);
    for (;;) {
      const head = heads.load("push.head", node);
      const next = heads.number(head);
      if (rules.linkBeforeSwap) pages.setLink("push.link", page, next);
      // On success the page is public; a failure means that another top is there, and the link must name that one.
      if (!heads.swap("push.swap", node, head, number, rules.tagOnPush)) continue;
      if (!rules.linkBeforeSwap) pages.setLink("push.link", page, next);
      break;
    }
    this.memory.add("push.count", this.counts[node]!, 1);
    this.counters.returned(node, 1);
  }

  /** Takes the page on top; −1 if there is none. Its content is zero. */
  pop(node: number): number {
    const { heads, pages, rules } = this;
    for (;;) {
      const early = rules.headBeforeNext ? 0 : this.nextOfTop(node);
      const head = heads.load("pop.head", node);
      const number = heads.number(head);
      if (number === 0) {
        this.counters.miss(node, 1);
        return NO_PAGE;
      }
      const page = pages.frameOf(number);
      // What follows may change from here on: whoever changes it changes the head as well, and the exchange will tell.
      const next = rules.headBeforeNext ? pages.link("pop.next", page) : early;
      if (!heads.swap("pop.swap", node, head, next, rules.tagOnPop)) continue;
      this.memory.add("pop.count", this.counts[node]!, -1);
      this.counters.hit(node, 1);
      pages.becomePopped(page);
      return page;
    }
  }

  /** Empties the list into the node's frames. The count loses the pages that were on it and no others (W6).
   * @returns how many pages there were */
  drain(node: number): number {
    const { heads, pages, rules } = this;
    let number: number;
    for (;;) {
      const head = heads.load("drain.head", node);
      number = heads.number(head);
      if (number === 0) return 0;
      // All that hung on the head is this thread's own from here on.
      if (heads.swap("drain.swap", node, head, 0, rules.tagOnDrain)) break;
    }
    if (!rules.exactDrain) this.memory.store("drain.count", this.counts[node]!, 0);
    let drained = 0;
    while (number !== 0) {
      const page = pages.frameOf(number);
      number = pages.link("drain.next", page);
      pages.free(page);
      drained++;
    }
    if (rules.exactDrain) this.memory.add("drain.count", this.counts[node]!, -drained);
    return drained;
  }

  /** Fills the list up to `target` pages; stops when the node has no frame left. @returns how many were added */
  populate(node: number, target: number): number {
    const missing = target - this.memory.load("populate.count", this.counts[node]!);
    for (let added = 0; added < missing; added++) {
      const page = this.pages.allocate(node);
      if (page === NO_PAGE) return added;
      this.push(page, node);
    }
    return Math.max(0, missing);
  }

  /** What M31 takes for the page that follows: the link of a top that may not be the top any more. */
  private nextOfTop(node: number): number {
    const number = this.heads.number(this.heads.load("pop.peek", node));
    return number === 0 ? 0 : this.pages.link("pop.earlyNext", this.pages.frameOf(number));
  }
}
