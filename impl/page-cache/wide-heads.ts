/**
 * Heads as the original lays them out: one 64-bit word each (4.1).
 *
 *    63       48 47                                  0
 *   ┌───────────┬─────────────────────────────────────┐
 *   │ tag       │ low 48 bits of the descriptor's     │      0 = the list is empty; an address is sign-extended from
 *   │           │ address                             │      bit 47
 *   └───────────┴─────────────────────────────────────┘
 *
 * The descriptor of frame f lies at {@link DESCRIPTORS} + 64 f. A word of 64 bits can be exchanged at once only as a BigInt,
 * which costs several times as much as the 32-bit head; this layout is here to show that it means the same.
 */
import type { Heads } from "./heads.js";

/** 64-bit words of shared memory. `index` counts 32-bit words and is even; values are signed. */
export interface WidePort {
  load(label: string, index: number): bigint;
  /** Stores `value` if the word holds `expected`; answers the old value. */
  compareExchange(label: string, index: number, expected: bigint, value: bigint): bigint;
}

export class AtomicWidePort implements WidePort {
  readonly words: BigInt64Array;

  constructor(words: BigInt64Array) {
    this.words = words;
  }

  load(_label: string, index: number): bigint {
    return Atomics.load(this.words, index >> 1);
  }

  compareExchange(_label: string, index: number, expected: bigint, value: bigint): bigint {
    return Atomics.compareExchange(this.words, index >> 1, expected, value);
  }
}

const ADDRESS_BITS = 48;
/** Where the kernel's array of page descriptors begins. */
export const DESCRIPTORS = 0xffff_ea00_0000_0000n;
const DESCRIPTOR_SHIFT = 6n;
const DESCRIPTORS_48 = BigInt.asUintN(ADDRESS_BITS, DESCRIPTORS);
const TAG_SHIFT = BigInt(ADDRESS_BITS);

export class WideHeads implements Heads<bigint> {
  readonly memory: WidePort;
  private readonly places: Int32Array;
  private readonly tags: bigint;

  /** @param tagBits how many of the 16 bits of the tag count; the others stay 0 */
  constructor(memory: WidePort, tagBits: number, places: Int32Array) {
    this.memory = memory;
    this.places = places;
    this.tags = 2n ** BigInt(tagBits) - 1n;
  }

  load(label: string, node: number): bigint {
    return this.memory.load(label, this.places[node]!);
  }

  number(head: bigint): number {
    const address = BigInt.asUintN(ADDRESS_BITS, head);
    return address === 0n ? 0 : Number((address - DESCRIPTORS_48) >> DESCRIPTOR_SHIFT) + 1;
  }

  tag(head: bigint): number {
    return Number(BigInt.asUintN(64, head) >> TAG_SHIFT);
  }

  swap(label: string, node: number, head: bigint, number: number, retag: boolean): boolean {
    const address = number === 0 ? 0n : DESCRIPTORS_48 + (BigInt(number - 1) << DESCRIPTOR_SHIFT);
    const old = BigInt.asUintN(64, head) >> TAG_SHIFT;
    const tag = retag ? (old + 1n) & this.tags : old;
    const next = BigInt.asIntN(64, (tag << TAG_SHIFT) | address);
    return this.memory.compareExchange(label, this.places[node]!, head, next) === head;
  }
}
