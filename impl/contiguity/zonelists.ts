/**
 * In which zones memory is looked for: for each node a list that begins with the node's own zones, goes on with those of the
 * node behind it, and ends with those of the node before it. Of each node Normal comes first. So does Linux when all nodes
 * are equally far from each other.
 */
import type { Dropped, ZoneShape } from "../../vocabulary/contiguity/allocator.js";

export const nodeOf = ({ node = 0 }: ZoneShape): number => node;

/** By node, its zones, the first Normal one first. Nodes are numbered from 0 on without a gap. */
export function zonesByNode(zones: readonly ZoneShape[]): readonly (readonly number[])[] {
  const own: number[][] = [];
  for (let zone = 0; zone < zones.length; zone++) {
    const shape = zones[zone]!;
    own[nodeOf(shape)] ??= [];
    const list = own[nodeOf(shape)]!;
    const isFirstNormal = shape.name === "Normal" && !list.some((other) => zones[other]!.name === "Normal");
    if (isFirstNormal) list.unshift(zone);
    else list.push(zone);
  }
  return own;
}

/** By node, the zones in which memory is looked for, in this order. */
export function zonelistsOf(
  own: readonly (readonly number[])[],
  dropped: readonly Dropped[] = [],
): readonly (readonly number[])[] {
  return own.map((zones, node) => {
    if (dropped.includes("own-node-first")) return own.flat();
    if (dropped.includes("nodes-fall-back")) return zones;
    const before = own.slice(0, node);
    const behind = own.slice(node + 1);
    return [zones, ...(dropped.includes("next-node-next") ? [before, behind] : [behind, before]).flat()].flat();
  });
}

/** Frames that a zone has to give: all of them but those in use from the start. */
export function managedFrames({ first, end }: ZoneShape, used: readonly (readonly [number, number])[]): number {
  let frames = end - first;
  let counted = first;
  for (const [from, to] of [...used].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(from, counted);
    const stop = Math.min(to, end);
    if (start >= stop) continue;
    frames -= stop - start;
    counted = stop;
  }
  return frames;
}
