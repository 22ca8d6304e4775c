/** Placement: next fit over the contiguity map, every range looked at (1.6, A11). */
import { type Range, rangesOf, topOrderOf, withoutBlock, withRest, type Zone } from "./buddy.js";

export interface Placed {
  readonly zone: Zone;
  /** The first frame of the place; null if there is none. */
  readonly frame: number | null;
}

/** Finds a place for so many pages and moves the rover behind it; nothing is reserved. */
export function place(zone: Zone, pages: number): Placed {
  const { rover } = zone;
  if (pages === 0 || rover === null) return { zone, frame: null };
  const top = 2 ** topOrderOf(zone);
  const request = Math.ceil(pages / top) * top;
  const ranges = rangesOf(zone);
  const home = ranges.findIndex(({ first, frames }) => rover >= first && rover < first + frames);
  const ring = [...ranges.slice(home + 1), ...ranges.slice(0, home)];
  const homeRange = ranges[home]!;
  const fromRover: Range = { first: rover, frames: homeRange.first + homeRange.frames - rover };
  // The rover's range counts from the rover on at first, as a whole in the end.
  const chosen = firstFitOrLargest([fromRover, ...ring, homeRange], request);
  const holder = ranges.findIndex(({ first, frames }) => chosen.first >= first && chosen.first < first + frames);
  const next = chosen.frames > request ? chosen.first + request : ranges[(holder + 1) % ranges.length]!.first;
  return { zone: { ...zone, rover: next }, frame: chosen.first };
}

/** Places and takes 2^order frames at the place. */
export function placeAndTake(zone: Zone, pages: number, order: number): Placed {
  const placed = place(zone, pages);
  if (placed.frame === null) return placed;
  const top = topOrderOf(zone);
  return {
    frame: placed.frame,
    zone: withRest(withoutBlock(placed.zone, placed.frame, top), placed.frame, order, top),
  };
}

function firstFitOrLargest(candidates: readonly Range[], request: number): Range {
  const largest = Math.max(...candidates.map(({ frames }) => frames));
  return candidates.find(({ frames }) => frames >= request) ?? candidates.find(({ frames }) => frames === largest)!;
}
