/**
 * The buddy allocator: free blocks by order in lists per zone, top blocks sorted by frame, the contiguity map
 * kept beside them (2, 9).
 *
 * Order matters: allocations take the front of a list; what a split leaves goes to the front, what is cut around a target
 * to the back, and a freed block whose parent's buddy is free to the back, because it may soon be merged.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MemoryPort } from "../memory-port.js";
import { type AllocatorLayout, FREE, NONE, ORDER_MASK, RESERVED } from "./allocator-layout.js";
import { BlockLists } from "./block-lists.js";
import { ContiguityMap } from "./contiguity-map.js";
import { acquire, release } from "./locks.js";

export class Buddy {
  readonly layout: AllocatorLayout;
  readonly lists: BlockLists;
  readonly map: ContiguityMap;
  private readonly memory: MemoryPort;
  private readonly topOrder: number;
  private readonly losesHalf: boolean;
  private readonly keepsReserved: boolean;
  /** The map exists; before, blocks are only freed. */
  private mapped = true;

  constructor(memory: MemoryPort, layout: AllocatorLayout, quirks: ReadonlySet<Rule>) {
    this.memory = memory;
    this.layout = layout;
    this.lists = new BlockLists(memory, layout);
    this.map = new ContiguityMap(memory, layout, this.lists, quirks);
    this.topOrder = layout.shape.topOrder;
    this.losesHalf = quirks.has("half-without-target");
    this.keepsReserved = quirks.has("reserve-shrinks");
  }

  /** Frees everything that is not in use from the start, ascending, in the largest aligned blocks; then builds the map. */
  initialise(): void {
    const { layout, lists } = this;
    const { zones, used } = layout.shape;
    for (let zone = 0; zone < zones.length; zone++) {
      for (let order = 0; order < layout.orders; order++) {
        lists.initialise(layout.freeList(zone, order));
        lists.initialise(layout.reservedList(zone, order));
      }
    }
    this.map.initialise();
    this.setUsers(0, layout.frames, 1);
    for (const { first, end } of zones) this.setUsers(first, end, 0);
    for (const [first, end] of used) this.setUsers(first, Math.min(end, layout.frames), 1);
    this.mapped = false;
    for (const { first, end } of zones) this.freeUnused(first, end);
    this.mapped = true;
    for (let zone = 0; zone < zones.length; zone++) this.map.build(zone);
  }

  /** Nobody else may be at the zone's words until {@link unlock}. */
  lock(zone: number): void {
    acquire(this.memory, "zone.lock", this.layout.zoneLock(zone));
  }

  unlock(zone: number): void {
    release(this.memory, "zone.unlock", this.layout.zoneLock(zone));
  }

  usersOf(frame: number): number {
    return this.memory.load("zone.users", this.layout.users + frame);
  }

  isUsed(frame: number): boolean {
    return this.usersOf(frame) > 0;
  }

  isFree(frame: number): boolean {
    return (this.stateOf(frame) & FREE) !== 0;
  }

  isReserved(frame: number): boolean {
    return (this.stateOf(frame) & RESERVED) !== 0;
  }

  /** The order of the block that a frame heads. */
  orderOf(frame: number): number {
    return this.stateOf(frame) & ORDER_MASK;
  }

  /** The free or reserved block that a frame belongs to, or NONE. */
  listedBlockOf(frame: number): number {
    for (let order = 0; order <= this.topOrder; order++) {
      const block = frame - (frame % 2 ** order);
      if ((this.isFree(block) || this.isReserved(block)) && this.orderOf(block) >= order) return block;
    }
    return NONE;
  }

  freeFrames(zone: number): number {
    return this.memory.load("zone.free", this.layout.freeCounter(zone));
  }

  changeFreeFrames(zone: number, frames: number): void {
    this.memory.add("zone.addFree", this.layout.freeCounter(zone), frames);
  }

  /** Frames [frame, frame + count) get a user each. */
  use(frame: number, count: number): void {
    for (let each = frame; each < frame + count; each++) this.memory.add("zone.use", this.layout.users + each, 1);
  }

  /** Takes a user of each frame away. @returns the first frame has none left */
  dismiss(frame: number, count: number): boolean {
    for (let each = frame; each < frame + count; each++) this.memory.add("zone.dismiss", this.layout.users + each, -1);
    return this.usersOf(frame) === 0;
  }

  /** Frames [frame, frame + count) have no users any more. */
  unuse(frame: number, count: number): void {
    this.setUsers(frame, frame + count, 0);
  }

  /** A free block of this order or a larger one exists. */
  hasBlock(zone: number, order: number): boolean {
    for (let each = order; each <= this.topOrder; each++) {
      if (!this.lists.isEmpty(this.layout.freeList(zone, each))) return true;
    }
    return false;
  }

  /** Gives a block back and merges it with free buddies. */
  free(frame: number, order: number): void {
    const { layout, lists } = this;
    const zone = layout.zoneOf(frame);
    this.changeFreeFrames(zone, 2 ** order);
    let block = frame;
    let size = order;
    while (size < this.topOrder && this.isFreeBlock(block ^ (1 << size), size)) {
      const buddy = block ^ (1 << size);
      lists.remove(buddy);
      this.setState(buddy, 0);
      block &= ~(1 << size);
      size++;
    }
    this.setState(block, FREE | size);
    if (size === this.topOrder) {
      this.insertSorted(block, zone);
      if (this.mapped) this.map.add(block, zone);
      return;
    }
    const list = layout.freeList(zone, size);
    const parent = block & ~(1 << size);
    const soonMerged = size + 1 < this.topOrder && this.isFreeBlock(parent ^ (1 << (size + 1)), size + 1);
    if (soonMerged) lists.pushBack(block, list);
    else lists.pushFront(block, list);
  }

  /** Takes the first block of the smallest order that suffices. @returns its first frame or NONE */
  allocate(zone: number, order: number): number {
    for (let size = order; size <= this.topOrder; size++) {
      const list = this.layout.freeList(zone, size);
      if (this.lists.isEmpty(list)) continue;
      const block = this.lists.next(list);
      this.detach(block, zone, true);
      this.expand(zone, block, order, size);
      this.changeFreeFrames(zone, -(2 ** order));
      return block;
    }
    return NONE;
  }

  /** Takes a free block off its list and off the map. */
  detach(block: number, zone: number, movesRover: boolean): void {
    if (this.orderOf(block) === this.topOrder) this.map.remove(block, zone, movesRover);
    this.lists.remove(block);
    this.setState(block, 0);
  }

  /** Keeps the low 2^low frames of a detached block of 2^high and frees the rest, upper halves first. */
  expand(zone: number, block: number, low: number, high: number): void {
    for (let size = high - 1; size >= low; size--) {
      const half = block + 2 ** size;
      this.lists.pushFront(half, this.layout.freeList(zone, size));
      this.setState(half, FREE | size);
    }
  }

  /** Keeps the low 2^low frames of a block of 2^high and reserves the rest for a file, upper halves first. */
  reserveRest(zone: number, block: number, low: number, high: number, file: number): void {
    for (let size = high - 1; size >= low; size--) {
      const half = block + 2 ** size;
      this.lists.pushFront(half, this.layout.reservedList(zone, size));
      this.markReserved(half, size, file);
    }
  }

  /** The file that a reserved block is for. */
  fileOf(block: number): number {
    return this.map.rangeOf(block);
  }

  /** Frames on the reserved lists of a zone. */
  reservedFrames(zone: number): number {
    let frames = 0;
    for (let order = 0; order < this.layout.orders; order++) {
      frames += this.lists.blocks(this.layout.reservedList(zone, order)).length * 2 ** order;
    }
    return frames;
  }

  /** Frees all blocks that are reserved for a file, ascending. */
  releaseReserved(file: number): void {
    for (let frame = 0; frame < this.layout.frames; frame++) {
      if (!this.isReserved(frame) || this.fileOf(frame) !== file) continue;
      const order = this.orderOf(frame);
      this.unlist(frame);
      this.free(frame, order);
    }
  }

  /** Takes a free block apart until the target heads a piece; that piece is kept to 2^order frames. */
  cutAround(zone: number, block: number, target: number, order: number): void {
    let size = this.orderOf(block);
    this.detach(block, zone, true);
    let piece = block;
    while (piece !== target) {
      size--;
      piece = this.setAside(piece, size, target, this.layout.freeList(zone, size), FREE);
    }
    this.expand(zone, target, order, size);
  }

  /** As {@link cutAround} with a block of the reserved lists, for one frame. */
  cutReserved(zone: number, block: number, target: number): void {
    let size = this.orderOf(block);
    if (size === 0 && this.keepsReserved) return;
    const file = this.fileOf(block);
    this.unlist(block);
    let piece = block;
    while (piece !== target) {
      size--;
      piece = this.setAside(piece, size, target, this.layout.reservedList(zone, size), RESERVED);
      this.map.setRangeOf(piece ^ (1 << size), file);
    }
    this.reserveRest(zone, target, 0, size, file);
  }

  /** Puts the half without the target at the back of a list; answers the other half. */
  private setAside(piece: number, size: number, target: number, list: number, state: number): number {
    const upper = piece + 2 ** size;
    const kept = target >= upper ? upper : piece;
    const aside = kept === piece || this.losesHalf ? upper : piece;
    this.lists.pushBack(aside, list);
    this.setState(aside, state | size);
    return kept;
  }

  private markReserved(block: number, order: number, file: number): void {
    this.setState(block, RESERVED | order);
    this.map.setRangeOf(block, file);
  }

  /** Takes a block off its reserved list. */
  private unlist(block: number): void {
    this.lists.remove(block);
    this.setState(block, 0);
    this.map.setRangeOf(block, NONE);
  }

  private stateOf(frame: number): number {
    return this.memory.load("zone.state", this.layout.state + frame);
  }

  private setState(frame: number, state: number): void {
    this.memory.store("zone.setState", this.layout.state + frame, state);
  }

  private setUsers(first: number, end: number, users: number): void {
    for (let frame = first; frame < end; frame++) this.memory.store("zone.setUsers", this.layout.users + frame, users);
  }

  private isFreeBlock(frame: number, order: number): boolean {
    return this.stateOf(frame) === (FREE | order);
  }

  /** Keeps the list of top blocks sorted: looks outward on both sides at once for a free neighbour (2). */
  private insertSorted(block: number, zone: number): void {
    const { layout, lists } = this;
    const step = layout.topPages;
    const top = FREE | this.topOrder;
    let before = block - step;
    let behind = block + step;
    while (layout.zoneOf(before) === zone && layout.zoneOf(behind) === zone) {
      if (this.stateOf(before) === top) {
        lists.insertBehind(block, before);
        return;
      }
      if (this.stateOf(behind) === top) {
        lists.insertBehind(block, lists.previous(behind));
        return;
      }
      before -= step;
      behind += step;
    }
    const list = layout.freeList(zone, this.topOrder);
    if (layout.zoneOf(before) !== zone) lists.pushFront(block, list);
    else lists.pushBack(block, list);
  }

  private freeUnused(first: number, end: number): void {
    for (let frame = first; frame < end; ) {
      if (this.isUsed(frame)) {
        frame++;
        continue;
      }
      let stop = frame;
      while (stop < end && !this.isUsed(stop)) stop++;
      while (frame < stop) {
        let order = frame === 0 ? this.topOrder : Math.min(this.topOrder, 31 - Math.clz32(frame & -frame));
        while (frame + 2 ** order > stop) order--;
        this.free(frame, order);
        frame += 2 ** order;
      }
    }
  }
}
