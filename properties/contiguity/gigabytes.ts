/** A machine of 2 GiB that is sampled, most of it in use from the start. The reference keeps blocks and leaves, never frames. */
import type { State } from "../../model/contiguity/state.js";
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { SampleScope, Shape } from "../engine/system.js";
import { enable, fault, map, move, type Op, spawn, take, takeOn } from "./operations.js";
import { menu, nodeMenu } from "./samples.js";

const HUGE = 512;
const FIRST = 1024;
/** Pages of each area: 512 MiB. */
const AREA = 131_072;
const FRAMES = 528_384;

const hugeFaults = (process: number, area: number, first: number, count: number): readonly Op[] =>
  Array.from({ length: count }, (_, at) => fault(process, area, first + at * HUGE, 9));

/** Frames that are in use from the start: one in each of the last 64 top blocks but every fourth. */
const scattered = Array.from({ length: 64 }, (_, at) => FRAMES - 1024 * (64 - at) + 17)
  .filter((_, at) => at % 4 > 0)
  .map((frame) => [frame, frame + 1] as const);

function withZones(zones: AllocatorShape["zones"]): Shape {
  const blocks = { topOrder: 10, hugeOrder: 9 };
  const memory = { zones, used: [[0, 1], ...scattered], ...blocks, tableLength: 64, areas: 4, files: 0, quirks: [] };
  return { memory, processes: 2, areasPerProcess: 2, levels: 4, tables: 128 } as unknown as Shape;
}

export const gigabytes: SampleScope<Op, State> = {
  name: "gigabytes",
  title: "2 GiB in 524,288 frames and 16 MiB of DMA, two processes, 640 MiB in use before the first command",
  shape: withZones([
    { name: "DMA", first: 0, end: 4096 },
    { name: "Normal", first: 4096, end: FRAMES },
  ]),
  setup: [
    ...[spawn(0), spawn(1), enable(0), enable(1)],
    ...[map(0, 0, FIRST, FIRST + AREA), map(1, 0, FIRST + 100, FIRST + 100 + AREA)],
    ...hugeFaults(0, 0, FIRST, 160),
    ...[take(10), take(3)],
    ...hugeFaults(1, 0, FIRST + HUGE, 160),
  ],
  menu,
  commandsMax: 30,
};

/** The first frame of node 1. */
const BORDER = 266_240;
/** Pages of an area that no node can hold: 1.1 GiB, placed at the first frame of Normal on node 0. */
const LARGE = 300_000;
const FIRST_PLACE = 4096;

/** Page numbers of the last huge pages on node 0 and the first ones on node 1. */
export const crossing = {
  border: BORDER,
  first: FIRST + BORDER - FIRST_PLACE - 4 * HUGE,
  count: 8,
} as const;

export const gigabytesOnTwoNodes: SampleScope<Op, State> = {
  name: "gigabytes-on-two-nodes",
  title: "two nodes of 1 GiB each, a process of 1.1 GiB whose range crosses the border, another one that has moved",
  shape: withZones([
    { name: "DMA", first: 0, end: 4096 },
    { name: "Normal", first: FIRST_PLACE, end: BORDER },
    { name: "Normal", first: BORDER, end: FRAMES, node: 1 },
  ]),
  setup: [
    ...[spawn(0), spawn(1), enable(0), enable(1)],
    ...[map(0, 0, FIRST, FIRST + LARGE), map(1, 0, FIRST + 100, FIRST + 100 + AREA)],
    ...hugeFaults(0, 0, FIRST, 80),
    ...hugeFaults(0, 0, crossing.first, crossing.count),
    ...hugeFaults(1, 0, FIRST + HUGE, 40),
    ...[move(1, 1), takeOn(1, 10), take(3)],
    ...hugeFaults(1, 0, FIRST + 41 * HUGE, 40),
  ],
  menu: nodeMenu,
  commandsMax: 30,
};
