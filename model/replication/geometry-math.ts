/**
 * Where a page lies in the tables and a frame in the machine, by division and remainder.
 *
 * An entry of a table of level L covers span(L) pages; the whole table covers span(L + 1).
 */
import type { Geometry } from "../../vocabulary/geometry.js";

export function fanOut(geometry: Geometry): number {
  return 2 ** geometry.indexBits;
}

/** Pages that one entry of a table of `level` covers. */
export function span(geometry: Geometry, level: number): number {
  return 2 ** (geometry.indexBits * (level - 1));
}

export function indexAt(geometry: Geometry, page: number, level: number): number {
  return Math.floor(page / span(geometry, level)) % fanOut(geometry);
}

/** First of the pages that share an entry of `level` with `page`. */
export function firstPage(geometry: Geometry, page: number, level: number): number {
  return page - (page % span(geometry, level));
}

/** Pages below the root's kernel entries. */
export function userPages(geometry: Geometry): number {
  return (fanOut(geometry) - geometry.kernelRootEntries) * span(geometry, geometry.levels);
}

export function cpuCount(geometry: Geometry): number {
  return geometry.nodes * geometry.cpusPerNode;
}

export function nodeOfCpu(geometry: Geometry, cpu: number): number {
  return Math.floor(cpu / geometry.cpusPerNode);
}

/** First frame of the data zone of `node`: its table zone comes before. */
export function firstDataFrame(geometry: Geometry, node: number): number {
  return node * (geometry.tableFrames + geometry.dataFrames) + geometry.tableFrames;
}

export function nodeOfFrame(geometry: Geometry, frame: number): number {
  return Math.floor(frame / (geometry.tableFrames + geometry.dataFrames));
}

/** Place of a level in LEVEL_NAMES: the root is always PGD (W11), the others count from the leaf up. */
export function levelIndex(geometry: Geometry, level: number): number {
  return level === geometry.levels ? 4 : level - 1;
}

/** `node` first, then the other online nodes, ascending (D4, D9, W34). */
export function nodesFrom(geometry: Geometry, node: number): readonly number[] {
  return [node, ...geometry.onlineNodes.filter((other) => other !== node)];
}

/** Whether the pages [a, a + aPages) and [b, b + bPages) have one in common. */
export function overlap(a: number, aPages: number, b: number, bPages: number): boolean {
  return a < b + bPages && b < a + aPages;
}
