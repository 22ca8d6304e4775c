/**
 * Contiguity-aware allocation (1): faults and read-ahead that ask for the frame which continues what is mapped already.
 *
 * The whole state lies in the array that is given. Nothing is allocated after construction, apart from texts and lists
 * that a caller asks for. Several threads may fault at the same time, each with an allocator of its own over the same words
 * (locks.ts); the fields of this object are scratch of one operation.
 */
import type { AllocatorShape, Rule, Way } from "../../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { type MemoryPort, PlainPort } from "../memory-port.js";
import { AllocationCounters } from "./allocation-counters.js";
import { AllocatorLayout, NONE } from "./allocator-layout.js";
import { Buddy } from "./buddy.js";
import { FileOffsets } from "./file-offsets.js";
import { OffsetTable } from "./offset-table.js";
import { Placement } from "./placement.js";
import { Target } from "./target.js";
import { type AddressSpaceSizes, ZoneWalk } from "./zone-walk.js";

/** What the kernel computes as the frame of no page at all: a placement that found nothing (1.8). */
export const NULL_PAGE_FRAME = -1374389534720;
/** The retry that never ends is given up after so many attempts. */
const ATTEMPTS = 3;

const NOBODY: AddressSpaceSizes = { sizeOf: () => 0 };

export class ContiguityAllocator {
  readonly layout: AllocatorLayout;
  readonly buddy: Buddy;
  readonly counters: AllocationCounters;
  readonly offsets: OffsetTable;
  readonly placement: Placement;
  readonly target: Target;
  readonly files: FileOffsets;
  /** Of the last allocation: how its frame was come by, its order, and that its caller would ask again for ever. */
  way: Way = "fallback";
  order = 0;
  isEndless = false;
  private readonly retriesForEver: boolean;
  private readonly recordsNull: boolean;
  private readonly placesFaultedPage: boolean;
  private readonly losesPlacing: boolean;
  private readonly looksFirst: boolean;
  private readonly placesUnlocked: boolean;
  private readonly placesOnFirst: boolean;
  private readonly noTarget: number;
  private readonly memory: MemoryPort;
  private readonly zones: ZoneWalk;

  /**
   * @param words at least `new AllocatorLayout(shape, base).end` words
   * @param base the first word of the array that the allocator may use
   * @param memory the way to the words: a plain one unless given
   * @param spaces how large the address spaces are of the processes that fault
   * @throws PagetwinError `STORAGE` if there are fewer
   */
  constructor(
    words: Int32Array,
    shape: AllocatorShape,
    base = 0,
    memory: MemoryPort = new PlainPort(words),
    spaces: AddressSpaceSizes = NOBODY,
  ) {
    const layout = new AllocatorLayout(shape, base);
    if (words.length < layout.end) {
      throw new PagetwinError("STORAGE", `${words.length} words: expected at least ${layout.end}`);
    }
    this.memory = memory;
    const quirks = new Set<Rule>([...shape.quirks, ...(shape.dropped ?? [])]);
    this.layout = layout;
    this.buddy = new Buddy(memory, layout, quirks);
    this.counters = new AllocationCounters(memory, layout);
    this.offsets = new OffsetTable(memory, layout, quirks);
    this.placement = new Placement(this.buddy, this.counters, quirks);
    this.target = new Target(this.buddy, this.placement, this.counters, quirks);
    this.files = new FileOffsets(memory, this.buddy, this.counters, quirks);
    this.retriesForEver = quirks.has("endless-retry");
    this.recordsNull = quirks.has("offset-zero");
    this.placesFaultedPage = quirks.has("offset-of-area");
    this.losesPlacing = quirks.has("placing-returns");
    this.looksFirst = quirks.has("look-behind-guard");
    this.placesUnlocked = quirks.has("unlocked-placement");
    this.placesOnFirst = quirks.has("placed-on-own-node");
    this.noTarget = quirks.has("frame-zero") ? 0 : NONE;
    this.zones = new ZoneWalk(this.buddy, this.target, this.counters, spaces, this.noTarget, quirks);
  }

  /** Zeroes the words and boots the machine. */
  initialise(): void {
    for (let word = this.layout.base; word < this.layout.end; word++) this.memory.store("initialise", word, 0);
    this.buddy.initialise();
  }

  /** An ordinary allocation on a node, its own zones first; the first frame gets a user. @returns the first frame or NONE */
  allocate(order: number, node = 0): number {
    this.order = order;
    this.isEndless = false;
    return this.allocateAt(node, NONE, this.noTarget, order, 0, 1);
  }

  /** Gives a block back, whoever uses it. */
  free(frame: number, order: number): void {
    const zone = this.layout.zoneOf(frame);
    this.buddy.lock(zone);
    this.buddy.unuse(frame, 2 ** order);
    this.buddy.free(frame, order);
    this.buddy.unlock(zone);
  }

  /** The frames of a block get one user more. */
  share(frame: number, order: number): void {
    const zone = this.layout.zoneOf(frame);
    this.buddy.lock(zone);
    this.buddy.use(frame, 2 ** order);
    this.buddy.unlock(zone);
  }

  /** The frames of a block lose a user; the block is free when it was the last one. */
  dismiss(frame: number, order: number): void {
    const zone = this.layout.zoneOf(frame);
    this.buddy.lock(zone);
    if (this.buddy.dismiss(frame, 2 ** order)) this.buddy.free(frame, order);
    this.buddy.unlock(zone);
  }

  /**
   * First touch of a page, of 2^order frames; all of them get a user.
   * @param node where the CPU is that faults
   * @param process whose address space it is, NONE for nobody's
   * @returns the first frame or NONE
   */
  fault(area: number, page: number, order: number, node = 0, process = NONE): number {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const frame = this.tryFault(area, page, order, node, process);
      if (frame !== NONE) return this.taken(frame, order);
      if (!this.retriesForEver) break;
    }
    this.isEndless = this.retriesForEver;
    // A huge fault without a huge block becomes a small one (A14).
    return this.retriesForEver || order === 0 ? NONE : this.fault(area, page, 0, node, process);
  }

  /** The same without contiguity: whatever block comes first. */
  firstTouch(order: number, node = 0): number {
    const frame = this.allocateAt(node, NONE, this.noTarget, order, 0, 2 ** order);
    if (frame !== NONE) return this.taken(frame, order);
    this.isEndless = false;
    return order === 0 ? NONE : this.firstTouch(0, node);
  }

  private taken(frame: number, order: number): number {
    this.isEndless = false;
    this.order = order;
    return frame;
  }

  /** Reads one page of a file ahead, for a process on a node. @returns its frame or NONE */
  readAhead(file: number, page: number, node = 0, process = NONE): number {
    const { files, layout } = this;
    const pages = files.pages(file);
    const unit = 2 ** layout.shape.hugeOrder;
    const order = pages >= unit && page % unit === 0 ? layout.shape.hugeOrder : 0;
    const target = page - files.offset(file);
    this.isEndless = false;
    this.order = 0;
    this.way = "reserved";
    let frame = files.takeReserved(target);
    if (frame === NONE) {
      const aim = layout.isFrame(target) || this.noTarget === 0 ? target : NONE;
      frame = this.allocateAt(node, process, aim, order, pages - page, 1);
      // A14 for files: without a huge block the page is read into a small one.
      if (frame === NONE && order > 0 && !this.retriesForEver) {
        frame = this.allocateAt(node, process, aim, 0, 0, 1);
      } else if (frame !== NONE) this.reserveRest(file, frame, order);
      if (frame === NONE) return NONE;
    }
    if (frame !== target) files.setOffset(file, page - frame);
    return frame;
  }

  private reserveRest(file: number, frame: number, order: number): void {
    const zone = this.layout.zoneOf(frame);
    this.buddy.lock(zone);
    this.buddy.reserveRest(zone, frame, 0, order, file);
    this.buddy.unlock(zone);
  }

  private tryFault(area: number, page: number, order: number, node: number, process: number): number {
    const { offsets, layout } = this;
    // What was found before the guard may be old: whoever placed meanwhile has left, and the area would be placed again.
    if (this.looksFirst) offsets.find(area, page);
    const mayPlace = offsets.beginPlacing(area);
    if (!this.looksFirst) offsets.find(area, page);
    let { found, offset, remaining } = offsets;
    if (!mayPlace) remaining = 0;
    else if (!found) {
      const first = offsets.first(area);
      const place = this.place(node, offsets.end(area) - first);
      found = place !== NONE || this.recordsNull;
      offset = (this.placesFaultedPage ? page : first) - (place === NONE ? NULL_PAGE_FRAME : place);
      if (found) offsets.insert(area, page, offset);
    }
    const target = page - offset;
    const aim = (found || this.recordsNull) && layout.isFrame(target) ? target : this.noTarget;
    const frame = this.allocateAt(node, process, aim, order, remaining, 2 ** order);
    if (mayPlace && frame !== NONE && frame !== aim && order === layout.shape.hugeOrder) {
      offsets.insert(area, page, page - frame);
    }
    if (frame !== NONE || !this.losesPlacing) offsets.endPlacing(area);
    return frame;
  }

  /** A place for so many pages in the node's Normal zone. @returns its first frame or NONE */
  private place(node: number, pages: number): number {
    const { buddy, placement } = this;
    const normal = this.layout.normalZone(this.placesOnFirst ? 0 : node);
    if (this.placesUnlocked) return placement.place(normal, pages);
    buddy.lock(normal);
    try {
      return placement.place(normal, pages);
    } finally {
      buddy.unlock(normal);
    }
  }

  private allocateAt(
    node: number,
    process: number,
    target: number,
    order: number,
    pages: number,
    used: number,
  ): number {
    const frame = this.zones.allocate(node, process, target, order, pages, used);
    this.way = this.zones.way;
    return frame;
  }
}
