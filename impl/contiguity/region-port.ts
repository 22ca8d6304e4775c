/**
 * A machine's words in two places of a larger array: its state here, its counters there, so that several machines can share
 * one array whose counters all lie at the end.
 *
 *   index      0 … stateWords − 1     →  state + index
 *              stateWords …           →  counters + (index − stateWords)
 */
import type { MemoryPort } from "../memory-port.js";

export class RegionPort implements MemoryPort {
  private readonly words: Int32Array;
  private readonly stateWords: number;
  private readonly state: number;
  private readonly counters: number;

  constructor(words: Int32Array, stateWords: number, state: number, counters: number) {
    this.words = words;
    this.stateWords = stateWords;
    this.state = state;
    this.counters = counters - stateWords;
  }

  load(_label: string, index: number): number {
    return this.words[this.place(index)]!;
  }

  store(_label: string, index: number, value: number): void {
    this.words[this.place(index)] = value;
  }

  exchange(_label: string, index: number, value: number): number {
    const place = this.place(index);
    const old = this.words[place]!;
    this.words[place] = value;
    return old;
  }

  compareExchange(_label: string, index: number, expected: number, value: number): number {
    const place = this.place(index);
    const old = this.words[place]!;
    if (old === expected) this.words[place] = value;
    return old;
  }

  add(_label: string, index: number, value: number): number {
    const place = this.place(index);
    const old = this.words[place]!;
    this.words[place] = old + value;
    return old;
  }

  and(_label: string, index: number, value: number): number {
    const place = this.place(index);
    const old = this.words[place]!;
    this.words[place] = old & value;
    return old;
  }

  or(_label: string, index: number, value: number): number {
    const place = this.place(index);
    const old = this.words[place]!;
    this.words[place] = old | value;
    return old;
  }

  private place(index: number): number {
    return index + (index < this.stateWords ? this.state : this.counters);
  }
}
