/**
 * The raw words of the replication system as the invariants see them: links, entries, pools, caches, what CPUs hold.
 *
 * Reads by the layout's word indices and the entry's bits alone; none of the implementation's own walkers, setters or
 * ring functions is used, so that what is wrong in them shows here.
 */

import { PlainPort } from "../../impl/memory-port.js";
import { HeadFormat } from "../../impl/page-cache/head.js";
import { FramePool } from "../../impl/page-table/frame-pool.js";
import { Descriptors } from "../../impl/replication/descriptors.js";
import { type ReplicationLayout, SPACE } from "../../impl/replication/layout.js";
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { Counts } from "./counts.js";
import { RangeReader, type RangeWords } from "./range-words.js";
import { Remembered } from "./remembered.js";
import { type TablePage, type Tree, treeOf } from "./trees.js";

/** Links followed before a ring is called endless: eight nodes, and one more. */
const RING_MAX = 9;

/** By mask: the nodes whose bits are set, ascending. */
const NODES_OF_MASK: readonly (readonly number[])[] = Array.from({ length: 2 ** NODE_SLOTS }, (_, mask) =>
  Array.from({ length: NODE_SLOTS }, (__, node) => node).filter((node) => ((mask >>> node) & 1) === 1),
);

export class Memory {
  readonly words: Int32Array;
  readonly layout: ReplicationLayout;
  readonly remembered: Remembered;
  readonly counts: Counts;
  private readonly tablePool: FramePool;
  private readonly dataPool: FramePool;
  private readonly head: HeadFormat;
  private readonly descriptors: Descriptors;
  private readonly ranges: RangeReader;

  private usedSlots: readonly number[] | undefined;
  /** By frame; those of another round than the present one are out of date. */
  private readonly rings: (readonly number[] | undefined)[] = [];
  private readonly ringRounds: number[] = [];
  private round = 0;
  /** By frame of the root. */
  private readonly trees: (Tree | undefined)[] = [];
  private readonly treeRounds: number[] = [];
  /** By slot. */
  private readonly rootsOf: (readonly number[])[] = [];
  private readonly rootRounds: number[] = [];
  private readonly pagesOf: (readonly TablePage[])[] = [];
  private readonly pageRounds: number[] = [];

  constructor(words: Int32Array, layout: ReplicationLayout) {
    const port = new PlainPort(words);
    this.words = words;
    this.layout = layout;
    this.tablePool = FramePool.ofTables(port, layout.tables);
    this.dataPool = FramePool.ofData(port, layout.tables);
    this.head = new HeadFormat(layout.tableFrames, layout.tagBits);
    this.descriptors = new Descriptors(port, layout);
    this.ranges = new RangeReader(port, layout);
    this.counts = new Counts(words, layout);
    this.remembered = new Remembered(port, layout);
  }

  /** Address-space slots in use. */
  slots(): readonly number[] {
    this.usedSlots ??= this.findSlots();
    return this.usedSlots;
  }

  private findSlots(): number[] {
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

  /** Bit n: node n is in the set. */
  setMask(slot: number): number {
    return this.space(slot, SPACE.SET);
  }

  nodes(slot: number): readonly number[] {
    return this.nodesOf(this.setMask(slot));
  }

  /** @param mask of NODE_SLOTS bits; others do not count */
  nodesOf(mask: number): readonly number[] {
    return NODES_OF_MASK[mask & (NODES_OF_MASK.length - 1)]!;
  }

  /** The nodes on which these frames lie. */
  maskOf(frames: readonly number[]): number {
    let mask = 0;
    for (const frame of frames) mask |= 1 << this.nodeOf(frame);
    return mask;
  }

  /** Frame of a node's root, -1 for none. */
  replicaRoot(slot: number, node: number): number {
    return this.space(slot, SPACE.SLOTS + node) - 1;
  }

  steering(slot: number): number[] {
    const targets: number[] = [];
    for (let node = 0; node < NODE_SLOTS; node++) targets.push(this.space(slot, SPACE.STEERING + node));
    return targets;
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
    const alive: number[] = [];
    for (let pid = 1; pid <= this.layout.geometry.processes; pid++)
      if (this.words[this.layout.process(pid)] !== 0) alive.push(pid);
    return alive;
  }

  loadedRoot(cpu: number): number {
    return this.remembered.loadedRoot(cpu);
  }

  /** The frame that a table's link leads to, -1 if it has none. */
  link(frame: number): number {
    const link = this.words[this.layout.link(frame)]!;
    return link === 0 ? -1 : this.layout.linked(link);
  }

  /** The frames that links lead through from `frame`, itself first; ends at null, at the start, or after RING_MAX. */
  ring(frame: number): readonly number[] {
    if (this.ringRounds[frame] === this.round) return this.rings[frame]!;
    const ring = this.findRing(frame);
    this.rings[frame] = ring;
    this.ringRounds[frame] = this.round;
    return ring;
  }

  private findRing(frame: number): number[] {
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

  /** Whether owner, level, origin and use of a table frame are the same as there. */
  hasDescriptorAlike({ words }: Memory, frame: number): boolean {
    const word = this.layout.descriptor(frame);
    return this.words[word] === words[word];
  }

  ownerOf(frame: number): number {
    return this.descriptors.owner(frame);
  }

  levelOf(frame: number): number {
    return this.descriptors.level(frame);
  }

  rangesOf(slot: number): RangeWords[] {
    return this.ranges.of(slot);
  }

  rangeAt(slot: number, page: number): RangeWords | undefined {
    return this.ranges.at(slot, page);
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

  /** Whether a word is the head of a cache list and has the same page on top in both memories, whatever its tag. */
  isSameTop(word: number, other: Memory): boolean {
    for (let node = 0; node < this.layout.nodes; node++) {
      if (this.layout.cacheHead(node) === word)
        return this.head.page(this.words[word]!) === this.head.page(other.words[word]!);
    }
    return false;
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
    return this.words[this.layout.names(frame)]!;
  }

  low(entry: number): number {
    return this.words[entry]!;
  }

  high(entry: number): number {
    return this.words[entry + 1]!;
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

  /** Whether the words [first, end) are the same as there. */
  hasAlike({ words: others }: Memory, first: number, end: number): boolean {
    const { words } = this;
    for (let word = first; word < end; word++) if (words[word] !== others[word]) return false;
    return true;
  }

  /** To be called when words may have changed: slots, rings, trees, roots and pages are remembered between two calls. */
  forget(): void {
    this.round++;
    this.usedSlots = undefined;
  }

  /** What a root leads to. */
  tree(root: number): Tree {
    if (this.treeRounds[root] === this.round) return this.trees[root]!;
    const tree = treeOf(this.words, this.layout, root);
    this.trees[root] = tree;
    this.treeRounds[root] = this.round;
    return tree;
  }

  /** The roots of an address space: home, then the others in the slots. */
  roots(slot: number): readonly number[] {
    if (this.rootRounds[slot] === this.round) return this.rootsOf[slot]!;
    const home = this.rootFrame(slot);
    const roots = [home];
    for (let node = 0; node < NODE_SLOTS; node++) {
      const root = this.replicaRoot(slot, node);
      if (root !== -1 && root !== home && this.layout.tables.isTableFrame(root)) roots.push(root);
    }
    this.rootsOf[slot] = roots;
    this.rootRounds[slot] = this.round;
    return roots;
  }

  /** Every table page of an address space once, members of rings that no root leads to (W45) included. */
  pages(slot: number): readonly TablePage[] {
    if (this.pageRounds[slot] === this.round) return this.pagesOf[slot]!;
    const pages = new Map<number, TablePage>();
    for (const root of this.roots(slot)) for (const table of this.tree(root).tables) pages.set(table.frame, table);
    const found = [...pages.values()];
    for (const table of [...found]) {
      for (const frame of this.ring(table.frame)) {
        if (pages.has(frame)) continue;
        pages.set(frame, table);
        found.push({ ...table, frame });
      }
    }
    this.pagesOf[slot] = found;
    this.pageRounds[slot] = this.round;
    return found;
  }

  /** The node that the steering vector and the set let a CPU of this node run on (2.13). */
  chosenNode(slot: number, node: number): number {
    const wanted = this.space(slot, SPACE.STEERING + node);
    const target = wanted === STEERING_AUTO ? node : wanted;
    const hasCopy = this.isEnabled(slot) && ((this.space(slot, SPACE.SET) >>> target) & 1) === 1;
    return hasCopy ? target : this.home(slot);
  }
}
