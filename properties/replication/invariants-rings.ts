/** Rings and who owns which page: I1 to I4, I10, I22 to I24, I29. */
import type { Invariant } from "../engine/system.js";
import { frameOfLeaf, isInstalledLeaf, isMovingLeaf, type Memory, type TablePage } from "./memory.js";
import { excuses, type View } from "./view.js";

/** Every table page of an address space once, members of rings that no root leads to (W45) included. */
function pagesOf(memory: Memory, slot: number): Map<number, TablePage> {
  const pages = new Map<number, TablePage>();
  for (const root of memory.roots(slot)) for (const table of memory.tree(root).tables) pages.set(table.frame, table);
  for (const table of [...pages.values()]) {
    for (const frame of memory.ring(table.frame)) if (!pages.has(frame)) pages.set(frame, { ...table, frame });
  }
  return pages;
}

const ringsAreClosed: Invariant<View> = {
  id: "I1",
  name: "ringsAreClosed",
  why: "setters, readers and release walk the ring from any member and must meet all the others",
  *violations({ memory }) {
    for (const slot of memory.slots()) {
      const set = memory.nodes(slot);
      for (const { frame, level, page } of memory.tree(memory.rootFrame(slot)).tables) {
        if (!memory.hasRing(frame)) continue;
        const place = `level ${level}, page ${page}`;
        const ring = memory.ring(frame);
        if (!memory.isClosed(frame)) yield `${place}: the links from frame ${frame} lead through ${ring} and not back`;
        const nodes = ring.map((member) => memory.nodeOf(member));
        if (new Set(nodes).size < nodes.length) yield `${place}: two members on one node, nodes ${nodes}`;
        const expected = new Set([...set, memory.nodeOf(memory.base(frame))]);
        if (memory.isEnabled(slot) && nodes.length !== expected.size)
          yield `${place}: ${nodes.length} members on nodes ${nodes}, the set is ${set}`;
      }
    }
  },
};

const replicatedTablesHaveRings: Invariant<View> = {
  id: "I2",
  name: "replicatedTablesHaveRings",
  why: "a table without a copy on some node of the set makes that node's walks remote, and its setters miss nothing only by luck",
  *violations(view) {
    const { memory } = view;
    for (const slot of memory.slots()) {
      const enabled = memory.isEnabled(slot);
      const isExcused = excuses(view, slot);
      const set = memory.nodes(slot);
      for (const table of memory.tree(memory.rootFrame(slot)).tables) {
        if (!enabled) {
          if (memory.hasRing(table.frame))
            yield `space ${slot} is not replicated, but frame ${table.frame} of level ${table.level} has a link`;
          continue;
        }
        const nodes = memory.ring(table.frame).map((member) => memory.nodeOf(member));
        const missing = set.filter((node) => !nodes.includes(node));
        if (missing.length > 0 && !isExcused(table))
          yield `level ${table.level}, page ${table.page}: no member on nodes ${missing}`;
      }
    }
  },
};

const everyTableFrameHasOneUse: Invariant<View> = {
  id: "I3",
  name: "everyTableFrameHasOneUse",
  why: "a page that is a table and free, or cached and a table, is written by two owners",
  *violations({ memory }) {
    const uses = new Map<number, string[]>();
    const say = (frame: number, use: string) => uses.set(frame, [...(uses.get(frame) ?? []), use]);
    for (const slot of memory.slots()) {
      for (const { frame } of pagesOf(memory, slot).values()) say(frame, `table of space ${slot}`);
      for (const root of memory.roots(slot)) {
        for (const stray of memory.tree(root).strays)
          yield `space ${slot}: the entry of page ${stray.page}, level ${stray.level} names no table frame`;
      }
    }
    for (let node = 0; node < memory.layout.nodes; node++) {
      for (const frame of memory.cacheList(node)) say(frame, `on the cache list of node ${node}`);
    }
    for (let number = 0; number < memory.layout.tableFrames; number++) {
      const frame = memory.layout.tableFrame(number);
      const online = memory.layout.geometry.onlineNodes.includes(memory.nodeOf(frame));
      const free = memory.isFreeTable(frame);
      const found = [...(uses.get(frame) ?? []), ...(free ? ["free"] : [])];
      if (online && found.length === 0) yield `frame ${frame} is nowhere: neither free nor cached nor a table`;
      if (found.length > 1) yield `frame ${frame} is ${found.join(" and ")}`;
      if (free && memory.hasRing(frame)) yield `frame ${frame} is free and has a link`;
    }
  },
};

const membersBackOnePlace: Invariant<View> = {
  id: "I4",
  name: "membersBackOnePlace",
  why: "members of one ring are copies of one table: same level, same pages, same address space",
  *violations({ memory }) {
    const owners = new Map<number, number>();
    for (const slot of memory.slots()) {
      const places = new Map<number, string>();
      for (const root of memory.roots(slot)) {
        for (const { frame, level, page } of memory.tree(root).tables) {
          const place = `level ${level}, page ${page}`;
          const other = places.get(frame);
          if (other !== undefined && other !== place) yield `frame ${frame} stands for ${other} and for ${place}`;
          for (const member of memory.ring(frame)) {
            const known = places.get(member);
            if (known !== undefined && known !== place)
              yield `frame ${member} is in the ring of ${place} and stands for ${known}`;
            places.set(member, place);
            if (memory.ownerOf(member) !== slot || memory.levelOf(member) !== level)
              yield `frame ${member} of space ${slot}, ${place}, is noted as space ${memory.ownerOf(member)}, level ${memory.levelOf(member)}`;
          }
        }
      }
      for (const frame of places.keys()) {
        const owner = owners.get(frame);
        if (owner !== undefined) yield `frame ${frame} is a table of the spaces ${owner} and ${slot}`;
        owners.set(frame, slot);
      }
    }
  },
};

const cachedPagesAreLocal: Invariant<View> = {
  id: "I10",
  name: "cachedPagesAreLocal",
  why: "a copy popped from a node's cache must lie on that node",
  *violations({ memory }) {
    for (let node = 0; node < memory.layout.nodes; node++) {
      const list = memory.cacheList(node);
      for (const frame of list)
        if (memory.nodeOf(frame) !== node)
          yield `frame ${frame} of node ${memory.nodeOf(frame)} is on the list of node ${node}`;
      if (list.length !== memory.cacheCount(node))
        yield `node ${node} counts ${memory.cacheCount(node)} cached pages and has ${list.length}`;
    }
  },
};

const framesAddUp: Invariant<View> = {
  id: "I22",
  name: "framesAddUp",
  why: "what is neither free nor used has leaked; what is both will be given away twice",
  *violations({ memory }) {
    const { layout } = memory;
    const { onlineNodes, tableFrames, dataFrames } = layout.geometry;
    const tables = new Int32Array(layout.nodes);
    const named = new Map<number, number>();
    for (const slot of memory.slots()) {
      for (const frame of pagesOf(memory, slot).keys()) tables[memory.nodeOf(frame)]!++;
      for (const leaf of memory.tree(memory.rootFrame(slot)).leaves) {
        if (!isInstalledLeaf(leaf) && !isMovingLeaf(leaf)) continue;
        const first = frameOfLeaf(leaf);
        for (let frame = first; frame < first + layout.tables.span(leaf.level); frame++)
          named.set(frame, (named.get(frame) ?? 0) + 1);
      }
    }
    for (const node of onlineNodes) {
      const free = memory.freeTables(node);
      const cached = memory.cacheList(node).length;
      if (tables[node]! + cached + free !== tableFrames)
        yield `node ${node}: ${tables[node]} tables, ${cached} cached and ${free} free are not ${tableFrames} frames`;
      const first = layout.tables.firstDataFrame(node);
      for (let frame = first; frame < first + dataFrames; frame++) {
        const users = named.get(frame) ?? 0;
        if (users !== memory.users(frame))
          yield `data frame ${frame} is named by ${users} leaves, ${memory.users(frame)} are counted`;
        if ((users === 0) !== memory.isFreeData(frame))
          yield `data frame ${frame} is named by ${users} leaves and is ${memory.isFreeData(frame) ? "" : "not "}free`;
      }
    }
  },
};

/** Free frames looked at beyond the last one in use: those above were never used, as the lowest free frame is taken first. */
const BEYOND_LAST_USED = 16;

const unusedPagesAreEmpty: Invariant<View> = {
  id: "I23",
  name: "unusedPagesAreEmpty",
  why: "a page becomes a table as it is: what is left in it would be taken for entries",
  *violations({ memory }) {
    const { layout } = memory;
    for (const node of layout.geometry.onlineNodes) {
      const first = layout.tables.firstTableFrame(node);
      let last = first + layout.geometry.tableFrames - 1;
      while (last > first && memory.isFreeTable(last)) last--;
      const end = Math.min(last + BEYOND_LAST_USED, first + layout.geometry.tableFrames);
      for (let frame = first; frame < end; frame++) {
        if (memory.isFreeTable(frame) && !memory.isZero(frame)) yield `frame ${frame} is free and not empty`;
      }
    }
    for (let node = 0; node < layout.nodes; node++) {
      for (const frame of memory.cacheList(node))
        if (!memory.isZero(frame)) yield `frame ${frame} is cached and not empty`;
    }
  },
};

const tablesAreAccounted: Invariant<View> = {
  id: "I24",
  name: "tablesAreAccounted",
  why: "the process is charged for its table pages, copies included, and for no others",
  *violations({ memory }) {
    const { levels } = memory.layout.geometry;
    for (const slot of memory.slots()) {
      const found = new Map<string, number>();
      for (const { frame, level } of pagesOf(memory, slot).values()) {
        // The root is PGD whatever its level is (W11).
        const key = `${level === levels ? 4 : level - 1}/${memory.nodeOf(frame)}/${frame === memory.base(frame) ? "bases" : "copies"}`;
        found.set(key, (found.get(key) ?? 0) + 1);
      }
      for (let level = 0; level < 5; level++) {
        for (let node = 0; node < memory.layout.nodes; node++) {
          const counted = memory.counted(slot, level, node);
          for (const kind of ["bases", "copies"] as const) {
            const pages = found.get(`${level}/${node}/${kind}`) ?? 0;
            if (counted[kind] !== pages)
              yield `space ${slot}, level ${level + 1} on node ${node}: ${pages} ${kind}, ${counted[kind]} are counted`;
          }
        }
      }
    }
  },
};

export const ringInvariants: readonly Invariant<View>[] = [
  ringsAreClosed,
  replicatedTablesHaveRings,
  everyTableFrameHasOneUse,
  membersBackOnePlace,
  cachedPagesAreLocal,
  framesAddUp,
  unusedPagesAreEmpty,
  tablesAreAccounted,
];
