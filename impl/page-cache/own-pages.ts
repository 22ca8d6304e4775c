/** The pages of a stand-alone cache: links, states, contents and free frames in the cache's own words. */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import { type CacheLayout, COUNTER, LINK_SHIFT, PAGE_STATE } from "./layout.js";
import type { CacheCounters, CachePages } from "./page-cache.js";

const CACHED = PAGE_STATE.Cached;
const OUT = PAGE_STATE.Out;
const WORD_SHIFT = 5;
const BIT_MASK = 31;

export class OwnPages implements CachePages {
  readonly memory: MemoryPort;
  readonly layout: CacheLayout;
  protected readonly pageBase: number;
  protected readonly pageWords: number;

  constructor(memory: MemoryPort, layout: CacheLayout) {
    this.memory = memory;
    this.layout = layout;
    this.pageBase = layout.pageBase;
    this.pageWords = layout.geometry.pageWords;
  }

  numberOf(page: number): number {
    return page + 1;
  }

  frameOf(number: number): number {
    return number - 1;
  }

  link(label: string, page: number): number {
    return this.memory.load(label, this.pageBase + page) >>> LINK_SHIFT;
  }

  setLink(label: string, page: number, next: number): void {
    this.memory.store(label, this.pageBase + page, (next << LINK_SHIFT) | CACHED);
  }

  zeroTable(page: number): void {
    const first = this.layout.contentBase + page * this.pageWords;
    for (let word = first; word < first + this.pageWords; word++) this.memory.store("push.zero", word, 0);
  }

  /** Its first link says it. */
  becomeCached(): void {}

  becomePopped(page: number): void {
    this.memory.store("pop.unlink", this.pageBase + page, OUT);
  }

  /**
   * For who does not trust the caller: one exchange, so of two threads that push the same page one is caught.
   * @throws PagetwinError `NOT_ENABLED` if the page is not out
   */
  insistOut(page: number): void {
    const found = this.memory.compareExchange("push.check", this.pageBase + page, OUT, CACHED);
    if (found === OUT) return;
    const where = found === 0 ? "free: it was never popped" : "on a list already: it is pushed twice";
    throw new PagetwinError("NOT_ENABLED", `frame ${page} is pushed but is ${where}`);
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
    this.memory.store("drain.unlink", this.pageBase + page, 0);
    const node = layout.nodeOf(page);
    const bit = page - node * layout.geometry.framesPerNode;
    this.memory.or("free.give", layout.free(node) + (bit >>> WORD_SHIFT), 1 << (bit & BIT_MASK));
  }
}

/**
 * The same with plain links and contents, for speed alone. A link may be read while its page's next owner writes it, and a
 * plain access is not part of any order that all threads see: what is said of schedules is said of the other build, not of
 * this one. The value that is read late is thrown away when the head's tag has moved on, a 32-bit word is never torn, and
 * contents are their owner's alone; the exchange of the head publishes both.
 */
export class PlainLinkPages extends OwnPages {
  private readonly words: Int32Array;

  constructor(memory: MemoryPort, layout: CacheLayout, words: Int32Array) {
    super(memory, layout);
    this.words = words;
  }

  override link(_label: string, page: number): number {
    return this.words[this.pageBase + page]! >>> LINK_SHIFT;
  }

  override setLink(_label: string, page: number, next: number): void {
    this.words[this.pageBase + page] = (next << LINK_SHIFT) | CACHED;
  }

  override becomePopped(page: number): void {
    this.words[this.pageBase + page] = OUT;
  }

  override zeroTable(page: number): void {
    if (this.pageWords === 0) return;
    const first = this.layout.content(page);
    this.words.fill(0, first, first + this.pageWords);
  }
}

/** Hits, misses and returns: 53-bit counters of two words (W12). */
export class OwnCounters implements CacheCounters {
  readonly memory: MemoryPort;
  private readonly layout: CacheLayout;
  /** Word index of each node's first counter. */
  private readonly places: Int32Array;

  constructor(memory: MemoryPort, layout: CacheLayout) {
    this.memory = memory;
    this.layout = layout;
    this.places = Int32Array.from({ length: layout.geometry.nodes }, (_, node) => layout.counter(node, 0));
  }

  hit(node: number, step: number): void {
    const at = this.places[node]! + COUNTER.HITS;
    if (this.memory.add("pop.hits", at, step) === -1) this.memory.add("pop.hitsHigh", at + 1, 1);
  }

  miss(node: number, step: number): void {
    const at = this.places[node]! + COUNTER.MISSES;
    if (this.memory.add("pop.misses", at, step) === -1) this.memory.add("pop.missesHigh", at + 1, 1);
  }

  returned(node: number, step: number): void {
    const at = this.places[node]! + COUNTER.RETURNS;
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
