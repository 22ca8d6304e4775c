/** The lists of free and of reserved blocks: doubly linked through the words of the blocks' first frames. */
import type { MemoryPort } from "../memory-port.js";
import type { AllocatorLayout } from "./allocator-layout.js";

export class BlockLists {
  readonly layout: AllocatorLayout;
  private readonly memory: MemoryPort;

  constructor(memory: MemoryPort, layout: AllocatorLayout) {
    this.memory = memory;
    this.layout = layout;
  }

  /** Makes a list empty. */
  initialise(list: number): void {
    this.setNext(list, list);
    this.setPrevious(list, list);
  }

  next(node: number): number {
    return this.memory.load("zone.next", this.layout.next + node);
  }

  previous(node: number): number {
    return this.memory.load("zone.previous", this.layout.previous + node);
  }

  isEmpty(list: number): boolean {
    return this.next(list) === list;
  }

  /** Puts a block behind another node; behind the list itself is the front. */
  insertBehind(block: number, node: number): void {
    const next = this.next(node);
    this.setPrevious(next, block);
    this.setNext(block, next);
    this.setPrevious(block, node);
    this.setNext(node, block);
  }

  pushFront(block: number, list: number): void {
    this.insertBehind(block, list);
  }

  pushBack(block: number, list: number): void {
    this.insertBehind(block, this.previous(list));
  }

  remove(block: number): void {
    const next = this.next(block);
    const previous = this.previous(block);
    this.setPrevious(next, previous);
    this.setNext(previous, next);
    this.setNext(block, 0);
    this.setPrevious(block, 0);
  }

  /** The blocks of a list in its order. */
  blocks(list: number): number[] {
    const found: number[] = [];
    for (let node = this.next(list); node !== list; node = this.next(node)) found.push(node);
    return found;
  }

  private setNext(node: number, next: number): void {
    this.memory.store("zone.setNext", this.layout.next + node, next);
  }

  private setPrevious(node: number, previous: number): void {
    this.memory.store("zone.setPrevious", this.layout.previous + node, previous);
  }
}
