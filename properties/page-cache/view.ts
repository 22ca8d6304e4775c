/** The implementation over some words, with the reader of its raw words: what claims about single operations look at. */
import { LocklessPageCache } from "../../impl/page-cache/lockless-page-cache.js";
import type { CacheRules } from "../../impl/page-cache/rules.js";
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";
import { narrowHeadReader, RawWords, wideHeadReader } from "./raw-words.js";

export interface CacheView {
  readonly words: Int32Array;
  readonly cache: LocklessPageCache;
  readonly raw: RawWords;
}

/** Attaches to words that have been initialised. Its thread runs on the last node. */
export function viewOf(words: Int32Array, geometry: CacheGeometry, rules: CacheRules): CacheView {
  const cache = LocklessPageCache.attach(words, geometry, { rules, threadNode: geometry.nodes - 1 });
  const heads = geometry.head === "address" ? wideHeadReader : narrowHeadReader(geometry.tagBits);
  return { words, cache, raw: new RawWords(cache.layout, heads) };
}

export function nodesOf(view: CacheView): readonly number[] {
  return Array.from({ length: view.raw.layout.geometry.nodes }, (_, node) => node);
}

export function framesOf(view: CacheView): readonly number[] {
  return Array.from({ length: view.raw.layout.frames }, (_, frame) => frame);
}
