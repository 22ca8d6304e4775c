/** The page cache as it is meant: a stack of pages per node, the frames that are in none, and who counts what. */
import type { CacheGeometry } from "../../vocabulary/page-cache/geometry.js";

export interface State {
  readonly geometry: CacheGeometry;
  readonly nodes: readonly NodePages[];
  /** Frames that were popped and have not come back, ascending. */
  readonly out: readonly OutPage[];
  readonly statistics: readonly Counts[];
}

export interface NodePages {
  /** Frames on the list, top first. */
  readonly list: readonly number[];
  /** Free frames, ascending. */
  readonly free: readonly number[];
}

export interface OutPage {
  readonly frame: number;
  /** The owner has written into it. */
  readonly written: boolean;
}

/** What a node has counted since the last reset. */
export interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly returns: number;
}

const NOTHING: Counts = { hits: 0, misses: 0, returns: 0 };

/** All frames free, nothing counted. */
export function initial(geometry: CacheGeometry): State {
  const { nodes, framesPerNode } = geometry;
  return {
    geometry,
    nodes: Array.from({ length: nodes }, (_, node) => ({
      list: [],
      free: Array.from({ length: framesPerNode }, (__, i) => node * framesPerNode + i),
    })),
    out: [],
    statistics: Array.from({ length: nodes }, () => NOTHING),
  };
}

export function withoutStatistics(state: State): State {
  return { ...state, statistics: state.statistics.map(() => NOTHING) };
}
