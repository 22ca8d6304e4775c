/**
 * What is known of each table frame beside its entries.
 *
 *   META   31            7   6      5      4    2   1   0
 *         ┌────────────────┬──────┬──────┬────────┬───────┐
 *         │ owner's slot   │ from │ base │ level  │ use   │        use: 0 free, 1 table, 2 in a cache
 *         └────────────────┴──────┴──────┴────────┴───────┘
 *   LINK   the next member of the ring, or the next page of the cache list: word index of its LINK, 0 = none
 *   LOCK   the table's lock: that of its base counts, so that it belongs to the ring and not to a member (B3)
 *
 * META is written by who owns the frame; LINK is read by everyone who walks a ring or pops a cache; LOCK is taken by
 * who copies, links or rewrites a table.
 */
import type { MemoryPort } from "../memory-port.js";
import { NONE } from "./codes.js";
import type { ReplicationLayout } from "./layout.js";

export const NO_LINK = 0;
export const FREE = 0;
export const TABLE = 1;
export const CACHED = 2;
const USE_MASK = 3;
const LEVEL_SHIFT = 2;
const LEVEL_MASK = 7;
const BASE = 1 << 5;
const FROM_CACHE = 1 << 6;
const OWNER_SHIFT = 7;

export class Descriptors {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;

  constructor(memory: MemoryPort, layout: ReplicationLayout) {
    this.memory = memory;
    this.layout = layout;
  }

  isLinked(frame: number): boolean {
    return this.memory.load("table.link", this.layout.link(frame)) !== NO_LINK;
  }

  /** The next ring member or cached page; NONE if there is none. */
  next(frame: number): number {
    const link = this.memory.load("table.link", this.layout.link(frame));
    return link === NO_LINK ? NONE : this.layout.linked(link);
  }

  setNext(frame: number, next: number): void {
    this.memory.store("table.setLink", this.layout.link(frame), this.layout.link(next));
  }

  unlink(frame: number): void {
    this.memory.store("table.setLink", this.layout.link(frame), NO_LINK);
  }

  /** Takes the link away at once from everyone who might still take it. */
  swapLink(frame: number): void {
    this.memory.exchange("table.swapLink", this.layout.link(frame), NO_LINK);
  }

  use(frame: number): number {
    return this.meta(frame) & USE_MASK;
  }

  level(frame: number): number {
    return (this.meta(frame) >>> LEVEL_SHIFT) & LEVEL_MASK;
  }

  owner(frame: number): number {
    return this.meta(frame) >>> OWNER_SHIFT;
  }

  /** The table was allocated first; the other members of its ring are copies of it. */
  isBase(frame: number): boolean {
    return (this.meta(frame) & BASE) !== 0;
  }

  isFromCache(frame: number): boolean {
    return (this.meta(frame) & FROM_CACHE) !== 0;
  }

  /** A fresh frame becomes a table of a space; whether it came from a cache stays noted. */
  becomeTable(frame: number, slot: number, level: number, base: boolean): void {
    const flags = (this.meta(frame) & FROM_CACHE) | (base ? BASE : 0);
    this.setMeta(frame, (slot << OWNER_SHIFT) | flags | (level << LEVEL_SHIFT) | TABLE);
  }

  /** What disable leaves of a ring is the base from now on (D27). */
  becomeBase(frame: number): void {
    this.setMeta(frame, this.meta(frame) | BASE);
  }

  becomeFree(frame: number): void {
    this.setMeta(frame, FREE);
  }

  /** A page on a cache list; nothing else is remembered of it. */
  becomeCached(frame: number): void {
    this.setMeta(frame, CACHED);
  }

  /** A page that was just popped: it must go back to a cache. */
  becomePopped(frame: number): void {
    this.setMeta(frame, FROM_CACHE);
  }

  lockIndex(base: number): number {
    return this.layout.descriptor(base) + 1;
  }

  private meta(frame: number): number {
    return this.memory.load("table.meta", this.layout.descriptor(frame));
  }

  private setMeta(frame: number, meta: number): void {
    this.memory.store("table.setMeta", this.layout.descriptor(frame), meta);
  }
}
