/**
 * The offsets of an area: where its pages go (1.2, 1.4).
 *
 *   area   first ×2 │ end ×2 │ MAY_PLACE │ NEXT │ LOCK │ slot │ slot │ …        slot   USED │ start ×2 │ offset ×2
 *
 * A slot says that pages from `start` on belong into frame page − offset; it ends where another one begins. The table is
 * a ring: when it is full, the oldest slot is overwritten.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import { type AllocatorLayout, AREA_HEAD_WORDS, loadWide, SLOT_WORDS, storeWide } from "./allocator-layout.js";
import { acquire, release } from "./locks.js";

const FIRST = 0;
const END = 2;
const MAY_PLACE = 4;
const NEXT = 5;
const LOCK = 6;
const USED = 0;
const START = 1;
const OFFSET = 3;

export class OffsetTable {
  /** What {@link find} found: an offset there is, its value, and the pages from the page to the end of its region. */
  found = false;
  offset = 0;
  remaining = 0;
  private readonly memory: MemoryPort;
  private readonly layout: AllocatorLayout;
  private readonly zeroIsNone: boolean;
  private readonly shadowsEqualStarts: boolean;
  private readonly prefersAbove: boolean;
  private readonly neverWraps: boolean;
  private readonly placesUnasked: boolean;
  private readonly countsInTwoSteps: boolean;
  private readonly isUnlocked: boolean;

  constructor(memory: MemoryPort, layout: AllocatorLayout, quirks: ReadonlySet<Rule>) {
    this.memory = memory;
    this.layout = layout;
    this.zeroIsNone = quirks.has("offset-zero");
    this.shadowsEqualStarts = quirks.has("shadowed-offset");
    this.prefersAbove = quirks.has("region-below");
    this.neverWraps = quirks.has("ring-wraps");
    this.placesUnasked = quirks.has("one-places");
    this.isUnlocked = quirks.has("table-locked");
    this.countsInTwoSteps = quirks.has("placing-counted-at-once");
  }

  declare(area: number, first: number, end: number): void {
    const base = this.layout.area(area);
    this.forget(area);
    storeWide(this.memory, "area.setFirst", base + FIRST, first);
    storeWide(this.memory, "area.setEnd", base + END, end);
    this.memory.store("area.setMayPlace", base + MAY_PLACE, 1);
  }

  /** The area is gone: all words 0, as if it had never been. */
  forget(area: number): void {
    const base = this.layout.area(area);
    for (let word = 0; word < this.layout.areaWords; word++) this.memory.store("area.clear", base + word, 0);
  }

  duplicate(from: number, to: number): void {
    const { memory, layout } = this;
    for (let word = 0; word < layout.areaWords; word++) {
      memory.store("area.copy", layout.area(to) + word, memory.load("area.copied", layout.area(from) + word));
    }
  }

  first(area: number): number {
    return loadWide(this.memory, "area.first", this.layout.area(area) + FIRST);
  }

  end(area: number): number {
    return loadWide(this.memory, "area.end", this.layout.area(area) + END);
  }

  /** A thread wants to place. @returns it is the only one (1.4) */
  beginPlacing(area: number): boolean {
    const index = this.layout.area(area) + MAY_PLACE;
    const before = this.memory.add("area.beginPlacing", index, -1);
    return before === 1 || this.placesUnasked;
  }

  /** 1 while no fault of the area is in flight (A6). */
  mayPlace(area: number): number {
    return this.memory.load("area.mayPlace", this.layout.area(area) + MAY_PLACE);
  }

  endPlacing(area: number): void {
    const index = this.layout.area(area) + MAY_PLACE;
    if (this.countsInTwoSteps) this.memory.store("area.endPlacing", index, this.mayPlace(area) + 1);
    else this.memory.add("area.endPlacing", index, 1);
  }

  /** Looks for the nearest region at or below a page, else the nearest one above (A4). */
  find(area: number, page: number): void {
    this.lock(area);
    this.findLocked(area, page);
    this.unlock(area);
  }

  insert(area: number, page: number, offset: number): void {
    this.lock(area);
    this.insertLocked(area, page, offset);
    this.unlock(area);
  }

  private lock(area: number): void {
    if (!this.isUnlocked) acquire(this.memory, "area.lock", this.layout.area(area) + LOCK);
  }

  private unlock(area: number): void {
    if (!this.isUnlocked) release(this.memory, "area.unlock", this.layout.area(area) + LOCK);
  }

  private findLocked(area: number, page: number): void {
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

  private insertLocked(area: number, page: number, offset: number): void {
    const { memory, layout } = this;
    const base = layout.area(area);
    const length = layout.shape.tableLength;
    if (!this.shadowsEqualStarts) {
      for (let slot = 0; slot < length; slot++) {
        if (!this.isUsed(area, slot) || this.startOf(area, slot) !== page) continue;
        storeWide(memory, "area.setOffset", this.slot(area, slot) + OFFSET, offset);
        return;
      }
    }
    const next = this.nextSlot(area);
    if (next === length && this.neverWraps) return;
    const slot = next === length ? 0 : next;
    const at = this.slot(area, slot);
    memory.store("area.setUsed", at + USED, 1);
    storeWide(memory, "area.setStart", at + START, page);
    storeWide(memory, "area.setOffset", at + OFFSET, offset);
    memory.store("area.setNext", base + NEXT, slot + 1);
  }

  /** The index of the next slot to write; the table's length before it wraps. */
  nextSlot(area: number): number {
    return this.memory.load("area.next", this.layout.area(area) + NEXT);
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
    return this.memory.load("area.used", this.slot(area, slot) + USED) !== 0;
  }

  private startOf(area: number, slot: number): number {
    return loadWide(this.memory, "area.start", this.slot(area, slot) + START);
  }

  private offsetOf(area: number, slot: number): number {
    return loadWide(this.memory, "area.offset", this.slot(area, slot) + OFFSET);
  }
}
