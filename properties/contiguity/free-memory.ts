/** What is free in each zone, read from the implementation's lists. */
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";

export interface Block {
  readonly frame: number;
  readonly order: number;
}

export function freeBlocks({ allocator }: ContiguityMachine, zone: number): readonly Block[] {
  const { buddy, layout } = allocator;
  return Array.from({ length: layout.orders }, (_, order) =>
    buddy.lists.blocks(layout.freeList(zone, order)).map((frame) => ({ frame, order })),
  ).flat();
}

/** Blocks that are set aside for files. */
export function reservedBlocksOf({ allocator }: ContiguityMachine, zone: number): readonly Block[] {
  const { buddy, layout } = allocator;
  return Array.from({ length: layout.orders }, (_, order) =>
    buddy.lists.blocks(layout.reservedList(zone, order)).map((frame) => ({ frame, order })),
  ).flat();
}

export const zonesOf = ({ shape }: ContiguityMachine): readonly number[] => shape.memory.zones.map((_, zone) => zone);

export const sizeOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { order }) => sum + 2 ** order, 0);

export function topBlocks(machine: ContiguityMachine, zone: number): readonly number[] {
  const { layout, buddy } = machine.allocator;
  return buddy.lists.blocks(layout.freeList(zone, layout.shape.topOrder));
}

/** The maximal runs of free top blocks, from the list alone. */
export function runsOfTopBlocks(machine: ContiguityMachine, zone: number): readonly (readonly [number, number])[] {
  const top = machine.allocator.layout.topPages;
  const runs: [number, number][] = [];
  for (const block of [...topBlocks(machine, zone)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === block) last[1] += top;
    else runs.push([block, top]);
  }
  return runs;
}
