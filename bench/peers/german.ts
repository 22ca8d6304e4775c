/**
 * German's directory protocol with data as a machine for the explorer: `german.pml` is its twin for SPIN.
 *
 *   words = [ cache 0 ] … [ cache N-1 ][ directory ]
 *
 *   cache       9   8   7   6   5   4 3   2 1   0 …
 *              ┌───┬───┬───┬───┬───┬─────┬─────┬───┬─────┐
 *              │SH │IV │C3D│C3 │C2D│ C2  │ C1  │CD │ CA  │
 *              └───┴───┴───┴───┴───┴─────┴─────┴───┴─────┘
 *   directory  ┌───┬───┬─────┬─────┬───┐
 *              │AUX│MEM│ PTR │ CMD │EX │
 *              └───┴───┴─────┴─────┴───┘
 *
 * An action is cache * 12 + rule, rules as numbered in the protocol's description, from 0.
 */
import type { Checks, Machine } from "../../explore/index.js";

// Masks of the fields where they stand in the word, their lowest bits where numbers are read or written, and values.
const CA = 0b11;
const CA_SHARED = 0b01;
const CA_EXCLUSIVE = 0b10;
const CD = 1 << 2;
const C1 = 0b11 << 3; // request
const C1_SHARED = 0b01 << 3;
const C1_EXCLUSIVE = 0b10 << 3;
const C1_SHIFT = 3;
const C2 = 0b11 << 5; // directory to cache
const C2_INVALIDATE = 0b01 << 5;
const C2_GRANT_SHARED = 0b10 << 5;
const C2_GRANT_EXCLUSIVE = 0b11 << 5;
const C2D = 1 << 7;
const C3 = 1 << 8; // invalidate acknowledged
const C3D = 1 << 9;
const IV = 1 << 10; // still to be invalidated
const SH = 1 << 11; // sharer

const EX = 1 << 0;
const CMD = 0b11 << 1;
const CMD_SHARED = 0b01 << 1;
const CMD_EXCLUSIVE = 0b10 << 1;
const CMD_SHIFT = 1;
const PTR = 0b111 << 3;
const PTR_SHIFT = 3;
const MEM = 1 << 6;
const AUX = 1 << 7;

const RULES = 12;

/** Caches 2 to 7. */
export class German implements Machine {
  readonly words: Int32Array;
  readonly stateWords: number;
  readonly actionCount: number;
  private readonly caches: number;

  constructor(caches: number) {
    this.caches = caches;
    this.stateWords = caches + 1;
    this.actionCount = caches * RULES;
    this.words = new Int32Array(this.stateWords);
  }

  initialise(): void {
    this.words.fill(0);
    this.words[this.caches] = this.caches << PTR_SHIFT;
  }

  enabled(action: number): boolean {
    const i = (action / RULES) | 0;
    return this.firstEnabled(i, action - i * RULES) === action - i * RULES;
  }

  listEnabled(into: Uint32Array): number {
    let count = 0;
    for (let i = 0; i < this.caches; i++)
      for (let rule = this.firstEnabled(i, 0); rule < RULES; rule = this.firstEnabled(i, rule + 1))
        into[count++] = i * RULES + rule;
    return count;
  }

  /** The lowest enabled rule of cache i from `from` on, or RULES. */
  private firstEnabled(i: number, from: number): number {
    const cache = this.words[i]!;
    const directory = this.words[this.caches]!;
    const command = directory & CMD;
    if (from <= 1 && (cache & CA) === CA_EXCLUSIVE) return from;
    if (from <= 2 && (cache & (C1 | CA)) === 0) return 2;
    if (from <= 3 && (cache & C1) === 0 && (cache & CA) !== CA_EXCLUSIVE) return 3;
    if (from <= 4 && command === 0 && (cache & C1) !== 0) return 4;
    if (from <= 5 && (cache & (C2 | IV)) === IV && mustInvalidate(directory)) return 5;
    if (from <= 6 && (cache & (C2 | C3)) === C2_INVALIDATE) return 6;
    if (from <= 7 && (cache & C3) !== 0 && command !== 0) return 7;
    if (from <= 8 && command === CMD_SHARED && canServe(directory, cache, i)) return 8;
    if (from <= 9 && command === CMD_EXCLUSIVE && canServe(directory, cache, i) && this.hasNoSharer()) return 9;
    if (from <= 10 && (cache & C2) === C2_GRANT_SHARED) return 10;
    if (from <= 11 && (cache & C2) === C2_GRANT_EXCLUSIVE) return 11;
    return RULES;
  }

  perform(action: number): void {
    const i = (action / RULES) | 0;
    const { words, caches } = this;
    const cache = words[i]!;
    const directory = words[caches]!;
    switch (action - i * RULES) {
      case 0:
        words[i] = cache & ~CD;
        words[caches] = directory & ~AUX;
        break;
      case 1:
        words[i] = cache | CD;
        words[caches] = directory | AUX;
        break;
      case 2:
        words[i] = cache | C1_SHARED;
        break;
      case 3:
        words[i] = cache | C1_EXCLUSIVE;
        break;
      case 4:
        this.accept(i, cache, directory);
        break;
      case 5:
        words[i] = (cache | C2_INVALIDATE) & ~IV;
        break;
      case 6:
        words[i] = acknowledged(cache);
        break;
      case 7:
        words[i] = cache & ~(C3 | C3D | SH);
        if ((directory & EX) !== 0) words[caches] = (directory & ~(EX | MEM)) | ((cache & C3D) !== 0 ? MEM : 0);
        break;
      case 8:
        this.grant(i, C2_GRANT_SHARED, directory);
        break;
      case 9:
        this.grant(i, C2_GRANT_EXCLUSIVE, directory | EX);
        break;
      case 10:
        words[i] = received(cache, CA_SHARED);
        break;
      default:
        words[i] = received(cache, CA_EXCLUSIVE);
    }
  }

  private accept(i: number, cache: number, directory: number): void {
    const { words, caches } = this;
    const command = ((cache & C1) >>> C1_SHIFT) << CMD_SHIFT;
    words[caches] = (directory & ~(CMD | PTR)) | command | (i << PTR_SHIFT);
    words[i] = cache & ~C1;
    for (let j = 0; j < caches; j++) words[j] = (words[j]! & ~IV) | ((words[j]! & SH) !== 0 ? IV : 0);
  }

  private grant(i: number, message: number, directory: number): void {
    const { words, caches } = this;
    words[i] = (words[i]! & ~(C2 | C2D)) | message | ((directory & MEM) !== 0 ? C2D : 0) | SH;
    words[caches] = (directory & ~(CMD | PTR)) | (caches << PTR_SHIFT);
  }

  private hasNoSharer(): boolean {
    for (let j = 0; j < this.caches; j++) if ((this.words[j]! & SH) !== 0) return false;
    return true;
  }
}

function mustInvalidate(directory: number): boolean {
  const command = directory & CMD;
  return command === CMD_EXCLUSIVE || (command === CMD_SHARED && (directory & EX) !== 0);
}

function canServe(directory: number, cache: number, i: number): boolean {
  return (directory & (PTR | EX)) === i << PTR_SHIFT && (cache & C2) === 0;
}

function acknowledged(cache: number): number {
  const carried = (cache & CA) !== CA_EXCLUSIVE ? cache & C3D : (cache & CD) !== 0 ? C3D : 0;
  return (cache & ~(C2 | CA | CD | C3D)) | C3 | carried;
}

function received(cache: number, access: number): number {
  return (cache & ~(CA | CD | C2 | C2D)) | access | ((cache & C2D) !== 0 ? CD : 0);
}

/** The protocol's three invariants. */
export function germanChecks(machine: German): Checks {
  const { words } = machine;
  const caches = machine.stateWords - 1;
  return {
    always: [
      {
        name: "exclusiveIsAlone",
        violation() {
          let valid = 0;
          let exclusive = 0;
          for (let i = 0; i < caches; i++) {
            const access = words[i]! & CA;
            if (access !== 0) valid++;
            if (access === CA_EXCLUSIVE) exclusive++;
          }
          return exclusive > 0 && valid > 1 ? `${exclusive} exclusive caches among ${valid} valid ones` : undefined;
        },
      },
      {
        name: "validCachesHoldTheLastWrite",
        violation() {
          const last = (words[caches]! & AUX) !== 0;
          for (let i = 0; i < caches; i++) {
            const held = (words[i]! & CD) !== 0;
            if ((words[i]! & CA) !== 0 && held !== last)
              return `cache ${i} holds ${+held}, the last write was ${+last}`;
          }
          return undefined;
        },
      },
      {
        name: "memoryHoldsTheLastWriteUnlessOwned",
        violation() {
          const directory = words[caches]!;
          const held = (directory & MEM) !== 0;
          const last = (directory & AUX) !== 0;
          if ((directory & EX) !== 0 || held === last) return undefined;
          return `memory holds ${+held}, the last write was ${+last}`;
        },
      },
    ],
  };
}
