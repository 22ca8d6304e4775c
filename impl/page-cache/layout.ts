/**
 * Where the words of a stand-alone page cache lie.
 *
 *   ┌────────┬────────────────┬─────────────┬─────────────┬────────────────┬──────────────────┐
 *   │ header │ lists per node │ free frames │ pages       │ contents       │ counters         │
 *   │ 16     │ 16 each        │ bitmaps     │ 1 each      │ pageWords each │ 16 each          │
 *   └────────┴────────────────┴─────────────┴─────────────┴────────────────┴──────────────────┘
 *
 *   header     MAGIC · the geometry's fields: a thread that attaches with another geometry is refused
 *   list       HEAD (two words; the layout that names frames uses the first) · — · — · COUNT; a cache line each
 *   free       a bit per frame of the node, 1 = free
 *   page       31          2 1   0
 *             ┌─────────────┬─────┐      state: see PAGE_STATE
 *             │ link        │state│      link: next page of the list, frame + 1, 0 = none
 *             └─────────────┴─────┘      in one word, so that push and pop write both at once
 *   counters   HITS · MISSES · RETURNS, each a low and a high word; a cache line a node
 *
 * Counters stand last: they are statistics, not state.
 */
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";

export const MAGIC = 0x70_67_63_31;
/** 32-bit words of a cache line. */
export const LINE_WORDS = 16;
const COUNT = 4;
export const COUNTER = { HITS: 0, MISSES: 2, RETURNS: 4 } as const;
/** Where the link begins in a page's word, above the state. */
export const LINK_SHIFT = 2;
export const STATE_MASK = 2 ** LINK_SHIFT - 1;
const BITS = 32;

/** What is known of a frame beside its link. */
export const PAGE_STATE = {
  /** In the node's free frames, or on the way from there to the list. */
  Free: 0,
  /** On the list, or on the way to it. */
  Cached: 1,
  /** Popped: it must come back to the list. */
  Out: 2,
} as const;

/** The fields of a geometry as the header keeps them. */
export function headerOf(geometry: CacheGeometry): readonly number[] {
  const { nodes, framesPerNode, pageWords, tagBits, head } = geometry;
  return [MAGIC, nodes, framesPerNode, pageWords, tagBits, head === "frame" ? 1 : 2];
}

export class CacheLayout {
  readonly geometry: CacheGeometry;
  readonly frames: number;
  /** 32-bit words of one node's bitmap of free frames. */
  readonly bitmapWords: number;
  readonly freeBase: number;
  readonly pageBase: number;
  readonly contentBase: number;
  readonly counterBase: number;
  /** Words before this one are state; the rest is counted and never read by a rule. */
  readonly stateWords: number;
  readonly words: number;

  constructor(geometry: CacheGeometry) {
    const { nodes, framesPerNode, pageWords } = geometry;
    this.geometry = geometry;
    this.frames = nodes * framesPerNode;
    this.bitmapWords = Math.ceil(framesPerNode / BITS);
    this.freeBase = LINE_WORDS + nodes * LINE_WORDS;
    this.pageBase = this.freeBase + nodes * this.bitmapWords;
    this.contentBase = this.pageBase + this.frames;
    this.stateWords = this.contentBase + this.frames * pageWords;
    this.counterBase = Math.ceil(this.stateWords / LINE_WORDS) * LINE_WORDS;
    this.words = this.counterBase + nodes * LINE_WORDS;
  }

  nodeOf(frame: number): number {
    return Math.floor(frame / this.geometry.framesPerNode);
  }

  head(node: number): number {
    return LINE_WORDS + node * LINE_WORDS;
  }

  count(node: number): number {
    return this.head(node) + COUNT;
  }

  /** The node's bitmap. */
  free(node: number): number {
    return this.freeBase + node * this.bitmapWords;
  }

  /** The word with the page's state and link. */
  page(frame: number): number {
    return this.pageBase + frame;
  }

  content(frame: number): number {
    return this.contentBase + frame * this.geometry.pageWords;
  }

  /** Low word of a counter of COUNTER; the high word follows. */
  counter(node: number, which: number): number {
    return this.counterBase + node * LINE_WORDS + which;
  }
}
