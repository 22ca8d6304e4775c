/**
 * The contiguity map: per zone the maximal runs of free top blocks, ascending, and the rover of next fit (2).
 *
 * Each free top block names its range, so the range of a block is found at once. A block that becomes free extends a
 * neighbour or joins two; one that leaves shortens its range or cuts it in two.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import { type AllocatorLayout, FREE, NONE } from "./allocator-layout.js";
import type { BlockLists } from "./block-lists.js";

/** Thrown where the authors' kernel stops at an assertion of its own. */
export class KernelAssertion extends Error {}

export class ContiguityMap {
  readonly words: Int32Array;
  readonly layout: AllocatorLayout;
  private readonly lists: BlockLists;
  private readonly forgetsFrameZero: boolean;
  private readonly startsWithPhantom: boolean;
  private readonly joinsOne: boolean;
  private readonly leavesNames: boolean;
  private readonly topState: number;

  constructor(words: Int32Array, layout: AllocatorLayout, lists: BlockLists, quirks: ReadonlySet<Rule>) {
    this.words = words;
    this.layout = layout;
    this.lists = lists;
    this.forgetsFrameZero = quirks.has("frame-zero");
    this.startsWithPhantom = quirks.has("phantom-range");
    this.joinsOne = quirks.has("three-way-merge");
    this.leavesNames = quirks.has("blocks-name-range");
    this.topState = FREE | layout.shape.topOrder;
  }

  first(range: number): number {
    return this.words[this.layout.rangeFirst + range]!;
  }

  size(range: number): number {
    return this.words[this.layout.rangeSize + range]!;
  }

  next(range: number): number {
    return this.words[this.layout.rangeNext + range]!;
  }

  previous(range: number): number {
    return this.words[this.layout.rangePrevious + range]!;
  }

  isEmpty(zone: number): boolean {
    return this.next(this.layout.mapHead(zone)) === this.layout.mapHead(zone);
  }

  rover(zone: number): number {
    return this.words[this.layout.rover(zone)]!;
  }

  setRover(zone: number, frame: number): void {
    this.words[this.layout.rover(zone)] = frame;
  }

  /** The range that a free top block belongs to, or NONE. */
  rangeOf(frame: number): number {
    return this.words[this.layout.rangeOf + frame]!;
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
    const { words, layout } = this;
    for (let range = 0; range < layout.ranges; range++) words[layout.rangeNext + range] = range + 1;
    words[layout.rangeNext + layout.ranges - 1] = NONE;
    words[layout.spareRange] = 0;
    words.fill(NONE, layout.rangeOf, layout.rangeOf + layout.frames);
    for (let zone = 0; zone < layout.shape.zones.length; zone++) {
      words[layout.rangeNext + layout.mapHead(zone)] = layout.mapHead(zone);
      words[layout.rangePrevious + layout.mapHead(zone)] = layout.mapHead(zone);
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
    return layout.isFrame(frame) && this.words[layout.state + frame] === this.topState && layout.zoneOf(frame) === zone;
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
    const { words, layout } = this;
    const next = words[layout.rangeNext + place]!;
    words[layout.rangeNext + place] = range;
    words[layout.rangePrevious + range] = place;
    words[layout.rangeNext + range] = next;
    words[layout.rangePrevious + next] = range;
  }

  private takeRecord(first: number, size: number): number {
    const { words, layout } = this;
    const range = words[layout.spareRange]!;
    if (range === NONE) throw new KernelAssertion("no record for a range is left");
    words[layout.spareRange] = this.next(range);
    words[layout.rangePrevious + range] = range;
    words[layout.rangeNext + range] = range;
    this.setFirst(range, first);
    this.setSize(range, size);
    return range;
  }

  private release(range: number): void {
    const { words, layout } = this;
    words[layout.rangeNext + this.previous(range)] = this.next(range);
    words[layout.rangePrevious + this.next(range)] = this.previous(range);
    this.setFirst(range, 0);
    this.setSize(range, 0);
    words[layout.rangePrevious + range] = 0;
    words[layout.rangeNext + range] = words[layout.spareRange]!;
    words[layout.spareRange] = range;
  }

  private setFirst(range: number, frame: number): void {
    this.words[this.layout.rangeFirst + range] = frame;
  }

  private setSize(range: number, frames: number): void {
    this.words[this.layout.rangeSize + range] = frames;
  }

  private setRangeOf(block: number, range: number): void {
    this.words[this.layout.rangeOf + block] = range;
  }
}
