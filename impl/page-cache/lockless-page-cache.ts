/**
 * The lockless page cache by itself, over words that several threads share.
 *
 *   const words = new Int32Array(new SharedArrayBuffer(4 * LocklessPageCache.wordsNeeded(geometry)));
 *   LocklessPageCache.initialise(words, geometry);            once, before the words are handed out
 *   const cache = LocklessPageCache.attach(words, geometry);  in each thread
 *
 * All frames are free at first: populate brings them into the lists. The lists are those of page-cache.ts, which
 * replication uses as well; layout.ts has the picture of the words.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import { AtomicPort, type MemoryPort, PlainPort } from "../memory-port.js";
import { HeadFormat } from "./head.js";
import { NarrowHeads } from "./heads.js";
import { CacheLayout, COUNTER, headerOf, MAGIC, PAGE_STATE, STATE_MASK } from "./layout.js";
import { OwnCounters, OwnPages, PlainLinkPages } from "./own-pages.js";
import { PageCache } from "./page-cache.js";
import type { CacheRules } from "./rules.js";
import { AtomicWidePort, WideHeads, type WidePort } from "./wide-heads.js";

/** Where the layout of heads stands among the words of the header. */
const HEAD_FIELD = 5;

export interface CacheOptions {
  /** `plain`: links and zeroing bypass the port, see PlainLinkPages; no verdict about schedules speaks of that build. By default `atomic`. */
  readonly links?: "atomic" | "plain";
  /** Whether push makes sure that the frame is out, at the price of one more exchange. By default not. */
  readonly debug?: boolean;
  /** The node that this thread runs on, read by mutant M34 only. By default 0. */
  readonly threadNode?: number;
  readonly rules?: CacheRules;
}

export class LocklessPageCache {
  readonly layout: CacheLayout;
  /** Whether all that this instance does goes through its port: what the checker's verdicts speak of. */
  readonly isCovered: boolean;
  /** A number that the 64-bit head's address is made from is a BigInt; nobody else sees one. */
  private readonly cache: PageCache<number> | PageCache<bigint>;
  private readonly pages: OwnPages;
  private readonly counters: OwnCounters;
  private readonly memory: MemoryPort;
  private readonly frames: number;
  /** 1 / framesPerNode: a product costs less than a division. */
  private readonly nodesPerFrame: number;
  private readonly nodes: number;
  private readonly isDebug: boolean;
  /** −1, or the node that mutant M34 puts every page on. */
  private readonly wrongNode: number;

  /** Words of 32 bits that a cache of this geometry needs. */
  static wordsNeeded(geometry: CacheGeometry): number {
    return new CacheLayout(geometry).words;
  }

  /**
   * Makes the words a cache with empty lists. To be done once, before any other thread gets to see them.
   * @throws PagetwinError `STORAGE` if there are too few words, or the 64-bit head would not be aligned; `ARGUMENT` if frames and
   * tag do not fit one head
   */
  static initialise(words: Int32Array, geometry: CacheGeometry): void {
    checkWords(words, geometry);
    LocklessPageCache.initialiseOver(new PlainPort(words), geometry);
  }

  /** {@link initialise} through a port. */
  static initialiseOver(memory: MemoryPort, geometry: CacheGeometry): void {
    const layout = new CacheLayout(geometry);
    if (geometry.head === "frame") new HeadFormat(layout.frames, geometry.tagBits);
    for (let word = 0; word < layout.words; word++) memory.store("initialise", word, 0);
    for (let frame = 0; frame < layout.frames; frame++) {
      const node = layout.nodeOf(frame);
      const bit = frame - node * geometry.framesPerNode;
      memory.or("initialise", layout.free(node) + (bit >>> 5), 1 << (bit & 31));
    }
    for (const [word, value] of headerOf(geometry).entries()) memory.store("initialise", word, value);
  }

  /**
   * Joins a cache that has been initialised, with every access atomic.
   * @throws PagetwinError `STORAGE` as initialise, or if the words were never initialised; `GEOMETRY` if they were with another
   * geometry; `ARGUMENT` for a thread node out of range
   */
  static attach(words: Int32Array, geometry: CacheGeometry, options: CacheOptions = {}): LocklessPageCache {
    checkWords(words, geometry);
    const wide = geometry.head === "frame" ? undefined : new AtomicWidePort(wideWords(words));
    return new LocklessPageCache(new AtomicPort(words), wide, geometry, options, words);
  }

  /**
   * Joins through a port of one's own: the plain one, or a checker's.
   * @param besides what the port does not reach: 64-bit heads, where the geometry has such, and words for plain links
   * @throws PagetwinError as attach; `ARGUMENT` if one of these is needed and missing
   */
  static attachOver(
    memory: MemoryPort,
    geometry: CacheGeometry,
    options: CacheOptions = {},
    besides: { readonly wide?: WidePort; readonly words?: Int32Array } = {},
  ): LocklessPageCache {
    return new LocklessPageCache(memory, besides.wide, geometry, options, besides.words);
  }

  private constructor(
    memory: MemoryPort,
    wide: WidePort | undefined,
    geometry: CacheGeometry,
    options: CacheOptions,
    words: Int32Array | undefined,
  ) {
    const layout = new CacheLayout(geometry);
    checkHeader(memory, geometry);
    const { links = "atomic", debug = false, threadNode = 0, rules } = options;
    this.layout = layout;
    this.memory = memory;
    this.isCovered = links === "atomic";
    this.pages = pagesOver(memory, layout, links, words);
    this.counters = new OwnCounters(memory, layout);
    const byNode = (place: (node: number) => number) => Int32Array.from({ length: geometry.nodes }, (_, i) => place(i));
    const heads = byNode((node) => layout.head(node));
    const counts = byNode((node) => layout.count(node));
    const parts = { memory, counts, pages: this.pages, counters: this.counters, ...(rules ? { rules } : {}) };
    this.cache =
      geometry.head === "frame"
        ? new PageCache({ ...parts, heads: new NarrowHeads(memory, formatOf(layout), heads) })
        : new PageCache({ ...parts, heads: new WideHeads(insistWide(wide), geometry.tagBits, heads) });
    this.frames = layout.frames;
    this.nodesPerFrame = 1 / geometry.framesPerNode;
    this.nodes = geometry.nodes;
    this.isDebug = debug;
    this.checkNode(threadNode);
    this.wrongNode = rules?.ownNode === false ? threadNode : -1;
  }

  /** Takes the page on top of the node's list: its frame, or −1. @throws PagetwinError `ARGUMENT` for a node out of range */
  pop(node: number): number {
    this.checkNode(node);
    return this.cache.pop(node);
  }

  /**
   * Gives a popped frame back to its node's list.
   * @throws PagetwinError `ARGUMENT` for a frame out of range; in debug mode `NOT_ENABLED` for one that is not out
   */
  push(frame: number): void {
    if (frame >>> 0 !== frame || frame >= this.frames) {
      throw new PagetwinError("ARGUMENT", `frame is ${frame}: expected an integer from 0 to ${this.frames - 1}`);
    }
    if (this.isDebug) this.pages.insistOut(frame);
    // Half a frame keeps the product away from whole numbers, so that its rounding cannot matter.
    const node = this.wrongNode < 0 ? ((frame + 0.5) * this.nodesPerFrame) | 0 : this.wrongNode;
    this.cache.push(frame, node);
  }

  /** Empties the node's list into its free frames. @returns how many pages were on it */
  drain(node: number): number {
    this.checkNode(node);
    return this.cache.drain(node);
  }

  /** Drains every node, in ascending order. @returns how many pages there were */
  drainAll(): number {
    let drained = 0;
    for (let node = 0; node < this.nodes; node++) drained += this.cache.drain(node);
    return drained;
  }

  /**
   * Fills the node's list up to `target` pages, a level and no increment; ends where the node has no free frame.
   * @param target an integer from 0; @returns how many pages were added
   */
  populate(node: number, target: number): number {
    this.checkNode(node);
    if (!Number.isInteger(target) || target < 0) {
      throw new PagetwinError("ARGUMENT", `target is ${target}: expected an integer from 0`);
    }
    return this.cache.populate(node, target);
  }

  /** Zeroes hits, misses and returns of every node; what is counted meanwhile may be lost. The counts stay. */
  reset(): void {
    for (let node = 0; node < this.nodes; node++) this.counters.reset(node);
  }

  /** Pages on the node's list: exact when nothing is under way, else off by at most what is. */
  count(node: number): number {
    this.checkNode(node);
    return this.cache.count(node);
  }

  hits(node: number): number {
    this.checkNode(node);
    return this.counters.read(node, COUNTER.HITS);
  }

  misses(node: number): number {
    this.checkNode(node);
    return this.counters.read(node, COUNTER.MISSES);
  }

  returns(node: number): number {
    this.checkNode(node);
    return this.counters.read(node, COUNTER.RETURNS);
  }

  /** One word of a page's content, for its owner. */
  readWord(frame: number, word: number): number {
    return this.memory.load("page.read", this.layout.content(frame) + word);
  }

  writeWord(frame: number, word: number, value: number): void {
    this.memory.store("page.write", this.layout.content(frame) + word, value);
  }

  /** The link of a popped page, for its owner: 0. */
  linkOf(frame: number): number {
    return this.pages.link("page.link", frame);
  }

  /** Whether the frame was popped and has not come back. */
  isOut(frame: number): boolean {
    if (frame >>> 0 !== frame || frame >= this.frames) return false;
    return (this.memory.load("page.state", this.layout.page(frame)) & STATE_MASK) === PAGE_STATE.Out;
  }

  private checkNode(node: number): void {
    if (node >>> 0 === node && node < this.nodes) return;
    throw new PagetwinError("ARGUMENT", `node is ${node}: expected an integer from 0 to ${this.nodes - 1}`);
  }
}

function formatOf(layout: CacheLayout): HeadFormat {
  return new HeadFormat(layout.frames, layout.geometry.tagBits);
}

function wideWords(words: Int32Array): BigInt64Array {
  return new BigInt64Array(words.buffer, words.byteOffset, words.length >> 1);
}

function insistWide(wide: WidePort | undefined): WidePort {
  if (wide === undefined) throw new PagetwinError("ARGUMENT", "heads of 64 bits need a port to 64-bit words");
  return wide;
}

function pagesOver(
  memory: MemoryPort,
  layout: CacheLayout,
  links: "atomic" | "plain",
  words: Int32Array | undefined,
): OwnPages {
  if (links === "atomic") return new OwnPages(memory, layout);
  if (words === undefined) throw new PagetwinError("ARGUMENT", "plain links need the array itself, not a port to it");
  return new PlainLinkPages(memory, layout, words);
}

function checkWords(words: Int32Array, geometry: CacheGeometry): void {
  const needed = LocklessPageCache.wordsNeeded(geometry);
  if (!(words instanceof Int32Array) || words.length < needed) {
    const found = words instanceof Int32Array ? `${words.length} words` : "no Int32Array";
    throw new PagetwinError("STORAGE", `the page cache needs an Int32Array of ${needed} words, got ${found}`);
  }
  if (geometry.head === "address" && words.byteOffset % 8 !== 0) {
    throw new PagetwinError(
      "STORAGE",
      `heads of 64 bits need words at a multiple of 8 bytes, not at ${words.byteOffset}`,
    );
  }
}

function checkHeader(memory: MemoryPort, geometry: CacheGeometry): void {
  const wanted = headerOf(geometry);
  const found = wanted.map((_, word) => memory.load("attach", word));
  if (found[0] !== MAGIC) throw new PagetwinError("STORAGE", "the words were not initialised as a page cache");
  const names = ["", "nodes", "framesPerNode", "pageWords", "tagBits", "head layout"];
  const wrong = wanted.findIndex((value, word) => value !== found[word]);
  if (wrong < 0) return;
  const text = (value: number): string => (wrong === HEAD_FIELD ? (value === 1 ? "frame" : "address") : `${value}`);
  const [field, was, is] = [names[wrong], text(found[wrong]!), text(wanted[wrong]!)];
  throw new PagetwinError("GEOMETRY", `the page cache was initialised with ${field} ${was} and is attached with ${is}`);
}
