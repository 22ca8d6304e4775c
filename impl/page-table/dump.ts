/**
 * Page tables as someone else dumped them: a file of table pages, walked from a CR3.
 *
 *   file     records of 4104 bytes, ascending by address:  [ u64 guest-physical address | 4096 bytes of the page ]
 *   line     VVVVVVVVVVVVVVVV: PPPPPPPPPPPPPPPP XGPDACTUW      one per present leaf, ascending by virtual address
 *
 * The lines are those of QEMU's monitor command `info tlb`: the virtual address sign-extended, the leaf's physical
 * address, and the leaf's own flags (not the AND over the levels) or `-`: X no-execute, G global, P large (bit 7, which
 * in a 4 KiB leaf is PAT and not shown), D dirty, A accessed, C cache-disable, T write-through, U user, W writable.
 * Physical addresses are cut to 50 bits, as QEMU does. Slow path: lines are strings, and nothing here is called often.
 */
import { PagetwinError } from "../../vocabulary/errors.js";
import {
  ACCESSED,
  CACHE_DISABLE,
  DIRTY,
  GLOBAL,
  isPresent,
  LARGE,
  LOW_FLAGS,
  USER,
  WRITABLE,
  WRITE_THROUGH,
} from "./entry.js";

const PAGE_BYTES = 4096;
const ADDRESS_BYTES = 8;
const RECORD_BYTES = ADDRESS_BYTES + PAGE_BYTES;
const ENTRY_BYTES = 8;
const ENTRIES = PAGE_BYTES / ENTRY_BYTES;
const INDEX_BITS = 9;
/** Address bits 32 to 49, in the high word. */
const ADDRESS_HIGH_MASK = (1 << 18) - 1;
/** Virtual page numbers of sign-extended addresses have 52 bits. */
const VIRTUAL_PAGES = 2 ** 52;
const LARGEST_LEAF_LEVEL = 3;

/** Table pages by their guest-physical address. */
export interface TableDump {
  readonly bytes: DataView;
  /** Byte offset of each page's content. */
  readonly pages: ReadonlyMap<number, number>;
}

/**
 * Reads the records of a dump.
 * @throws PagetwinError `FORMAT` naming the record that is incomplete, not page-aligned or out of order
 */
export function parseDump(bytes: Uint8Array): TableDump {
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) {
    throw new PagetwinError(
      "FORMAT",
      `length is ${bytes.length} bytes: expected a multiple of ${RECORD_BYTES}, more than 0`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pages = new Map<number, number>();
  let previous = -1;
  for (let offset = 0; offset < bytes.length; offset += RECORD_BYTES) {
    const address = view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
    const record = `record ${offset / RECORD_BYTES + 1} (byte ${offset})`;
    if (address % PAGE_BYTES !== 0 || address >= VIRTUAL_PAGES) {
      throw new PagetwinError(
        "FORMAT",
        `${record}: address is 0x${address.toString(16)}: expected a page address below 2^52`,
      );
    }
    if (address <= previous) {
      const order = address === previous ? "twice" : `after 0x${previous.toString(16)}`;
      throw new PagetwinError(
        "FORMAT",
        `${record}: address 0x${address.toString(16)} comes ${order}: expected ascending addresses`,
      );
    }
    pages.set(address, offset + ADDRESS_BYTES);
    previous = address;
  }
  return { bytes: view, pages };
}

/**
 * The page address in a CR3: bits 12 to 49, the flags and PCID below and the control bits above ignored.
 * @throws PagetwinError `ARGUMENT` if the text is not 1 to 16 hexadecimal digits, with or without 0x
 */
export function parseCr3(text: string): number {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text)?.[1];
  if (digits === undefined) {
    throw new PagetwinError("ARGUMENT", `CR3 is "${text}": expected 1 to 16 hexadecimal digits`);
  }
  const padded = digits.padStart(16, "0");
  return addressOf(Number.parseInt(padded.slice(8), 16), Number.parseInt(padded.slice(0, 8), 16));
}

/**
 * The lines of all leaves, ascending.
 * @param levels 4 or 5
 * @throws PagetwinError `FORMAT` naming the first table page that is missing and the entry that points to it; thrown
 * before the first line is given out
 */
export function dumpedLeaves(dump: TableDump, cr3: number, levels: 4 | 5): Iterable<string> {
  if (!dump.pages.has(cr3)) {
    throw new PagetwinError("FORMAT", `the root table 0x${cr3.toString(16)} of CR3 is not in the dump`);
  }
  requireTables(dump, cr3, levels, new Set());
  return walk(dump, cr3, levels, levels, 0);
}

/** Looks at every table once per level that it serves, so that tables which point to themselves come to an end. */
function requireTables(dump: TableDump, table: number, level: number, seen: Set<string>): void {
  if (level === 1 || seen.has(`${level} ${table}`)) return;
  seen.add(`${level} ${table}`);
  for (let index = 0; index < ENTRIES; index++) {
    const [low, high] = entryOf(dump, table, index);
    if (!isPresent(low) || isDumpedLeaf(level, low)) continue;
    const child = addressOf(low, high);
    if (!dump.pages.has(child)) {
      const entry = `entry ${index} of the level ${level} table 0x${table.toString(16)}`;
      throw new PagetwinError("FORMAT", `${entry} points to 0x${child.toString(16)}, which is not in the dump`);
    }
    requireTables(dump, child, level - 1, seen);
  }
}

function* walk(dump: TableDump, table: number, levels: number, level: number, firstPage: number): Iterable<string> {
  for (let index = 0; index < ENTRIES; index++) {
    const [low, high] = entryOf(dump, table, index);
    if (!isPresent(low)) continue;
    const page = firstPage + index * 2 ** (INDEX_BITS * (level - 1));
    if (isDumpedLeaf(level, low)) yield leafLine(signExtended(page, levels), level, low, high);
    else yield* walk(dump, addressOf(low, high), levels, level - 1, page);
  }
}

/** Bit 7 of a level 4 or 5 entry does not make it a leaf: QEMU walks on. */
function isDumpedLeaf(level: number, low: number): boolean {
  return level === 1 || (level <= LARGEST_LEAF_LEVEL && (low & LARGE) !== 0);
}

function entryOf(dump: TableDump, table: number, index: number): readonly [low: number, high: number] {
  // Every table has been found in the dump before it is walked.
  const offset = dump.pages.get(table)! + index * ENTRY_BYTES;
  return [dump.bytes.getInt32(offset, true), dump.bytes.getInt32(offset + 4, true)];
}

function addressOf(low: number, high: number): number {
  return (high & ADDRESS_HIGH_MASK) * 2 ** 32 + ((low & ~LOW_FLAGS) >>> 0);
}

function signExtended(page: number, levels: number): number {
  const pages = 2 ** (INDEX_BITS * levels);
  return page < pages / 2 ? page : page + (VIRTUAL_PAGES - pages);
}

function leafLine(page: number, level: number, low: number, high: number): string {
  const addressMask = -1 << (12 + INDEX_BITS * (level - 1));
  const flag = (set: boolean, letter: string): string => (set ? letter : "-");
  const flags = [
    flag(high < 0, "X"),
    flag((low & GLOBAL) !== 0, "G"),
    flag(level > 1, "P"),
    flag((low & DIRTY) !== 0, "D"),
    flag((low & ACCESSED) !== 0, "A"),
    flag((low & CACHE_DISABLE) !== 0, "C"),
    flag((low & WRITE_THROUGH) !== 0, "T"),
    flag((low & USER) !== 0, "U"),
    flag((low & WRITABLE) !== 0, "W"),
  ].join("");
  const physical = `${hex(high & ADDRESS_HIGH_MASK, 8)}${hex((low & addressMask) >>> 0, 8)}`;
  return `${hex(page, 13)}000: ${physical} ${flags}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
