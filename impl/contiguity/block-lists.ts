/** The lists of free and of reserved blocks: doubly linked through the words of the blocks' first frames. */
import type { AllocatorLayout } from "./allocator-layout.js";

export class BlockLists {
  readonly words: Int32Array;
  readonly layout: AllocatorLayout;

  constructor(words: Int32Array, layout: AllocatorLayout) {
    this.words = words;
    this.layout = layout;
  }

  /** Makes a list empty. */
  initialise(list: number): void {
    this.words[this.layout.next + list] = list;
    this.words[this.layout.previous + list] = list;
  }

  next(node: number): number {
    return this.words[this.layout.next + node]!;
  }

  previous(node: number): number {
    return this.words[this.layout.previous + node]!;
  }

  isEmpty(list: number): boolean {
    return this.next(list) === list;
  }

  /** Puts a block behind another node; behind the list itself is the front. */
  insertBehind(block: number, node: number): void {
    const { words, layout } = this;
    const next = words[layout.next + node]!;
    words[layout.previous + next] = block;
    words[layout.next + block] = next;
    words[layout.previous + block] = node;
    words[layout.next + node] = block;
  }

  pushFront(block: number, list: number): void {
    this.insertBehind(block, list);
  }

  pushBack(block: number, list: number): void {
    this.insertBehind(block, this.previous(list));
  }

  remove(block: number): void {
    const { words, layout } = this;
    const next = words[layout.next + block]!;
    const previous = words[layout.previous + block]!;
    words[layout.previous + next] = previous;
    words[layout.next + previous] = next;
    words[layout.next + block] = 0;
    words[layout.previous + block] = 0;
  }

  /** The blocks of a list in its order. */
  blocks(list: number): number[] {
    const found: number[] = [];
    for (let node = this.next(list); node !== list; node = this.next(node)) found.push(node);
    return found;
  }
}
