/**
 * Where everything of the allocator lies in an `Int32Array`, from `base` on.
 *
 *   │ frames: STATE USERS RANGE │ list nodes: NEXT PREV │ ranges: FIRST SIZE NEXT PREV │ zones │ areas │ files │ counters
 *
 * STATE of a frame that heads a free or reserved block, 0 for all others:
 *
 *    31          7   6   5  4      0
 *   ┌─────────────┬───┬───┬─────────┐
 *   │ 0           │ R │ F │ order   │      F free, R reserved for a file
 *   └─────────────┴───┴───┴─────────┘
 *
 * List nodes are numbered: frames first, then one head per zone, kind (free, reserved) and order. Ranges are numbered
 * too: records first, then one head per zone; records not in use are chained through NEXT. Which zones make a node is in
 * no word: the shape says so for good. Page numbers and offsets have
 * up to 53 bits and lie in two words.
 */
import { type AllocatorShape, FAILURES, SUCCESSES } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import { managedFrames, nodeOf, zonelistsOf, zonesByNode } from "./zonelists.js";

export const FREE = 1 << 5;
export const RESERVED = 1 << 6;
export const ORDER_MASK = 31;
/** No frame, no range, no zone. */
export const NONE = -1;

/** Words of a zone: the free counter, the rover, the lock. */
export const ZONE_WORDS = 3;
/** Words of an area before its table: first, end, "may place", the next slot, the table's lock. */
export const AREA_HEAD_WORDS = 7;
/** Words of a slot: in use, start, offset. */
export const SLOT_WORDS = 5;
/** Words of a file: pages, offset. */
export const FILE_WORDS = 3;
const HALF = 2 ** 32;

export class AllocatorLayout {
  readonly shape: AllocatorShape;
  /** The first word. */
  readonly base: number;
  /** Frames are 0 to this minus 1; those outside of all zones are in use for ever. */
  readonly frames: number;
  readonly topPages: number;
  readonly orders: number;
  /** By node, the zones in the order in which an allocation there tries them. */
  readonly zonelists: readonly (readonly number[])[];
  readonly ranges: number;
  readonly state: number;
  readonly users: number;
  readonly rangeOf: number;
  readonly next: number;
  readonly previous: number;
  readonly rangeFirst: number;
  readonly rangeSize: number;
  readonly rangeNext: number;
  readonly rangePrevious: number;
  /** The first record of the chain of unused ones. */
  readonly spareRange: number;
  readonly zones: number;
  readonly areas: number;
  readonly areaWords: number;
  readonly files: number;
  readonly counters: number;
  /** The word behind the last one. Counters lie at the end, behind the state proper. */
  readonly end: number;
  private readonly ownZones: readonly (readonly number[])[];
  private readonly zoneFirst: Int32Array;
  private readonly zoneEnd: Int32Array;
  private readonly zoneNode: Int32Array;
  private readonly zoneManaged: Int32Array;

  /** @param base the first word of the caller's array that this layout may use */
  constructor(shape: AllocatorShape, base = 0) {
    this.shape = shape;
    const zones = shape.zones.length;
    this.zoneFirst = Int32Array.from(shape.zones, ({ first }) => first);
    this.zoneEnd = Int32Array.from(shape.zones, ({ end }) => end);
    this.zoneNode = Int32Array.from(shape.zones, nodeOf);
    this.zoneManaged = Int32Array.from(shape.zones, (zone) => managedFrames(zone, shape.used));
    this.frames = shape.zones.at(-1)!.end;
    this.topPages = 2 ** shape.topOrder;
    this.orders = shape.topOrder + 1;
    this.ownZones = zonesByNode(shape.zones);
    this.zonelists = zonelistsOf(this.ownZones, shape.dropped);
    this.ranges = this.frames / this.topPages + zones;
    this.areaWords = AREA_HEAD_WORDS + shape.tableLength * SLOT_WORDS;
    this.base = base;
    let at = base;
    const room = (words: number): number => {
      at += words;
      return at - words;
    };
    const nodes = this.frames + zones * 2 * this.orders;
    this.state = room(this.frames);
    this.users = room(this.frames);
    this.rangeOf = room(this.frames);
    this.next = room(nodes);
    this.previous = room(nodes);
    this.rangeFirst = room(this.ranges);
    this.rangeSize = room(this.ranges);
    this.rangeNext = room(this.ranges + zones);
    this.rangePrevious = room(this.ranges + zones);
    this.spareRange = room(1);
    this.zones = room(zones * ZONE_WORDS);
    this.areas = room(shape.areas * this.areaWords);
    this.files = room(shape.files * FILE_WORDS);
    this.counters = room(1 + this.orders * (FAILURES.length + SUCCESSES.length) + 1);
    this.end = at;
  }

  /** The zone that a frame belongs to, or NONE. */
  zoneOf(frame: number): number {
    for (let zone = 0; zone < this.zoneFirst.length; zone++) {
      if (frame >= this.zoneFirst[zone]! && frame < this.zoneEnd[zone]!) return zone;
    }
    return NONE;
  }

  /** Whether a frame belongs to a zone. */
  isOf(zone: number, frame: number): boolean {
    return frame >= this.zoneFirst[zone]! && frame < this.zoneEnd[zone]!;
  }

  /** The node that a zone is memory of, NONE for none. */
  nodeOf(zone: number): number {
    return zone === NONE ? NONE : this.zoneNode[zone]!;
  }

  /** The zone that areas of processes on a node are placed in. */
  normalZone(node: number): number {
    return this.ownZones[node]![0]!;
  }

  /** Frames that a zone had to give after boot. */
  managed(zone: number): number {
    return this.zoneManaged[zone]!;
  }

  isFrame(frame: number): boolean {
    return frame >= 0 && frame < this.frames;
  }

  freeList(zone: number, order: number): number {
    return this.frames + (2 * zone * this.orders + order);
  }

  reservedList(zone: number, order: number): number {
    return this.frames + ((2 * zone + 1) * this.orders + order);
  }

  mapHead(zone: number): number {
    return this.ranges + zone;
  }

  freeCounter(zone: number): number {
    return this.zones + zone * ZONE_WORDS;
  }

  rover(zone: number): number {
    return this.zones + zone * ZONE_WORDS + 1;
  }

  zoneLock(zone: number): number {
    return this.zones + zone * ZONE_WORDS + 2;
  }

  area(area: number): number {
    return this.areas + area * this.areaWords;
  }

  file(file: number): number {
    return this.files + file * FILE_WORDS;
  }
}

/** Reads an integer of up to 53 bits, sign included, from two words. */
export function loadWide(memory: MemoryPort, label: string, index: number): number {
  return wideOf(memory.load(label, index), memory.load(label, index + 1));
}

/** Writes an integer of up to 53 bits into two words. */
export function storeWide(memory: MemoryPort, label: string, index: number, value: number): void {
  const high = highOf(value);
  memory.store(label, index, value - high * HALF);
  memory.store(label, index + 1, high);
}

/** {@link loadWide} and {@link storeWide} for an array with one owner. */
export function wideAt(words: Int32Array, index: number): number {
  return wideOf(words[index]!, words[index + 1]!);
}

export function setWideAt(words: Int32Array, index: number, value: number): void {
  words[index + 1] = highOf(value);
  words[index] = value - highOf(value) * HALF;
}

const wideOf = (low: number, high: number): number => high * HALF + (low >>> 0);
const highOf = (value: number): number => Math.floor(value / HALF);
