/** The size of a page cache: what both twins, and each thread that attaches, are given. */
import { PagetwinError } from "../errors.js";

/**
 * How a list's head is laid out. `frame`: one 32-bit word, a frame's number under the tag. `address`: the original's
 * 64-bit word, the low 48 bits of an address under a tag of 16 bits.
 */
export const HEAD_LAYOUTS = ["frame", "address"] as const;
export type HeadLayout = (typeof HEAD_LAYOUTS)[number];

export interface CacheGeometry {
  /** Lists, one a node, 1 to 8. */
  readonly nodes: number;
  /** Frames of each node, 1 to 65,535; frame f lies on node floor(f / framesPerNode). */
  readonly framesPerNode: number;
  /** 32-bit words of a page's content that push zeroes, 0 to 1,024; 0 where the contents lie elsewhere. */
  readonly pageWords: number;
  /** Width of the tag, 0 to 16 bits; a tag and the number of the last frame must fit the head. */
  readonly tagBits: number;
  readonly head: HeadLayout;
}

/** Two nodes of 256 pages of 4 KiB, the widest tag. */
const DEFAULT: CacheGeometry = { nodes: 2, framesPerNode: 256, pageWords: 1024, tagBits: 16, head: "frame" };

/**
 * Completes and checks a geometry.
 * @param shape the fields that differ from two nodes of 256 pages of 4 KiB with 16 bits of tag in a 32-bit head
 * @throws PagetwinError `GEOMETRY` naming the first field out of range
 */
export function cacheGeometry(shape: Partial<CacheGeometry> = {}): CacheGeometry {
  const complete: CacheGeometry = { ...DEFAULT, ...shape };
  const bounds: readonly [Exclude<keyof CacheGeometry, "head">, number, number][] = [
    ["nodes", 1, 8],
    ["framesPerNode", 1, 65_535],
    ["pageWords", 0, 1024],
    ["tagBits", 0, 16],
  ];
  for (const [field, low, high] of bounds) {
    const value = complete[field];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new PagetwinError("GEOMETRY", `${field} is ${value}: expected an integer from ${low} to ${high}`);
    }
  }
  if (!HEAD_LAYOUTS.includes(complete.head)) {
    throw new PagetwinError("GEOMETRY", `head is ${String(complete.head)}: expected ${HEAD_LAYOUTS.join(" or ")}`);
  }
  return complete;
}
