/**
 * What introspection prints of a guest's process (6): its command, its areas, and one line for each page of them.
 *
 * A page that the guest has not: frame 0xFFFFFFFF and zeros. One whose frame the host has not: host frame 0xFFFFFFFF.
 */
import type { StackedMachine } from "./stacked-machine.js";

/** The frame that stands for none. */
export const NO_FRAME = 0xffffffff;
const PAGE_BYTES = 4096;

export interface Introspection {
  readonly comm: string;
  readonly maps: string;
  readonly pagemap: string;
}

export function introspectionOf(machine: StackedMachine, guest: number, process: number): Introspection {
  const areas = machine.areasOf(guest, process);
  let maps = "";
  let pagemap = "";
  for (let area = 0; area < areas.length; area += 2) {
    const [first, end] = [areas[area]!, areas[area + 1]!];
    maps += `${hex(first * PAGE_BYTES)}-${hex(end * PAGE_BYTES)}\n`;
    for (let page = first; page < end; page++) pagemap += `${lineOf(machine, guest, process, page)}\n`;
  }
  return { comm: `program-${machine.guests[guest]!.processes.name(process)}\n`, maps, pagemap };
}

function lineOf(machine: StackedMachine, guest: number, process: number, page: number): string {
  const inner = machine.guests[guest]!;
  if (!inner.findLeaf(process, page)) return line(hex(NO_FRAME), "0", "0", "0", "0", "0");
  const { leafFlags, leafOrder } = inner;
  const frame = inner.leafFrame + (page - inner.leafPage);
  const told = [hex(frame), hex(leafFlags), hex(levelOf(leafOrder))] as const;
  if (!machine.findHostLeaf(guest, frame)) return line(...told, hex(NO_FRAME), "0", "0");
  return line(...told, hex(machine.frame), hex(machine.host.leafFlags), hex(levelOf(machine.host.leafOrder)));
}

const NAMES = ["GFN", "GFLAGS", "GLEVEL", "PFN", "HFLAGS", "HLEVEL"] as const;
const line = (...values: readonly string[]): string => NAMES.map((name, at) => `${name}:${values[at]}`).join("\t");
const hex = (value: number): string => (value === NO_FRAME ? "0xFFFFFFFF" : `0x${value.toString(16)}`);
const levelOf = (order: number): number => (order > 0 ? 2 : 1);
