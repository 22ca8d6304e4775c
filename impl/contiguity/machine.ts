/**
 * Processes on contiguity-aware paging: faults map what the allocator gives into page tables, which are walked to find it
 * again.
 *
 *   │ per process: page table │ per process: ALIVE, AWARE │ kernel's blocks │ allocator, its counters last │
 *
 * The kernel's blocks: one word per frame, 1 + order where a block begins that the kernel took for itself.
 */
import type { MachineOperation, MachineOutcome, MachineShape } from "../../vocabulary/contiguity/machine.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { PlainPort } from "../memory-port.js";
import { LARGE, leafFrame, PRESENT, USER, WRITABLE } from "../page-table/entry.js";
import { PageTable } from "../page-table/page-table.js";
import { ContiguityAllocator } from "./allocator.js";
import { AllocatorLayout, NONE } from "./allocator-layout.js";
import { KernelAssertion } from "./contiguity-map.js";

const PROCESS_WORDS = 2;
const ALIVE = 0;
const AWARE = 1;
const LEAF_FLAGS = PRESENT | WRITABLE | USER;
const SMALL_LEVEL = 1;
const HUGE_LEVEL = 2;
const CPU = 0;

export class ContiguityMachine {
  readonly shape: MachineShape;
  readonly words: Int32Array;
  readonly allocator: ContiguityAllocator;
  readonly tables: readonly PageTable[];
  /** Words of the state proper; counters lie behind. */
  readonly stateWords: number;
  /** Pages of an address space. */
  readonly pages: number;
  /** The leaf that was found last; where none was, pages from there on that have none for sure. */
  leafPage = 0;
  leafFrame = 0;
  leafOrder = 0;
  absentPages = 0;
  private readonly processes: number;
  private readonly held: number;
  private readonly memory: Int32Array;

  constructor(words: Int32Array, shape: MachineShape) {
    const layout = new AllocatorLayout(shape.memory);
    const tableGeometry = tableGeometryOf(shape);
    const tableWords = PageTable.wordsNeeded(tableGeometry);
    this.shape = shape;
    this.words = words;
    this.tables = Array.from({ length: shape.processes }, (_, process) =>
      PageTable.attach(new PlainPort(words.subarray(process * tableWords, (process + 1) * tableWords)), tableGeometry),
    );
    this.processes = shape.processes * tableWords;
    this.held = this.processes + shape.processes * PROCESS_WORDS;
    const base = this.held + layout.frames;
    this.memory = words.subarray(base);
    this.allocator = new ContiguityAllocator(this.memory, shape.memory);
    this.stateWords = base + layout.stateWords;
    this.pages = 2 ** (tableGeometry.levels * tableGeometry.indexBits);
  }

  static wordsNeeded(shape: MachineShape): number {
    const layout = new AllocatorLayout(shape.memory);
    const tables = shape.processes * PageTable.wordsNeeded(tableGeometryOf(shape));
    return tables + shape.processes * PROCESS_WORDS + layout.frames + layout.words;
  }

  initialise(): void {
    this.words.fill(0);
    for (const table of this.tables) table.initialise();
    this.allocator.initialise(this.memory);
  }

  isAlive(process: number): boolean {
    return this.words[this.processes + process * PROCESS_WORDS + ALIVE] === 1;
  }

  isAware(process: number): boolean {
    return this.words[this.processes + process * PROCESS_WORDS + AWARE] === 1;
  }

  /** The order of the kernel's block that begins at a frame, or NONE. */
  heldOrder(frame: number): number {
    return this.words[this.held + frame]! - 1;
  }

  /** Walks to the leaf that covers a page; `leafPage` to `leafOrder` then say what it is. @returns there is one */
  findLeaf(process: number, page: number): boolean {
    const { entries, root, layout } = this.tables[process]!;
    const entry = entries.find(root, page);
    const low = entries.low(entry);
    if (low === 0) {
      const span = layout.span(entries.level);
      this.absentPages = span - (page % span);
      return false;
    }
    this.leafOrder = entries.level === HUGE_LEVEL ? this.shape.memory.hugeOrder : 0;
    this.leafPage = page - (page % 2 ** this.leafOrder);
    this.leafFrame = leafFrame(entries.level, low, entries.high(entry));
    return true;
  }

  /** The first page at or behind this one that a leaf begins at, as {@link findLeaf}; −1 if there is none. */
  nextLeaf(process: number, page: number): number {
    for (let at = page; at < this.pages; at += this.absentPages) {
      if (this.findLeaf(process, at)) return this.leafPage;
    }
    return NONE;
  }

  /** The area's number among all areas of all processes. */
  areaOf(process: number, area: number): number {
    return process * this.shape.areasPerProcess + area;
  }

  /** What a caller may ask for in this state. */
  enabled(operation: MachineOperation): boolean {
    switch (operation.kind) {
      case "spawn":
        return !this.isAlive(operation.process);
      case "map":
        return this.hasRoom(operation.process, operation.area, operation.first, operation.end);
      case "enable":
        return this.isAlive(operation.process) && this.isAware(operation.process) !== operation.on;
      case "fault":
        return this.canFault(operation.process, operation.area, operation.page, operation.order);
      case "copy":
        return (
          this.holds(operation.process, operation.area, operation.page) &&
          this.findLeaf(operation.process, operation.page) &&
          this.leafOrder === 0 &&
          this.allocator.buddy.usersOf(this.leafFrame) > 1
        );
      case "unmap":
        return this.isAlive(operation.process) && this.findLeaf(operation.process, operation.page);
      case "fork":
        return this.isAlive(operation.parent) && !this.isAlive(operation.child);
      case "exit":
        return this.isAlive(operation.process);
      case "take":
        return true;
      case "give":
        return this.heldOrder(operation.frame) !== NONE;
    }
  }

  perform(operation: MachineOperation): MachineOutcome {
    try {
      return this.performUnguarded(operation);
    } catch (error) {
      if (error instanceof KernelAssertion) return { kind: "fatal", assertion: error.message };
      throw error;
    }
  }

  private performUnguarded(operation: MachineOperation): MachineOutcome {
    const { allocator } = this;
    switch (operation.kind) {
      case "spawn":
        this.setFlag(operation.process, ALIVE, true);
        return DONE;
      case "map":
        allocator.offsets.declare(this.areaOf(operation.process, operation.area), operation.first, operation.end);
        return DONE;
      case "enable":
        this.setFlag(operation.process, AWARE, operation.on);
        return DONE;
      case "fault":
        return this.fault(operation.process, operation.area, operation.page, operation.order);
      case "copy":
        return this.copy(operation.process, operation.area, operation.page);
      case "unmap":
        this.unmap(operation.process, operation.page);
        return DONE;
      case "fork":
        this.fork(operation.parent, operation.child);
        return DONE;
      case "exit":
        this.exit(operation.process);
        return DONE;
      case "take": {
        const frame = allocator.allocate(operation.order);
        if (frame !== NONE) this.words[this.held + frame] = 1 + operation.order;
        return this.outcomeOf(frame);
      }
      case "give": {
        const order = this.heldOrder(operation.frame);
        this.words[this.held + operation.frame] = 0;
        allocator.free(operation.frame, order);
        return DONE;
      }
    }
  }

  private fault(process: number, area: number, page: number, order: number): MachineOutcome {
    const frame = this.frameFor(process, area, page, order);
    if (frame !== NONE) this.mapLeaf(process, page, frame, this.allocator.order);
    return this.outcomeOf(frame);
  }

  private copy(process: number, area: number, page: number): MachineOutcome {
    const frame = this.frameFor(process, area, page, 0);
    if (frame !== NONE) {
      this.findLeaf(process, page);
      const shared = this.leafFrame;
      this.tables[process]!.unmap(page);
      this.mapLeaf(process, page, frame, 0);
      this.allocator.buddy.dismiss(shared, 1);
    }
    return this.outcomeOf(frame);
  }

  private frameFor(process: number, area: number, page: number, order: number): number {
    if (!this.isAware(process)) return this.allocator.firstTouch(order);
    return this.allocator.fault(this.areaOf(process, area), page, order);
  }

  private unmap(process: number, page: number): void {
    this.findLeaf(process, page);
    const { leafFrame: frame, leafOrder: order } = this;
    this.tables[process]!.unmap(page);
    if (this.allocator.buddy.dismiss(frame, 2 ** order)) this.allocator.buddy.free(frame, order);
  }

  private fork(parent: number, child: number): void {
    this.setFlag(child, ALIVE, true);
    this.setFlag(child, AWARE, this.isAware(parent));
    for (let area = 0; area < this.shape.areasPerProcess; area++) {
      this.allocator.offsets.duplicate(this.areaOf(parent, area), this.areaOf(child, area));
    }
    for (let page = this.nextLeaf(parent, 0); page !== NONE; page = this.nextLeaf(parent, page)) {
      const { leafFrame: frame, leafOrder: order } = this;
      this.mapLeaf(child, page, frame, order);
      this.allocator.buddy.use(frame, 2 ** order);
      page += 2 ** order;
    }
  }

  private exit(process: number): void {
    for (let page = this.nextLeaf(process, 0); page !== NONE; page = this.nextLeaf(process, page))
      this.unmap(process, page);
    for (let area = 0; area < this.shape.areasPerProcess; area++) {
      this.allocator.offsets.forget(this.areaOf(process, area));
    }
    this.setFlag(process, ALIVE, false);
    this.setFlag(process, AWARE, false);
  }

  private mapLeaf(process: number, page: number, frame: number, order: number): void {
    if (order === 0) this.tables[process]!.map(CPU, page, SMALL_LEVEL, frame, LEAF_FLAGS, 0);
    else this.tables[process]!.map(CPU, page, HUGE_LEVEL, frame, LEAF_FLAGS | LARGE, 0);
  }

  private outcomeOf(frame: number): MachineOutcome {
    const { order, way, isEndless } = this.allocator;
    return frame === NONE ? { kind: "none", endless: isEndless } : { kind: "frame", frame, order, way };
  }

  private setFlag(process: number, flag: number, on: boolean): void {
    this.words[this.processes + process * PROCESS_WORDS + flag] = on ? 1 : 0;
  }

  /** The page lies in the area. */
  private holds(process: number, area: number, page: number): boolean {
    if (!this.isAlive(process) || area >= this.shape.areasPerProcess) return false;
    const index = this.areaOf(process, area);
    return page >= this.allocator.offsets.first(index) && page < this.allocator.offsets.end(index);
  }

  private hasRoom(process: number, area: number, first: number, end: number): boolean {
    const { offsets } = this.allocator;
    if (!this.isAlive(process) || end <= first || end > this.pages) return false;
    if (offsets.end(this.areaOf(process, area)) > 0) return false;
    for (let other = 0; other < this.shape.areasPerProcess; other++) {
      const index = this.areaOf(process, other);
      if (first < offsets.end(index) && offsets.first(index) < end) return false;
    }
    return true;
  }

  private canFault(process: number, area: number, page: number, order: number): boolean {
    if (page % 2 ** order !== 0) return false;
    for (let each = page; each < page + 2 ** order; each++) {
      if (!this.holds(process, area, each) || this.findLeaf(process, each)) return false;
    }
    return true;
  }
}

const DONE: MachineOutcome = { kind: "done" };

const TABLES_MAX = 4096;

/** Tables of one process: at most as many table frames as a full address space needs, no data frames of their own. */
function tableGeometryOf({ levels, memory, tables }: MachineShape): Geometry {
  const indexBits = memory.hugeOrder;
  let tableFrames = 0;
  for (let level = 0; level < levels; level++) tableFrames += 2 ** (level * indexBits);
  return geometry({
    levels,
    indexBits,
    kernelRootEntries: 0,
    nodes: 1,
    cpusPerNode: 1,
    tableFrames: Math.min(tableFrames, tables ?? TABLES_MAX),
    dataFrames: 0,
    tlbSlots: 0,
    walkCacheSlots: 0,
    ranges: 1,
    processes: 1,
  });
}
