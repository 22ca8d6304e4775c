/** Claims about what one operation does to leaves: I12 to I15, I36. */
import { ACCESSED, DIRTY, MOVING, NO_EXECUTE, PRESENT, WRITABLE } from "../../impl/page-table/entry.js";
import type { Memory } from "./memory.js";
import {
  bits,
  type Claim,
  callersSlot,
  claimAbout,
  gathered,
  leafAt,
  memberWords,
  type Of,
  targetSlot,
} from "./step-claims.js";
import { frameOfLeaf, isInstalledLeaf } from "./trees.js";

const readsMissNothing = claimAbout(["read", "clean"], {
  id: "I12",
  name: "readsMissNothing",
  why: "A and D are set in the copy that was walked; a reader that looks at one copy reclaims used pages and drops written ones",
  violations({ memory }, operation, outcome) {
    const broken: string[] = [];
    const leaf = leafAt(memory, callersSlot(memory, operation), operation.page);
    if (leaf === undefined || !isInstalledLeaf(leaf)) return broken;
    if (operation.kind === "read") {
      const set = gathered(memory, leaf);
      const told = outcome.kind === "entry" ? (outcome.accessed ? ACCESSED : 0) | (outcome.dirty ? DIRTY : 0) : 0;
      if ((set & ~told) !== 0)
        broken.push(`page ${operation.page}: the members have ${bits(set)}, the read says ${bits(told)}`);
      return broken;
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
      broken.push(`frame ${frame} was written, and clean says that it was not`);
    return broken;
  },
});

const agedPagesAreYoungNowhere = claimAbout(["age"], {
  id: "I13",
  name: "agedPagesAreYoungNowhere",
  why: "an A that is left in one copy makes the page look used for ever",
  violations(_, operation, __, { memory }) {
    const broken: string[] = [];
    const leaf = leafAt(memory, callersSlot(memory, operation), operation.page);
    if (leaf === undefined || !isInstalledLeaf(leaf)) return broken;
    const words = memberWords(memory, leaf);
    if (words.some((word) => (word & ACCESSED) !== 0))
      broken.push(`page ${operation.page}: after age the members have ${words.map(bits)}`);
    return broken;
  },
});

const clearedLeavesAreGoneEverywhere = claimAbout(["unmap", "discard"], {
  id: "I14",
  name: "clearedLeavesAreGoneEverywhere",
  why: "an entry that stays in one copy is still a translation for that node's CPUs",
  violations({ memory }, operation, outcome, after) {
    const broken: string[] = [];
    if (outcome.kind !== "ok") return broken;
    const slot = callersSlot(memory, operation);
    if (slot < 0) return broken;
    const end = operation.page + operation.pages;
    for (const root of after.memory.roots(slot)) {
      for (const leaf of after.memory.tree(root).leaves) {
        const last = leaf.page + memory.layout.tables.span(leaf.level);
        if (leaf.page >= end || last <= operation.page) continue;
        broken.push(`page ${leaf.page}: still mapped below root frame ${root} on node ${after.memory.nodeOf(root)}`);
      }
    }
    return broken;
  },
});

/** Operations after which a page is where it was, or where `remap` put it. */
const FOLLOWED = [
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
] as const;

type Followed = Of<(typeof FOLLOWED)[number]>;

/** Where a page of the caller's, or of another space, is after the operation; undefined if it is gone. */
function follow(before: Memory, operation: Followed, slot: number, page: number): number | undefined {
  if (operation.kind !== "remap") return page;
  if (slot !== callersSlot(before, operation) || operation.to === operation.page) return undefined;
  const offset = page - operation.page;
  if (offset < 0 || offset >= operation.pages) return page;
  return offset < operation.toPages ? operation.to + offset : undefined;
}

const bitsSurvive = claimAbout([...FOLLOWED, "fork"], {
  id: "I15",
  name: "bitsSurvive",
  why: "the D that is lost on the way is a page that will be dropped although it was written",
  violations({ memory }, operation, outcome, after) {
    if (outcome.kind !== "ok") return [];
    return operation.kind === "fork"
      ? lostInFork(memory, operation, after.memory)
      : lostOnTheWay(memory, operation, after.memory);
  },
});

function lostOnTheWay(before: Memory, operation: Followed, after: Memory): readonly string[] {
  const broken: string[] = [];
  for (const slot of before.slots()) {
    for (const leaf of before.tree(before.rootFrame(slot)).leaves) {
      const page = follow(before, operation, slot, leaf.page);
      if (page === undefined) continue;
      const found = leafAt(after, slot, page);
      if (found === undefined) continue;
      const expected = (leaf.low & MOVING) !== 0 ? leaf.low & (ACCESSED | DIRTY) : gathered(before, leaf);
      const kept = (found.low & MOVING) !== 0 ? found.low & (ACCESSED | DIRTY) : gathered(after, found);
      if ((expected & ~kept) !== 0)
        broken.push(`space ${slot}, page ${leaf.page}: ${bits(expected)} before, ${bits(kept)} after at page ${page}`);
    }
  }
  return broken;
}

/** W21: the child of a private leaf gets the D that any of the parent's members has. */
function lostInFork(before: Memory, operation: Of<"fork">, after: Memory): readonly string[] {
  const broken: string[] = [];
  const parent = callersSlot(before, operation);
  const child = targetSlot(after, operation);
  for (const leaf of before.tree(before.rootFrame(parent)).leaves) {
    if (!isInstalledLeaf(leaf) || before.rangeAt(parent, leaf.page)?.isShared) continue;
    const found = leafAt(after, child, leaf.page);
    if (found === undefined || (gathered(before, leaf) & DIRTY & ~gathered(after, found)) === 0) continue;
    broken.push(`page ${leaf.page}: written in the parent, and the child's leaf is clean`);
  }
  return broken;
}

export const mappedPagesDoNotFault = claimAbout(["touch"], {
  id: "I36",
  name: "mappedPagesDoNotFault",
  why: "an access that every table allows is the hardware's alone; a fault there is repeated for ever",
  violations({ memory }, operation, outcome) {
    const broken: string[] = [];
    if (outcome.kind !== "touched" || outcome.served === "tlb" || outcome.served === "walk") return broken;
    const slot = callersSlot(memory, operation);
    const leaf = leafAt(memory, slot, operation.page);
    if (leaf === undefined || (leaf.low & PRESENT) === 0) return broken;
    const words = memberWords(memory, leaf);
    const allowed =
      operation.access === "read" ||
      (operation.access === "write" ? words.every((word) => (word & WRITABLE) !== 0) : (leaf.high & NO_EXECUTE) === 0);
    const { page, level } = leaf;
    const isStale = memory.remembered
      .translations(operation.cpu)
      .some((each) => each.page === page && each.level === level);
    if (allowed && !isStale) broken.push(`page ${operation.page}: every member allows the access, and it faulted`);
    return broken;
  },
});

export const leafSteps: readonly Claim[] = [
  readsMissNothing,
  agedPagesAreYoungNowhere,
  clearedLeavesAreGoneEverywhere,
  bitsSurvive,
];
