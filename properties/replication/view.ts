/** What the invariants of the replication system look at: its raw words, and the implementation attached to them. */

import type { Replication } from "../../impl/replication/replication.js";
import type { Geometry } from "../../vocabulary/geometry.js";
import type { Invariant } from "../engine/system.js";
import type { Memory } from "./memory.js";
import type { PartName } from "./parts.js";
import type { TablePage } from "./trees.js";

/** A claim about every state, which says what words it looks at. */
export interface StateClaim extends Invariant<View> {
  readonly reads: readonly PartName[];
}

export interface View {
  readonly memory: Memory;
  readonly replication: Replication;
  /** There are table frames for every table that the processes can ever need: no ring may be missing (W7). */
  readonly hasAmpleTables: boolean;
}

/** Whether each node can hold all tables of all processes at once, and one more root for exec. */
export function hasAmpleTables({ levels, indexBits, processes, tableFrames }: Geometry): boolean {
  let tables = 0;
  for (let level = 1; level <= levels; level++) tables += 2 ** (indexBits * (levels - level));
  return tableFrames >= processes * tables + 1;
}

/**
 * Tables of an address space at or below one that has no ring for want of memory: W7 excuses them from I2, I6, I9 and
 * I11. Where memory is ample there is no excuse.
 */
export function excuses({ memory, hasAmpleTables: ample }: View, slot: number): (table: TablePage) => boolean {
  if (ample) return () => false;
  const alone = memory.tree(memory.rootFrame(slot)).tables.filter(({ frame }) => !memory.hasRing(frame));
  if (alone.length === 0) return () => false;
  const covered = (table: TablePage) => memory.layout.tables.span(table.level + 1);
  return (table) =>
    alone.some(
      (above) => above.level >= table.level && above.page <= table.page && table.page < above.page + covered(above),
    );
}
