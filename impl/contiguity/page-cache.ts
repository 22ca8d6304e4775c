/**
 * The pages of files that are in memory, and the files that areas map.
 *
 *   │ per file and page: frame + 1, 0 when it is not in memory │ per area: file + 1, 0 for anonymous memory │
 */
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { ContiguityAllocator } from "./allocator.js";
import { NONE } from "./allocator-layout.js";

export class PageCache {
  readonly filePages: number;
  private readonly words: Int32Array;
  private readonly allocator: ContiguityAllocator;
  private readonly areas: number;

  static wordsNeeded({ memory, filePages = 0 }: MachineShape): number {
    return memory.files * filePages + memory.areas;
  }

  constructor(words: Int32Array, { memory, filePages = 0 }: MachineShape, allocator: ContiguityAllocator) {
    this.words = words;
    this.filePages = filePages;
    this.allocator = allocator;
    this.areas = memory.files * filePages;
  }

  /** The frame of a page of a file, or NONE. */
  frameOf(file: number, page: number): number {
    return this.words[file * this.filePages + page]! - 1;
  }

  /** The file that an area maps, or NONE. */
  fileOf(area: number): number {
    return this.words[this.areas + area]! - 1;
  }

  /** @param file NONE for anonymous memory */
  setFileOf(area: number, file: number): void {
    this.words[this.areas + area] = file + 1;
  }

  isMapped(file: number): boolean {
    return this.words.indexOf(file + 1, this.areas) >= 0;
  }

  /** Brings a page into memory. @param ahead by read-ahead on behalf of an aware process @returns its frame or NONE */
  read(file: number, page: number, ahead: boolean): number {
    const frame = ahead ? this.allocator.readAhead(file, page) : this.allocator.allocate(0);
    if (frame !== NONE) this.words[file * this.filePages + page] = frame + 1;
    return frame;
  }

  evict(file: number, page: number): void {
    const frame = this.frameOf(file, page);
    this.words[file * this.filePages + page] = 0;
    const { buddy } = this.allocator;
    if (buddy.dismiss(frame, 1)) buddy.free(frame, 0);
  }

  /** The file goes: its pages first, ascending, then what is reserved for it. */
  delete(file: number): void {
    for (let page = 0; page < this.filePages; page++) {
      if (this.frameOf(file, page) !== NONE) this.evict(file, page);
    }
    this.allocator.files.drop(file);
  }
}
