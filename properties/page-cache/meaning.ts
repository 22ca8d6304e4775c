/** What the words of a page cache mean: words → state of the reference. */
import { PAGE_STATE } from "../../impl/page-cache/layout.js";
import type { Counts, State } from "../../model/page-cache/index.js";
import { type CacheView, framesOf, nodesOf } from "./view.js";

/** @throws Error where the words mean nothing: a list that does not end */
export function meaningOf(view: CacheView): State {
  const { raw, words } = view;
  return {
    geometry: raw.layout.geometry,
    nodes: nodesOf(view).map((node) => {
      const { frames, broken } = raw.list(words, node);
      if (broken !== undefined) throw new Error(`the list of node ${node} comes to frame ${broken} a second time`);
      return { list: frames, free: raw.free(words, node) };
    }),
    out: framesOf(view)
      .filter((frame) => raw.state(words, frame) === PAGE_STATE.Out)
      .map((frame) => ({ frame, written: !raw.isZero(words, frame) })),
    statistics: statisticsOf(view),
  };
}

export function statisticsOf(view: CacheView): readonly Counts[] {
  const { raw, words } = view;
  return nodesOf(view).map((node) => ({
    hits: raw.counter(words, node, "HITS"),
    misses: raw.counter(words, node, "MISSES"),
    returns: raw.counter(words, node, "RETURNS"),
  }));
}
