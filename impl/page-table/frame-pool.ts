/**
 * Node-local pools of physical frames: which ones are free, in a bitmap per node.
 *
 *   zone = [ FREE | HINT | bits … ]        bit set = frame is free
 *
 *   FREE   how many bits are set
 *   HINT   the first bitmap word with a set bit, or the number of bitmap words if there is none
 *
 * The lowest free frame is always the next one. FREE and HINT are exact functions of the bitmap, so two pools with the
 * same free frames are equal word for word, whatever happened before. Bit 0 of the first word is a frame whose number
 * is a multiple of 32: a run of 2^order frames that is aligned in memory is aligned in the bitmap too.
 *
 * A pool is not safe for two threads at a time: its caller holds the zone lock, as a kernel's page allocator does.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import { type TableLayout, ZONE_HEAD_WORDS } from "./layout.js";

const FREE = 0;
const HINT = 1;
const WORD_SHIFT = 5;
const BIT_MASK = 31;

/** The frames of one zone (tables or data) of all nodes. All methods take a node or a global frame number. */
export class FramePool {
  readonly memory: MemoryPort;
  private readonly layout: TableLayout;
  private readonly base: number;
  private readonly stride: number;
  private readonly frames: number;
  /** Frames of a node before this zone. */
  private readonly skip: number;

  private constructor(
    memory: MemoryPort,
    layout: TableLayout,
    base: number,
    stride: number,
    frames: number,
    skip: number,
  ) {
    this.memory = memory;
    this.layout = layout;
    this.base = base;
    this.stride = stride;
    this.frames = frames;
    this.skip = skip;
  }

  static ofTables(memory: MemoryPort, layout: TableLayout): FramePool {
    return new FramePool(memory, layout, layout.tablePoolBase, layout.tablePoolStride, layout.geometry.tableFrames, 0);
  }

  static ofData(memory: MemoryPort, layout: TableLayout): FramePool {
    const { tableFrames, dataFrames } = layout.geometry;
    return new FramePool(memory, layout, layout.dataPoolBase, layout.dataPoolStride, dataFrames, tableFrames);
  }

  /** Makes every frame of every online node free; the frames of other nodes stay out of reach. */
  initialise(): void {
    const { nodes, onlineNodes } = this.layout.geometry;
    if (this.frames === 0) return;
    for (let node = 0; node < nodes; node++) {
      const zone = this.base + node * this.stride;
      for (let word = 0; word < this.stride; word++) this.memory.store("pool.initialise", zone + word, 0);
      this.memory.store("pool.initialise", zone + HINT, this.stride - ZONE_HEAD_WORDS);
      if (!onlineNodes.includes(node)) continue;
      const first = this.firstFrame(node);
      for (let frame = first; frame < first + this.frames; frame++) this.release(node, zone, frame);
    }
  }

  freeCount(node: number): number {
    return this.frames === 0 ? 0 : this.memory.load("pool.free", this.base + node * this.stride + FREE);
  }

  /** The frame lies in this zone and is free. */
  isFree(frame: number): boolean {
    const node = this.layout.nodeOfFrame(frame);
    const first = this.firstFrame(node);
    if (frame < first || frame >= first + this.frames) return false;
    const bit = frame - this.bitmapFrame(node);
    const word = this.base + node * this.stride + ZONE_HEAD_WORDS + (bit >>> WORD_SHIFT);
    return ((this.memory.load("pool.bits", word) >>> (bit & BIT_MASK)) & 1) === 1;
  }

  /** Takes the lowest free frame of exactly this node; −1 if there is none. */
  allocate(node: number): number {
    if (this.frames === 0) return -1;
    const zone = this.base + node * this.stride;
    const word = this.memory.load("pool.hint", zone + HINT);
    if (word === this.stride - ZONE_HEAD_WORDS) return -1;
    const bits = this.memory.load("pool.bits", zone + ZONE_HEAD_WORDS + word);
    const frame = this.bitmapFrame(node) + (word << WORD_SHIFT) + lowestBit(bits);
    this.take(node, zone, frame, 1);
    return frame;
  }

  /**
   * Takes 2^order frames of exactly this node, aligned to their number: those from `wantedFrame` if it is aligned and
   * they are free, else the lowest such run; −1 if there is none.
   * @param wantedFrame −1 for no wish
   */
  allocateRun(node: number, order: number, wantedFrame = -1): number {
    if (this.frames === 0) return -1;
    const count = 1 << order;
    const zone = this.base + node * this.stride;
    if (wantedFrame >= 0 && wantedFrame % count === 0 && this.isRunFree(node, zone, wantedFrame, count)) {
      this.take(node, zone, wantedFrame, count);
      return wantedFrame;
    }
    if (order === 0) return this.allocate(node);
    const hint = this.memory.load("pool.hint", zone + HINT);
    const start = Math.max(this.bitmapFrame(node) + (hint << WORD_SHIFT), this.firstFrame(node));
    const end = this.firstFrame(node) + this.frames;
    for (let frame = Math.ceil(start / count) * count; frame + count <= end; frame += count) {
      if (!this.isRunFree(node, zone, frame, count)) continue;
      this.take(node, zone, frame, count);
      return frame;
    }
    return -1;
  }

  /** Gives one frame back. @throws PagetwinError `UNREACHABLE` if it is free already or of another zone */
  free(frame: number): void {
    this.freeRun(frame, 0);
  }

  /** Gives 2^order frames back that were in use. @throws PagetwinError `UNREACHABLE` as {@link free} */
  freeRun(frame: number, order: number): void {
    const node = this.layout.nodeOfFrame(frame);
    const first = this.firstFrame(node);
    const zone = this.base + node * this.stride;
    for (let each = frame; each < frame + (1 << order); each++) {
      if (each < first || each >= first + this.frames || this.isFree(each)) {
        throw new PagetwinError("UNREACHABLE", `frame ${each} is given back but is not in use in this zone`);
      }
      this.release(node, zone, each);
    }
  }

  private firstFrame(node: number): number {
    return node * this.layout.framesPerNode + this.skip;
  }

  /** The frame that bit 0 of a node's bitmap stands for. */
  private bitmapFrame(node: number): number {
    return this.firstFrame(node) & ~BIT_MASK;
  }

  private isRunFree(node: number, zone: number, frame: number, count: number): boolean {
    const first = this.firstFrame(node);
    if (frame < first || frame + count > first + this.frames) return false;
    const bit = frame - this.bitmapFrame(node);
    for (let done = 0; done < count; done += 32) {
      const mask = runMask(bit + done, count - done);
      const word = zone + ZONE_HEAD_WORDS + ((bit + done) >>> WORD_SHIFT);
      if ((this.memory.load("pool.bits", word) & mask) !== mask) return false;
    }
    return true;
  }

  private take(node: number, zone: number, frame: number, count: number): void {
    const bit = frame - this.bitmapFrame(node);
    for (let done = 0; done < count; done += 32) {
      this.memory.and(
        "pool.take",
        zone + ZONE_HEAD_WORDS + ((bit + done) >>> WORD_SHIFT),
        ~runMask(bit + done, count - done),
      );
    }
    this.memory.add("pool.free", zone + FREE, -count);
    const words = this.stride - ZONE_HEAD_WORDS;
    let hint = this.memory.load("pool.hint", zone + HINT);
    while (hint < words && this.memory.load("pool.bits", zone + ZONE_HEAD_WORDS + hint) === 0) hint++;
    this.memory.store("pool.hint", zone + HINT, hint);
  }

  private release(node: number, zone: number, frame: number): void {
    const bit = frame - this.bitmapFrame(node);
    const word = bit >>> WORD_SHIFT;
    this.memory.or("pool.release", zone + ZONE_HEAD_WORDS + word, 1 << (bit & BIT_MASK));
    this.memory.add("pool.free", zone + FREE, 1);
    if (word < this.memory.load("pool.hint", zone + HINT)) this.memory.store("pool.hint", zone + HINT, word);
  }
}

/** The position of the lowest set bit of a word that is not 0. */
function lowestBit(word: number): number {
  return BIT_MASK - Math.clz32(word & -word);
}

/** The bits of one bitmap word that a run of `count` frames from `bit` covers; runs of 32 and more are aligned. */
function runMask(bit: number, count: number): number {
  return count >= 32 ? -1 : ((1 << count) - 1) << (bit & BIT_MASK);
}
