/** Reading a leaf as the kernel does: the home value, with the A and D of the other members (W3). */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import { ACCESSED, DIRTY, isInstalled, isPresent, leafFrame } from "../page-table/entry.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import type { TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";

export class Readers {
  /** The high word behind the last {@link aggregated}. */
  aggregatedHigh = 0;
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
   * The aggregated low word of a leaf; `aggregatedHigh` then is the high word that belongs to it. Members that are not
   * present, or name another frame, add nothing; a home entry that is not present stays so.
   *
   * Nobody needs to be kept out: home is looked at again at the end, and if it has changed all begins anew. Otherwise a
   * leaf that is taken out meanwhile would be read as it was at home, without the D that only a copy had.
   */
  aggregated(table: number, index: number, level: number): number {
    const entry = this.layout.entryIndex(table, index);
    for (;;) {
      const home = this.entries.low(entry);
      this.aggregatedHigh = this.entries.high(entry);
      const low = this.withMembers(table, index, level, home);
      if (!this.rules.readHomeAgain || this.entries.low(entry) === home) return low;
    }
  }

  private withMembers(table: number, index: number, level: number, home: number): number {
    if (!this.rules.aggregateReads || (level > 1 && !this.rules.largeReadsAggregate)) return home;
    if (this.rules.aggregateOneFrame && !this.counts(home)) return home;
    const frame = leafFrame(level, home, this.aggregatedHigh);
    let low = home;
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
      if (!this.counts(otherLow) || leafFrame(level, otherLow, this.entries.high(other)) !== frame) continue;
      low |= otherLow & (ACCESSED | DIRTY);
    }
    return low;
  }

  private counts(low: number): boolean {
    return this.rules.noneIsInstalled ? isInstalled(low) : isPresent(low);
  }

  /** The low word of the home member alone. */
  home(table: number, index: number): number {
    return this.entries.low(this.layout.entryIndex(table, index));
  }

  high(table: number, index: number): number {
    return this.entries.high(this.layout.entryIndex(table, index));
  }
}
