/**
 * The page-table page cache: one lock-free list of zeroed table pages per node, last in, first out (4.2).
 *
 *   head(node) ──→ page ──link──→ page ──link──→ 0            count(node): pages on the list, exact at rest (W6)
 *
 * The lists are a closed pool: populate takes pages from the node's frames, and only pages that were popped come back.
 * A link may be read while somebody else owns the page already: the value is then rubbish, and the compare-exchange
 * that follows fails because the head has moved on. Takes effect: push and pop at their compare-exchange of the head,
 * drain at the one that empties it.
 */
import type { MemoryPort } from "../memory-port.js";
import type { HeadFormat } from "./head.js";

/** What the cache needs of the pages that it holds; `page` is a frame number. */
export interface CachePages {
  link(page: number): number;
  setLink(page: number, link: number): void;
  zeroTable(page: number): void;
  becomeCached(page: number): void;
  becomePopped(page: number): void;
  /** A dense number of a frame, and back. */
  tableNumber(page: number): number;
  tableFrame(number: number): number;
  /** The node's own frames: −1 if none is left. */
  allocate(node: number): number;
  free(page: number): void;
}

/** What is counted, per node. */
export interface CacheCounters {
  hit(node: number, step: number): void;
  miss(node: number, step: number): void;
  returned(node: number, step: number): void;
}

const NO_PAGE = -1;
/** Offset of the count behind the head. */
const COUNT = 1;

export class PageCache {
  readonly memory: MemoryPort;
  readonly format: HeadFormat;
  private readonly heads: Int32Array;
  private readonly pages: CachePages;
  private readonly counters: CacheCounters;

  /** @param heads word index of each node's head; its count is the next word */
  constructor(memory: MemoryPort, heads: Int32Array, format: HeadFormat, pages: CachePages, counters: CacheCounters) {
    this.memory = memory;
    this.heads = heads;
    this.format = format;
    this.pages = pages;
    this.counters = counters;
  }

  /** Pages on the node's list. */
  count(node: number): number {
    return this.memory.load("cache.count", this.heads[node]! + COUNT);
  }

  /** Frame on top of the node's list; −1 if it is empty. Follow it with the pages' links. */
  top(node: number): number {
    const page = this.format.page(this.memory.load("cache.top", this.heads[node]!));
    return page === 0 ? NO_PAGE : this.pages.tableFrame(page - 1);
  }

  /** Puts a page on the list, zeroed unless `zero` is false (M28). */
  push(page: number, node: number, zero: boolean): void {
    this.pages.becomeCached(page);
    if (zero) this.pages.zeroTable(page);
    const number = this.pages.tableNumber(page) + 1;
    const at = this.heads[node]!;
    for (;;) {
      const head = this.memory.load("push.head", at);
      this.pages.setLink(page, this.linkOf(this.format.page(head)));
      // On success the page is public; a failure means that another top is there, and the link must name that one.
      if (this.memory.compareExchange("push.swap", at, head, this.format.successor(head, number)) === head) break;
    }
    this.memory.add("push.count", at + COUNT, 1);
    this.counters.returned(node, 1);
  }

  /** Takes the page on top; −1 if there is none. Its content is zero. */
  pop(node: number): number {
    const at = this.heads[node]!;
    for (;;) {
      const head = this.memory.load("pop.head", at);
      const number = this.format.page(head);
      if (number === 0) {
        this.counters.miss(node, 1);
        return NO_PAGE;
      }
      const page = this.pages.tableFrame(number - 1);
      const next = this.numberOf(this.pages.link(page));
      if (this.memory.compareExchange("pop.swap", at, head, this.format.successor(head, next)) !== head) continue;
      this.memory.add("pop.count", at + COUNT, -1);
      this.counters.hit(node, 1);
      this.pages.setLink(page, 0);
      this.pages.becomePopped(page);
      return page;
    }
  }

  /** Empties the list into the node's frames. The count loses the pages that were on it and no others (W6). */
  drain(node: number): void {
    const at = this.heads[node]!;
    let number: number;
    for (;;) {
      const head = this.memory.load("drain.head", at);
      number = this.format.page(head);
      if (number === 0) return;
      if (this.memory.compareExchange("drain.swap", at, head, this.format.successor(head, 0)) === head) break;
    }
    let drained = 0;
    while (number !== 0) {
      const page = this.pages.tableFrame(number - 1);
      number = this.numberOf(this.pages.link(page));
      this.pages.setLink(page, 0);
      this.pages.free(page);
      drained++;
    }
    this.memory.add("drain.count", at + COUNT, -drained);
  }

  /** Fills the list up to `target` pages; stops when the node has no frame left. */
  populate(node: number, target: number): void {
    for (let missing = target - this.count(node); missing > 0; missing--) {
      const page = this.pages.allocate(node);
      if (page === NO_PAGE) return;
      this.push(page, node, true);
    }
  }

  private linkOf(number: number): number {
    return number === 0 ? 0 : this.pages.tableFrame(number - 1) + 1;
  }

  private numberOf(link: number): number {
    return link === 0 ? 0 : this.pages.tableNumber(link - 1) + 1;
  }
}
