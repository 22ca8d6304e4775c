/**
 * The raw words of the replication system as the invariants see them: links, entries, pools, caches, what CPUs hold.
 *
 * Reads by the layout's word indices and the entry's bits alone; none of the implementation's own walkers, setters or
 * ring functions is used, so that what is wrong in them shows here.
 */

import { PlainPort } from "../../impl/memory-port.js";
import { HeadFormat } from "../../impl/page-cache/head.js";
import { frameOf, isLeaf, LARGE, leafFrame, MOVING, PRESENT, PROT_NONE } from "../../impl/page-table/entry.js";
import { FramePool } from "../../impl/page-table/frame-pool.js";
import { Hardware } from "../../impl/page-table/hardware.js";
import { SLOT_WORDS } from "../../impl/page-table/layout.js";
import { slotIsDirty, slotLevel, slotRights } from "../../impl/page-table/tlb.js";
import { Descriptors } from "../../impl/replication/descriptors.js";
import { type ReplicationLayout, SPACE } from "../../impl/replication/layout.js";
import { isShared, leafOf, Ranges, rightsOf, WRITEABLE } from "../../impl/replication/ranges.js";
import { STEERING_AUTO } from "../../vocabulary/replication/operations.js";

/** A table page that some root leads to. */
export interface TablePage {
  readonly frame: number;
  readonly level: number;
  /** First page that it covers. */
  readonly page: number;
}

/** An entry that is not empty and leads to no table. */
export interface LeafWord {
  /** First page. */
  readonly page: number;
  readonly level: number;
  /** Word index of the entry. */
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

/** What one root leads to, user half only, in ascending order of pages, parents before children. */
export interface Tree {
  readonly root: number;
  readonly tables: readonly TablePage[];
  readonly leaves: readonly LeafWord[];
  /** Pointers to frames that are no table frames. */
  readonly strays: readonly LeafWord[];
  /** Every pointer: where it stands and the frame it names. */
  readonly pointers: readonly Pointer[];
}

export interface Pointer {
  readonly table: TablePage;
  /** First page that it leads to. */
  readonly page: number;
  readonly index: number;
  readonly low: number;
  readonly high: number;
  readonly child: number;
}

export interface Translation {
  readonly cpu: number;
  readonly page: number;
  readonly level: number;
  readonly frame: number;
  readonly rights: number;
  readonly dirty: boolean;
}

export interface Shortcut {
  readonly cpu: number;
  /** Level of the table that is remembered, and the first page that it covers. */
  readonly level: number;
  readonly page: number;
  readonly child: number;
}

export interface RangeWords {
  readonly page: number;
  /** The page behind the last one. */
  readonly end: number;
  /** Bits of impl/replication/ranges.ts. */
  readonly rights: number;
  readonly isWriteable: boolean;
  readonly isShared: boolean;
  readonly leaf: number;
}

/** Links followed before a ring is called endless: eight nodes, and one more. */
const RING_MAX = 9;

export class Memory {
  readonly words: Int32Array;
  readonly layout: ReplicationLayout;
  private readonly hardware: Hardware;
  private readonly tablePool: FramePool;
  private readonly dataPool: FramePool;
  private readonly head: HeadFormat;
  private readonly descriptors: Descriptors;
  private readonly ranges: Ranges;
  private readonly trees = new Map<number, Tree>();

  constructor(words: Int32Array, layout: ReplicationLayout) {
    const port = new PlainPort(words);
    this.words = words;
    this.layout = layout;
    this.hardware = new Hardware(port, layout.tables);
    this.tablePool = FramePool.ofTables(port, layout.tables);
    this.dataPool = FramePool.ofData(port, layout.tables);
    this.head = new HeadFormat(layout.tableFrames, layout.tagBits);
    this.descriptors = new Descriptors(port, layout);
    this.ranges = new Ranges(port, layout);
  }

  /** Address-space slots in use. */
  slots(): number[] {
    const used: number[] = [];
    for (let slot = 0; slot < this.layout.slots; slot++) if (this.space(slot, SPACE.USERS) !== 0) used.push(slot);
    return used;
  }

  /** A word of an address space; `field` is one of SPACE. */
  space(slot: number, field: number): number {
    return this.words[this.layout.space(slot) + field]!;
  }

  rootFrame(slot: number): number {
    return this.space(slot, SPACE.ROOT) - 1;
  }

  home(slot: number): number {
    return this.nodeOf(this.rootFrame(slot));
  }

  isEnabled(slot: number): boolean {
    return this.space(slot, SPACE.ENABLED) !== 0;
  }

  nodes(slot: number): number[] {
    return this.nodesOf(this.space(slot, SPACE.SET));
  }

  nodesOf(mask: number): number[] {
    return Array.from({ length: 8 }, (_, node) => node).filter((node) => ((mask >>> node) & 1) === 1);
  }

  /** Frame of a node's root, -1 for none. */
  replicaRoot(slot: number, node: number): number {
    return this.space(slot, SPACE.SLOTS + node) - 1;
  }

  steering(slot: number): number[] {
    return Array.from({ length: 8 }, (_, node) => this.space(slot, SPACE.STEERING + node));
  }

  nodeOf(frame: number): number {
    return this.layout.tables.nodeOfFrame(frame);
  }

  nodeOfCpu(cpu: number): number {
    return Math.floor(cpu / this.layout.geometry.cpusPerNode);
  }

  /** The slot of the process that a CPU runs, -1 when idle. */
  slotOfCpu(cpu: number): number {
    const pid = this.words[this.layout.cpuPid(cpu)]!;
    return pid === 0 ? -1 : this.words[this.layout.process(pid)]! - 1;
  }

  pidsAlive(): number[] {
    const pids = Array.from({ length: this.layout.geometry.processes }, (_, index) => index + 1);
    return pids.filter((pid) => this.words[this.layout.process(pid)] !== 0);
  }

  loadedRoot(cpu: number): number {
    return this.hardware.root(cpu);
  }

  link(frame: number): number {
    return this.words[this.layout.link(frame)]! - 1;
  }

  /** The frames that links lead through from `frame`, itself first; ends at null, at the start, or after RING_MAX. */
  ring(frame: number): number[] {
    const frames = [frame];
    for (
      let next = this.link(frame);
      next !== -1 && next !== frame && frames.length < RING_MAX;
      next = this.link(next)
    ) {
      frames.push(next);
      if (!this.layout.tables.isTableFrame(next)) break;
    }
    return frames;
  }

  /** Whether the links from `frame` lead back to it. */
  isClosed(frame: number): boolean {
    const frames = this.ring(frame);
    const last = frames[frames.length - 1]!;
    return this.layout.tables.isTableFrame(last) && this.link(last) === frame;
  }

  hasRing(frame: number): boolean {
    return this.link(frame) !== -1;
  }

  /** The member that was there first, wherever in the ring one looks from; the frame itself without a ring. */
  base(frame: number): number {
    return this.ring(frame).find((member) => this.descriptors.isBase(member)) ?? frame;
  }

  isFromCache(frame: number): boolean {
    return this.descriptors.isFromCache(frame);
  }

  ownerOf(frame: number): number {
    return this.descriptors.owner(frame);
  }

  levelOf(frame: number): number {
    return this.descriptors.level(frame);
  }

  /** Number of tables of a level (0 = PTE … 4 = PGD) that a space is said to have on a node. */
  counted(slot: number, level: number, node: number): { readonly bases: number; readonly copies: number } {
    return {
      bases: this.words[this.layout.baseCount(slot, level, node)]!,
      copies: this.words[this.layout.copyCount(slot, level, node)]!,
    };
  }

  /** Highest number of such tables since the slot was taken, as the statistics say. */
  peak(slot: number, level: number, node: number): { readonly bases: number; readonly copies: number } {
    const { statistics } = this.layout;
    const totals = statistics.space(slot);
    return {
      bases: this.words[statistics.peakBase(totals, level, node)]!,
      copies: this.words[statistics.peakCopy(totals, level, node)]!,
    };
  }

  /** History records ever written, modulo 2^32. */
  recordsEver(): number {
    return this.words[this.layout.statistics.records]!;
  }

  hasHistory(): boolean {
    return this.words[this.layout.statistics.historyCount] !== 0;
  }

  rangesOf(slot: number): RangeWords[] {
    return Array.from({ length: this.ranges.count(slot) }, (_, index) => {
      const attributes = this.ranges.attributes(slot, index);
      return {
        page: this.ranges.start(slot, index),
        end: this.ranges.end(slot, index),
        rights: rightsOf(attributes),
        isWriteable: (rightsOf(attributes) & WRITEABLE) !== 0,
        isShared: isShared(attributes),
        leaf: leafOf(attributes),
      };
    });
  }

  rangeAt(slot: number, page: number): RangeWords | undefined {
    return this.rangesOf(slot).find((range) => range.page <= page && page < range.end);
  }

  /** Frames on a node's cache list, top first. */
  cacheList(node: number): number[] {
    const top = this.head.page(this.words[this.layout.cacheHead(node)]!);
    const frames: number[] = [];
    for (
      let frame = top === 0 ? -1 : this.layout.tableFrame(top - 1);
      frame !== -1 && frames.length <= this.layout.tableFrames;
      frame = this.link(frame)
    )
      frames.push(frame);
    return frames;
  }

  cacheCount(node: number): number {
    return this.words[this.layout.cacheHead(node) + 1]!;
  }

  isFreeTable(frame: number): boolean {
    return this.tablePool.isFree(frame);
  }

  isFreeData(frame: number): boolean {
    return this.dataPool.isFree(frame);
  }

  freeTables(node: number): number {
    return this.tablePool.freeCount(node);
  }

  freeData(node: number): number {
    return this.dataPool.freeCount(node);
  }

  /** How many leaves name a data frame, as the implementation counts. */
  users(frame: number): number {
    return this.words[this.layout.link(frame)]!;
  }

  low(entry: number): number {
    return this.words[entry]!;
  }

  entryIndex(frame: number, index: number): number {
    return this.layout.tables.entryIndex(frame, index);
  }

  /** Whether all entries of a table frame are zero. */
  isZero(frame: number): boolean {
    const first = this.layout.tables.tableIndex(frame);
    for (let word = first; word < first + this.layout.tables.tableWords; word++)
      if (this.words[word] !== 0) return false;
    return true;
  }

  /** To be called when words may have changed: trees are remembered between two calls. */
  forget(): void {
    this.trees.clear();
  }

  /** What a root leads to. */
  tree(root: number): Tree {
    let tree = this.trees.get(root);
    if (tree === undefined) {
      tree = this.walkTree(root);
      this.trees.set(root, tree);
    }
    return tree;
  }

  /** The roots of an address space: home, then the others in the slots. */
  roots(slot: number): number[] {
    const home = this.rootFrame(slot);
    const others = Array.from({ length: 8 }, (_, node) => this.replicaRoot(slot, node));
    return [home, ...others.filter((root) => root !== -1 && root !== home && this.layout.tables.isTableFrame(root))];
  }

  translations(cpu: number): Translation[] {
    const { tlb } = this.hardware;
    const first = this.layout.tables.tlbIndex(cpu);
    const found: Translation[] = [];
    for (let at = 0; at < this.layout.geometry.tlbSlots; at++) {
      const slot = first + at * SLOT_WORDS;
      const info = tlb.info(slot);
      const level = slotLevel(info);
      if (level === 0) continue;
      found.push({
        cpu,
        page: tlb.page(slot),
        level,
        frame: tlb.frame(slot),
        rights: slotRights(info),
        dirty: slotIsDirty(info),
      });
    }
    return found;
  }

  shortcuts(cpu: number): Shortcut[] {
    const { walkCache } = this.hardware;
    const { levels, walkCacheSlots } = this.layout.geometry;
    const found: Shortcut[] = [];
    for (let level = 2; level <= levels; level++) {
      const first = this.layout.tables.walkCacheIndex(cpu, level);
      for (let at = 0; at < walkCacheSlots; at++) {
        const slot = first + at * SLOT_WORDS;
        if (!walkCache.isValid(slot)) continue;
        const page = walkCache.prefix(slot, level) * this.layout.tables.span(level);
        found.push({ cpu, level: level - 1, page, child: walkCache.child(slot) });
      }
    }
    return found;
  }

  /** The node that the steering vector and the set let a CPU of this node run on (2.13). */
  chosenNode(slot: number, node: number): number {
    const wanted = this.space(slot, SPACE.STEERING + node);
    const target = wanted === STEERING_AUTO ? node : wanted;
    const hasCopy = this.isEnabled(slot) && ((this.space(slot, SPACE.SET) >>> target) & 1) === 1;
    return hasCopy ? target : this.home(slot);
  }

  private walkTree(root: number): Tree {
    const tables: TablePage[] = [];
    const leaves: LeafWord[] = [];
    const strays: LeafWord[] = [];
    const pointers: Pointer[] = [];
    const { tables: ground, userRootEntries, geometry } = this.layout;
    const visit = (table: TablePage): void => {
      tables.push(table);
      const count = table.level === geometry.levels ? userRootEntries : ground.entriesPerTable;
      for (let at = 0; at < count; at++) {
        const index = ground.entryIndex(table.frame, at);
        const low = this.words[index]!;
        const high = this.words[index + 1]!;
        if (low === 0 && high === 0) continue;
        const page = table.page + at * ground.span(table.level);
        const leaf = { page, level: table.level, index, low, high };
        if ((low & PRESENT) === 0 || isLeaf(table.level, low) || (table.level > 1 && (low & LARGE) !== 0)) {
          leaves.push(leaf);
          continue;
        }
        const child = frameOf(low, high);
        if (!ground.isTableFrame(child)) {
          strays.push(leaf);
          continue;
        }
        pointers.push({ table, page, index, low, high, child });
        visit({ frame: child, level: table.level - 1, page });
      }
    };
    visit({ frame: root, level: geometry.levels, page: 0 });
    return { root, tables, leaves, strays, pointers };
  }
}

/** The leaf is there for the hardware, or kept without access (W26). */
export function isInstalledLeaf(leaf: LeafWord): boolean {
  return (leaf.low & (PRESENT | PROT_NONE)) !== 0;
}

export function isPresentLeaf(leaf: LeafWord): boolean {
  return (leaf.low & PRESENT) !== 0;
}

export function isMovingLeaf(leaf: LeafWord): boolean {
  return (leaf.low & MOVING) !== 0 && (leaf.low & (PRESENT | PROT_NONE)) === 0;
}

export function frameOfLeaf(leaf: LeafWord): number {
  return leafFrame(leaf.level, leaf.low, leaf.high);
}
