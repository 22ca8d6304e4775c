/** The words of an address space and of the history: I20, I30, I31. */
import { SPACE } from "../../impl/replication/layout.js";
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { HISTORY_MAX } from "../../vocabulary/replication/proc.js";
import type { Invariant } from "../engine/system.js";
import type { View } from "./view.js";

const steeringIsInRange: Invariant<View> = {
  id: "I20",
  name: "steeringIsInRange",
  why: "the vector indexes an array of eight roots",
  *violations({ memory }) {
    for (const slot of memory.slots()) {
      for (const [node, target] of memory.steering(slot).entries()) {
        if (target < STEERING_AUTO || target >= NODE_SLOTS) yield `space ${slot}: node ${node} is steered to ${target}`;
      }
    }
  },
};

const historyIsOrdered: Invariant<View> = {
  id: "I30",
  name: "historyIsOrdered",
  why: "the file keeps the last 64 sessions; a number is never used twice",
  *violations({ memory, replication }) {
    if (!memory.hasHistory()) return;
    const { history, nextSequence } = replication.statistics();
    if (history.length > HISTORY_MAX) yield `${history.length} records`;
    for (const [index, record] of history.entries()) {
      const before = history[index - 1]?.sequence ?? 0;
      if (record.sequence <= before || record.sequence >= nextSequence)
        yield `record ${index} has number ${record.sequence} after ${before}, the next is ${nextSequence}`;
      if (record.duration < 0) yield `record ${record.sequence} lasted ${record.duration} ms`;
    }
  },
};

const replicationIsConsistent: Invariant<View> = {
  id: "I31",
  name: "replicationIsConsistent",
  why: "a switch reads flags, set and slots one by one and must be able to trust any of them",
  *violations({ memory }) {
    for (const slot of memory.slots()) {
      const set = memory.nodes(slot);
      const slots = Array.from({ length: NODE_SLOTS }, (_, node) => memory.replicaRoot(slot, node));
      const filled = slots.flatMap((root, node) => (root === -1 ? [] : [node]));
      if (memory.space(slot, SPACE.IN_PROGRESS) !== 0) yield `space ${slot}: in progress, and nothing is`;
      if (!memory.isEnabled(slot)) {
        if (set.length > 0) yield `space ${slot}: not replicated, but the set is ${set}`;
        if (filled.length > 0) yield `space ${slot}: not replicated, but nodes ${filled} have roots`;
        continue;
      }
      if (set.length < 2) yield `space ${slot}: replicated on nodes ${set}`;
      if (!set.includes(memory.home(slot))) yield `space ${slot}: home ${memory.home(slot)} is not in the set ${set}`;
      if (filled.join() !== set.join()) yield `space ${slot}: the set is ${set}, nodes ${filled} have roots`;
      if (slots[memory.home(slot)] !== memory.rootFrame(slot))
        yield `space ${slot}: home's slot holds frame ${slots[memory.home(slot)]}, the root is frame ${memory.rootFrame(slot)}`;
      for (const node of filled)
        if (memory.nodeOf(slots[node]!) !== node)
          yield `space ${slot}: the root for node ${node} lies on node ${memory.nodeOf(slots[node]!)}`;
    }
  },
};

export const spaceInvariants: readonly Invariant<View>[] = [
  steeringIsInRange,
  historyIsOrdered,
  replicationIsConsistent,
];
