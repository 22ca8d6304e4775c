/** The texts of /proc/capaging_contiguity_map and /proc/capaging (2, 3). */
import { FAILURES, type Failure, SUCCESSES, type Success } from "../../vocabulary/contiguity/allocator.js";
import { type ContiguityAllocator, NULL_PAGE_FRAME } from "./allocator.js";
import { NONE } from "./allocator-layout.js";

const FRAMES_PER_MIB = 256;
const ZONE_NAME_WIDTH = 8;
const WORD = 2n ** 64n;

/** Node by node, per zone its ranges, frames in hexadecimal, the end exclusive, sizes in MiB; then the rover. */
export function contiguityMapText({ buddy, layout }: ContiguityAllocator): string {
  const zoneText = (zone: number): string => {
    const { name, node = 0 } = layout.shape.zones[zone]!;
    const ranges = buddy.map.ranges(zone).map(([first, frames]) => {
      const mebibytes = Math.floor(frames / FRAMES_PER_MIB);
      return `[0x${first.toString(16)}--0x${(first + frames).toString(16)}](${mebibytes}MB), `;
    });
    const rover = buddy.map.rover(zone);
    const shown = rover === NONE ? (WORD + BigInt(NULL_PAGE_FRAME)).toString(16) : rover.toString(16);
    return `Node ${node}, zone ${name.padStart(ZONE_NAME_WIDTH)} ${ranges.join("")}\nNext fit rover: 0x${shown}\n\n`;
  };
  const zones = Array.from(layout.shape.zones.keys());
  return zones
    .sort((a, b) => layout.nodeOf(a) - layout.nodeOf(b))
    .map(zoneText)
    .join("");
}

export function failureText(allocator: ContiguityAllocator): string {
  const silentIsShown = !allocator.layout.shape.quirks.includes("silent-exits");
  const reasons = FAILURES.filter((reason) => reason !== "SILENT" || silentIsShown);
  const { counters } = allocator;
  const count = (order: number, reason: Failure): number => counters.failures(order, reason);
  return blocksText(allocator, reasons, count, (reason) => counters.failuresInTotal(reason), "");
}

/** In each block of an order, though not in the total, two empty lines follow the last category. */
export function successText(allocator: ContiguityAllocator): string {
  const { counters } = allocator;
  const count = (order: number, category: Success): number => counters.successes(order, category);
  return blocksText(allocator, SUCCESSES, count, (category) => counters.successesInTotal(category), "\n\n");
}

export function totalText(allocator: ContiguityAllocator): string {
  return `${allocator.counters.attempts}\n`;
}

function blocksText<Name extends string>(
  allocator: ContiguityAllocator,
  names: readonly Name[],
  count: (order: number, name: Name) => number,
  total: (name: Name) => number,
  afterOrder: string,
): string {
  const orders = Array.from({ length: allocator.layout.orders }, (_, order) => order);
  const lines = (value: (name: Name) => number): string =>
    names.map((name) => `\t\t${name}:\t${value(name)}\n`).join("");
  const blocks = orders.map((order) => `ORDER[${order}]\n${lines((name) => count(order, name))}${afterOrder}`);
  return `${blocks.join("")}TOTAL\n${lines(total)}`;
}
