/**
 * What the implementation's words mean: from pages, links and bits to the reference's state.
 *
 * A ring becomes one table; its entries are those of the page that the home tree leads to, its A and D bits are
 * each member's own. That the other members say the same is not assumed but claimed: I5 to I7.
 */
import {
  ACCESSED,
  DIRTY,
  frameOf,
  isLeaf,
  leafFrame,
  NO_EXECUTE,
  PRESENT,
  PROT_NONE,
  WRITABLE,
} from "../../impl/page-table/entry.js";
import { RIGHT_EXECUTE, RIGHT_WRITE } from "../../impl/page-table/tlb.js";
import { SPACE } from "../../impl/replication/layout.js";
import { EXECUTABLE, READABLE, WRITEABLE } from "../../impl/replication/ranges.js";
import type {
  AddressSpace,
  Cpu,
  Entry,
  Process,
  Range,
  Shortcut,
  State,
  Table,
  Translation,
} from "../../model/replication/state.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { Rights } from "../../vocabulary/page-table/access.js";
import { type Known, keeps } from "./known.js";
import type { Memory } from "./memory.js";
import { statisticsBeside } from "./statistics-reader.js";
import type { View } from "./view.js";

export function meaning(view: View, known?: Known): State {
  const { memory } = view;
  const { layout } = memory;
  const { geometry, nodes } = layout;
  const [machine, processes] = [keeps(known, "machine"), keeps(known, "processes", "spaces")];
  return {
    geometry,
    processes: processes?.processes ?? processesOf(memory),
    spaces: keeps(known, "spaces", "ranges", "links", "descriptors", "tables")?.spaces ?? spacesOf(memory, known),
    cpus: keeps(known, "cpus")?.cpus ?? cpusOf(memory, known),
    cached: keeps(known, "caches", "links")?.cached ?? upTo(nodes, (node) => memory.cacheList(node).length),
    mode: memory.low(layout.mode) as State["mode"],
    inherit: memory.low(layout.inherit) as State["inherit"],
    kernel: machine?.kernel ?? upTo(geometry.kernelRootEntries, (index) => memory.low(layout.kernelBase + index)),
    statistics: statisticsBeside(view, known),
  };
}

function upTo<Item>(end: number, item: (number: number) => Item): Item[] {
  const items: Item[] = [];
  for (let number = 0; number < end; number++) items.push(item(number));
  return items;
}

function processesOf(memory: Memory): State["processes"] {
  const processes: { [pid: number]: Process } = {};
  for (const pid of memory.pidsAlive()) {
    const at = memory.layout.process(pid);
    processes[pid] = { tgid: memory.low(at + 1), space: memory.low(at) - 1 };
  }
  return processes;
}

function spacesOf(memory: Memory, known: Known | undefined): State["spaces"] {
  const spaces: { [slot: number]: AddressSpace } = {};
  const tables = keeps(known, "links", "descriptors", "tables");
  for (const slot of memory.slots()) {
    const before = tables?.spaces[slot];
    const isAlike =
      before !== undefined &&
      known?.view.memory.hasAlike(memory, memory.layout.space(slot), memory.layout.spaceEnd(slot));
    spaces[slot] = isAlike ? before : spaceOf(memory, slot);
  }
  return spaces;
}

function cpusOf(memory: Memory, known: Known | undefined): Cpu[] {
  const { layout } = memory;
  const { tables } = layout;
  return upTo(layout.cpus, (cpu) => {
    const before = known?.state.cpus[cpu];
    const isAlike =
      before !== undefined &&
      known?.view.memory.hasAlike(memory, layout.cpuPid(cpu), layout.cpuPid(cpu) + 1) &&
      known.view.memory.hasAlike(memory, tables.cpuIndex(cpu), tables.cpuIndex(cpu) + tables.cpuStride);
    return isAlike ? before : cpuOf(memory, cpu);
  });
}

function spaceOf(memory: Memory, slot: number): AddressSpace {
  return {
    home: memory.home(slot),
    root: tableOf(memory, memory.rootFrame(slot), memory.layout.geometry.levels),
    ranges: memory.rangesOf(slot).map(
      ({ page, end, rights, isShared, leaf }): Range => ({
        page,
        pages: end - page,
        rights: rightsText(rights),
        sharing: isShared ? "shared" : "private",
        leaf: leaf as Range["leaf"],
      }),
    ),
    nodes: memory.nodes(slot),
    steering: memory.steering(slot),
    cacheOnly: memory.space(slot, SPACE.CACHE_ONLY) !== 0,
    policy: memory.space(slot, SPACE.POLICY),
  };
}

function rightsText(rights: number): Rights {
  const letter = (bit: number, name: string) => ((rights & bit) !== 0 ? name : "-");
  return `${letter(READABLE, "r")}${letter(WRITEABLE, "w")}${letter(EXECUTABLE, "x")}` as Rights;
}

/** @param frame the member that the home tree leads to */
function tableOf(memory: Memory, frame: number, level: number): Table {
  const { layout } = memory;
  const ring = memory.ring(memory.base(frame));
  const count = level === layout.geometry.levels ? layout.userRootEntries : layout.tables.entriesPerTable;
  const entries: { [index: number]: Entry } = {};
  for (let at = 0; at < count; at++) {
    const index = memory.entryIndex(frame, at);
    const low = memory.words[index]!;
    const high = memory.words[index + 1]!;
    if (low === 0 && high === 0) continue;
    const words = ring.map((member) => memory.words[memory.entryIndex(member, at)]!);
    entries[at] = entryOf(memory, level, low, high, words);
  }
  const members = ring.map((member) => ({ node: memory.nodeOf(member), fromCache: memory.isFromCache(member) }));
  return { level, members, entries };
}

function entryOf(memory: Memory, level: number, low: number, high: number, words: readonly number[]): Entry {
  const accessed = words.map((word) => (word & ACCESSED) !== 0);
  const isPresent = (low & PRESENT) !== 0;
  if (isPresent && !isLeaf(level, low)) {
    const child = frameOf(low, high);
    if (!memory.layout.tables.isTableFrame(child))
      throw new PagetwinError("UNREACHABLE", `a pointer of level ${level} names frame ${child}`);
    return { kind: "table", accessed, table: tableOf(memory, child, level - 1) };
  }
  return {
    kind: "leaf",
    presence: isPresent ? "present" : (low & PROT_NONE) !== 0 ? "none" : "moving",
    frame: leafFrame(level, low, high),
    writable: (low & WRITABLE) !== 0,
    executable: (high & NO_EXECUTE) === 0,
    accessed,
    dirty: words.map((word) => (word & DIRTY) !== 0),
  };
}

function cpuOf(memory: Memory, cpu: number): Cpu {
  const { layout } = memory;
  const root = memory.loadedRoot(cpu);
  return {
    pid: memory.low(layout.cpuPid(cpu)),
    root: root < 0 ? -1 : memory.nodeOf(root),
    tlb: tlbOf(memory, cpu),
    walks: walksOf(memory, cpu),
  };
}

function tlbOf(memory: Memory, cpu: number): Cpu["tlb"] {
  const { tlbSlots } = memory.layout.geometry;
  const tlb: { [slot: number]: Translation } = {};
  for (const { page, level, frame, rights, dirty } of memory.remembered.translations(cpu)) {
    const writable = (rights & RIGHT_WRITE) !== 0;
    const executable = (rights & RIGHT_EXECUTE) !== 0;
    tlb[page % tlbSlots] = { page, level, frame, writable, executable, dirty };
  }
  return tlb;
}

function walksOf(memory: Memory, cpu: number): Cpu["walks"] {
  const { geometry, tables } = memory.layout;
  const walks: { [level: number]: { [slot: number]: Shortcut } } = {};
  for (const { level, page, child } of memory.remembered.shortcuts(cpu)) {
    const prefix = page / tables.span(level + 1);
    walks[level] ??= {};
    walks[level][prefix % geometry.walkCacheSlots] = { prefix, node: memory.nodeOf(child) };
  }
  return walks;
}
