/** Claims about what one operation does to address spaces, roots and counts: I19, I20, I26, I27, I29, I30, I32 to I34. */
import { type ReplicationLayout, SPACE } from "../../impl/replication/layout.js";
import { LEVEL_NAMES } from "../../vocabulary/replication/statistics.js";
import type { Memory } from "./memory.js";
import { type Claim, callersSlot, claimAbout, targetSlot } from "./step-claims.js";

const switchesChooseTheRightRoot = claimAbout(["switch"], {
  id: "I19",
  name: "switchesChooseTheRightRoot",
  why: "steering is a promise about which copy a CPU walks; without a copy it is home and nothing else",
  violations(_, operation, __, { memory }) {
    const broken: string[] = [];
    if (operation.pid === 0) return broken;
    const slot = memory.slotOfCpu(operation.cpu);
    if (slot < 0) return broken;
    const chosen = memory.chosenNode(slot, memory.nodeOfCpu(operation.cpu));
    const root = chosen === memory.home(slot) ? memory.rootFrame(slot) : memory.replicaRoot(slot, chosen);
    const loaded = memory.loadedRoot(operation.cpu);
    if (loaded !== root)
      broken.push(
        `cpu ${operation.cpu} loaded frame ${loaded} of node ${memory.nodeOf(loaded)}; steering and set choose node ${chosen}, frame ${root}`,
      );
    return broken;
  },
});

const steeringTargetsHaveCopies = claimAbout(["setSteering"], {
  id: "I20",
  name: "steeringTargetsHaveCopies",
  why: "a target without a copy silently runs on home, the farthest from what was asked for",
  violations({ memory }, operation, outcome) {
    const broken: string[] = [];
    if (outcome.kind !== "ok" || typeof operation.vector === "string") return broken;
    const slot = targetSlot(memory, operation);
    const set = slot < 0 ? [] : memory.nodes(slot);
    for (const [node, target] of operation.vector.entries()) {
      if (target >= 0 && !set.includes(target)) broken.push(`node ${node} was steered to ${target}, the set is ${set}`);
    }
    return broken;
  },
});

const rootLoadsAreCounted = claimAbout(["switch"], {
  id: "I26",
  name: "rootLoadsAreCounted",
  why: "the hit rate is read as how often copies are used: a load of home is not one",
  violations(before, operation, _, after) {
    const broken: string[] = [];
    if (operation.pid === 0) return broken;
    const slot = after.memory.slotOfCpu(operation.cpu);
    if (slot < 0) return broken;
    const from = before.memory.loadedRoot(operation.cpu);
    const to = after.memory.loadedRoot(operation.cpu);
    const loads = before.memory.slotOfCpu(operation.cpu) !== slot || from !== to;
    const counts = loads && after.memory.isEnabled(slot);
    const isHome = to === after.memory.rootFrame(slot);
    const { cr3Replica, cr3Primary } = after.memory.layout.statistics;
    const replica = after.memory.counts.counter(cr3Replica) - before.memory.counts.counter(cr3Replica);
    const primary = after.memory.counts.counter(cr3Primary) - before.memory.counts.counter(cr3Primary);
    if (replica !== (counts && !isHome ? 1 : 0) || primary !== (counts && isHome ? 1 : 0)) {
      broken.push(
        `${loads ? "a load" : "no load"} of ${isHome ? "home" : "a copy"} counted ${replica} replica and ${primary} primary`,
      );
    }
    return broken;
  },
});

const totalsAddUp = claimAbout(["readProc"], {
  id: "I27",
  name: "totalsAddUp",
  why: "a table of counts whose total is something else is not believed again",
  violations(_, operation, outcome) {
    const broken: string[] = [];
    if (operation.file !== "status" || outcome.kind !== "text") return broken;
    let sum = 0;
    for (const line of outcome.text.split("\n")) {
      const counted = /^ {2}(?:PTE|PMD|PUD|P4D|PGD) (?:sets|clears|gets \(aggregated\)): (\d+)$/.exec(line);
      const total = /^ {2}Total: (\d+)$/.exec(line);
      if (counted !== null) sum += Number(counted[1]);
      if (total === null) continue;
      if (Number(total[1]) !== sum) broken.push(`the lines add up to ${sum}, the total says ${total[1]}`);
      sum = 0;
    }
    return broken;
  },
});

const sequenceGoesOn: Claim = {
  id: "I30",
  name: "sequenceGoesOn",
  why: "a session is named by its number; a number that comes back names two",
  violations({ memory: before }, _, __, { memory: after }) {
    const broken: string[] = [];
    const [was, is] = [before.counts.records(), after.counts.records()];
    if (is < was) broken.push(`${was} records had been written, now it is ${is}`);
    return broken;
  },
};

const peaksAreNotBelow: Claim = {
  id: "I29",
  name: "peaksAreNotBelow",
  why: "a peak below what was there at a time is no peak, and a count below zero is a page freed twice",
  violations({ memory: before }, _, __, { memory: after }) {
    const broken: string[] = [];
    const { nodes } = after.layout;
    for (const slot of after.slots()) {
      for (let level = 0; level < LEVEL_NAMES.length; level++) {
        for (let node = 0; node < nodes; node++) {
          const bases = after.counts.bases(slot, level, node);
          const copies = after.counts.copies(slot, level, node);
          const basesWere = before.counts.bases(slot, level, node);
          const copiesWere = before.counts.copies(slot, level, node);
          if (bases === basesWere && copies === copiesWere && bases >= 0 && copies >= 0) continue;
          const place = `space ${slot}, level ${level + 1}, node ${node}`;
          if (bases < 0 || (bases > basesWere && after.counts.peakOfBases(slot, level, node) < bases))
            broken.push(
              `${place}: ${basesWere} bases became ${bases}, the peak is ${after.counts.peakOfBases(slot, level, node)}`,
            );
          if (copies < 0 || (copies > copiesWere && after.counts.peakOfCopies(slot, level, node) < copies))
            broken.push(
              `${place}: ${copiesWere} copies became ${copies}, the peak is ${after.counts.peakOfCopies(slot, level, node)}`,
            );
        }
      }
    }
    return broken;
  },
};

function changedWord(before: Memory, after: Memory): number {
  for (let word = 0; word < before.layout.stateWords; word++)
    if (before.words[word] !== after.words[word] && !before.isSameTop(word, after)) return word;
  return -1;
}

function change(before: Memory, after: Memory, word: number): string {
  return `${wordInWords(before.layout, word)} went from ${before.words[word]} to ${after.words[word]}`;
}

/** Those of an address space by name, since they are what control operations are about. */
function wordInWords(layout: ReplicationLayout, word: number): string {
  for (let slot = 0; slot < layout.slots; slot++) {
    const field = word - layout.space(slot);
    if (field < 0 || field >= SPACE.COUNTS) continue;
    if (field >= SPACE.STEERING) return `space ${slot}, steering of node ${field - SPACE.STEERING}`;
    if (field >= SPACE.SLOTS) return `space ${slot}, root of node ${field - SPACE.SLOTS}`;
    const name = Object.entries(SPACE).find(([, at]) => at === field)![0];
    return `space ${slot}, ${name.toLowerCase().replaceAll("_", " ")}`;
  }
  return `state word ${word}`;
}

const refusalsChangeNothing = claimAbout(
  [
    "initialise",
    "enable",
    "enableExternal",
    "setReplication",
    "getReplication",
    "setCacheOnly",
    "getCacheOnly",
    "setSteering",
    "getSteering",
    "writeProc",
    "readProc",
  ],
  {
    id: "I32",
    name: "refusalsChangeNothing",
    why: "a caller that was refused goes on as if it had not asked (W16, W32)",
    violations({ memory }, _, outcome, after) {
      const broken: string[] = [];
      if (outcome.kind !== "error") return broken;
      const word = changedWord(memory, after.memory);
      if (word >= 0) broken.push(`${outcome.errno}, and ${change(memory, after.memory, word)}`);
      return broken;
    },
  },
);

const repetitionChangesNothing = claimAbout(["disable", "setReplication", "enable", "enableExternal"], {
  id: "I33",
  name: "repetitionChangesNothing",
  why: "scripts switch on what is on and off what is off",
  violations({ memory }, operation, outcome, after) {
    const broken: string[] = [];
    const slot = targetSlot(memory, operation);
    if (slot < 0) return broken;
    const set = memory.nodes(slot);
    const repeats =
      ((operation.kind === "disable" || (operation.kind === "setReplication" && operation.mask === 0)) &&
        !memory.isEnabled(slot)) ||
      ((operation.kind === "enable" || operation.kind === "enableExternal") &&
        memory.isEnabled(slot) &&
        operation.nodes.join() === set.join());
    if (!repeats) return broken;
    const word = changedWord(memory, after.memory);
    if (word >= 0) broken.push(change(memory, after.memory, word));
    const isRefusal = operation.kind === "setReplication" && outcome.kind === "error" && outcome.errno === "EINVAL";
    if (outcome.kind !== "ok" && !isRefusal) broken.push(`answered ${outcome.kind}`);
    return broken;
  },
});

const forkLeavesTheParentAlone = claimAbout(["fork"], {
  id: "I34",
  name: "forkLeavesTheParentAlone",
  why: "a child is a copy: the parent keeps its set, its steering and its tables, and shares none of them",
  violations({ memory }, operation, outcome, after) {
    const broken: string[] = [];
    if (outcome.kind !== "ok") return broken;
    const parent = callersSlot(memory, operation);
    const child = targetSlot(after.memory, operation);
    const fields = [
      SPACE.ENABLED,
      SPACE.SET,
      SPACE.ROOT,
      ...memory.steering(parent).flatMap((_, node) => [SPACE.SLOTS + node, SPACE.STEERING + node]),
    ];
    for (const field of fields) {
      const [one, other] = [memory.space(parent, field), after.memory.space(parent, field)];
      if (one !== other) broken.push(`word ${field} of the parent's space went from ${one} to ${other}`);
    }
    const tablesOf = (slot: number) =>
      after.memory.roots(slot).flatMap((root) => after.memory.tree(root).tables.map(({ frame }) => frame));
    const own = new Set(tablesOf(parent));
    const common = tablesOf(child).filter((frame) => own.has(frame));
    if (common.length > 0) broken.push(`parent and child both have the tables ${[...new Set(common)]}`);
    return broken;
  },
});

export const spaceSteps: readonly Claim[] = [
  switchesChooseTheRightRoot,
  steeringTargetsHaveCopies,
  rootLoadsAreCounted,
  totalsAddUp,
  sequenceGoesOn,
  peaksAreNotBelow,
  refusalsChangeNothing,
  repetitionChangesNothing,
  forkLeavesTheParentAlone,
];
