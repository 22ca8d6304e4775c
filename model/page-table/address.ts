/** Page numbers taken apart by division: which entry of which level a page goes through. */
import type { Geometry } from "../../vocabulary/geometry.js";

/** Leaves exist on levels 1, 2 and 3, but never in a root (W9). */
export function highestLeafLevel(geometry: Geometry): number {
  return Math.min(3, geometry.levels - 1);
}

/** Pages that one entry of this level spans. */
export function span(geometry: Geometry, level: number): number {
  return (2 ** geometry.indexBits) ** (level - 1);
}

/** Pages of the whole address space. */
export function pageCount(geometry: Geometry): number {
  return span(geometry, geometry.levels + 1);
}

/** The page number without what an entry of this level spans: equal for all pages that go through that entry. */
export function prefix(geometry: Geometry, level: number, page: number): number {
  return Math.floor(page / span(geometry, level));
}

/** The number of the page's entry within its table of this level. */
export function indexAt(geometry: Geometry, level: number, page: number): number {
  return prefix(geometry, level, page) % 2 ** geometry.indexBits;
}

/** The first page that an entry of this level around the page spans. */
export function firstPage(geometry: Geometry, level: number, page: number): number {
  return prefix(geometry, level, page) * span(geometry, level);
}

/**
 * The indexed part of a 52-bit virtual page number; undefined if the number is not canonical: the bits above the
 * indexed ones must all equal the topmost indexed one.
 */
export function canonicalPage(geometry: Geometry, virtualPage: number): number | undefined {
  const pages = pageCount(geometry);
  const page = virtualPage % pages;
  const above = Math.floor(virtualPage / pages);
  const expected = page < pages / 2 ? 0 : 2 ** 52 / pages - 1;
  return above === expected ? page : undefined;
}

export function nodeOfCpu(geometry: Geometry, cpu: number): number {
  return Math.floor(cpu / geometry.cpusPerNode);
}

/** The first frame of a node; its table zone begins there. */
export function firstFrame(geometry: Geometry, node: number): number {
  return node * (geometry.tableFrames + geometry.dataFrames);
}
