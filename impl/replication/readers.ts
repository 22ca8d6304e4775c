/** Reading a leaf as the kernel does: the home value, with the A and D of the other members (W3). */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import { ACCESSED, DIRTY, isInstalled, leafFrame } from "../page-table/entry.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";

export class Readers {
  private readonly entries: EntryMemory;
  private readonly layout: TableLayout;
  private readonly rings: Rings;
  private readonly rules: Rules;

  constructor(entries: EntryMemory, rings: Rings, rules: Rules) {
    this.entries = entries;
    this.layout = entries.layout;
    this.rings = rings;
    this.rules = rules;
  }

  /**
   * The aggregated low word of a leaf. Members that are not present, or name another frame, add nothing; a home entry
   * that is not present stays so.
   */
  aggregated(table: number, index: number, level: number): number {
    const entry = this.layout.entryIndex(table, index);
    let low = this.entries.low(entry);
    if (!this.rules.aggregateReads || (this.rules.aggregateOneFrame && !isInstalled(low))) return low;
    const frame = leafFrame(level, low, this.entries.high(entry));
    for (
      let member = this.rings.next(table, table), step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      const other = this.layout.entryIndex(member, index);
      const otherLow = this.entries.low(other);
      if (!this.rules.aggregateOneFrame) {
        low |= otherLow;
        continue;
      }
      if (!isInstalled(otherLow) || leafFrame(level, otherLow, this.entries.high(other)) !== frame) continue;
      low |= otherLow & (ACCESSED | DIRTY);
    }
    return low;
  }

  /** The low word of the home member alone. */
  home(table: number, index: number): number {
    return this.entries.low(this.layout.entryIndex(table, index));
  }

  high(table: number, index: number): number {
    return this.entries.high(this.layout.entryIndex(table, index));
  }
}
