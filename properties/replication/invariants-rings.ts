/** Rings and who owns which page: I1 to I4, I10, I22 to I24, I29. */

import type { ReplicationLayout } from "../../impl/replication/layout.js";
import { LEVEL_NAMES } from "../../vocabulary/replication/statistics.js";
import type { Memory } from "./memory.js";
import { frameOfLeaf, isInstalledLeaf, isMovingLeaf, placeOf, placeText } from "./trees.js";
import { excuses, type StateClaim } from "./view.js";

const ringsAreClosed: StateClaim = {
  id: "I1",
  name: "ringsAreClosed",
  why: "setters, readers and release walk the ring from any member and must meet all the others",
  reads: ["spaces", "links", "descriptors", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    for (const slot of memory.slots()) {
      const set = memory.setMask(slot);
      for (const { frame, level, page } of memory.tree(memory.rootFrame(slot)).tables) {
        if (!memory.hasRing(frame)) continue;
        const place = placeOf(level, page);
        const ring = memory.ring(frame);
        if (!memory.isClosed(frame))
          broken.push(`${placeText(place)}: the links from frame ${frame} lead through ${ring} and not back`);
        const nodes = memory.nodesOf(memory.maskOf(ring));
        if (nodes.length < ring.length) broken.push(`${placeText(place)}: two members on one node, nodes ${nodes}`);
        const expected = memory.nodesOf(set | (1 << memory.nodeOf(memory.base(frame))));
        if (memory.isEnabled(slot) && ring.length !== expected.length)
          broken.push(
            `${placeText(place)}: ${ring.length} members on nodes ${nodes}, the set is ${memory.nodes(slot)}`,
          );
      }
    }
    return broken;
  },
};

const replicatedTablesHaveRings: StateClaim = {
  id: "I2",
  name: "replicatedTablesHaveRings",
  why: "a table without a copy on some node of the set makes that node's walks remote, and its setters miss nothing only by luck",
  reads: ["spaces", "links", "tables"],
  violations(view) {
    const broken: string[] = [];
    const { memory } = view;
    for (const slot of memory.slots()) {
      const enabled = memory.isEnabled(slot);
      const isExcused = excuses(view, slot);
      const set = memory.setMask(slot);
      for (const table of memory.tree(memory.rootFrame(slot)).tables) {
        if (!enabled) {
          if (memory.hasRing(table.frame))
            broken.push(`space ${slot} is not replicated, but frame ${table.frame} of level ${table.level} has a link`);
          continue;
        }
        const missing = set & ~memory.maskOf(memory.ring(table.frame));
        if (missing !== 0 && !isExcused(table))
          broken.push(`level ${table.level}, page ${table.page}: no member on nodes ${memory.nodesOf(missing)}`);
      }
    }
    return broken;
  },
};

const everyTableFrameHasOneUse: StateClaim = {
  id: "I3",
  name: "everyTableFrameHasOneUse",
  why: "a page that is a table and free, or cached and a table, is written by two owners",
  reads: ["spaces", "links", "descriptors", "tables", "caches", "pools"],
  violations({ memory }) {
    const broken: string[] = [];
    const { layout } = memory;
    const uses = new Int32Array(layout.tableFrames);
    for (const slot of memory.slots()) {
      for (const { frame } of memory.pages(slot)) countUse(layout, uses, frame);
      for (const root of memory.roots(slot)) {
        for (const stray of memory.tree(root).strays)
          broken.push(`space ${slot}: the entry of page ${stray.page}, level ${stray.level} names no table frame`);
      }
    }
    for (let node = 0; node < layout.nodes; node++)
      for (const frame of memory.cacheList(node)) countUse(layout, uses, frame);
    for (let number = 0; number < layout.tableFrames; number++) {
      const frame = layout.tableFrame(number);
      const free = memory.isFreeTable(frame);
      const found = uses[number]! + (free ? 1 : 0);
      if (found === 0 && layout.geometry.onlineNodes.includes(memory.nodeOf(frame)))
        broken.push(`frame ${frame} is nowhere: neither free nor cached nor a table`);
      if (found > 1) broken.push(`frame ${frame} is ${usesOf(memory, frame).join(" and ")}`);
      if (free && memory.hasRing(frame)) broken.push(`frame ${frame} is free and has a link`);
      if (free && memory.words[layout.descriptor(frame)] !== 0)
        broken.push(`frame ${frame} is free and still described: equal states would differ`);
    }
    return broken;
  },
};

function countUse(layout: ReplicationLayout, uses: Int32Array, frame: number): void {
  if (layout.tables.isTableFrame(frame)) uses[layout.tableNumber(frame)]!++;
}

/** What a table frame is used for, in words. */
function usesOf(memory: Memory, frame: number): string[] {
  const uses: string[] = [];
  for (const slot of memory.slots())
    if (memory.pages(slot).some((table) => table.frame === frame)) uses.push(`table of space ${slot}`);
  for (let node = 0; node < memory.layout.nodes; node++) {
    const listed = memory.cacheList(node).filter((each) => each === frame);
    for (const _ of listed) uses.push(`on the cache list of node ${node}`);
  }
  return memory.isFreeTable(frame) ? [...uses, "free"] : uses;
}

const membersBackOnePlace: StateClaim = {
  id: "I4",
  name: "membersBackOnePlace",
  why: "members of one ring are copies of one table: same level, same pages, same address space",
  reads: ["spaces", "links", "descriptors", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    const owners = new Map<number, number>();
    for (const slot of memory.slots()) {
      const places = new Map<number, number>();
      for (const root of memory.roots(slot)) {
        for (const { frame, level, page } of memory.tree(root).tables) {
          const place = placeOf(level, page);
          const other = places.get(frame);
          if (other !== undefined && other !== place)
            broken.push(`frame ${frame} stands for ${placeText(other)} and for ${placeText(place)}`);
          for (const member of memory.ring(frame)) {
            const known = places.get(member);
            if (known !== undefined && known !== place)
              broken.push(`frame ${member} is in the ring of ${placeText(place)} and stands for ${placeText(known)}`);
            places.set(member, place);
            if (memory.ownerOf(member) !== slot || memory.levelOf(member) !== level)
              broken.push(
                `frame ${member} of space ${slot}, ${placeText(place)}, is noted as space ${memory.ownerOf(member)}, level ${memory.levelOf(member)}`,
              );
          }
        }
      }
      for (const frame of places.keys()) {
        const owner = owners.get(frame);
        if (owner !== undefined) broken.push(`frame ${frame} is a table of the spaces ${owner} and ${slot}`);
        owners.set(frame, slot);
      }
    }
    return broken;
  },
};

const cachedPagesAreLocal: StateClaim = {
  id: "I10",
  name: "cachedPagesAreLocal",
  why: "a copy popped from a node's cache must lie on that node",
  reads: ["caches", "links"],
  violations({ memory }) {
    const broken: string[] = [];
    for (let node = 0; node < memory.layout.nodes; node++) {
      const list = memory.cacheList(node);
      for (const frame of list)
        if (memory.nodeOf(frame) !== node)
          broken.push(`frame ${frame} of node ${memory.nodeOf(frame)} is on the list of node ${node}`);
      if (list.length !== memory.cacheCount(node))
        broken.push(`node ${node} counts ${memory.cacheCount(node)} cached pages and has ${list.length}`);
    }
    return broken;
  },
};

const framesAddUp: StateClaim = {
  id: "I22",
  name: "framesAddUp",
  why: "what is neither free nor used has leaked; what is both will be given away twice",
  reads: ["spaces", "links", "tables", "caches", "pools"],
  violations({ memory }) {
    const broken: string[] = [];
    const { layout } = memory;
    const { onlineNodes, tableFrames, dataFrames } = layout.geometry;
    const tables = new Int32Array(layout.nodes);
    const named = new Int32Array(layout.nodes * layout.tables.framesPerNode);
    for (const slot of memory.slots()) {
      for (const { frame } of memory.pages(slot)) tables[memory.nodeOf(frame)]!++;
      for (const leaf of memory.tree(memory.rootFrame(slot)).leaves) {
        if (!isInstalledLeaf(leaf) && !isMovingLeaf(leaf)) continue;
        const first = frameOfLeaf(leaf);
        const end = Math.min(first + layout.tables.span(leaf.level), named.length);
        for (let frame = first; frame < end; frame++) named[frame]!++;
      }
    }
    for (const node of onlineNodes) {
      const free = memory.freeTables(node);
      const cached = memory.cacheList(node).length;
      if (tables[node]! + cached + free !== tableFrames)
        broken.push(
          `node ${node}: ${tables[node]} tables, ${cached} cached and ${free} free are not ${tableFrames} frames`,
        );
      const first = layout.tables.firstDataFrame(node);
      for (let frame = first; frame < first + dataFrames; frame++) {
        const users = named[frame]!;
        if (users !== memory.users(frame))
          broken.push(`data frame ${frame} is named by ${users} leaves, ${memory.users(frame)} are counted`);
        if ((users === 0) !== memory.isFreeData(frame))
          broken.push(
            `data frame ${frame} is named by ${users} leaves and is ${memory.isFreeData(frame) ? "" : "not "}free`,
          );
      }
    }
    return broken;
  },
};

/** Free frames looked at beyond the last one in use: those above were never used, as the lowest free frame is taken first. */
const BEYOND_LAST_USED = 16;

const unusedPagesAreEmpty: StateClaim = {
  id: "I23",
  name: "unusedPagesAreEmpty",
  why: "a page becomes a table as it is: what is left in it would be taken for entries",
  reads: ["links", "tables", "caches", "pools"],
  violations({ memory }) {
    const broken: string[] = [];
    const { layout } = memory;
    for (const node of layout.geometry.onlineNodes) {
      const first = layout.tables.firstTableFrame(node);
      let last = first + layout.geometry.tableFrames - 1;
      while (last > first && memory.isFreeTable(last)) last--;
      const end = Math.min(last + BEYOND_LAST_USED, first + layout.geometry.tableFrames);
      for (let frame = first; frame < end; frame++) {
        if (memory.isFreeTable(frame) && !memory.isZero(frame)) broken.push(`frame ${frame} is free and not empty`);
      }
    }
    for (let node = 0; node < layout.nodes; node++) {
      for (const frame of memory.cacheList(node))
        if (!memory.isZero(frame)) broken.push(`frame ${frame} is cached and not empty`);
    }
    return broken;
  },
};

const tablesAreAccounted: StateClaim = {
  id: "I24",
  name: "tablesAreAccounted",
  why: "the process is charged for its table pages, copies included, and for no others",
  reads: ["spaces", "links", "descriptors", "tables"],
  violations({ memory }) {
    const broken: string[] = [];
    const { nodes } = memory.layout;
    for (const slot of memory.slots()) {
      const found = tally(memory, slot);
      for (let level = 0; level < LEVEL_NAMES.length; level++) {
        for (let node = 0; node < nodes; node++) {
          const bases = found.bases[level * nodes + node]!;
          const copies = found.copies[level * nodes + node]!;
          const place = () => `space ${slot}, level ${level + 1} on node ${node}`;
          if (bases !== memory.counts.bases(slot, level, node))
            broken.push(`${place()}: ${bases} bases, ${memory.counts.bases(slot, level, node)} are counted`);
          if (copies !== memory.counts.copies(slot, level, node))
            broken.push(`${place()}: ${copies} copies, ${memory.counts.copies(slot, level, node)} are counted`);
        }
      }
    }
    return broken;
  },
};

/** The tables of a space by level (the root is PGD whatever its level is, W11) and node. */
function tally(memory: Memory, slot: number): { readonly bases: Int32Array; readonly copies: Int32Array } {
  const { nodes, geometry } = memory.layout;
  const bases = new Int32Array(LEVEL_NAMES.length * nodes);
  const copies = new Int32Array(LEVEL_NAMES.length * nodes);
  for (const { frame, level } of memory.pages(slot)) {
    const row = level === geometry.levels ? LEVEL_NAMES.length - 1 : level - 1;
    const counts = frame === memory.base(frame) ? bases : copies;
    counts[row * nodes + memory.nodeOf(frame)]!++;
  }
  return { bases, copies };
}

export const ringInvariants: readonly StateClaim[] = [
  ringsAreClosed,
  replicatedTablesHaveRings,
  everyTableFrameHasOneUse,
  membersBackOnePlace,
  cachedPagesAreLocal,
  framesAddUp,
  unusedPagesAreEmpty,
  tablesAreAccounted,
];
