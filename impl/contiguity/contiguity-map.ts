/**
 * The contiguity map: per zone the maximal runs of free top blocks, ascending, and the rover of next fit (2).
 *
 * Each free top block names its range, so the range of a block is found at once. A block that becomes free extends a
 * neighbour or joins two; one that leaves shortens its range or cuts it in two.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import { type AllocatorLayout, FREE, NONE } from "./allocator-layout.js";
import type { BlockLists } from "./block-lists.js";

/** Thrown where the authors' kernel stops at an assertion of its own. */
export class KernelAssertion extends Error {}

export class ContiguityMap {
  readonly layout: AllocatorLayout;
  private readonly memory: MemoryPort;
  private readonly lists: BlockLists;
  private readonly forgetsFrameZero: boolean;
  private readonly startsWithPhantom: boolean;
  private readonly joinsOne: boolean;
  private readonly leavesNames: boolean;
  private readonly topState: number;

  constructor(memory: MemoryPort, layout: AllocatorLayout, lists: BlockLists, quirks: ReadonlySet<Rule>) {
    this.memory = memory;
    this.layout = layout;
    this.lists = lists;
    this.forgetsFrameZero = quirks.has("frame-zero");
    this.startsWithPhantom = quirks.has("phantom-range");
    this.joinsOne = quirks.has("three-way-merge");
    this.leavesNames = quirks.has("blocks-name-range");
    this.topState = FREE | layout.shape.topOrder;
  }

  first(range: number): number {
    return this.memory.load("zone.rangeFirst", this.layout.rangeFirst + range);
  }

  size(range: number): number {
    return this.memory.load("zone.rangeSize", this.layout.rangeSize + range);
  }

  next(range: number): number {
    return this.memory.load("zone.rangeNext", this.layout.rangeNext + range);
  }

  previous(range: number): number {
    return this.memory.load("zone.rangePrevious", this.layout.rangePrevious + range);
  }

  isEmpty(zone: number): boolean {
    return this.next(this.layout.mapHead(zone)) === this.layout.mapHead(zone);
  }

  rover(zone: number): number {
    return this.memory.load("zone.rover", this.layout.rover(zone));
  }

  setRover(zone: number, frame: number): void {
    this.memory.store("zone.setRover", this.layout.rover(zone), frame);
  }

  /** The range that a free top block belongs to, or NONE. */
  rangeOf(frame: number): number {
    return this.memory.load("zone.rangeOf", this.layout.rangeOf + frame);
  }

  setRangeOf(block: number, range: number): void {
    this.memory.store("zone.setRangeOf", this.layout.rangeOf + block, range);
  }

  /** The map of a zone as [first frame, frames]. */
  ranges(zone: number): [number, number][] {
    const head = this.layout.mapHead(zone);
    const found: [number, number][] = [];
    for (let range = this.next(head); range !== head; range = this.next(range)) {
      found.push([this.first(range), this.size(range)]);
    }
    return found;
  }

  /** No ranges, no rovers, all records unused. */
  initialise(): void {
    const { layout } = this;
    for (let range = 0; range < layout.ranges; range++) this.setNext(range, range + 1);
    this.setNext(layout.ranges - 1, NONE);
    this.setSpare(0);
    for (let frame = 0; frame < layout.frames; frame++) this.setRangeOf(frame, NONE);
    for (let zone = 0; zone < layout.shape.zones.length; zone++) {
      this.setNext(layout.mapHead(zone), layout.mapHead(zone));
      this.setPrevious(layout.mapHead(zone), layout.mapHead(zone));
      this.setRover(zone, NONE);
    }
  }

  /** Builds the map of a zone from its sorted list of top blocks, as after boot. */
  build(zone: number): void {
    const { layout, lists } = this;
    const list = layout.freeList(zone, layout.shape.topOrder);
    let first = this.forgetsFrameZero ? 0 : NONE;
    const nothing = first;
    let size = layout.topPages;
    for (let block = lists.next(list); block !== list; block = lists.next(block)) {
      if (first === nothing) first = block;
      else if (block === first + size) size += layout.topPages;
      else {
        this.append(zone, first, size);
        first = block;
        size = layout.topPages;
      }
    }
    if (!lists.isEmpty(list)) this.append(zone, first, size);
    else if (this.startsWithPhantom) this.append(zone, 0, layout.topPages);
    else return;
    this.setRover(zone, this.first(this.next(layout.mapHead(zone))));
  }

  /** A top block has become free; it is on its list already. */
  add(block: number, zone: number): void {
    const { layout } = this;
    const before = block - layout.topPages;
    const behind = block + layout.topPages;
    if (this.isFreeTop(before, zone)) this.extendUp(block, this.rangeOf(before), behind, zone);
    else if (this.isFreeTop(behind, zone)) {
      const range = this.rangeOf(behind);
      if (this.rover(zone) === behind) this.setRover(zone, block);
      if (range === NONE) return;
      this.setSize(range, this.size(range) + layout.topPages);
      this.setFirst(range, block);
      this.setRangeOf(block, range);
    } else {
      const range = this.takeRecord(block, layout.topPages);
      this.setRangeOf(block, range);
      const rover = this.rover(zone);
      if (rover === NONE || (this.forgetsFrameZero && rover === 0)) this.setRover(zone, block);
      this.insertSorted(range, zone);
    }
  }

  /**
   * A free top block leaves, while it is still on its list.
   * @param zone the zone on whose account; with the zone test off it may be another one than the block's
   * @param movesRover a rover that stands there goes on to the next block of the list
   */
  remove(block: number, zone: number, movesRover: boolean): void {
    const { layout } = this;
    const range = this.rangeOf(block);
    if (range === NONE) throw new KernelAssertion("a free top block without a range");
    if (movesRover && this.rover(zone) === block) this.setRover(zone, this.blockAfter(block));
    const first = this.first(range);
    const size = this.size(range);
    if (size === layout.topPages) this.release(range);
    else if (first === block) {
      this.setFirst(range, block + layout.topPages);
      this.setSize(range, size - layout.topPages);
    } else {
      this.setSize(range, block - first);
      const behind = block + layout.topPages;
      if (behind < first + size) {
        const rest = this.takeRecord(behind, first + size - behind);
        this.insertSorted(rest, zone);
        if (!this.leavesNames) this.pointBlocksAt(rest);
      }
    }
    this.setRangeOf(block, NONE);
  }

  /** The block after this one on its list, the first one after the last, NONE if it is alone. */
  private blockAfter(block: number): number {
    const { layout, lists } = this;
    let next = lists.next(block);
    if (!layout.isFrame(next)) next = lists.next(next);
    return next === block ? NONE : next;
  }

  private extendUp(block: number, range: number, behind: number, zone: number): void {
    const { layout } = this;
    if (range === NONE) return;
    this.setSize(range, this.size(range) + layout.topPages);
    this.setRangeOf(block, range);
    if (this.joinsOne || !this.isFreeTop(behind, zone)) return;
    const swallowed = this.rangeOf(behind);
    if (swallowed === NONE) return;
    this.setSize(range, this.size(range) + this.size(swallowed));
    for (let at = 0; at < this.size(swallowed); at += layout.topPages) this.setRangeOf(behind + at, range);
    this.release(swallowed);
    if (this.rover(zone) === behind) this.setRover(zone, block);
  }

  private isFreeTop(frame: number, zone: number): boolean {
    const { layout } = this;
    if (!layout.isFrame(frame) || layout.zoneOf(frame) !== zone) return false;
    return this.memory.load("zone.state", layout.state + frame) === this.topState;
  }

  private append(zone: number, first: number, size: number): void {
    const range = this.takeRecord(first, size);
    this.link(range, this.previous(this.layout.mapHead(zone)));
    this.pointBlocksAt(range);
  }

  private pointBlocksAt(range: number): void {
    const first = this.first(range);
    for (let at = 0; at < this.size(range); at += this.layout.topPages) this.setRangeOf(first + at, range);
  }

  private insertSorted(range: number, zone: number): void {
    const head = this.layout.mapHead(zone);
    let place = this.previous(head);
    while (place !== head && this.first(place) > this.first(range)) place = this.previous(place);
    // Only a range that does not exist can begin where a new one does; the authors then lose the new one.
    if (place === head || this.first(place) !== this.first(range)) this.link(range, place);
  }

  private link(range: number, place: number): void {
    const next = this.next(place);
    this.setNext(place, range);
    this.setPrevious(range, place);
    this.setNext(range, next);
    this.setPrevious(next, range);
  }

  private takeRecord(first: number, size: number): number {
    const range = this.memory.load("zone.spare", this.layout.spareRange);
    if (range === NONE) throw new KernelAssertion("no record for a range is left");
    this.setSpare(this.next(range));
    this.setPrevious(range, range);
    this.setNext(range, range);
    this.setFirst(range, first);
    this.setSize(range, size);
    return range;
  }

  private release(range: number): void {
    this.setNext(this.previous(range), this.next(range));
    this.setPrevious(this.next(range), this.previous(range));
    this.setFirst(range, 0);
    this.setSize(range, 0);
    this.setPrevious(range, 0);
    this.setNext(range, this.memory.load("zone.spare", this.layout.spareRange));
    this.setSpare(range);
  }

  private setNext(range: number, next: number): void {
    this.memory.store("zone.setRangeNext", this.layout.rangeNext + range, next);
  }

  private setPrevious(range: number, previous: number): void {
    this.memory.store("zone.setRangePrevious", this.layout.rangePrevious + range, previous);
  }

  private setSpare(range: number): void {
    this.memory.store("zone.setSpare", this.layout.spareRange, range);
  }

  private setFirst(range: number, frame: number): void {
    this.memory.store("zone.setRangeFirst", this.layout.rangeFirst + range, frame);
  }

  private setSize(range: number, frames: number): void {
    this.memory.store("zone.setRangeSize", this.layout.rangeSize + range, frames);
  }
}
