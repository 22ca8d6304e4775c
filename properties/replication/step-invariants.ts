/** Claims about one operation, from the words before and after it: I12 to I15, I19, I20, I26, I27, I29, I32 to I34, I36. */
import { ACCESSED, DIRTY, MOVING, NO_EXECUTE, PRESENT, PROT_NONE, WRITABLE } from "../../impl/page-table/entry.js";
import { SPACE } from "../../impl/replication/layout.js";
import type { Operation } from "../../vocabulary/replication/operations.js";
import type { Outcome } from "../../vocabulary/replication/outcomes.js";
import type { StepInvariant } from "../engine/system.js";
import { frameOfLeaf, isInstalledLeaf, type LeafWord, type Memory } from "./memory.js";
import type { View } from "./view.js";

type Claim = StepInvariant<Operation, Outcome, View>;

const bits = (word: number): string => `${(word & ACCESSED) !== 0 ? "A" : "-"}${(word & DIRTY) !== 0 ? "D" : "-"}`;

/** The slot of the space that the acting CPU runs, -1 without one. */
function callersSlot(memory: Memory, operation: Operation): number {
  return "cpu" in operation ? memory.slotOfCpu(operation.cpu) : -1;
}

/** The slot of the process that an operation with a `pid` is about; 0 = the caller. */
function targetSlot(memory: Memory, operation: Operation): number {
  const pid = "pid" in operation ? operation.pid : 0;
  if (pid === null) return -1;
  if (pid === 0) return callersSlot(memory, operation);
  return pid <= memory.layout.geometry.processes ? memory.words[memory.layout.process(pid)]! - 1 : -1;
}

function leafAt(memory: Memory, slot: number, page: number): LeafWord | undefined {
  if (slot < 0) return undefined;
  return memory
    .tree(memory.rootFrame(slot))
    .leaves.find((leaf) => leaf.page <= page && page < leaf.page + memory.layout.tables.span(leaf.level));
}

/** Low words of a leaf in every member of its table's ring. */
function memberWords(memory: Memory, leaf: LeafWord): number[] {
  const { tables } = memory.layout;
  const frame = tables.frameOfEntry(leaf.index);
  const offset = leaf.index - tables.tableIndex(frame);
  return memory.ring(frame).map((member) => memory.words[tables.tableIndex(member) + offset]!);
}

/** A and D that any installed member has. */
function gathered(memory: Memory, leaf: LeafWord): number {
  const words = memberWords(memory, leaf).filter((word) => (word & (PRESENT | PROT_NONE)) !== 0);
  return words.reduce((all, word) => all | (word & (ACCESSED | DIRTY)), 0);
}

const readsMissNothing: Claim = {
  id: "I12",
  name: "readsMissNothing",
  why: "A and D are set in the copy that was walked; a reader that looks at one copy reclaims used pages and drops written ones",
  *violations({ memory }, operation, outcome) {
    if (operation.kind !== "read" && operation.kind !== "clean") return;
    const leaf = leafAt(memory, callersSlot(memory, operation), operation.page);
    if (leaf === undefined || !isInstalledLeaf(leaf)) return;
    if (operation.kind === "read") {
      const set = gathered(memory, leaf);
      const told = outcome.kind === "entry" ? (outcome.accessed ? ACCESSED : 0) | (outcome.dirty ? DIRTY : 0) : 0;
      if ((set & ~told) !== 0)
        yield `page ${operation.page}: the members have ${bits(set)}, the read says ${bits(told)}`;
      return;
    }
    const { tables } = memory.layout;
    const frame = frameOfLeaf(leaf) + operation.page - leaf.page;
    const naming = memory.slots().flatMap((slot) =>
      memory.tree(memory.rootFrame(slot)).leaves.filter((each) => {
        const first = frameOfLeaf(each);
        return isInstalledLeaf(each) && first <= frame && frame < first + tables.span(each.level);
      }),
    );
    const dirty = naming.some((each) => (gathered(memory, each) & DIRTY) !== 0);
    if (dirty && outcome.kind === "ok" && outcome.value !== 1)
      yield `frame ${frame} was written, and clean says that it was not`;
  },
};

const agedPagesAreYoungNowhere: Claim = {
  id: "I13",
  name: "agedPagesAreYoungNowhere",
  why: "an A that is left in one copy makes the page look used for ever",
  *violations(_, operation, __, { memory }) {
    if (operation.kind !== "age") return;
    const leaf = leafAt(memory, callersSlot(memory, operation), operation.page);
    if (leaf === undefined || !isInstalledLeaf(leaf)) return;
    const words = memberWords(memory, leaf);
    if (words.some((word) => (word & ACCESSED) !== 0))
      yield `page ${operation.page}: after age the members have ${words.map(bits)}`;
  },
};

const clearedLeavesAreGoneEverywhere: Claim = {
  id: "I14",
  name: "clearedLeavesAreGoneEverywhere",
  why: "an entry that stays in one copy is still a translation for that node's CPUs",
  *violations({ memory }, operation, outcome, after) {
    if ((operation.kind !== "unmap" && operation.kind !== "discard") || outcome.kind !== "ok") return;
    const slot = callersSlot(memory, operation);
    if (slot < 0) return;
    const end = operation.page + operation.pages;
    for (const root of after.memory.roots(slot)) {
      for (const leaf of after.memory.tree(root).leaves) {
        const last = leaf.page + memory.layout.tables.span(leaf.level);
        if (leaf.page >= end || last <= operation.page) continue;
        yield `page ${leaf.page}: still mapped below root frame ${root} on node ${after.memory.nodeOf(root)}`;
      }
    }
  },
};

const FOLLOWED: readonly Operation["kind"][] = [
  "disable",
  "setReplication",
  "enable",
  "enableExternal",
  "protect",
  "moveStart",
  "moveFinish",
  "split",
  "collapse",
  "remap",
];

/** Where a page of the caller's, or of another space, is after the operation; undefined if it is not followed. */
function follow(
  before: Memory,
  operation: Operation,
  outcome: Outcome,
  slot: number,
  page: number,
): number | undefined {
  if (outcome.kind !== "ok") return undefined;
  switch (operation.kind) {
    case "disable":
    case "setReplication":
    case "enable":
    case "enableExternal":
    case "protect":
    case "moveStart":
    case "moveFinish":
    case "split":
    case "collapse":
      return page;
    case "remap": {
      if (slot !== callersSlot(before, operation) || operation.to === operation.page) return undefined;
      const offset = page - operation.page;
      if (offset < 0 || offset >= operation.pages) return page;
      return offset < operation.toPages ? operation.to + offset : undefined;
    }
    default:
      return undefined;
  }
}

const bitsSurvive: Claim = {
  id: "I15",
  name: "bitsSurvive",
  why: "the D that is lost on the way is a page that will be dropped although it was written",
  *violations({ memory }, operation, outcome, after) {
    if (FOLLOWED.includes(operation.kind))
      for (const slot of memory.slots()) {
        for (const leaf of memory.tree(memory.rootFrame(slot)).leaves) {
          const page = follow(memory, operation, outcome, slot, leaf.page);
          if (page === undefined) continue;
          const found = leafAt(after.memory, slot, page);
          if (found === undefined) continue;
          const expected = (leaf.low & MOVING) !== 0 ? leaf.low & (ACCESSED | DIRTY) : gathered(memory, leaf);
          const kept = (found.low & MOVING) !== 0 ? found.low & (ACCESSED | DIRTY) : gathered(after.memory, found);
          if ((expected & ~kept) !== 0)
            yield `space ${slot}, page ${leaf.page}: ${bits(expected)} before, ${bits(kept)} after at page ${page}`;
        }
      }
    if (operation.kind === "fork" && outcome.kind === "ok") yield* lostInFork(memory, operation, after.memory);
  },
};

/** W21: the child of a private leaf gets the D that any of the parent's members has. */
function* lostInFork(
  before: Memory,
  operation: Operation & { readonly kind: "fork" },
  after: Memory,
): Generator<string> {
  const parent = callersSlot(before, operation);
  const child = targetSlot(after, operation);
  for (const leaf of before.tree(before.rootFrame(parent)).leaves) {
    if (!isInstalledLeaf(leaf) || before.rangeAt(parent, leaf.page)?.isShared) continue;
    const found = leafAt(after, child, leaf.page);
    if (found === undefined || (gathered(before, leaf) & DIRTY & ~gathered(after, found)) === 0) continue;
    yield `page ${leaf.page}: written in the parent, and the child's leaf is clean`;
  }
}

const switchesChooseTheRightRoot: Claim = {
  id: "I19",
  name: "switchesChooseTheRightRoot",
  why: "steering is a promise about which copy a CPU walks; without a copy it is home and nothing else",
  *violations(_, operation, __, { memory }) {
    if (operation.kind !== "switch" || operation.pid === 0) return;
    const slot = memory.slotOfCpu(operation.cpu);
    if (slot < 0) return;
    const chosen = memory.chosenNode(slot, memory.nodeOfCpu(operation.cpu));
    const root = chosen === memory.home(slot) ? memory.rootFrame(slot) : memory.replicaRoot(slot, chosen);
    const loaded = memory.loadedRoot(operation.cpu);
    if (loaded !== root)
      yield `cpu ${operation.cpu} loaded frame ${loaded} of node ${memory.nodeOf(loaded)}; steering and set choose node ${chosen}, frame ${root}`;
  },
};

const steeringTargetsHaveCopies: Claim = {
  id: "I20",
  name: "steeringTargetsHaveCopies",
  why: "a target without a copy silently runs on home, the farthest from what was asked for",
  *violations({ memory }, operation, outcome) {
    if (operation.kind !== "setSteering" || outcome.kind !== "ok" || typeof operation.vector === "string") return;
    const slot = targetSlot(memory, operation);
    const set = slot < 0 ? [] : memory.nodes(slot);
    for (const [node, target] of operation.vector.entries()) {
      if (target >= 0 && !set.includes(target)) yield `node ${node} was steered to ${target}, the set is ${set}`;
    }
  },
};

const rootLoadsAreCounted: Claim = {
  id: "I26",
  name: "rootLoadsAreCounted",
  why: "the hit rate is read as how often copies are used: a load of home is not one",
  *violations(before, operation, _, after) {
    if (operation.kind !== "switch" || operation.pid === 0) return;
    const slot = after.memory.slotOfCpu(operation.cpu);
    if (slot < 0) return;
    const from = before.memory.loadedRoot(operation.cpu);
    const to = after.memory.loadedRoot(operation.cpu);
    const loads = before.memory.slotOfCpu(operation.cpu) !== slot || from !== to;
    const counts = loads && after.memory.isEnabled(slot);
    const isHome = to === after.memory.rootFrame(slot);
    const [one, other] = [before.replication.statistics(), after.replication.statistics()];
    const replica = other.cr3Replica - one.cr3Replica;
    const primary = other.cr3Primary - one.cr3Primary;
    if (replica !== (counts && !isHome ? 1 : 0) || primary !== (counts && isHome ? 1 : 0)) {
      yield `${loads ? "a load" : "no load"} of ${isHome ? "home" : "a copy"} counted ${replica} replica and ${primary} primary`;
    }
  },
};

const totalsAddUp: Claim = {
  id: "I27",
  name: "totalsAddUp",
  why: "a table of counts whose total is something else is not believed again",
  *violations(_, operation, outcome) {
    if (operation.kind !== "readProc" || operation.file !== "status" || outcome.kind !== "text") return;
    let sum = 0;
    for (const line of outcome.text.split("\n")) {
      const counted = /^ {2}(?:PTE|PMD|PUD|P4D|PGD) (?:sets|clears|gets \(aggregated\)): (\d+)$/.exec(line);
      const total = /^ {2}Total: (\d+)$/.exec(line);
      if (counted !== null) sum += Number(counted[1]);
      if (total === null) continue;
      if (Number(total[1]) !== sum) yield `the lines add up to ${sum}, the total says ${total[1]}`;
      sum = 0;
    }
  },
};

const sequenceGoesOn: Claim = {
  id: "I30",
  name: "sequenceGoesOn",
  why: "a session is named by its number; a number that comes back names two",
  *violations({ memory: before }, _, __, { memory: after }) {
    const [was, is] = [before.recordsEver(), after.recordsEver()];
    if (is < was) yield `${was} records had been written, now it is ${is}`;
  },
};

const peaksAreNotBelow: Claim = {
  id: "I29",
  name: "peaksAreNotBelow",
  why: "a peak below what was there at a time is no peak, and a count below zero is a page freed twice",
  *violations({ memory: before }, _, __, { memory: after }) {
    for (const slot of after.slots()) {
      for (let level = 0; level < 5; level++) {
        for (let node = 0; node < after.layout.nodes; node++) {
          const was = before.counted(slot, level, node);
          const is = after.counted(slot, level, node);
          const peak = after.peak(slot, level, node);
          for (const kind of ["bases", "copies"] as const) {
            if (is[kind] < 0 || (is[kind] > was[kind] && peak[kind] < is[kind]))
              yield `space ${slot}, level ${level + 1}, node ${node}: ${was[kind]} ${kind} became ${is[kind]}, the peak is ${peak[kind]}`;
          }
        }
      }
    }
  },
};

const REFUSABLE: readonly Operation["kind"][] = [
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
];

function changedWord(before: Memory, after: Memory): number {
  for (let word = 0; word < before.layout.stateWords; word++) if (before.words[word] !== after.words[word]) return word;
  return -1;
}

const refusalsChangeNothing: Claim = {
  id: "I32",
  name: "refusalsChangeNothing",
  why: "a caller that was refused goes on as if it had not asked (W16, W32)",
  *violations({ memory }, operation, outcome, after) {
    if (outcome.kind !== "error" || !REFUSABLE.includes(operation.kind)) return;
    const word = changedWord(memory, after.memory);
    if (word >= 0)
      yield `${outcome.errno}, and state word ${word} went from ${memory.words[word]} to ${after.memory.words[word]}`;
  },
};

const repetitionChangesNothing: Claim = {
  id: "I33",
  name: "repetitionChangesNothing",
  why: "scripts switch on what is on and off what is off",
  *violations({ memory }, operation, outcome, after) {
    const slot = targetSlot(memory, operation);
    if (slot < 0) return;
    const set = memory.nodes(slot);
    const repeats =
      ((operation.kind === "disable" || (operation.kind === "setReplication" && operation.mask === 0)) &&
        !memory.isEnabled(slot)) ||
      ((operation.kind === "enable" || operation.kind === "enableExternal") &&
        memory.isEnabled(slot) &&
        operation.nodes.join() === set.join());
    if (!repeats) return;
    const word = changedWord(memory, after.memory);
    if (word >= 0) yield `state word ${word} went from ${memory.words[word]} to ${after.memory.words[word]}`;
    const isRefusal = operation.kind === "setReplication" && outcome.kind === "error" && outcome.errno === "EINVAL";
    if (outcome.kind !== "ok" && !isRefusal) yield `answered ${outcome.kind}`;
  },
};

const forkLeavesTheParentAlone: Claim = {
  id: "I34",
  name: "forkLeavesTheParentAlone",
  why: "a child is a copy: the parent keeps its set, its steering and its tables, and shares none of them",
  *violations({ memory }, operation, outcome, after) {
    if (operation.kind !== "fork" || outcome.kind !== "ok") return;
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
      if (one !== other) yield `word ${field} of the parent's space went from ${one} to ${other}`;
    }
    const tablesOf = (slot: number) =>
      after.memory.roots(slot).flatMap((root) => after.memory.tree(root).tables.map(({ frame }) => frame));
    const own = new Set(tablesOf(parent));
    const common = tablesOf(child).filter((frame) => own.has(frame));
    if (common.length > 0) yield `parent and child both have the tables ${[...new Set(common)]}`;
  },
};

const mappedPagesDoNotFault: Claim = {
  id: "I36",
  name: "mappedPagesDoNotFault",
  why: "an access that every table allows is the hardware's alone; a fault there is repeated for ever",
  *violations({ memory }, operation, outcome) {
    if (
      operation.kind !== "touch" ||
      outcome.kind !== "touched" ||
      outcome.served === "tlb" ||
      outcome.served === "walk"
    )
      return;
    const slot = callersSlot(memory, operation);
    const leaf = leafAt(memory, slot, operation.page);
    if (leaf === undefined || (leaf.low & PRESENT) === 0) return;
    const words = memberWords(memory, leaf);
    const allowed =
      operation.access === "read" ||
      (operation.access === "write" ? words.every((word) => (word & WRITABLE) !== 0) : (leaf.high & NO_EXECUTE) === 0);
    const { page, level } = leaf;
    const isStale = memory.translations(operation.cpu).some((each) => each.page === page && each.level === level);
    if (allowed && !isStale) yield `page ${operation.page}: every member allows the access, and it faulted`;
  },
};

export const stepInvariants: readonly Claim[] = [
  readsMissNothing,
  agedPagesAreYoungNowhere,
  clearedLeavesAreGoneEverywhere,
  bitsSurvive,
  switchesChooseTheRightRoot,
  steeringTargetsHaveCopies,
  rootLoadsAreCounted,
  totalsAddUp,
  sequenceGoesOn,
  peaksAreNotBelow,
  refusalsChangeNothing,
  repetitionChangesNothing,
  forkLeavesTheParentAlone,
  mappedPagesDoNotFault,
];
