/** The pages of a stand-alone cache: links, states, contents and free frames in the cache's own words. */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import { type CacheLayout, COUNTER, PAGE_STATE } from "./layout.js";
import type { CacheCounters, CachePages } from "./page-cache.js";

const WORD_SHIFT = 5;
const BIT_MASK = 31;

export class OwnPages implements CachePages {
  readonly memory: MemoryPort;
  readonly layout: CacheLayout;
  private readonly pageBase: number;
  private readonly pageWords: number;

  constructor(memory: MemoryPort, layout: CacheLayout) {
    this.memory = memory;
    this.layout = layout;
    this.pageBase = layout.pageBase;
    this.pageWords = layout.geometry.pageWords;
  }

  link(label: string, page: number): number {
    return this.memory.load(label, this.pageBase + 2 * page);
  }

  setLink(label: string, page: number, link: number): void {
    this.memory.store(label, this.pageBase + 2 * page, link);
  }

  zeroTable(page: number): void {
    const first = this.layout.contentBase + page * this.pageWords;
    for (let word = first; word < first + this.pageWords; word++) this.memory.store("push.zero", word, 0);
  }

  becomeCached(page: number): void {
    this.memory.store("push.state", this.pageBase + 2 * page + 1, PAGE_STATE.Cached);
  }

  becomePopped(page: number): void {
    this.memory.store("pop.state", this.pageBase + 2 * page + 1, PAGE_STATE.Out);
  }

  /**
   * In place of {@link becomeCached}'s blind store, for who does not trust the caller: one exchange, so of two threads that push
   * the same page one is caught.
   * @throws PagetwinError `NOT_ENABLED` if the page is not out
   */
  insistOut(page: number): void {
    const at = this.layout.state(page);
    const found = this.memory.compareExchange("push.check", at, PAGE_STATE.Out, PAGE_STATE.Cached);
    if (found === PAGE_STATE.Out) return;
    const where = found === PAGE_STATE.Cached ? "on a list already: it is pushed twice" : "free: it was never popped";
    throw new PagetwinError("NOT_ENABLED", `frame ${page} is pushed but is ${where}`);
  }

  tableNumber(page: number): number {
    return page;
  }

  tableFrame(number: number): number {
    return number;
  }

  /** The lowest free frame of the node. Lock-free: who finds its bit gone looks again. */
  allocate(node: number): number {
    const { layout } = this;
    const first = layout.free(node);
    for (let word = 0; word < layout.bitmapWords; word++) {
      for (;;) {
        const bits = this.memory.load("free.look", first + word);
        if (bits === 0) break;
        const bit = bits & -bits;
        if ((this.memory.and("free.take", first + word, ~bit) & bit) === 0) continue;
        return node * layout.geometry.framesPerNode + (word << WORD_SHIFT) + (BIT_MASK - Math.clz32(bit));
      }
    }
    return -1;
  }

  free(page: number): void {
    const { layout } = this;
    this.memory.store("free.state", layout.state(page), PAGE_STATE.Free);
    const node = layout.nodeOf(page);
    const bit = page - node * layout.geometry.framesPerNode;
    this.memory.or("free.give", layout.free(node) + (bit >>> WORD_SHIFT), 1 << (bit & BIT_MASK));
  }
}

/**
 * The same with a plain next link, for speed alone. A link may be read while its page's next owner writes it, and a plain
 * access is not part of any order that all threads see: what is said of schedules is said of the other build, not of this one.
 * The value read late is thrown away when the head's tag has moved on, and a 32-bit word is never torn.
 */
export class PlainLinkPages extends OwnPages {
  private readonly words: Int32Array;
  private readonly firstLink: number;

  constructor(memory: MemoryPort, layout: CacheLayout, words: Int32Array) {
    super(memory, layout);
    this.words = words;
    this.firstLink = layout.pageBase;
  }

  override link(_label: string, page: number): number {
    return this.words[this.firstLink + 2 * page]!;
  }

  override setLink(_label: string, page: number, link: number): void {
    this.words[this.firstLink + 2 * page] = link;
  }
}

/** Hits, misses and returns: 53-bit counters of two words (W12). */
export class OwnCounters implements CacheCounters {
  readonly memory: MemoryPort;
  private readonly layout: CacheLayout;

  constructor(memory: MemoryPort, layout: CacheLayout) {
    this.memory = memory;
    this.layout = layout;
  }

  hit(node: number, step: number): void {
    const at = this.layout.counter(node, COUNTER.HITS);
    if (this.memory.add("pop.hits", at, step) === -1) this.memory.add("pop.hitsHigh", at + 1, 1);
  }

  miss(node: number, step: number): void {
    const at = this.layout.counter(node, COUNTER.MISSES);
    if (this.memory.add("pop.misses", at, step) === -1) this.memory.add("pop.missesHigh", at + 1, 1);
  }

  returned(node: number, step: number): void {
    const at = this.layout.counter(node, COUNTER.RETURNS);
    if (this.memory.add("push.returns", at, step) === -1) this.memory.add("push.returnsHigh", at + 1, 1);
  }

  /** A counter's value; exact when nobody counts. */
  read(node: number, which: number): number {
    const at = this.layout.counter(node, which);
    const high = this.memory.load("counter.high", at + 1);
    return high * 2 ** 32 + (this.memory.load("counter.low", at) >>> 0);
  }

  reset(node: number): void {
    for (const which of Object.values(COUNTER)) {
      this.memory.store("reset.low", this.layout.counter(node, which), 0);
      this.memory.store("reset.high", this.layout.counter(node, which) + 1, 0);
    }
  }
}
