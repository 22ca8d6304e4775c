/** The heads of the lists, in either layout (W13): what the algorithm sees of them. */
import type { MemoryPort } from "../memory-port.js";
import type { HeadFormat } from "./head.js";

/** A head is an opaque value, comparable by what is in it; `number` is a page's dense number + 1, 0 = none. */
export interface Heads<Head> {
  load(label: string, node: number): Head;
  number(head: Head): number;
  tag(head: Head): number;
  /**
   * Puts another page on top if `head` is still there: one compare-exchange.
   * @param retag whether the tag moves on
   */
  swap(label: string, node: number, head: Head, number: number, retag: boolean): boolean;
}

/** One 32-bit word a head, see head.ts. */
export class NarrowHeads implements Heads<number> {
  readonly memory: MemoryPort;
  readonly format: HeadFormat;
  private readonly places: Int32Array;

  /** @param places word index of each node's head */
  constructor(memory: MemoryPort, format: HeadFormat, places: Int32Array) {
    this.memory = memory;
    this.format = format;
    this.places = places;
  }

  load(label: string, node: number): number {
    return this.memory.load(label, this.places[node]!);
  }

  number(head: number): number {
    return this.format.page(head);
  }

  tag(head: number): number {
    return this.format.tag(head);
  }

  swap(label: string, node: number, head: number, number: number, retag: boolean): boolean {
    const next = this.format.successor(head, number, retag);
    return this.memory.compareExchange(label, this.places[node]!, head, next) === head;
  }
}
