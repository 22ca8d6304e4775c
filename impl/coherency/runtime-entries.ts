/**
 * The leaf entries of one kernel's page table, as a processor would read them before each access (paper, section 5.1).
 *
 *   words = [ page 0: low word ][ page 0: high word ][ page 1: low word ] …       laid out as in page-table/entry.ts
 *
 * Page p lives in frame p of the kernel's private memory. PROT_NONE marks a page that the kernel has used and may not
 * access now: the entry keeps its frame. A store sets D by itself, as hardware does; nobody traps for that.
 */
import * as entry from "../page-table/entry.js";
import { ENTRY_MAPPED, ENTRY_PRESENT, ENTRY_WRITABLE, entryBitsOf } from "./permissions.js";

const ENTRY_WORDS = 2;
const STORABLE = entry.PRESENT | entry.WRITABLE;

/** Words that the entries of `pages` pages need. */
export function entriesWords(pages: number): number {
  return pages * ENTRY_WORDS;
}

export class RuntimeEntries {
  private readonly words: Int32Array;

  /** @param words `entriesWords(pages)` words or more; zeros = nothing is mapped */
  constructor(words: Int32Array) {
    this.words = words;
  }

  permitsLoad(page: number): boolean {
    return (this.words[page * ENTRY_WORDS]! & entry.PRESENT) !== 0;
  }

  permitsStore(page: number): boolean {
    return (this.words[page * ENTRY_WORDS]! & STORABLE) === STORABLE;
  }

  isDirty(page: number): boolean {
    return (this.words[page * ENTRY_WORDS]! & entry.DIRTY) !== 0;
  }

  noteLoad(page: number): void {
    this.words[page * ENTRY_WORDS]! |= entry.ACCESSED;
  }

  noteStore(page: number): void {
    this.words[page * ENTRY_WORDS]! |= entry.ACCESSED | entry.DIRTY;
  }

  /** Makes the entry permit what the protocol state permits. A and D stay as long as the page is mapped. */
  follow(page: number, state: number): void {
    const { words } = this;
    const bits = entryBitsOf(state);
    const at = page * ENTRY_WORDS;
    if ((bits & ENTRY_MAPPED) === 0) {
      words[at] = 0;
      words[at + 1] = 0;
      return;
    }
    const kept = words[at]! & (entry.ACCESSED | entry.DIRTY);
    const present = (bits & ENTRY_PRESENT) !== 0 ? entry.PRESENT : entry.PROT_NONE;
    const writable = (bits & ENTRY_WRITABLE) !== 0 ? entry.WRITABLE : 0;
    words[at] = entry.lowWord(page, entry.USER | kept | present | writable);
    words[at + 1] = entry.highWord(page, entry.NO_EXECUTE);
  }
}
