/** What holds of several nodes: of each state, and of each step of the machine. */
import { NONE } from "../../impl/contiguity/allocator-layout.js";
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import type { Invariant, StepInvariant } from "../engine/system.js";
import { freeBlocks, reservedBlocksOf, zonesOf } from "./free-memory.js";
import { type Ask, entriesOf, nodeAsking, targetOf } from "./steering.js";

type Machine = ContiguityMachine;
const shapeOf = (machine: Machine, zone: number) => machine.shape.memory.zones[zone]!;
const nodeOf = (machine: Machine, zone: number): number => shapeOf(machine, zone).node ?? 0;
const zoneHolding = (machine: Machine, frame: number): number | undefined =>
  zonesOf(machine).find((zone) => frame >= shapeOf(machine, zone).first && frame < shapeOf(machine, zone).end);
const normalOf = (machine: Machine, node: number): number | undefined =>
  zonesOf(machine).find((zone) => nodeOf(machine, zone) === node && shapeOf(machine, zone).name === "Normal");
const hasBlock = (machine: Machine, zone: number, order: number): boolean =>
  freeBlocks(machine, zone).some((block) => block.order >= order);

/** The first zone, from a node on, that has a block of this order. */
function nearestZone(machine: Machine, node: number, order: number): number | undefined {
  const nodes = 1 + Math.max(...zonesOf(machine).map((zone) => nodeOf(machine, zone)));
  const steps = (zone: number): number => (nodeOf(machine, zone) - node + nodes) % nodes;
  const lateness = (zone: number): number =>
    steps(zone) * 2 + (normalOf(machine, nodeOf(machine, zone)) === zone ? 0 : 1);
  return zonesOf(machine)
    .filter((zone) => hasBlock(machine, zone, order))
    .sort((a, b) => lateness(a) - lateness(b))[0];
}

/** Frames of a zone that were not in use from the start. */
function managedFrames(machine: Machine, zone: number): number {
  const { first, end } = shapeOf(machine, zone);
  const used = machine.shape.memory.used.map(([from, to]) => Math.max(0, Math.min(to, end) - Math.max(from, first)));
  return used.reduce((rest, frames) => rest - frames, end - first);
}

/** Whether the process has more pages than the zone has to give. */
function isLarger(machine: Machine, process: number, zone: number): boolean {
  const areas = Array.from({ length: machine.shape.areasPerProcess }, (_, area) => machine.areaOf(process, area));
  const { offsets } = machine.allocator;
  const pages = areas.reduce((sum, area) => sum + offsets.end(area) - offsets.first(area), 0);
  return pages > managedFrames(machine, zone);
}

/** A fault of a process that is switched on, on anonymous memory, with what it was answered. */
function steeredFault(machine: Machine, operation: MachineOperation, answer: MachineOutcome) {
  if (operation.kind !== "fault" || answer.kind !== "frame" || !machine.isAware(operation.process)) return undefined;
  if (machine.cache.fileOf(machine.areaOf(operation.process, operation.area)) !== NONE) return undefined;
  return { ...operation, frame: answer.frame, way: answer.way, got: answer.order };
}

export const nodeInvariants: readonly Invariant<Machine>[] = [
  {
    id: "N1",
    name: "blocksAreAtHome",
    why: "frames of one zone on the lists of another are given out as memory of a node that they are not on",
    *violations(machine) {
      const { map } = machine.allocator.buddy;
      for (const zone of zonesOf(machine)) {
        const { first, end } = shapeOf(machine, zone);
        const isAway = (frame: number, frames: number): boolean => frame < first || frame + frames > end;
        for (const { frame, order } of [...freeBlocks(machine, zone), ...reservedBlocksOf(machine, zone)]) {
          if (isAway(frame, 2 ** order)) yield `zone ${zone} lists frame ${frame}, which is not its own`;
        }
        for (const [frame, frames] of map.ranges(zone)) {
          if (isAway(frame, frames)) yield `the map of zone ${zone} has ${frames} frames from ${frame} on`;
        }
        const rover = map.rover(zone);
        if (rover !== NONE && isAway(rover, 1)) yield `the rover of zone ${zone} is at frame ${rover}`;
      }
    },
  },
];

export const nodeStepInvariants: readonly StepInvariant<MachineOperation, MachineOutcome, Machine>[] = [
  {
    id: "N2",
    name: "areasArePlacedOnTheOwnNode",
    why: "an area that is placed on another node is read from afar for as long as it lives",
    concerns: ["fault"],
    *violations(before, operation, answer, after) {
      const fault = steeredFault(before, operation, answer);
      if (fault === undefined || entriesOf(before, fault.process, fault.area).length > 0) return;
      // A huge fault whose target was refused has learned where it came to lie instead.
      if (fault.got > 0 && fault.way !== "target") return;
      const [learned] = entriesOf(after, fault.process, fault.area);
      if (learned === undefined) return;
      const node = nodeAsking(before, fault);
      const place = before.allocator.offsets.first(before.areaOf(fault.process, fault.area)) - learned[1];
      const zone = zoneHolding(before, place);
      if (zone !== undefined && zone !== normalOf(before, node))
        yield `faulted on node ${node}, placed at frame ${place} in zone ${zone}`;
    },
  },
  {
    id: "N3",
    name: "nearestMemory",
    why: "memory of another node is slower: it is given when the nodes before it have none",
    concerns: ["fault", "copy", "read", "take"],
    *violations(before, operation, answer) {
      if (answer.kind !== "frame" || !isAsk(operation)) return;
      if (answer.way === "cached" || answer.way === "there" || answer.way === "reserved") return;
      const node = nodeAsking(before, operation);
      const found = zoneHolding(before, answer.frame);
      // A page of a file may be the first of a huge block, the rest of which is reserved.
      const orders =
        operation.kind === "take" || operation.kind === "copy"
          ? [answer.order]
          : ordersOf(before, operation, answer.order);
      const nearest = orders.map((order) => nearestZone(before, node, order));
      if (nearest.includes(found)) return;
      const mayBeAway = operation.kind !== "take" && answer.way !== "fallback";
      if (mayBeAway && nearest.some((zone) => zone !== undefined && isLarger(before, operation.process, zone))) return;
      yield `asked on node ${node}, answered frame ${answer.frame} of zone ${found} though zone ${nearest} has a block`;
    },
  },
  {
    id: "N4",
    name: "largeProcessesGoOn",
    why: "a process that no node can hold would else come to an end of its range at every border",
    concerns: ["fault"],
    *violations(before, operation, answer) {
      const fault = steeredFault(before, operation, answer);
      if (fault === undefined || fault.got !== fault.order) return;
      const aim = targetOf(entriesOf(before, fault.process, fault.area), fault.page);
      if (aim === undefined || aim < 0) return;
      const target = Math.ceil(aim / 2 ** fault.order) * 2 ** fault.order;
      const own = zoneHolding(before, target);
      const asked = nearestZone(before, nodeAsking(before, fault), fault.order);
      if (own === undefined || asked === undefined || own === asked || !isLarger(before, fault.process, asked)) return;
      const isFree = freeBlocks(before, own).some(
        ({ frame, order }) => target >= frame && target + 2 ** fault.order <= frame + 2 ** order,
      );
      if (isFree && fault.frame !== target) yield `target ${target} is free in zone ${own}, answered ${fault.frame}`;
    },
  },
];

const isAsk = (operation: MachineOperation): operation is Ask =>
  ["fault", "copy", "read", "take"].includes(operation.kind);

/** The orders of blocks that a fault or a read may have taken its frame out of. */
function ordersOf(machine: Machine, operation: Ask, got: number): readonly number[] {
  const isFile =
    operation.kind === "read" ||
    (operation.kind === "fault" && machine.cache.fileOf(machine.areaOf(operation.process, operation.area)) !== NONE);
  return isFile ? [0, machine.shape.memory.hugeOrder] : [got];
}
