/** What the copies of a tree agree on and where they lie: I5 to I9, I11, I16. */
import { ACCESSED, DIRTY, isLeaf, LOW_FLAGS, PRESENT, PROT_NONE, WRITABLE } from "../../impl/page-table/entry.js";
import type { Memory } from "./memory.js";
import { frameOfLeaf, isInstalledLeaf, type LeafWord, placeOf, placeText } from "./trees.js";
import { excuses, type StateClaim } from "./view.js";

const HARDWARE = ACCESSED | DIRTY;
const hex = (word: number): string => `0x${(word >>> 0).toString(16)}`;
const entry = ({ low, high }: LeafWord): string => `${hex(high)}:${hex(low)}`;
const placeOfLeaf = ({ level, page }: LeafWord): number => placeOf(level, page);
const textOf = (leaf: LeafWord): string => placeText(placeOfLeaf(leaf));

/** A copy of a replicated space's home tree, by its root. */
interface Copy {
  readonly slot: number;
  /** Root of the home tree. */
  readonly home: number;
  readonly node: number;
  readonly root: number;
}

/** The copies of each replicated space beside its home tree. */
function copies(memory: Memory): readonly Copy[] {
  const found: Copy[] = [];
  for (const slot of memory.slots()) {
    if (!memory.isEnabled(slot)) continue;
    const home = memory.rootFrame(slot);
    for (const node of memory.nodes(slot)) {
      const root = memory.replicaRoot(slot, node);
      if (root !== -1 && root !== home) found.push({ slot, home, node, root });
    }
  }
  return found;
}

const isNonPresent = (leaf: LeafWord): boolean => (leaf.low & (PRESENT | PROT_NONE)) === 0;

/** Goes through the leaves of home and of each copy side by side: both lists ascend. */
function leafDifferences(memory: Memory, differs: (one: LeafWord, other: LeafWord) => boolean): readonly string[] {
  const broken: string[] = [];
  for (const { slot, home, node, root } of copies(memory)) {
    const expected = memory.tree(home).leaves;
    const found = memory.tree(root).leaves;
    let one = 0;
    let other = 0;
    while (one < expected.length || other < found.length) {
      const atHome = expected[one];
      const there = found[other];
      const order = orderOf(atHome, there);
      if (order < 0 && atHome !== undefined)
        broken.push(`space ${slot}, ${textOf(atHome)}: ${entry(atHome)} at home, empty on node ${node}`);
      else if (order > 0 && there !== undefined)
        broken.push(`space ${slot}, ${textOf(there)}: empty at home, ${entry(there)} on node ${node}`);
      else if (atHome !== undefined && there !== undefined && differs(atHome, there))
        broken.push(`space ${slot}, ${textOf(there)}: ${entry(atHome)} at home, ${entry(there)} on node ${node}`);
      if (order <= 0) one++;
      if (order >= 0) other++;
    }
  }
  return broken;
}

/** Which of two leaves stands first, by page, then level; below 0 for the first. None stands behind all. */
function orderOf(one: LeafWord | undefined, other: LeafWord | undefined): number {
  const first = one === undefined ? Number.POSITIVE_INFINITY : placeOfLeaf(one);
  const second = other === undefined ? Number.POSITIVE_INFINITY : placeOfLeaf(other);
  return first === second ? 0 : first < second ? -1 : 1;
}

const replicasTranslateAlike: StateClaim = {
  id: "I5",
  name: "replicasTranslateAlike",
  why: "a thread may run on any node's copy and must find the same translation there, A and D apart",
  reads: ["spaces", "links", "tables"],
  violations({ memory }) {
    const differs = (one: LeafWord, other: LeafWord) =>
      ((one.low ^ other.low) & ~HARDWARE) !== 0 || one.high !== other.high;
    return [...leafDifferences(memory, differs), ...unreachedDifferences(memory)];
  },
};

/** A member outside the set, to which no root leads, takes part in every change all the same (W45). */
function unreachedDifferences(memory: Memory): readonly string[] {
  const broken: string[] = [];
  for (const slot of memory.slots()) {
    const set = memory.setMask(slot);
    if (!memory.isEnabled(slot)) continue;
    for (const { frame, level, page } of memory.tree(memory.rootFrame(slot)).tables) {
      const ring = memory.ring(frame);
      if ((memory.maskOf(ring) & ~set) === 0) continue;
      for (const member of ring) {
        const at = memory.nodeOf(member);
        if ((set & (1 << at)) !== 0) continue;
        const index = differingEntry(memory, level, frame, member);
        if (index >= 0)
          broken.push(
            `space ${slot}, ${placeText(placeOf(level, page))}: entry ${index} is another one in the member on node ${at}`,
          );
      }
    }
  }
  return broken;
}

/** The first entry that differs in rights or presence, or in what it maps; -1 for none. Which copies pointers name is I6's. */
function differingEntry(memory: Memory, level: number, frame: number, member: number): number {
  const { tables } = memory.layout;
  for (let index = 0; index < tables.entriesPerTable; index++) {
    const [one, other] = [memory.entryIndex(frame, index), memory.entryIndex(member, index)];
    const [low, otherLow] = [memory.words[one]!, memory.words[other]!];
    const isWhole = level === 1 || isLeaf(level, low) || isLeaf(level, otherLow);
    const compared = isWhole ? ~HARDWARE : LOW_FLAGS & ~HARDWARE;
    if (((low ^ otherLow) & compared) !== 0) return index;
    if (isWhole && memory.words[one + 1] !== memory.words[other + 1]) return index;
  }
  return -1;
}

const pointersAreLocalAndAlike: StateClaim = {
  id: "I6",
  name: "pointersAreLocalAndAlike",
  why: "a pointer grants the same on every node, and names the copy of its own node wherever there is one",
  reads: ["spaces", "links", "descriptors", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    for (const slot of memory.slots()) {
      const home = memory.home(slot);
      const flags = new Map<number, number>();
      for (const root of memory.roots(slot)) {
        for (const { table, page, low, high, child } of memory.tree(root).pointers) {
          const place = placeOf(table.level, page);
          const own = low & LOW_FLAGS & ~ACCESSED;
          const expected = flags.get(place);
          if (expected !== undefined && expected !== own)
            broken.push(`space ${slot}, ${placeText(place)}: flags ${hex(own)}, elsewhere ${hex(expected)}`);
          flags.set(place, own);
          if (high < 0) broken.push(`space ${slot}, ${placeText(place)}: execution is forbidden above the leaf`);
          const node = memory.nodeOf(table.frame);
          const named = nearest(memory, child, node, home);
          if (named !== child)
            broken.push(
              `space ${slot}, ${placeText(place)}: on node ${node} it names the copy on node ${memory.nodeOf(child)}, frame ${named} is nearer`,
            );
        }
      }
    }
    return broken;
  },
};

/** The copy that a pointer on `node` has to name: of that node, else of home, else the base. */
function nearest(memory: Memory, child: number, node: number, home: number): number {
  const ring = memory.ring(child);
  return (
    ring.find((member) => memory.nodeOf(member) === node) ??
    ring.find((member) => memory.nodeOf(member) === home) ??
    memory.base(child)
  );
}

const movingPagesLookAlike: StateClaim = {
  id: "I7",
  name: "movingPagesLookAlike",
  why: "what a non-present entry says is read from whichever copy one faults on",
  reads: ["spaces", "tables"],
  violations({ memory }) {
    return leafDifferences(
      memory,
      (one, other) => (isNonPresent(one) || isNonPresent(other)) && (one.low !== other.low || one.high !== other.high),
    );
  },
};

const kernelHalfIsShared: StateClaim = {
  id: "I8",
  name: "kernelHalfIsShared",
  why: "the kernel runs on whatever root the CPU has loaded",
  reads: ["machine", "spaces", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    const { userRootEntries, tables, kernelBase } = memory.layout;
    for (const slot of memory.slots()) {
      for (const root of memory.roots(slot)) {
        for (let at = userRootEntries; at < tables.entriesPerTable; at++) {
          const entry = memory.entryIndex(root, at);
          const found = memory.low(entry);
          const expected = memory.low(kernelBase + at - userRootEntries);
          const where = `space ${slot}, root frame ${root}, entry ${at}`;
          if (found !== expected) broken.push(`${where}: ${hex(found)}, the kernel's is ${hex(expected)}`);
          if (memory.high(entry) !== 0) broken.push(`${where}: the high word is ${hex(memory.high(entry))}, not 0`);
        }
      }
    }
    return broken;
  },
};

const pathsAreLocal: StateClaim = {
  id: "I9",
  name: "pathsAreLocal",
  why: "a walk from a node's root that leaves the node is what replication is there to prevent",
  reads: ["spaces", "links", "tables"],
  violations(view) {
    const broken: string[] = [];
    for (const { slot, node, root } of copies(view.memory)) {
      const isExcused = excuses(view, slot);
      for (const table of view.memory.tree(root).tables) {
        const lies = view.memory.nodeOf(table.frame);
        if (lies !== node && !isExcused(table))
          broken.push(
            `space ${slot}, from node ${node}'s root: level ${table.level}, page ${table.page} lies on node ${lies}`,
          );
      }
    }
    return broken;
  },
};

const homeTreeIsHome: StateClaim = {
  id: "I11",
  name: "homeTreeIsHome",
  why: "home is a node of the set like the others; the kernel walks its tree",
  reads: ["spaces", "links", "tables"],
  violations(view) {
    const broken: string[] = [];
    const { memory } = view;
    for (const slot of memory.slots()) {
      if (!memory.isEnabled(slot)) continue;
      const isExcused = excuses(view, slot);
      for (const table of memory.tree(memory.rootFrame(slot)).tables) {
        const lies = memory.nodeOf(table.frame);
        if (lies !== memory.home(slot) && !isExcused(table))
          broken.push(`space ${slot}, home tree: level ${table.level}, page ${table.page} lies on node ${lies}`);
      }
    }
    return broken;
  },
};

const sharedFramesAreWriteProtected: StateClaim = {
  id: "I16",
  name: "sharedFramesAreWriteProtected",
  why: "copy-on-write is lost on the one node whose copy still lets writes through",
  reads: ["spaces", "ranges", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    const users = namesOfFrames(memory);
    for (const slot of memory.slots()) {
      for (const root of memory.roots(slot)) {
        for (const leaf of memory.tree(root).leaves) {
          if (!isInstalledLeaf(leaf) || (leaf.low & WRITABLE) === 0) continue;
          const frame = sharedFrame(memory, users, leaf);
          if (frame === undefined || memory.rangeAt(slot, leaf.page)?.isShared) continue;
          const node = memory.nodeOf(memory.layout.tables.frameOfEntry(leaf.index));
          broken.push(
            `space ${slot}, ${textOf(leaf)}: private, frame ${frame} has ${users.get(frame)} names, and node ${node}'s copy is writable`,
          );
        }
      }
    }
    return broken;
  },
};

/** How many leaves of home trees name each frame. */
function namesOfFrames(memory: Memory): Map<number, number> {
  const users = new Map<number, number>();
  for (const slot of memory.slots()) {
    for (const leaf of memory.tree(memory.rootFrame(slot)).leaves) {
      if (!isInstalledLeaf(leaf)) continue;
      const first = frameOfLeaf(leaf);
      const end = first + memory.layout.tables.span(leaf.level);
      for (let frame = first; frame < end; frame++) users.set(frame, (users.get(frame) ?? 0) + 1);
    }
  }
  return users;
}

/** The first frame of a leaf that has another name. */
function sharedFrame(memory: Memory, users: ReadonlyMap<number, number>, leaf: LeafWord): number | undefined {
  const first = frameOfLeaf(leaf);
  const end = first + memory.layout.tables.span(leaf.level);
  for (let frame = first; frame < end; frame++) if ((users.get(frame) ?? 0) >= 2) return frame;
  return undefined;
}

export const tableInvariants: readonly StateClaim[] = [
  replicasTranslateAlike,
  pointersAreLocalAndAlike,
  movingPagesLookAlike,
  kernelHalfIsShared,
  pathsAreLocal,
  homeTreeIsHome,
  sharedFramesAreWriteProtected,
];
