/** The words of an address space and of the history: I20, I30, I31. */
import { SPACE } from "../../impl/replication/layout.js";
import { historyOf } from "../../impl/replication/statistics.js";
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import type { Memory } from "./memory.js";
import type { StateClaim } from "./view.js";

const steeringIsInRange: StateClaim = {
  id: "I20",
  name: "steeringIsInRange",
  why: "the vector indexes an array of eight roots",
  reads: ["spaces"],
  violations({ memory }) {
    const broken: string[] = [];
    for (const slot of memory.slots()) {
      for (let node = 0; node < NODE_SLOTS; node++) {
        const target = memory.space(slot, SPACE.STEERING + node);
        if (target < STEERING_AUTO || target >= NODE_SLOTS)
          broken.push(`space ${slot}: node ${node} is steered to ${target}`);
      }
    }
    return broken;
  },
};

const historyIsOrdered: StateClaim = {
  id: "I30",
  name: "historyIsOrdered",
  why: "the file keeps the last 64 sessions; a number is never used twice",
  reads: ["counters", "history"],
  violations({ memory, replication }) {
    const broken: string[] = [];
    if (!memory.counts.hasHistory()) return broken;
    const history = historyOf(replication.kernel);
    const nextSequence = memory.counts.counter(memory.layout.statistics.records) + 1;
    if (history.length > HISTORY_MAX) broken.push(`${history.length} records`);
    for (const [index, record] of history.entries()) {
      const before = history[index - 1]?.sequence ?? 0;
      if (record.sequence <= before || record.sequence >= nextSequence)
        broken.push(`record ${index} has number ${record.sequence} after ${before}, the next is ${nextSequence}`);
      if (record.duration < 0) broken.push(`record ${record.sequence} lasted ${record.duration} ms`);
    }
    return broken;
  },
};

const replicationIsConsistent: StateClaim = {
  id: "I31",
  name: "replicationIsConsistent",
  why: "a switch reads flags, set and slots one by one and must be able to trust any of them",
  reads: ["spaces"],
  violations({ memory }) {
    const broken: string[] = [];
    for (const slot of memory.slots()) {
      const set = memory.nodes(slot);
      const filled = filledSlots(memory, slot);
      if (memory.space(slot, SPACE.IN_PROGRESS) !== 0) broken.push(`space ${slot}: in progress, and nothing is`);
      if (!memory.isEnabled(slot)) {
        if (set.length > 0) broken.push(`space ${slot}: not replicated, but the set is ${set}`);
        if (filled.length > 0) broken.push(`space ${slot}: not replicated, but nodes ${filled} have roots`);
        continue;
      }
      const home = memory.home(slot);
      const homeRoot = memory.replicaRoot(slot, home);
      if (set.length < 2) broken.push(`space ${slot}: replicated on nodes ${set}`);
      if (!set.includes(home)) broken.push(`space ${slot}: home ${home} is not in the set ${set}`);
      if (filled.join() !== set.join()) broken.push(`space ${slot}: the set is ${set}, nodes ${filled} have roots`);
      if (homeRoot !== memory.rootFrame(slot))
        broken.push(`space ${slot}: home's slot holds frame ${homeRoot}, the root is frame ${memory.rootFrame(slot)}`);
      for (const node of filled) {
        const lies = memory.nodeOf(memory.replicaRoot(slot, node));
        if (lies !== node) broken.push(`space ${slot}: the root for node ${node} lies on node ${lies}`);
      }
    }
    return broken;
  },
};

/** Nodes that have a root in the space's slots. */
function filledSlots(memory: Memory, slot: number): number[] {
  const filled: number[] = [];
  for (let node = 0; node < NODE_SLOTS; node++) if (memory.replicaRoot(slot, node) !== -1) filled.push(node);
  return filled;
}

export const spaceInvariants: readonly StateClaim[] = [steeringIsInRange, historyIsOrdered, replicationIsConsistent];
