/**
 * The ranges of an address space: where memory is mapped, whether or not there is an entry yet (W20).
 *
 *   range = [ PAGE_HIGH | PAGE_LOW | END_HIGH | END_LOW | ATTRIBUTES ]        sorted, disjoint, behind them zero words
 *
 *   ATTRIBUTES   bits 0–2 rights (read, write, execute) · 3 shared · 4–5 largest leaf
 *
 * Neighbours that touch and are alike are one range, always, so equal maps are equal words. Guarded by the mmap lock.
 */
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { MemoryPort } from "../memory-port.js";
import type { TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import { RANGE_WORDS, type ReplicationLayout, SPACE } from "./layout.js";

export const READABLE = 1;
export const WRITEABLE = 2;
export const EXECUTABLE = 4;
const RIGHTS_MASK = 7;
const SHARED = 1 << 3;
const LEAF_SHIFT = 4;
const END = 2;
const ATTRIBUTES = 4;
/** Pieces that one edit can leave where it happens: before, in and behind. */
const PIECES = 3;

const RIGHTS_BITS: Readonly<Record<Rights, number>> = {
  "---": 0,
  "r--": READABLE,
  "rw-": READABLE | WRITEABLE,
  "r-x": READABLE | EXECUTABLE,
  rwx: READABLE | WRITEABLE | EXECUTABLE,
};

export function rightsBits(rights: Rights): number {
  return RIGHTS_BITS[rights];
}

export function attributesOf(rights: number, shared: boolean, leaf: number): number {
  return rights | (shared ? SHARED : 0) | (leaf << LEAF_SHIFT);
}

export function rightsOf(attributes: number): number {
  return attributes & RIGHTS_MASK;
}

export function isShared(attributes: number): boolean {
  return (attributes & SHARED) !== 0;
}

export function leafOf(attributes: number): number {
  return attributes >>> LEAF_SHIFT;
}

export function withRights(attributes: number, rights: number): number {
  return (attributes & ~RIGHTS_MASK) | rights;
}

export class Ranges {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly tables: TableLayout;
  private readonly saved: Int32Array;
  private readonly pieceStart = new Float64Array(PIECES);
  private readonly pieceEnd = new Float64Array(PIECES);
  private readonly pieceAttributes = new Int32Array(PIECES);
  private pieces = 0;

  constructor(memory: MemoryPort, layout: ReplicationLayout) {
    this.memory = memory;
    this.layout = layout;
    this.tables = layout.tables;
    this.saved = new Int32Array(1 + layout.geometry.ranges * RANGE_WORDS);
  }

  count(slot: number): number {
    return this.memory.load("ranges.count", this.layout.space(slot) + SPACE.RANGES);
  }

  start(slot: number, index: number): number {
    return this.pageAt(this.layout.range(slot, index));
  }

  /** The page behind the last one. */
  end(slot: number, index: number): number {
    return this.pageAt(this.layout.range(slot, index) + END);
  }

  attributes(slot: number, index: number): number {
    return this.memory.load("ranges.attributes", this.layout.range(slot, index) + ATTRIBUTES);
  }

  /** The first range that ends behind `page`; the count if there is none. */
  firstEndingAfter(slot: number, page: number): number {
    let low = 0;
    let high = this.count(slot);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.end(slot, middle) > page) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The range that holds a page; NONE if none does. */
  find(slot: number, page: number): number {
    const index = this.firstEndingAfter(slot, page);
    return index < this.count(slot) && this.start(slot, index) <= page ? index : NONE;
  }

  /** Some range meets the pages from `page` to before `end`. */
  meets(slot: number, page: number, end: number): boolean {
    const index = this.firstEndingAfter(slot, page);
    return index < this.count(slot) && this.start(slot, index) < end;
  }

  /** The one range that holds all of the pages; NONE if there is none. */
  holding(slot: number, page: number, end: number): number {
    const index = this.find(slot, page);
    return index !== NONE && this.end(slot, index) >= end ? index : NONE;
  }

  /** Every page lies in some range. */
  covers(slot: number, page: number, end: number): boolean {
    const count = this.count(slot);
    let reached = page;
    for (let index = this.firstEndingAfter(slot, page); reached < end; index++) {
      if (index === count || this.start(slot, index) > reached) return false;
      reached = this.end(slot, index);
    }
    return true;
  }

  /**
   * Gives the pages new attributes, or takes them out of the list (NONE).
   * @param limit most ranges that the list may have afterwards
   * @returns false if it would have more; nothing has changed then
   */
  replace(slot: number, page: number, end: number, attributes: number, limit: number): boolean {
    const count = this.count(slot);
    // Ranges that meet or touch the pages: first, and the one behind the last.
    const first = page === 0 ? 0 : this.firstEndingAfter(slot, page - 1);
    let behind = first;
    while (behind < count && this.start(slot, behind) <= end) behind++;
    this.pieces = 0;
    if (first < behind && this.start(slot, first) < page) {
      this.piece(this.start(slot, first), Math.min(this.end(slot, first), page), this.attributes(slot, first));
    }
    if (attributes !== NONE) this.piece(page, end, attributes);
    if (first < behind && this.end(slot, behind - 1) > end) {
      const last = behind - 1;
      this.piece(Math.max(this.start(slot, last), end), this.end(slot, last), this.attributes(slot, last));
    }
    const shift = this.pieces - (behind - first);
    if (count + shift > limit) return false;
    this.shift(slot, behind, count, shift);
    for (let i = 0; i < this.pieces; i++) {
      const at = this.layout.range(slot, first + i);
      this.setPage(at, this.pieceStart[i]!);
      this.setPage(at + END, this.pieceEnd[i]!);
      this.memory.store("ranges.set", at + ATTRIBUTES, this.pieceAttributes[i]!);
    }
    this.memory.store("ranges.setCount", this.layout.space(slot) + SPACE.RANGES, count + shift);
    return true;
  }

  /** Remembers the list, so that several edits can be taken back together. */
  save(slot: number): void {
    const count = this.count(slot);
    this.saved[0] = count;
    const from = this.layout.range(slot, 0);
    for (let word = 0; word < count * RANGE_WORDS; word++) {
      this.saved[1 + word] = this.memory.load("ranges.save", from + word);
    }
  }

  restore(slot: number): void {
    const count = this.saved[0]!;
    const longest = Math.max(count, this.count(slot));
    const to = this.layout.range(slot, 0);
    for (let word = 0; word < longest * RANGE_WORDS; word++) {
      this.memory.store("ranges.restore", to + word, word < count * RANGE_WORDS ? this.saved[1 + word]! : 0);
    }
    this.memory.store("ranges.setCount", this.layout.space(slot) + SPACE.RANGES, count);
  }

  /** Copies the list of one space to another, which has none. */
  copy(from: number, to: number): void {
    const count = this.count(from);
    for (let word = 0; word < count * RANGE_WORDS; word++) {
      const value = this.memory.load("ranges.copy", this.layout.range(from, 0) + word);
      this.memory.store("ranges.set", this.layout.range(to, 0) + word, value);
    }
    this.memory.store("ranges.setCount", this.layout.space(to) + SPACE.RANGES, count);
  }

  private piece(start: number, end: number, attributes: number): void {
    const last = this.pieces - 1;
    if (last >= 0 && this.pieceEnd[last] === start && this.pieceAttributes[last] === attributes) {
      this.pieceEnd[last] = end;
      return;
    }
    this.pieceStart[this.pieces] = start;
    this.pieceEnd[this.pieces] = end;
    this.pieceAttributes[this.pieces] = attributes;
    this.pieces++;
  }

  /** Moves the ranges from `first` on by some places, and zeroes the places that they leave. */
  private shift(slot: number, first: number, count: number, by: number): void {
    if (by === 0) return;
    const from = this.layout.range(slot, first);
    const end = this.layout.range(slot, count);
    const distance = by * RANGE_WORDS;
    if (by < 0) {
      for (let word = from; word < end; word++) this.move(word, word + distance);
      for (let word = end + distance; word < end; word++) this.memory.store("ranges.zero", word, 0);
    } else {
      for (let word = end - 1; word >= from; word--) this.move(word, word + distance);
    }
  }

  private move(from: number, to: number): void {
    this.memory.store("ranges.shift", to, this.memory.load("ranges.shift", from));
  }

  private pageAt(word: number): number {
    return this.tables.pageOf(this.memory.load("ranges.high", word), this.memory.load("ranges.low", word + 1));
  }

  private setPage(word: number, page: number): void {
    const high = this.tables.highOf(page);
    this.memory.store("ranges.set", word, high);
    this.memory.store("ranges.set", word + 1, this.tables.lowOf(page, high));
  }
}
