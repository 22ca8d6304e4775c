/**
 * The pages of files that are in memory, and the files that areas map.
 *
 *   │ per file and page: frame + 1, 0 when it is not in memory │ per area: file + 1, 0 for anonymous memory │
 */
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { MemoryPort } from "../memory-port.js";
import type { ContiguityAllocator } from "./allocator.js";
import { NONE } from "./allocator-layout.js";

export class PageCache {
  readonly filePages: number;
  private readonly memory: MemoryPort;
  private readonly base: number;
  private readonly allocator: ContiguityAllocator;
  private readonly areas: number;
  private readonly areaCount: number;

  static wordsNeeded({ memory, filePages = 0 }: MachineShape): number {
    return memory.files * filePages + memory.areas;
  }

  /** @param base the first word of the caller's array that is this part's */
  constructor(memory: MemoryPort, base: number, shape: MachineShape, allocator: ContiguityAllocator) {
    this.memory = memory;
    this.base = base;
    this.filePages = shape.filePages ?? 0;
    this.allocator = allocator;
    this.areas = base + shape.memory.files * this.filePages;
    this.areaCount = shape.memory.areas;
  }

  /** The frame of a page of a file, or NONE. */
  frameOf(file: number, page: number): number {
    return this.memory.load("cache.frame", this.base + file * this.filePages + page) - 1;
  }

  /** The file that an area maps, or NONE. */
  fileOf(area: number): number {
    return this.memory.load("cache.file", this.areas + area) - 1;
  }

  /** @param file NONE for anonymous memory */
  setFileOf(area: number, file: number): void {
    this.memory.store("cache.setFile", this.areas + area, file + 1);
  }

  isMapped(file: number): boolean {
    for (let area = 0; area < this.areaCount; area++) if (this.fileOf(area) === file) return true;
    return false;
  }

  /**
   * Brings a page into memory for a process on a node.
   * @param ahead by read-ahead: contiguity-aware paging is on for the process
   * @returns its frame or NONE
   */
  read(file: number, page: number, ahead: boolean, node: number, process: number): number {
    const frame = ahead ? this.allocator.readAhead(file, page, node, process) : this.allocator.allocate(0, node);
    if (frame !== NONE) this.setFrame(file, page, frame);
    return frame;
  }

  evict(file: number, page: number): void {
    const frame = this.frameOf(file, page);
    this.setFrame(file, page, NONE);
    this.allocator.dismiss(frame, 0);
  }

  /** The file goes: its pages first, ascending, then what is reserved for it. */
  delete(file: number): void {
    for (let page = 0; page < this.filePages; page++) {
      if (this.frameOf(file, page) !== NONE) this.evict(file, page);
    }
    this.allocator.files.drop(file);
  }

  private setFrame(file: number, page: number, frame: number): void {
    this.memory.store("cache.setFrame", this.base + file * this.filePages + page, frame + 1);
  }
}
