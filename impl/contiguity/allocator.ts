/**
 * Contiguity-aware allocation (1): faults and read-ahead that ask for the frame which continues what is mapped already.
 *
 * The whole state lies in the array that is given. Nothing is allocated after construction, apart from texts and lists
 * that a caller asks for.
 */
import type { AllocatorShape, Rule, Way } from "../../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import { AllocationCounters } from "./allocation-counters.js";
import { AllocatorLayout, NONE } from "./allocator-layout.js";
import { Buddy } from "./buddy.js";
import { FileOffsets } from "./file-offsets.js";
import { OffsetTable } from "./offset-table.js";
import { Placement } from "./placement.js";
import { Target } from "./target.js";

/** What the kernel computes as the frame of no page at all: a placement that found nothing (1.8). */
export const NULL_PAGE_FRAME = -1374389534720;
/** The retry that never ends is given up after so many attempts. */
const ATTEMPTS = 3;

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
  private readonly countsWithoutTarget: boolean;
  private readonly noTarget: number;

  /** @param words at least `new AllocatorLayout(shape).words` words @throws PagetwinError `STORAGE` if there are fewer */
  constructor(words: Int32Array, shape: AllocatorShape) {
    const layout = new AllocatorLayout(shape);
    if (words.length < layout.words) {
      throw new PagetwinError("STORAGE", `${words.length} words: expected at least ${layout.words}`);
    }
    const quirks = new Set<Rule>([...shape.quirks, ...(shape.dropped ?? [])]);
    this.layout = layout;
    this.buddy = new Buddy(words, layout, quirks);
    this.counters = new AllocationCounters(words, layout);
    this.offsets = new OffsetTable(words, layout, quirks);
    this.placement = new Placement(this.buddy, this.counters, quirks);
    this.target = new Target(this.buddy, this.placement, this.counters, quirks);
    this.files = new FileOffsets(words, this.buddy, this.counters, quirks);
    this.retriesForEver = quirks.has("endless-retry");
    this.recordsNull = quirks.has("offset-zero");
    this.placesFaultedPage = quirks.has("offset-of-area");
    this.losesPlacing = quirks.has("placing-returns");
    this.countsWithoutTarget = quirks.has("attempt-has-target");
    this.noTarget = quirks.has("frame-zero") ? 0 : NONE;
  }

  /** Zeroes the array and boots the machine. */
  initialise(words: Int32Array): void {
    words.fill(0, 0, this.layout.words);
    this.buddy.initialise();
  }

  /** An ordinary allocation, Normal first; its first frame gets a user. @returns the first frame or NONE */
  allocate(order: number): number {
    this.order = order;
    this.isEndless = false;
    const frame = this.allocateAt(this.noTarget, order, 0);
    if (frame !== NONE) this.buddy.use(frame, 1);
    return frame;
  }

  free(frame: number, order: number): void {
    this.buddy.unuse(frame, 2 ** order);
    this.buddy.free(frame, order);
  }

  /** First touch of a page, of 2^order frames; all of them get a user. @returns the first frame or NONE */
  fault(area: number, page: number, order: number): number {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const frame = this.tryFault(area, page, order);
      if (frame !== NONE) return this.taken(frame, order);
      if (!this.retriesForEver) break;
    }
    this.isEndless = this.retriesForEver;
    // A huge fault without a huge block becomes a small one (A14).
    return this.retriesForEver || order === 0 ? NONE : this.fault(area, page, 0);
  }

  /** The same without contiguity: whatever block comes first. */
  firstTouch(order: number): number {
    const frame = this.allocateAt(this.noTarget, order, 0);
    if (frame !== NONE) return this.taken(frame, order);
    this.isEndless = false;
    return order === 0 ? NONE : this.firstTouch(0);
  }

  private taken(frame: number, order: number): number {
    this.isEndless = false;
    this.order = order;
    this.buddy.use(frame, 2 ** order);
    return frame;
  }

  /** Reads one page of a file ahead. @returns its frame or NONE */
  readAhead(file: number, page: number): number {
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
      frame = this.allocateAt(aim, order, pages - page);
      // A14 for files: without a huge block the page is read into a small one.
      if (frame === NONE && order > 0 && !this.retriesForEver) frame = this.allocateAt(aim, 0, 0);
      else if (frame !== NONE) this.buddy.reserveRest(layout.zoneOf(frame), frame, 0, order, file);
      if (frame === NONE) return NONE;
    }
    this.buddy.use(frame, 1);
    if (frame !== target) files.setOffset(file, page - frame);
    return frame;
  }

  private tryFault(area: number, page: number, order: number): number {
    const { offsets, layout } = this;
    offsets.find(area, page);
    let { found, offset, remaining } = offsets;
    const mayPlace = offsets.beginPlacing(area);
    if (!mayPlace) remaining = 0;
    else if (!found) {
      const first = offsets.first(area);
      const place = this.placement.place(layout.normal, offsets.end(area) - first);
      found = place !== NONE || this.recordsNull;
      offset = (this.placesFaultedPage ? page : first) - (place === NONE ? NULL_PAGE_FRAME : place);
      if (found) offsets.insert(area, page, offset);
    }
    const target = page - offset;
    const aim = (found || this.recordsNull) && layout.isFrame(target) ? target : this.noTarget;
    const frame = this.allocateAt(aim, order, remaining);
    if (mayPlace && frame !== NONE && frame !== aim && order === layout.shape.hugeOrder) {
      offsets.insert(area, page, page - frame);
    }
    if (frame !== NONE || !this.losesPlacing) offsets.endPlacing(area);
    return frame;
  }

  /** Tries the target in each zone that has a block, then that zone's lists. @returns the first frame or NONE */
  private allocateAt(target: number, order: number, pages: number): number {
    if (this.countsWithoutTarget && target === this.noTarget) this.counters.attempt();
    for (const zone of this.layout.zoneOrder) {
      if (!this.buddy.hasBlock(zone, order)) continue;
      if (target !== this.noTarget) {
        const frame = this.target.take(zone, target, order, pages);
        if (frame !== NONE) {
          this.way = frame === target ? "target" : "placement-or-realigned";
          return frame;
        }
      }
      const frame = this.buddy.allocate(zone, order);
      if (frame !== NONE) {
        this.way = target !== this.noTarget && frame === target ? "target" : "fallback";
        return frame;
      }
    }
    return NONE;
  }
}
