/**
 * Free memory: per zone the free blocks of each order in list order, and the rover. The contiguity map is not
 * kept: it is what the list of top blocks says (2).
 */
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";

export interface Zone {
  readonly name: string;
  readonly node: number;
  readonly first: number;
  readonly end: number;
  /** First frames of free blocks, by order, in list order. */
  readonly free: readonly (readonly number[])[];
  /** Where the next placement begins; null when no top block is free. */
  readonly rover: number | null;
  /** Frames that were free after boot: what the zone has to give at all. */
  readonly managed: number;
}

export interface Range {
  readonly first: number;
  readonly frames: number;
}

/** The zone after boot: everything that is not in use, in the largest aligned blocks. */
export function bootedZone(
  { name, first, end, node = 0 }: AllocatorShape["zones"][number],
  shape: AllocatorShape,
): Zone {
  const isUsed = (frame: number): boolean => shape.used.some(([from, to]) => frame >= from && frame < to);
  const free = Array.from({ length: shape.topOrder + 1 }, () => []);
  let zone: Zone = { name, node, first, end, free, rover: null, managed: 0 };
  for (let frame = first; frame < end; ) {
    let order = shape.topOrder;
    const fits = (size: number): boolean =>
      frame % 2 ** size === 0 &&
      frame + 2 ** size <= end &&
      Array.from({ length: 2 ** size }, (_, at) => frame + at).every((each) => !isUsed(each));
    while (order >= 0 && !fits(order)) order--;
    if (order < 0) frame++;
    else {
      zone = withFreed(zone, frame, order);
      frame += 2 ** order;
    }
  }
  return { ...zone, rover: rangesOf(zone)[0]?.first ?? null, managed: freeFramesOf(zone) };
}

const freeFramesOf = ({ free }: Zone): number =>
  free.reduce((sum, blocks, order) => sum + blocks.length * 2 ** order, 0);

export const topOrderOf = (zone: Zone): number => zone.free.length - 1;
const topPagesOf = (zone: Zone): number => 2 ** topOrderOf(zone);

/** The contiguity map: maximal runs of free top blocks, ascending. */
export function rangesOf(zone: Zone): readonly Range[] {
  const top = topPagesOf(zone);
  const ranges: Range[] = [];
  for (const block of zone.free[topOrderOf(zone)]!) {
    const last = ranges.at(-1);
    if (last !== undefined && last.first + last.frames === block)
      ranges[ranges.length - 1] = { ...last, frames: last.frames + top };
    else ranges.push({ first: block, frames: top });
  }
  return ranges;
}

/** The order of the free block that a frame heads, or undefined. */
export function freeOrderOf(zone: Zone, frame: number): number | undefined {
  const order = zone.free.findIndex((blocks) => blocks.includes(frame));
  return order < 0 ? undefined : order;
}

/** The free block that holds a frame. */
export function blockHolding(
  zone: Zone,
  frame: number,
): { readonly block: number; readonly order: number } | undefined {
  for (const [order, blocks] of zone.free.entries()) {
    const block = blocks.find((each) => each <= frame && frame < each + 2 ** order);
    if (block !== undefined) return { block, order };
  }
  return undefined;
}

const buddyOf = (block: number, order: number): number =>
  block % 2 ** (order + 1) === 0 ? block + 2 ** order : block - 2 ** order;

/** A block becomes free: it is merged with its buddy as long as that is free too. */
export function withFreed(zone: Zone, block: number, order: number): Zone {
  const buddy = buddyOf(block, order);
  if (order < topOrderOf(zone) && zone.free[order]!.includes(buddy)) {
    return withFreed(withoutBlock(zone, buddy, order), Math.min(block, buddy), order + 1);
  }
  if (order === topOrderOf(zone)) return withTopBlock(zone, block);
  const parent = Math.min(block, buddy);
  // Its parent's buddy is free: it may soon be merged, so it is taken last.
  const soonMerged = order + 1 < topOrderOf(zone) && zone.free[order + 1]!.includes(buddyOf(parent, order + 1));
  return soonMerged ? atBack(zone, block, order) : atFront(zone, block, order);
}

function withTopBlock(zone: Zone, block: number): Zone {
  const order = topOrderOf(zone);
  const free = zone.free.with(
    order,
    [...zone.free[order]!, block].sort((a, b) => a - b),
  );
  const joinsRover = zone.rover === block + topPagesOf(zone);
  return { ...zone, free, rover: zone.rover === null || joinsRover ? block : zone.rover };
}

/** A free block leaves its list. A rover that stood there goes on to the next top block. */
export function withoutBlock(zone: Zone, block: number, order: number): Zone {
  const blocks = zone.free[order]!;
  const rest = blocks.filter((each) => each !== block);
  const free = zone.free.with(order, rest);
  if (order < topOrderOf(zone) || zone.rover !== block) return { ...zone, free };
  return { ...zone, free, rover: blocks[blocks.indexOf(block) + 1] ?? rest[0] ?? null };
}

const atFront = (zone: Zone, block: number, order: number): Zone => ({
  ...zone,
  free: zone.free.with(order, [block, ...zone.free[order]!]),
});

const atBack = (zone: Zone, block: number, order: number): Zone => ({
  ...zone,
  free: zone.free.with(order, [...zone.free[order]!, block]),
});

/** Of a block that has left its list, the low 2^low frames are kept; the rest becomes free, upper halves first. */
export function withRest(zone: Zone, block: number, low: number, high: number): Zone {
  if (high === low) return zone;
  return withRest(atFront(zone, block + 2 ** (high - 1), high - 1), block, low, high - 1);
}

/** Takes 2^order frames at the target out of the free block that holds them. */
export function withTargetTaken(zone: Zone, target: number, order: number): Zone {
  const { block, order: size } = blockHolding(zone, target)!;
  return withHalvesAside(withoutBlock(zone, block, size), block, size, target, order);
}

/** The half without the target goes to the back of its list, until the target heads what is left. */
function withHalvesAside(zone: Zone, piece: number, size: number, target: number, order: number): Zone {
  if (piece === target) return withRest(zone, piece, order, size);
  const upper = piece + 2 ** (size - 1);
  const [kept, aside] = target >= upper ? [upper, piece] : [piece, upper];
  return withHalvesAside(atBack(zone, aside, size - 1), kept, size - 1, target, order);
}

/** Takes the front block of the smallest order that suffices. */
export function withAllocated(zone: Zone, order: number): { readonly zone: Zone; readonly frame: number } | undefined {
  const size = zone.free.findIndex((blocks, each) => each >= order && blocks.length > 0);
  if (size < 0) return undefined;
  const frame = zone.free[size]![0]!;
  return { zone: withRest(withoutBlock(zone, frame, size), frame, order, size), frame };
}
