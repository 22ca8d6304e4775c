/** What holds in every state of the machine (7.1). */
import { NONE } from "../../impl/contiguity/allocator-layout.js";
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { Invariant } from "../engine/system.js";
import { type Block, freeBlocks, runsOfTopBlocks, sizeOf, topBlocks, zonesOf } from "./free-memory.js";
import { heldBlocks, leavesOf, reservedBlocks } from "./meaning.js";
import { nodeInvariants } from "./node-claims.js";

/** A block, and what it is. */
interface Placed extends Block {
  readonly place: "free" | "the kernel's" | "mapped or cached" | "reserved";
}

/** Frames that two blocks hold, of each pair of neighbours the first one. */
function* overlaps(blocks: readonly Placed[]): Iterable<string> {
  const ascending = [...blocks].sort((a, b) => a.frame - b.frame);
  let last: Placed | undefined;
  for (const block of ascending) {
    if (last !== undefined && block.frame < last.frame + 2 ** last.order) {
      yield `frame ${block.frame} is ${last.place} and ${block.place}`;
    }
    if (last === undefined || last.frame + 2 ** last.order < block.frame + 2 ** block.order) last = block;
  }
}

export const invariants: readonly Invariant<ContiguityMachine>[] = [
  {
    id: "A1",
    name: "eachFrameInOnePlace",
    why: "a frame that is free and in use, or free twice, is handed out to two owners",
    *violations(machine) {
      const as = (place: Placed["place"]) => (block: Block) => ({ frame: block.frame, order: block.order, place });
      const mapped = new Map(allLeaves(machine).map((leaf) => [leaf.frame, leaf])); // of one frame one of its mappings
      for (const frame of cachedFrames(machine)) mapped.set(frame, { frame, order: 0 });
      yield* overlaps([
        ...zonesOf(machine).flatMap((zone) => freeBlocks(machine, zone).map(as("free"))),
        ...heldBlocks(machine).map(as("the kernel's")),
        ...[...mapped.values()].map(as("mapped or cached")),
        ...reservedBlocks(machine).map(as("reserved")),
      ]);
    },
  },
  {
    id: "A2",
    name: "usersAreMappings",
    why: "a frame goes back when its last user goes: one user too many leaks it, one too few frees it under a mapping",
    *violations(machine) {
      const counts = new Int32Array(machine.allocator.layout.frames);
      for (const { frame, order } of allLeaves(machine)) {
        for (let at = frame; at < frame + 2 ** order; at++) counts[at]!++;
      }
      for (const { frame } of heldBlocks(machine)) counts[frame]!++;
      for (const frame of cachedFrames(machine)) counts[frame]!++;
      for (const [first, end] of machine.shape.memory.used) {
        for (let frame = first; frame < end; frame++) counts[frame]!++;
      }
      for (const { first, end } of machine.shape.memory.zones) {
        for (let frame = first; frame < end; frame++) {
          const found = machine.allocator.buddy.usersOf(frame);
          if (found !== counts[frame]) yield `frame ${frame} has ${found} users and ${counts[frame]} uses`;
        }
      }
    },
  },
  {
    id: "A6",
    name: "mayPlaceIsOne",
    why: "an area whose value stays below 1 never places again",
    *violations(machine) {
      for (let area = 0; area < machine.shape.memory.areas; area++) {
        const { offsets } = machine.allocator;
        if (offsets.end(area) > 0 && offsets.mayPlace(area) !== 1) yield `area ${area}: ${offsets.mayPlace(area)}`;
      }
    },
  },
  {
    id: "A7",
    name: "mapIsTheTopBlocks",
    why: "placement believes the map: a range that is not free, or a free one that is missing, misplaces an area",
    *violations(machine) {
      for (const zone of zonesOf(machine)) {
        const map = JSON.stringify(machine.allocator.buddy.map.ranges(zone));
        const runs = JSON.stringify(runsOfTopBlocks(machine, zone));
        if (map !== runs) yield `zone ${zone}: the map says ${map}, the list ${runs}`;
      }
    },
  },
  {
    id: "A8",
    name: "topBlocksKnowTheirRange",
    why: "the range of a block is looked up through the block: a wrong one is shortened in its place",
    *violations(machine) {
      const { map } = machine.allocator.buddy;
      for (const zone of zonesOf(machine)) {
        for (const block of topBlocks(machine, zone)) {
          const range = map.rangeOf(block);
          const inside = range !== NONE && block >= map.first(range) && block < map.first(range) + map.size(range);
          if (!inside) yield `block ${block} names a range that does not hold it`;
        }
      }
    },
  },
  {
    id: "A9",
    name: "counterIsTheLists",
    why: "watermarks are tested against the counter",
    *violations(machine) {
      for (const zone of zonesOf(machine)) {
        const counter = machine.allocator.buddy.freeFrames(zone);
        const frames = sizeOf(freeBlocks(machine, zone));
        if (counter !== frames) yield `zone ${zone}: ${counter} counted, ${frames} on the lists`;
      }
    },
  },
  {
    id: "A10",
    name: "roverIsFree",
    why: "a rover on a block that is in use sends the next placement back to the beginning, or into an assertion",
    *violations(machine) {
      for (const zone of zonesOf(machine)) {
        const rover = machine.allocator.buddy.map.rover(zone);
        const blocks = topBlocks(machine, zone);
        if (rover === NONE ? blocks.length > 0 : !blocks.includes(rover)) {
          yield `zone ${zone}: the rover is ${rover === NONE ? "nowhere" : rover}, free top blocks [${blocks}]`;
        }
      }
    },
  },
  {
    id: "A15",
    name: "offsetsAreFew",
    why: "an offset under a start that is there already is shadowed: it costs a slot and steers nothing",
    *violations(machine) {
      for (let area = 0; area < machine.shape.memory.areas; area++) {
        const starts = machine.allocator.offsets.entries(area).map(([start]) => start);
        if (new Set(starts).size < starts.length) yield `area ${area}: two offsets under one start of [${starts}]`;
      }
    },
  },
  {
    id: "A17",
    name: "blocksAreAligned",
    why: "a buddy is found by flipping one bit of the frame number",
    *violations(machine) {
      const blocks = [...zonesOf(machine).flatMap((zone) => freeBlocks(machine, zone)), ...allLeaves(machine)];
      for (const { frame, order } of blocks) if (frame % 2 ** order !== 0) yield `frame ${frame}, order ${order}`;
    },
  },
  {
    id: "A22",
    name: "reservedIsUnused",
    why: "a frame that is used and still reserved is given to the next page of the file as well",
    *violations(machine) {
      for (const { frame, order, file } of reservedBlocks(machine)) {
        for (let each = frame; each < frame + 2 ** order; each++) {
          if (machine.allocator.buddy.isUsed(each)) yield `frame ${each} is in use and reserved for file ${file}`;
        }
      }
    },
  },
  {
    id: "A23",
    name: "reserveHasItsFile",
    why: "what is reserved for a file that is gone is used by nobody ever again",
    *violations(machine) {
      for (const { frame, order, file } of reservedBlocks(machine)) {
        if (machine.allocator.files.pages(file) === 0) {
          yield `${2 ** order} frames from ${frame} on are reserved for file ${file}, which is gone`;
        }
      }
    },
  },
  ...nodeInvariants,
];

function cachedFrames({ cache, shape }: ContiguityMachine): readonly number[] {
  const files = Array.from({ length: shape.memory.files }, (_, file) => file);
  const pages = Array.from({ length: cache.filePages }, (_, page) => page);
  return files.flatMap((file) => pages.map((page) => cache.frameOf(file, page))).filter((frame) => frame !== NONE);
}

function allLeaves(machine: ContiguityMachine): readonly Block[] {
  return Array.from({ length: machine.shape.processes }, (_, process) => leavesOf(machine, process)).flat();
}
