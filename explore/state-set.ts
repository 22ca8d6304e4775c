/**
 * The set of states that were reached, and its hash table. States are numbered from 0 in the order of their addition.
 *
 * The table is open addressing over state numbers, one 32-bit word a slot:
 *
 *    31           numberBits            0
 *   ┌────────────────┬──────────────────┐
 *   │ tag            │ state number + 1 │      0 = free
 *   └────────────────┴──────────────────┘
 *
 * The home slot comes from the first half of a fingerprint, the tag is the upper part of its second half. A table of a
 * million slots has 11 tag bits, so that one occupied slot in 2,000 leads to a look at a state that is not the one looked
 * for. What is kept of a state besides, and what makes two of them equal, is for the subclasses to say.
 */
import { RECORD_WORDS, type Successors } from "./successors.js";

const SLOTS_AT_FIRST = 2 ** 10;
/** Slots are searched one after another; beyond this load the runs become long. */
const LOAD_MAX = 0.75;
/** 4 bytes a slot and a load between LOAD_MAX / GROWTH and LOAD_MAX: at most 7.5 bytes a state in a large table. A small
 * one grows faster, because there time is dearer than memory; each kind of set has bytes to spare for that. */
const GROWTH = 1.4;
const SMALL_SLOTS = 2 ** 21;
const NO_SLOTS = new Int32Array(0);

export abstract class StateSet {
  /** Whether states are compared word by word; else the words that `find` is given may be any. */
  abstract readonly comparesStates: boolean;
  /** The fingerprint of the state last taken. */
  takenFirst = 0;
  takenSecond = 0;
  /** Nobody reads it; it keeps the reads of `warm` from being optimised away. */
  warmth = 0;
  private slots = NO_SLOTS;
  private scale = 0;
  private numberMask = 0;
  private countMax = 0;
  /** Where the last search ended without success. */
  private freeSlot = 0;
  private readonly growthSmall: number;

  /** @param growthSmall by how much a small table grows at a time; it takes up to 5.34 times as many bytes a state */
  constructor(growthSmall: number) {
    this.growthSmall = growthSmall;
    this.makeSlots(SLOTS_AT_FIRST);
  }

  /** How many states are in the set. */
  abstract get count(): number;
  /**
   * Copies state `number` into `into`; its fingerprint is then in `takenFirst` and `takenSecond`. States are taken in
   * ascending order: the words of those below the last one taken may be gone.
   */
  abstract take(number: number, into: Int32Array): void;
  /** Whether state `number` is the one with this fingerprint or, in a set that compares states, with these words. */
  abstract is(number: number, first: number, second: number, words: Int32Array): boolean;
  /** The probability that a state was taken for another one. */
  abstract get missProbability(): number;
  /** Most bytes of states that were kept only until their expansion. */
  abstract get frontierBytesPeak(): number;
  /** Bytes kept of the states, without the table and the frontier. */
  protected abstract get keptBytes(): number;
  /** Keeps one more state. */
  protected abstract keep(first: number, second: number, words: Int32Array): void;
  /** Calls `enterAnew` for each state. */
  protected abstract enterAll(): void;

  /** The number of a state, or -1. */
  find(first: number, second: number, words: Int32Array): number {
    const { slots, numberMask } = this;
    const tag = second & ~numberMask;
    let slot = ((first >>> 0) * this.scale) | 0;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if ((entry & ~numberMask) === tag) {
        const number = (entry & numberMask) - 1;
        if (this.is(number, first, second, words)) return number;
      }
      if (++slot === slots.length) slot = 0;
    }
    this.freeSlot = slot;
    return -1;
  }

  /** Adds the state that the last `find` did not find; its number is the former `count`. */
  add(first: number, second: number, words: Int32Array): void {
    this.slots[this.freeSlot] = (second & ~this.numberMask) | (this.count + 1);
    this.keep(first, second, words);
    if (this.count >= this.countMax) this.enlarge();
  }

  /** Reads the home slots of all successors on hold, so that the searches to come find them in the processor's cache. Here
   * the reads do not depend on each other, and the processor makes many at a time. */
  warm(successors: Successors): void {
    const { slots, scale } = this;
    const { records, count } = successors;
    let warmth = 0;
    for (let at = 0; at < count * RECORD_WORDS; at += RECORD_WORDS)
      warmth ^= slots[((records[at]! >>> 0) * scale) | 0]!;
    this.warmth = warmth;
  }

  /** Bytes of the set, without the frontier. */
  get bytes(): number {
    return this.slots.byteLength + this.keptBytes;
  }

  /** Enters a state that is known not to be in the table. */
  protected enterAnew(first: number, second: number, number: number): void {
    const { slots } = this;
    let slot = ((first >>> 0) * this.scale) | 0;
    while (slots[slot] !== 0) if (++slot === slots.length) slot = 0;
    slots[slot] = (second & ~this.numberMask) | (number + 1);
  }

  private enlarge(): void {
    const growth = this.slots.length < SMALL_SLOTS ? this.growthSmall : GROWTH;
    this.makeSlots(Math.ceil(this.slots.length * growth));
    this.enterAll();
  }

  private makeSlots(length: number): void {
    // The old slots are not read again: they can be collected before the new ones are filled.
    this.slots = new Int32Array(length);
    this.scale = length / 2 ** 32;
    this.numberMask = maskFor(length);
    this.countMax = Math.floor(length * LOAD_MAX);
  }
}

/** Ones for all bits of a state number plus one in a table of `length` slots. */
function maskFor(length: number): number {
  return 2 ** Math.ceil(Math.log2(length + 1)) - 1;
}
