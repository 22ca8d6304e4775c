/**
 * The words of contiguity-aware allocation: the machine, what can be asked, what is answered, and the rules of which the
 * authors' kernel has its own version.
 *
 * Pages and frames are counts of 4 KiB. An order is a power of two of them. Rules: docs/contiguity.md, 1.1 to 3.
 */
import { PagetwinError } from "../errors.js";

export type ZoneName = "DMA" | "Normal";

export interface ZoneShape {
  readonly name: ZoneName;
  /** First frame and the frame behind the last one, both multiples of a top block. */
  readonly first: number;
  readonly end: number;
  /** The node whose memory the zone is part of, from 0 on; node 0 unless given. */
  readonly node?: number;
}

export interface AllocatorShape {
  /** Ascending by frame, not overlapping; of nodes 0 to some last one, on each of which at least one is Normal. */
  readonly zones: readonly ZoneShape[];
  /** Frames in use from the start: first, end. */
  readonly used: readonly (readonly [number, number])[];
  /** Order of the largest block, 1 to 10 (10 on x86-64: 4 MiB). */
  readonly topOrder: number;
  /** Order of a huge page, below the top order (9 on x86-64: 2 MiB). */
  readonly hugeOrder: number;
  /** Offsets that an area keeps, 1 to 64 (64). */
  readonly tableLength: number;
  /** Most areas and files. */
  readonly areas: number;
  readonly files: number;
  /** Rules dropped for the authors' own version of them (C2). */
  readonly quirks: readonly Quirk[];
  /** Rules that authors and specification share, dropped to see what they are for; none unless given. */
  readonly dropped?: readonly Dropped[];
}

/**
 * The authors' version of a rule, each a switch of its own. Off = the rule of this specification.
 */
export const QUIRKS = [
  /** A9: placement with allocation leaves the free counter as it was. */
  "counter-drift",
  /** A10: placement with allocation leaves the rover on the block that it took. */
  "stale-rover",
  /** A11: next fit ends before the range that precedes the rover's. */
  "skipped-range",
  /** A14: a fault that finds nothing starts over for ever; a huge one never becomes a small one. */
  "endless-retry",
  /** A15: an offset under a start that is there already is appended and never found. */
  "shadowed-offset",
  /** A23: frames reserved for a file stay reserved when the file goes. */
  "leaked-reserve",
  /** 2: a zone without a free top block starts with a range at frame 0 that does not exist. */
  "phantom-range",
  /** 2, 1.7: frame 0 stands for "nothing": a block there is forgotten by the map, a target there is none. */
  "frame-zero",
  /** 1.2, 1.8: an offset of 0 means that there is none; a placement of nothing is recorded as an offset all the same. */
  "offset-zero",
  /** 1.2: a new file begins with the offset of the one whose inode it got. */
  "recycled-inode",
  /** C3: a small request does not split a top block. */
  "split-limit",
  /** 1.7: the block that holds a target is looked for among the buddies on the way up only. */
  "buddy-walk",
  /** 1.7: a target in another zone of the same node is taken, on the account of the zone that was asked. */
  "zone-test-off",
  /** A27: the first placement of an area reads the map and moves the rover without the zone's lock. */
  "unlocked-placement",
  /** C7: some refusals are counted nowhere, nor are attempts to take a reserved frame. */
  "silent-exits",
] as const;

export type Quirk = (typeof QUIRKS)[number];

/** A rule that nobody has a version of, missing. The number is the invariant that it serves (7.1). */
export type Dropped =
  /** A1, A2: a frame in use is refused. Without it the frame is handed out again. */
  | "occupied-target"
  /** A1: frames are taken under the zone's lock. */
  | "allocation-locked"
  /** A1: who finds, with a small frame in his hands, that the page has come meanwhile gives it back. */
  | "loser-gives-back"
  /** A2: who writes to a page that others have left meanwhile keeps its frame. */
  | "sole-user-keeps"
  /** A3: an offset is where the area's first page goes. Without it, where the page that faulted goes. */
  | "offset-of-area"
  /** A4: the region below a page steers it before the one above. */
  | "region-below"
  /** A4: the offsets of an area are read and written under its lock. Without it, one may be read that is half written. */
  | "table-locked"
  /** A5: of several faults of an area at a time only one places it, or places it anew. */
  | "one-places"
  /** A5: whoever may place looks what is placed already, and not before he may. */
  | "look-behind-guard"
  /** A6: a failed fault leaves the area able to place. */
  | "placing-returns"
  /** A6: who wants to place, and who has done so, is counted in one step. */
  | "placing-counted-at-once"
  /** A7: a block that closes a gap joins both neighbours. */
  | "three-way-merge"
  /** A8: when a range is cut, the blocks of its second part name the new one. */
  | "blocks-name-range"
  /** A12: a request is rounded up to whole top blocks. */
  | "request-rounded"
  /** A13: the rover moves on. */
  | "rover-moves"
  /** A15: a full table drops its oldest offset. */
  | "ring-wraps"
  /** A16: of a split block the half without the target is free. */
  | "half-without-target"
  /** A17: the target of a huge page is aligned. */
  | "target-aligned"
  /** A18: it is rounded up, not down. */
  | "target-rounded-up"
  /** A19: a total is the sum of its orders. Without it nothing is counted in it. */
  | "totals-counted"
  /** A21: a request without a target is no attempt. */
  | "attempt-has-target"
  /** A22: a frame leaves the reserve when it is used. */
  | "reserve-shrinks"
  /** A24: option 0 enables nobody. */
  | "option-zero-nobody"
  /** A24: a call overwrites the whole table of names. */
  | "names-overwritten"
  /** A24: exit takes the name out of the table. */
  | "exit-forgets-name"
  /** A25: a process that was not switched on faults as ever. */
  | "off-is-ordinary"
  /** A26: an entry says that a huge page for it is on its way. */
  | "huge-in-progress"
  /** A9: a target that is had in its own zone goes off that zone's free counter, not the counter of the zone that was asked. */
  | "own-account"
  /** A10: a placement moves the rover of the zone that it is in. */
  | "own-rover"
  /** A14: when a node has nothing left, the others are asked. */
  | "nodes-fall-back"
  /** N1: a target on another node is refused. Without it, it is taken on the account of the zone that was asked. */
  | "other-node-refused"
  /** N2: an area is placed on the node on which its process faults. Without it, on node 0. */
  | "placed-on-own-node"
  /** N3: memory is looked for on the own node first. Without it, on node 0 first. */
  | "own-node-first"
  /** N3: when it has none, on the node behind it, and so on round. Without it, on node 0 next. */
  | "next-node-next"
  /** N4: a process larger than the zone that is asked gets its target from another one. */
  | "large-goes-on"
  /** 1.8: when that target is refused, the area is placed anew in the zone that was asked. Without it, in the target's. */
  | "placed-where-asked"
  /** Who asks for a target in another zone lets go of the first one's lock. */
  | "one-zone-at-a-time";

/** Any rule that an allocator may be without. */
export type Rule = Quirk | Dropped;

/** Why a target was refused, in the order in which the proc files print it (3); `SILENT` is this project's (C7). */
export const FAILURES = [
  "INVALID_PFN",
  "EXCEED_MEMORY",
  "GUARD_PAGE",
  "OCCUPIED",
  "BUDDY_OCCUPIED",
  "WRONG_ALIGNMENT",
  "EXCEED_ZONE",
  "NOTHING_FOUND",
  "BUDDY_GUARD",
  "SUBBLOCK",
  "PAGECACHE",
  "NUMA",
  "SILENT",
] as const;
export type Failure = (typeof FAILURES)[number];

/** How a target was had, in the order in which the proc files print it (3). */
export const SUCCESSES = ["SUPERBLOCK", "SUBBLOCK", "EXACT", "RESERVED", "PAGECACHE"] as const;
export type Success = (typeof SUCCESSES)[number];

export type AllocatorOperation =
  /** A fresh area over pages [first, end). */
  | { readonly kind: "area"; readonly area: number; readonly first: number; readonly end: number }
  /** Area `to` becomes a copy of `from`, its offsets included: fork, split (1.10). */
  | { readonly kind: "duplicate"; readonly from: number; readonly to: number }
  /** First touch of anonymous memory: order 0 or the huge order. */
  | { readonly kind: "fault"; readonly area: number; readonly page: number; readonly order: number }
  /** An ordinary allocation on node 0: the first block of the smallest order that suffices, Normal first. */
  | { readonly kind: "allocate"; readonly order: number }
  | { readonly kind: "free"; readonly frame: number; readonly order: number }
  /** The placement routine alone, for a number of pages; also takes a block of `order` if asked to. */
  | { readonly kind: "place"; readonly pages: number; readonly order: number; readonly takes: boolean }
  /** The target routine alone; `pages` is what a huge request is placed for if it fails. */
  | { readonly kind: "target"; readonly frame: number; readonly order: number; readonly pages: number }
  | { readonly kind: "file"; readonly file: number; readonly pages: number }
  | { readonly kind: "readahead"; readonly file: number; readonly page: number }
  /** The file goes away; frames that were read for it stay where they are. */
  | { readonly kind: "drop"; readonly file: number };

/** How a frame was come by; `there`: another thread had mapped it by then. */
export type Way = "target" | "placement-or-realigned" | "fallback" | "reserved" | "cached" | "there";

export type AllocatorOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "frame"; readonly frame: number; readonly order: number; readonly way: Way }
  /** No frame. `endless`: the caller would ask again for ever. */
  | { readonly kind: "none"; readonly endless: boolean }
  /** An assertion of the kernel failed: the machine stops. */
  | { readonly kind: "fatal"; readonly assertion: string };

/** @throws PagetwinError `GEOMETRY` naming the first field out of range */
export function allocatorShape(shape: AllocatorShape): AllocatorShape {
  const bounds: readonly [keyof AllocatorShape, number, number][] = [
    ["topOrder", 1, 10],
    ["hugeOrder", 1, shape.topOrder],
    ["tableLength", 1, 64],
    ["areas", 0, 65_536],
    ["files", 0, 65_536],
  ];
  for (const [field, low, high] of bounds) {
    const value = shape[field] as number;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new PagetwinError("GEOMETRY", `${field} is ${value}: expected an integer from ${low} to ${high}`);
    }
  }
  let before = 0;
  for (const { name, first, end } of shape.zones) {
    const whole = first % 2 ** shape.topOrder === 0 && end % 2 ** shape.topOrder === 0;
    if (!Number.isInteger(first) || first < before || end <= first || end > 2 ** 26 || !whole) {
      throw new PagetwinError(
        "GEOMETRY",
        `zone ${name} is [${first}, ${end}): expected ascending multiples of ${2 ** shape.topOrder} up to 2^26`,
      );
    }
    before = end;
  }
  checkNodes(shape.zones);
  return shape;
}

const NODES_MAX = 64;

function checkNodes(zones: readonly ZoneShape[]): void {
  const nodes = new Set(zones.map(({ node = 0 }) => node));
  for (const node of nodes) {
    if (!Number.isInteger(node) || node < 0 || node >= NODES_MAX) {
      throw new PagetwinError("GEOMETRY", `a zone is of node ${node}: expected an integer from 0 to ${NODES_MAX - 1}`);
    }
  }
  for (let node = 0; node === 0 || node <= Math.max(...nodes); node++) {
    if (zones.some(({ name, node: of = 0 }) => name === "Normal" && of === node)) continue;
    throw new PagetwinError(
      "GEOMETRY",
      node === 0 ? "expected a zone Normal" : `expected a zone Normal of node ${node}`,
    );
  }
}
