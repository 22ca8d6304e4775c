/** What holds in every state of the machine (7.1). */
import { NONE } from "../../impl/contiguity/allocator-layout.js";
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import type { Invariant, StepInvariant } from "../engine/system.js";
import { heldBlocks, leavesOf, statisticsOf } from "./meaning.js";

interface Block {
  readonly frame: number;
  readonly order: number;
}

function freeBlocks({ allocator }: ContiguityMachine, zone: number): readonly Block[] {
  const { buddy, layout } = allocator;
  return Array.from({ length: layout.orders }, (_, order) =>
    buddy.lists.blocks(layout.freeList(zone, order)).map((frame) => ({ frame, order })),
  ).flat();
}

const zonesOf = ({ shape }: ContiguityMachine): readonly number[] => shape.memory.zones.map((_, zone) => zone);
/** Where a frame can be, by number; 0 is nowhere yet. */
const PLACES = ["nowhere", "free", "the kernel's", "mapped"] as const;
const FREE = 1;
const HELD = 2;
const MAPPED = 3;

/** Notes the place of a block's frames; yields those that have one already. */
function* putBlock(places: Uint8Array, { frame, order }: Block, place: number): Iterable<string> {
  for (let at = frame; at < frame + 2 ** order; at++) {
    if (places[at] !== 0) yield `frame ${at} is ${PLACES[places[at]!]} and ${PLACES[place]}`;
    places[at] = place;
  }
}
const sizeOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { order }) => sum + 2 ** order, 0);

function topBlocks(machine: ContiguityMachine, zone: number): readonly number[] {
  const { layout, buddy } = machine.allocator;
  return buddy.lists.blocks(layout.freeList(zone, layout.shape.topOrder));
}

/** The maximal runs of free top blocks, from the list alone. */
function runsOfTopBlocks(machine: ContiguityMachine, zone: number): readonly (readonly [number, number])[] {
  const top = machine.allocator.layout.topPages;
  const runs: [number, number][] = [];
  for (const block of [...topBlocks(machine, zone)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === block) last[1] += top;
    else runs.push([block, top]);
  }
  return runs;
}

export const invariants: readonly Invariant<ContiguityMachine>[] = [
  {
    id: "A1",
    name: "eachFrameInOnePlace",
    why: "a frame that is free and in use, or free twice, is handed out to two owners",
    *violations(machine) {
      const places = new Uint8Array(machine.allocator.layout.frames);
      for (const zone of zonesOf(machine)) {
        for (const block of freeBlocks(machine, zone)) yield* putBlock(places, block, FREE);
      }
      for (const block of heldBlocks(machine)) yield* putBlock(places, block, HELD);
      const mapped = new Map(allLeaves(machine).map((leaf) => [leaf.frame, leaf])); // of one frame one of its mappings
      for (const leaf of mapped.values()) yield* putBlock(places, leaf, MAPPED);
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
];

function allLeaves(machine: ContiguityMachine): readonly Block[] {
  return Array.from({ length: machine.shape.processes }, (_, process) => leavesOf(machine, process)).flat();
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

export const stepInvariants: readonly StepInvariant<MachineOperation, MachineOutcome, ContiguityMachine>[] = [
  {
    id: "A14",
    name: "noFalseShortage",
    why: "a fault fails only when there is no frame, and it never tries for ever",
    *violations(before, operation, answer) {
      if (operation.kind !== "fault" && operation.kind !== "copy") return;
      if (answer.kind === "fatal") yield `the kernel stopped: ${answer.assertion}`;
      if (answer.kind !== "none") return;
      const free = zonesOf(before).reduce((frames, zone) => frames + sizeOf(freeBlocks(before, zone)), 0);
      if (answer.endless) yield "the fault is tried again for ever";
      else if (free > 0) yield `no frame for the fault, though ${free} are free`;
    },
  },
  {
    id: "A20",
    name: "attemptsAddUp",
    why: "each attempt at a target either succeeds or has a reason: what is counted nowhere cannot be explained",
    *violations(before, _operation, _answer, after) {
      const [earlier, later] = [statisticsOf(before), statisticsOf(after)];
      const attempts = later.attempts - earlier.attempts;
      const answered = sum(later.failures) + sum(later.successes) - sum(earlier.failures) - sum(earlier.successes);
      if (attempts !== answered) yield `${attempts} attempts, ${answered} successes and failures`;
    },
  },
  {
    id: "A11",
    name: "placementFits",
    why: "an area that is placed where it does not fit, though it would elsewhere, is cut in two for nothing",
    *violations(before, operation, answer, after) {
      if (operation.kind !== "fault" || answer.kind !== "frame" || !before.isAware(operation.process)) return;
      const area = before.areaOf(operation.process, operation.area);
      if (before.allocator.offsets.entries(area).length > 0) return;
      const [found] = after.allocator.offsets.entries(area);
      if (found === undefined) return;
      const { layout, offsets } = before.allocator;
      const pages = offsets.end(area) - offsets.first(area);
      const request = Math.ceil(pages / layout.topPages) * layout.topPages;
      const runs = runsOfTopBlocks(before, layout.normal);
      // Placement takes top blocks. For a huge page the offset is learned after rounding its target up: less than a block.
      const place = Math.floor((offsets.first(area) - found[1]) / layout.topPages) * layout.topPages;
      const run = runs.find(([first, size]) => place >= first && place < first + size);
      const room = run === undefined ? 0 : run[0] + run[1] - place;
      if (room < request && runs.some(([, size]) => size >= request)) {
        yield `placed at ${place} with room for ${room} of ${request} frames, runs ${JSON.stringify(runs)}`;
      }
    },
  },
];
