/**
 * The raw words of a page cache as claims see them: lists, free frames, states, counts.
 *
 * Reads by the layout's word indices and decodes heads by arithmetic of its own; none of the implementation's loops is used,
 * so that what is wrong in them shows here. Lists may be wrong: a walk ends where a frame comes a second time.
 */
import { type CacheLayout, COUNTER } from "../../impl/page-cache/layout.js";

/** How a head is taken apart. */
export interface HeadReader {
  /** Frame on top, or −1. */
  top(words: Int32Array, place: number): number;
  tag(words: Int32Array, place: number): number;
}

/** The 32-bit head: as many bits as the tag has, above the frame's number + 1. */
export function narrowHeadReader(tagBits: number): HeadReader {
  const numbers = 2 ** (32 - tagBits);
  return {
    // Without a tag the word is the number itself.
    top: (words, place) => (tagBits === 0 ? words[place]! : (words[place]! >>> 0) % numbers) - 1,
    tag: (words, place) => (tagBits === 0 ? 0 : Math.floor((words[place]! >>> 0) / numbers)),
  };
}

/** The 64-bit head in two words: 16 bits of tag, 48 of an address in an array of descriptors of 64 bytes. */
export const wideHeadReader: HeadReader = {
  top: (words, place) => {
    const address = ((words[place + 1]! >>> 0) % 2 ** 16) * 2 ** 32 + (words[place]! >>> 0);
    return address === 0 ? -1 : (address - 0xea00_0000_0000) / 64;
  },
  tag: (words, place) => Math.floor((words[place + 1]! >>> 0) / 2 ** 16),
};

export interface ListWalk {
  readonly frames: readonly number[];
  /** The frame that came a second time, or that is none of the cache's; undefined on a list that ends. */
  readonly broken: number | undefined;
}

export class RawWords {
  readonly layout: CacheLayout;
  private readonly heads: HeadReader;

  constructor(layout: CacheLayout, heads: HeadReader) {
    this.layout = layout;
    this.heads = heads;
  }

  list(words: Int32Array, node: number): ListWalk {
    const frames: number[] = [];
    for (let frame = this.heads.top(words, this.layout.head(node)); frame >= 0; frame = this.link(words, frame)) {
      if (frame >= this.layout.frames || frames.includes(frame)) return { frames, broken: frame };
      frames.push(frame);
    }
    return { frames, broken: undefined };
  }

  tag(words: Int32Array, node: number): number {
    return this.heads.tag(words, this.layout.head(node));
  }

  /** Frame that follows on the list, or −1. */
  link(words: Int32Array, frame: number): number {
    return Math.floor((words[this.layout.page(frame)]! >>> 0) / 4) - 1;
  }

  state(words: Int32Array, frame: number): number {
    return (words[this.layout.page(frame)]! >>> 0) % 4;
  }

  /** Free frames of the node, ascending. */
  free(words: Int32Array, node: number): number[] {
    const { framesPerNode } = this.layout.geometry;
    const first = this.layout.free(node);
    return Array.from({ length: framesPerNode }, (_, i) => i)
      .filter((i) => Math.floor((words[first + Math.floor(i / 32)]! >>> 0) / 2 ** (i % 32)) % 2 === 1)
      .map((i) => node * framesPerNode + i);
  }

  isZero(words: Int32Array, frame: number): boolean {
    const from = this.layout.content(frame);
    return words.subarray(from, from + this.layout.geometry.pageWords).every((word) => word === 0);
  }

  count(words: Int32Array, node: number): number {
    return words[this.layout.count(node)]!;
  }

  counter(words: Int32Array, node: number, which: keyof typeof COUNTER): number {
    const at = this.layout.counter(node, COUNTER[which]);
    return words[at + 1]! * 2 ** 32 + (words[at]! >>> 0);
  }
}
