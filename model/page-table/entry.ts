/**
 * What an entry says, and how x86-64 writes it down: two numbers below 2^32, sums of places.
 *
 * Source: Intel SDM 3A, tables 4-14 to 4-20. The bits that software may use: 9 for a leaf kept with protection none
 * (W26), 10 for a page on the move (W28; does not occur here), 11 and 52 to 58 for the caller.
 */
import { match } from "ts-pattern";
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Rights } from "../../vocabulary/page-table/access.js";
import type { Attributes } from "../../vocabulary/page-table/entry.js";
import { highestLeafLevel, span } from "./address.js";

export interface Leaf extends Attributes {
  readonly kind: "leaf";
  /** First frame. */
  readonly frame: number;
  /** False: kept with protection none (W26). The other fields keep their values meanwhile. */
  readonly present: boolean;
  readonly writable: boolean;
  readonly noExecute: boolean;
  readonly accessed: boolean;
  readonly dirty: boolean;
}

/** A pointer to a table; `table` is the frame of the table. */
export interface Pointer {
  readonly kind: "pointer";
  readonly table: number;
  readonly writable: boolean;
  readonly user: boolean;
  readonly noExecute: boolean;
  readonly accessed: boolean;
}

export interface Words {
  readonly low: number;
  readonly high: number;
}

/** What two words say: nothing, something that faults as reserved, a leaf or a pointer. */
export type Decoded = { readonly kind: "empty" } | { readonly kind: "reserved" } | Leaf | Pointer;

const PLACE = {
  present: 1,
  writable: 2,
  user: 4,
  writeThrough: 8,
  cacheDisable: 16,
  accessed: 32,
  dirty: 64,
  large: 128,
  smallPat: 128,
  global: 256,
  protNone: 512,
  available11: 2048,
  largePat: 4096,
  frame: 4096,
} as const;

/** Places of the high word. */
const HIGH_PLACE = { available52: 2 ** 20, key: 2 ** 27, noExecute: 2 ** 31 } as const;

const bit = (word: number, place: number): boolean => Math.floor(word / place) % 2 === 1;
const sum = (terms: readonly (readonly [boolean, number])[]): number =>
  terms.reduce((total, [set, place]) => total + (set ? place : 0), 0);

/** What the leaf allows. */
export function rightsOf(leaf: Leaf): Rights {
  if (!leaf.present) return "---";
  if (leaf.writable) return leaf.noExecute ? "rw-" : "rwx";
  return leaf.noExecute ? "r--" : "r-x";
}

/** The leaf with other rights; protection none changes nothing else (W26). */
export function withRights(leaf: Leaf, rights: Rights): Leaf {
  const allow = (writable: boolean, executable: boolean): Leaf => ({
    ...leaf,
    present: true,
    writable,
    noExecute: !executable,
  });
  return match(rights)
    .with("---", () => ({ ...leaf, present: false }))
    .with("r--", () => allow(false, false))
    .with("rw-", () => allow(true, false))
    .with("r-x", () => allow(false, true))
    .with("rwx", () => allow(true, true))
    .exhaustive();
}

export function encode(level: number, entry: Leaf | Pointer): Words {
  if (entry.kind === "pointer") {
    const { table, writable, user, noExecute, accessed } = entry;
    return {
      low: sum([
        [true, PLACE.present],
        [writable, PLACE.writable],
        [user, PLACE.user],
        [accessed, PLACE.accessed],
        [true, (table % 2 ** 20) * PLACE.frame],
      ]),
      high: Math.floor(table / 2 ** 20) + sum([[noExecute, HIGH_PLACE.noExecute]]),
    };
  }
  const low = sum([
    [entry.present, PLACE.present],
    [!entry.present, PLACE.protNone],
    [entry.writable, PLACE.writable],
    [entry.user, PLACE.user],
    [entry.writeThrough, PLACE.writeThrough],
    [entry.cacheDisable, PLACE.cacheDisable],
    [entry.accessed, PLACE.accessed],
    [entry.dirty, PLACE.dirty],
    [level > 1, PLACE.large],
    [entry.pat, level > 1 ? PLACE.largePat : PLACE.smallPat],
    [entry.global, PLACE.global],
    [entry.available % 2 === 1, PLACE.available11],
    [true, (entry.frame % 2 ** 20) * PLACE.frame],
  ]);
  const high =
    Math.floor(entry.frame / 2 ** 20) +
    Math.floor(entry.available / 2) * HIGH_PLACE.available52 +
    entry.key * HIGH_PLACE.key +
    sum([[entry.noExecute, HIGH_PLACE.noExecute]]);
  return { low, high };
}

/** Reads an entry of this level. Reserved bits matter only where P is set, as for the hardware. */
export function decode(geometry: Geometry, level: number, words: Words): Decoded {
  const { low, high } = words;
  const present = bit(low, PLACE.present);
  if (!present && !bit(low, PLACE.protNone)) return { kind: "empty" };
  const large = level > 1 && bit(low, PLACE.large);
  // The physical address that the words hold; PAT of a large leaf lies where its lowest address bit would be.
  const number = Math.floor(low / PLACE.frame) + (high % 2 ** 20) * 2 ** 20;
  const pat = large && number % 2 === 1;
  const frame = pat ? number - 1 : number;
  const tooWide = number >= 2 ** (geometry.physicalAddressBits - 12);
  const noLeafHere = large && level > highestLeafLevel(geometry);
  const unaligned = large && !noLeafHere && frame % span(geometry, level) !== 0;
  if (present && (tooWide || noLeafHere || unaligned)) return { kind: "reserved" };
  const shared = {
    writable: bit(low, PLACE.writable),
    user: bit(low, PLACE.user),
    noExecute: bit(high, HIGH_PLACE.noExecute),
    accessed: bit(low, PLACE.accessed),
  };
  if (level > 1 && !large) return { kind: "pointer", table: number, ...shared };
  return {
    kind: "leaf",
    frame,
    present,
    ...shared,
    dirty: bit(low, PLACE.dirty),
    global: bit(low, PLACE.global),
    writeThrough: bit(low, PLACE.writeThrough),
    cacheDisable: bit(low, PLACE.cacheDisable),
    pat: level > 1 ? pat : bit(low, PLACE.smallPat),
    available: (bit(low, PLACE.available11) ? 1 : 0) + (Math.floor(high / HIGH_PLACE.available52) % 128) * 2,
    key: Math.floor(high / HIGH_PLACE.key) % 16,
  };
}
