/**
 * The offsets of an area: where its pages go (1.2, 1.4).
 *
 *   area   first ×2 │ end ×2 │ MAY_PLACE │ NEXT │ slot │ slot │ …        slot   USED │ start ×2 │ offset ×2
 *
 * A slot says that pages from `start` on belong into frame page − offset; it ends where another one begins. The table is
 * a ring: when it is full, the oldest slot is overwritten.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import { type AllocatorLayout, AREA_HEAD_WORDS, SLOT_WORDS, setWideAt, wideAt } from "./allocator-layout.js";

const FIRST = 0;
const END = 2;
const MAY_PLACE = 4;
const NEXT = 5;
const USED = 0;
const START = 1;
const OFFSET = 3;

export class OffsetTable {
  /** What {@link find} found: an offset there is, its value, and the pages from the page to the end of its region. */
  found = false;
  offset = 0;
  remaining = 0;
  private readonly words: Int32Array;
  private readonly layout: AllocatorLayout;
  private readonly zeroIsNone: boolean;
  private readonly shadowsEqualStarts: boolean;
  private readonly prefersAbove: boolean;
  private readonly neverWraps: boolean;

  constructor(words: Int32Array, layout: AllocatorLayout, quirks: ReadonlySet<Rule>) {
    this.words = words;
    this.layout = layout;
    this.zeroIsNone = quirks.has("offset-zero");
    this.shadowsEqualStarts = quirks.has("shadowed-offset");
    this.prefersAbove = quirks.has("region-below");
    this.neverWraps = quirks.has("ring-wraps");
  }

  declare(area: number, first: number, end: number): void {
    const base = this.layout.area(area);
    this.words.fill(0, base, base + this.layout.areaWords);
    setWideAt(this.words, base + FIRST, first);
    setWideAt(this.words, base + END, end);
    this.words[base + MAY_PLACE] = 1;
  }

  /** The area is gone: all words 0, as if it had never been. */
  forget(area: number): void {
    this.words.fill(0, this.layout.area(area), this.layout.area(area) + this.layout.areaWords);
  }

  duplicate(from: number, to: number): void {
    const { words, layout } = this;
    words.copyWithin(layout.area(to), layout.area(from), layout.area(from) + layout.areaWords);
  }

  first(area: number): number {
    return wideAt(this.words, this.layout.area(area) + FIRST);
  }

  end(area: number): number {
    return wideAt(this.words, this.layout.area(area) + END);
  }

  /** A thread wants to place. @returns it is the only one (1.4) */
  beginPlacing(area: number): boolean {
    const index = this.layout.area(area) + MAY_PLACE;
    this.words[index]! -= 1;
    return this.words[index] === 0;
  }

  /** 1 while no fault of the area is in flight (A6). */
  mayPlace(area: number): number {
    return this.words[this.layout.area(area) + MAY_PLACE]!;
  }

  endPlacing(area: number): void {
    this.words[this.layout.area(area) + MAY_PLACE]! += 1;
  }

  /** Looks for the nearest region at or below a page, else the nearest one above (A4). */
  find(area: number, page: number): void {
    const below = this.nearestBelow(area, page);
    const above = this.nearestAbove(area, page);
    const known = (slot: number): boolean => slot >= 0 && !(this.zeroIsNone && this.offsetOf(area, slot) === 0);
    const slot = known(below) && !(this.prefersAbove && known(above)) ? below : above;
    this.found = known(slot);
    this.offset = this.found ? this.offsetOf(area, slot) : 0;
    if (this.found || !this.zeroIsNone) {
      this.remaining = (above >= 0 ? this.startOf(area, above) : this.end(area)) - page;
    } else this.remaining = 0;
  }

  insert(area: number, page: number, offset: number): void {
    const { words, layout } = this;
    const base = layout.area(area);
    const length = layout.shape.tableLength;
    if (!this.shadowsEqualStarts) {
      for (let slot = 0; slot < length; slot++) {
        if (!this.isUsed(area, slot) || this.startOf(area, slot) !== page) continue;
        setWideAt(words, this.slot(area, slot) + OFFSET, offset);
        return;
      }
    }
    if (words[base + NEXT] === length && this.neverWraps) return;
    if (words[base + NEXT] === length) words[base + NEXT] = 0;
    const at = this.slot(area, words[base + NEXT]!);
    words[at + USED] = 1;
    setWideAt(words, at + START, page);
    setWideAt(words, at + OFFSET, offset);
    words[base + NEXT]! += 1;
  }

  /** The index of the next slot to write; the table's length before it wraps. */
  nextSlot(area: number): number {
    return this.words[this.layout.area(area) + NEXT]!;
  }

  /** All slots in use, as [start, offset]. */
  entries(area: number): [number, number][] {
    const found: [number, number][] = [];
    for (let slot = 0; slot < this.layout.shape.tableLength && this.isUsed(area, slot); slot++) {
      found.push([this.startOf(area, slot), this.offsetOf(area, slot)]);
    }
    return found;
  }

  private nearestBelow(area: number, page: number): number {
    let nearest = -1;
    for (let slot = 0; slot < this.layout.shape.tableLength && this.isUsed(area, slot); slot++) {
      const start = this.startOf(area, slot);
      if (start <= page && (nearest < 0 || start > this.startOf(area, nearest))) nearest = slot;
    }
    return nearest;
  }

  private nearestAbove(area: number, page: number): number {
    let nearest = -1;
    for (let slot = 0; slot < this.layout.shape.tableLength && this.isUsed(area, slot); slot++) {
      const start = this.startOf(area, slot);
      if (start > page && (nearest < 0 || start < this.startOf(area, nearest))) nearest = slot;
    }
    return nearest;
  }

  private slot(area: number, slot: number): number {
    return this.layout.area(area) + AREA_HEAD_WORDS + slot * SLOT_WORDS;
  }

  private isUsed(area: number, slot: number): boolean {
    return this.words[this.slot(area, slot) + USED] !== 0;
  }

  private startOf(area: number, slot: number): number {
    return wideAt(this.words, this.slot(area, slot) + START);
  }

  private offsetOf(area: number, slot: number): number {
    return wideAt(this.words, this.slot(area, slot) + OFFSET);
  }
}
