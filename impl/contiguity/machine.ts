/**
 * Processes on contiguity-aware paging: faults map what the allocator gives into page tables, which are walked to find it
 * again.
 *
 *   │ per process: page table │ processes │ page cache │ kernel's blocks │ allocator, its counters last │
 *
 * The kernel's blocks: one word per frame, 1 + order where a block begins that the kernel took for itself. Several threads
 * may fault and copy at the same time, each with a machine of its own over the same words (faults.ts, locks.ts); the public
 * fields that tell of a leaf are scratch.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineOutcome, MachineShape } from "../../vocabulary/contiguity/machine.js";
import { type Geometry, geometry } from "../../vocabulary/geometry.js";
import { type MemoryPort, PlainPort } from "../memory-port.js";
import { isInstalled, LARGE, LOW_FLAGS, leafFrame, PRESENT, USER, WRITABLE } from "../page-table/entry.js";
import { ENTRY_WORDS } from "../page-table/layout.js";
import { PageTable } from "../page-table/page-table.js";
import { PAGE_TABLE_RULES } from "../page-table/rules.js";
import { ContiguityAllocator } from "./allocator.js";
import { AllocatorLayout, NONE } from "./allocator-layout.js";
import { KernelAssertion } from "./contiguity-map.js";
import { CPU, Faults, HUGE_LEVEL } from "./faults.js";
import { MachineGuards } from "./machine-guards.js";
import { PageCache } from "./page-cache.js";
import { Processes } from "./processes.js";

const LEAF_FLAGS = PRESENT | WRITABLE | USER;
const SMALL_LEVEL = 1;

export class ContiguityMachine {
  readonly shape: MachineShape;
  readonly memory: MemoryPort;
  readonly allocator: ContiguityAllocator;
  readonly tables: readonly PageTable[];
  readonly processes: Processes;
  readonly cache: PageCache;
  /** Words of the state proper; counters lie behind. */
  readonly stateWords: number;
  /** Pages of an address space. */
  readonly pages: number;
  /** The leaf that was found last; where none was, pages from there on that have none for sure. */
  leafPage = 0;
  leafFrame = 0;
  leafOrder = 0;
  /** Bits 0 to 11 of the leaf's entry. */
  leafFlags = 0;
  absentPages = 0;
  private readonly guards: MachineGuards;
  private readonly faults: Faults;
  private readonly behindTables: number;
  private readonly held: number;

  /** @param memory the way to the words: a plain one unless given */
  constructor(words: Int32Array, shape: MachineShape, memory: MemoryPort = new PlainPort(words)) {
    const { stride, geometry, processes, cache, held, allocator } = partsOf(shape);
    this.shape = shape;
    this.memory = memory;
    this.tables = Array.from({ length: shape.processes }, (_, process) =>
      PageTable.attach(memory, geometry, PAGE_TABLE_RULES, process * stride),
    );
    const rules = new Set<Rule>(shape.memory.dropped);
    this.behindTables = processes;
    this.held = held;
    this.allocator = new ContiguityAllocator(words, shape.memory, allocator, memory, this);
    this.processes = new Processes(memory, processes, shape, rules);
    this.cache = new PageCache(memory, cache, shape, this.allocator);
    this.guards = new MachineGuards(this);
    this.faults = new Faults(this, rules);
    this.stateWords = this.allocator.layout.counters;
    this.pages = 2 ** (geometry.levels * geometry.indexBits);
  }

  static wordsNeeded(shape: MachineShape): number {
    const { state, counters } = ContiguityMachine.sizesOf(shape);
    return state + counters;
  }

  /** Words of the state proper, and of the counters behind it. */
  static sizesOf(shape: MachineShape): { readonly state: number; readonly counters: number } {
    const { counters, end } = new AllocatorLayout(shape.memory, partsOf(shape).allocator);
    return { state: counters, counters: end - counters };
  }

  initialise(): void {
    for (const table of this.tables) table.initialise();
    for (let word = this.behindTables; word < this.allocator.layout.base; word++)
      this.memory.store("initialise", word, 0);
    this.allocator.initialise();
  }

  isAlive(process: number): boolean {
    return this.processes.isAlive(process);
  }

  isAware(process: number): boolean {
    return this.processes.isAware(process);
  }

  /** The order of the kernel's block that begins at a frame, or NONE. */
  heldOrder(frame: number): number {
    return this.memory.load("held.order", this.held + frame) - 1;
  }

  /** Walks to the leaf that covers a page; `leafPage` to `leafOrder` then say what it is. @returns there is one */
  findLeaf(process: number, page: number): boolean {
    const { entries, root, layout } = this.tables[process]!;
    const entry = entries.find(root, page);
    const low = entries.low(entry);
    if (!isInstalled(low)) {
      const span = layout.span(entries.level);
      this.absentPages = span - (page % span);
      return false;
    }
    this.leafOrder = entries.level === HUGE_LEVEL ? this.shape.memory.hugeOrder : 0;
    this.leafPage = page - (page % 2 ** this.leafOrder);
    this.leafFrame = leafFrame(entries.level, low, entries.high(entry));
    this.leafFlags = low & LOW_FLAGS;
    return true;
  }

  /** Sets and clears flags of the leaf that covers a page, as hardware and kernel do with accessed and dirty. */
  markLeaf(process: number, page: number, set: number, clear: number): void {
    const { entries, root } = this.tables[process]!;
    const entry = entries.find(root, page);
    this.memory.or("leaf.set", entry, set);
    this.memory.and("leaf.clear", entry, ~clear);
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

  /** Pages of all areas of a process, mapped or not. */
  sizeOf(process: number): number {
    const { offsets } = this.allocator;
    let pages = 0;
    for (let area = 0; area < this.shape.areasPerProcess; area++) {
      const index = this.areaOf(process, area);
      pages += offsets.end(index) - offsets.first(index);
    }
    return pages;
  }

  /** What a caller may ask for in this state. */
  enabled(operation: MachineOperation): boolean {
    return this.guards.enabled(operation);
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
        this.processes.spawn(operation.process);
        return DONE;
      case "map": {
        const area = this.areaOf(operation.process, operation.area);
        allocator.offsets.declare(area, operation.first, operation.end);
        this.cache.setFileOf(area, operation.file ?? NONE);
        return DONE;
      }
      case "enable":
        this.processes.enable(operation.process, operation.on);
        return DONE;
      case "call":
        this.processes.call(operation.process, operation.option, operation.list);
        return DONE;
      case "move":
        this.processes.move(operation.process, operation.node);
        return DONE;
      case "exec":
        this.empty(operation.process);
        this.processes.exec(operation.process, operation.name);
        return DONE;
      case "create":
        allocator.files.declare(operation.file, operation.pages);
        return DONE;
      case "read":
        return this.outcomeOf(
          this.faults.read(operation.process, operation.file, operation.page, this.nodeOf(operation)),
        );
      case "evict":
        this.cache.evict(operation.file, operation.page);
        return DONE;
      case "delete":
        this.cache.delete(operation.file);
        return DONE;
      case "fault":
        return this.faults.fault(
          operation.process,
          operation.area,
          operation.page,
          operation.order,
          this.nodeOf(operation),
        );
      case "copy":
        return this.faults.copy(operation.process, operation.area, operation.page, this.nodeOf(operation));
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
        const frame = allocator.allocate(operation.order, operation.node);
        if (frame !== NONE) this.setHeldOrder(frame, operation.order);
        return this.outcomeOf(frame);
      }
      case "give": {
        const order = this.heldOrder(operation.frame);
        this.setHeldOrder(operation.frame, NONE);
        allocator.free(operation.frame, order);
        return DONE;
      }
    }
  }

  /** Where the thread's CPU is: where its process runs, unless said. */
  private nodeOf({ process, node }: { readonly process: number; readonly node?: number }): number {
    return node ?? this.processes.node(process);
  }

  private unmap(process: number, page: number): void {
    this.findLeaf(process, page);
    const { leafFrame: frame, leafOrder: order } = this;
    this.tables[process]!.unmap(page);
    this.allocator.dismiss(frame, order);
  }

  private fork(parent: number, child: number): void {
    this.processes.fork(parent, child);
    for (let area = 0; area < this.shape.areasPerProcess; area++) {
      this.allocator.offsets.duplicate(this.areaOf(parent, area), this.areaOf(child, area));
      this.cache.setFileOf(this.areaOf(child, area), this.cache.fileOf(this.areaOf(parent, area)));
    }
    for (let page = this.nextLeaf(parent, 0); page !== NONE; page = this.nextLeaf(parent, page)) {
      const { leafFrame: frame, leafOrder: order } = this;
      this.mapLeaf(child, page, frame, order);
      this.allocator.share(frame, order);
      page += 2 ** order;
    }
  }

  private exit(process: number): void {
    this.empty(process);
    this.processes.exit(process);
  }

  /** All leaves and areas of a process go. */
  private empty(process: number): void {
    for (let page = this.nextLeaf(process, 0); page !== NONE; page = this.nextLeaf(process, page))
      this.unmap(process, page);
    for (let area = 0; area < this.shape.areasPerProcess; area++) {
      this.allocator.offsets.forget(this.areaOf(process, area));
      this.cache.setFileOf(this.areaOf(process, area), NONE);
    }
  }

  /** @param order NONE when the kernel gives the block back */
  private setHeldOrder(frame: number, order: number): void {
    this.memory.store("held.setOrder", this.held + frame, order + 1);
  }

  mapLeaf(process: number, page: number, frame: number, order: number): void {
    if (order === 0) this.tables[process]!.map(CPU, page, SMALL_LEVEL, frame, LEAF_FLAGS, 0);
    else this.tables[process]!.map(CPU, page, HUGE_LEVEL, frame, LEAF_FLAGS | LARGE, 0);
  }

  outcomeOf(frame: number): MachineOutcome {
    const { order, way, isEndless } = this.allocator;
    return frame === NONE ? { kind: "none", endless: isEndless } : { kind: "frame", frame, order, way };
  }
}

const DONE: MachineOutcome = { kind: "done" };

const TABLES_MAX = 4096;

/** The first words of the parts, tables at multiples of a table's own size. */
function partsOf(shape: MachineShape): {
  readonly geometry: Geometry;
  readonly stride: number;
  readonly processes: number;
  readonly cache: number;
  readonly held: number;
  readonly allocator: number;
} {
  const geometry = tableGeometryOf(shape);
  const tableWords = ENTRY_WORDS * 2 ** geometry.indexBits;
  const stride = Math.ceil(PageTable.wordsNeeded(geometry) / tableWords) * tableWords;
  const processes = shape.processes * stride;
  const cache = processes + Processes.wordsNeeded(shape);
  const held = cache + PageCache.wordsNeeded(shape);
  return { geometry, stride, processes, cache, held, allocator: held + new AllocatorLayout(shape.memory).frames };
}

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
