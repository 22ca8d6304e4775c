/** What the words of the machine mean: implementation → reference state. */
import { NONE } from "../../impl/contiguity/allocator-layout.js";
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { Zone } from "../../model/contiguity/buddy.js";
import type {
  AreaState,
  FileState,
  Held,
  Leaf,
  ProcessState,
  ReservedBlock,
  State,
  Statistics,
} from "../../model/contiguity/state.js";
import { FAILURES, SUCCESSES } from "../../vocabulary/contiguity/allocator.js";

export function meaningOf(machine: ContiguityMachine): State {
  return {
    shape: machine.shape,
    zones: machine.shape.memory.zones.map((_, zone) => zoneOf(machine, zone)),
    processes: Array.from({ length: machine.shape.processes }, (_, process) => processOf(machine, process)),
    held: heldBlocks(machine),
    files: Array.from({ length: machine.shape.memory.files }, (_, file) => fileOf(machine, file)),
    reserved: reservedBlocks(machine),
    names: Array.from({ length: machine.processes.nameSlots }, (_, slot) => machine.processes.slot(slot)),
    statistics: statisticsOf(machine),
  };
}

export function statisticsOf({ allocator }: ContiguityMachine): Statistics {
  const { counters, layout } = allocator;
  const orders = Array.from({ length: layout.orders }, (_, order) => order);
  const counted = (entries: readonly (readonly [string, number])[]) =>
    Object.fromEntries(entries.filter(([, count]) => count > 0));
  return {
    attempts: counters.attempts,
    failures: counted(
      orders.flatMap((order) =>
        FAILURES.map((reason) => [`${reason}/${order}`, counters.failures(order, reason)] as const),
      ),
    ),
    successes: counted(
      orders.flatMap((order) =>
        SUCCESSES.map((category) => [`${category}/${order}`, counters.successes(order, category)] as const),
      ),
    ),
  };
}

function zoneOf({ allocator }: ContiguityMachine, zone: number): Zone {
  const { buddy, layout } = allocator;
  const { name, first, end, node = 0 } = layout.shape.zones[zone]!;
  const rover = buddy.map.rover(zone);
  return {
    name,
    node,
    first,
    end,
    free: Array.from({ length: layout.orders }, (_, order) => buddy.lists.blocks(layout.freeList(zone, order))),
    rover: rover === NONE ? null : rover,
    managed: layout.managed(zone),
  };
}

function processOf(machine: ContiguityMachine, process: number): ProcessState | null {
  if (!machine.isAlive(process)) return null;
  const areas = Array.from({ length: machine.shape.areasPerProcess }, (_, area) =>
    areaOf(machine, machine.areaOf(process, area)),
  );
  const parent = machine.processes.parent(process);
  return {
    contiguityAware: machine.isAware(process),
    node: machine.processes.node(process),
    name: machine.processes.name(process),
    parent: parent === NONE ? null : parent,
    areas,
    leaves: leavesOf(machine, process),
  };
}

function fileOf({ allocator, cache }: ContiguityMachine, file: number): FileState | null {
  const pages = allocator.files.pages(file);
  if (pages === 0) return null;
  const cached = Array.from({ length: pages }, (_, page) => ({ page, frame: cache.frameOf(file, page) }));
  return { pages, offset: allocator.files.offset(file), cached: cached.filter(({ frame }) => frame !== NONE) };
}

/** Frames set aside for files, from the lists. */
export function reservedBlocks({ allocator }: ContiguityMachine): readonly ReservedBlock[] {
  const { buddy, layout } = allocator;
  const lists = layout.shape.zones.flatMap((_, zone) =>
    Array.from({ length: layout.orders }, (_order, order) =>
      buddy.lists
        .blocks(layout.reservedList(zone, order))
        .map((frame) => ({ frame, order, file: buddy.fileOf(frame) })),
    ),
  );
  return lists.flat().sort((a, b) => a.frame - b.frame);
}

function areaOf({ allocator, cache }: ContiguityMachine, area: number): AreaState | null {
  const { offsets } = allocator;
  if (offsets.end(area) === 0) return null;
  return {
    first: offsets.first(area),
    end: offsets.end(area),
    offsets: offsets.entries(area).map(([start, offset]) => ({ start, offset })),
    nextSlot: offsets.nextSlot(area),
    file: cache.fileOf(area) === NONE ? null : cache.fileOf(area),
  };
}

/** Found by walking the page table. */
export function leavesOf(machine: ContiguityMachine, process: number): readonly Leaf[] {
  const leaves: Leaf[] = [];
  for (let page = machine.nextLeaf(process, 0); page !== NONE; page = machine.nextLeaf(process, page)) {
    leaves.push({ page, frame: machine.leafFrame, order: machine.leafOrder });
    page += 2 ** machine.leafOrder;
  }
  return leaves;
}

export function heldBlocks(machine: ContiguityMachine): readonly Held[] {
  const held: Held[] = [];
  const { frames } = machine.allocator.layout;
  for (let frame = 0; frame < frames; frame++) {
    const order = machine.heldOrder(frame);
    if (order !== NONE) held.push({ frame, order });
  }
  return held;
}
