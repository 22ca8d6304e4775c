/**
 * Frames of data: which run a leaf gets, how many leaves name each frame (W22), and when a frame is free again (D19).
 *
 * A leaf of level L is a run of span(L) frames, aligned to their number as hardware demands. Frames that an operation takes away from a table are let go
 * of only after its flush: {@link leave} notes them, {@link release} does it.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MemoryPort } from "../memory-port.js";
import type { FramePool } from "../page-table/frame-pool.js";
import { NONE } from "./codes.js";
import type { ReplicationLayout } from "./layout.js";

const FIRST_CAPACITY = 64;

export class DataFrames {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly pool: FramePool;
  private leftFrame = new Float64Array(FIRST_CAPACITY);
  private leftLevel = new Int32Array(FIRST_CAPACITY);
  private leftCount = 0;

  constructor(memory: MemoryPort, layout: ReplicationLayout, pool: FramePool) {
    this.memory = memory;
    this.layout = layout;
    this.pool = pool;
  }

  /** Takes a run for a leaf whose first page is `page`: on the wanted node, else on the other online ones, ascending; NONE if none has one. */
  take(wanted: number, level: number, page: number): number {
    const frame = this.takeOn(wanted, level, page);
    if (frame !== NONE) return frame;
    for (const node of this.layout.geometry.onlineNodes) {
      if (node === wanted) continue;
      const other = this.takeOn(node, level, page);
      if (other !== NONE) return other;
    }
    return NONE;
  }

  /** The same on exactly one node. With placement `by-page` the run of the page's own number comes first. */
  takeOn(node: number, level: number, page: number): number {
    const { placement, dataFrames } = this.layout.geometry;
    if (dataFrames === 0) return NONE;
    const wanted = placement === "by-page" ? this.layout.tables.firstDataFrame(node) + (page % dataFrames) : NONE;
    return this.pool.allocateRun(node, this.layout.tables.spanBits(level), wanted);
  }

  /** Gives back a run that no leaf has named yet. */
  giveBack(frame: number, level: number): void {
    this.pool.freeRun(frame, this.layout.tables.spanBits(level));
  }

  /** One more leaf names the run. */
  name(frame: number, level: number): void {
    const span = this.layout.tables.span(level);
    for (let i = 0; i < span; i++) this.memory.add("data.name", this.layout.names(frame + i), 1);
  }

  /**
   * One leaf less names the run; frames that no leaf names are free.
   * @throws PagetwinError `UNREACHABLE` for a frame that no leaf names: one leaf was taken out twice (B3)
   */
  unname(frame: number, level: number): void {
    const { tables } = this.layout;
    const end = frame + tables.span(level);
    for (let each = frame; each < end; each++) {
      const names = tables.isTableFrame(each) ? 0 : this.memory.add("data.unname", this.layout.names(each), -1);
      if (names < 1) throw new PagetwinError("UNREACHABLE", `frame ${each} is given up, but no leaf names it`);
      if (names === 1) this.pool.free(each);
    }
  }

  /** How many leaves name a frame. */
  names(frame: number): number {
    return this.memory.load("data.names", this.layout.names(frame));
  }

  /** Some frame of the run is named by more than one leaf. */
  isShared(frame: number, level: number): boolean {
    const span = this.layout.tables.span(level);
    for (let i = 0; i < span; i++) if (this.names(frame + i) > 1) return true;
    return false;
  }

  /** Forgets what an operation that did not come to its end has left. */
  begin(): void {
    this.leftCount = 0;
  }

  /** A leaf has been taken out of its table: its frames go after the flush. */
  leave(frame: number, level: number): void {
    if (this.leftCount === this.leftFrame.length) this.grow();
    this.leftFrame[this.leftCount] = frame;
    this.leftLevel[this.leftCount] = level;
    this.leftCount++;
  }

  /** Lets go of everything that was left. */
  release(): void {
    for (let i = 0; i < this.leftCount; i++) this.unname(this.leftFrame[i]!, this.leftLevel[i]!);
    this.leftCount = 0;
  }

  private grow(): void {
    const frames = new Float64Array(this.leftFrame.length * 2);
    const levels = new Int32Array(frames.length);
    frames.set(this.leftFrame);
    levels.set(this.leftLevel);
    this.leftFrame = frames;
    this.leftLevel = levels;
  }
}
