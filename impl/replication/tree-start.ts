/**
 * Where a walk of x86-64's tables begins, in the numbers that it needs at once: those of a root and of its node.
 *
 * Within a node a table's memory follows from the distance of its frame from the node's first. A pointer of the tables
 * that the system itself makes differs from a pointer to the first by just that distance, in the bits of the frame. So
 * one subtraction, turned round by the width of the flags, gives the distance; and where the node or any flag is
 * another, a number that no distance can be. A walk that stays on its root's node so looks nothing up.
 */
import { FRAME_SHIFT, TABLE_FLAGS } from "../page-table/entry.js";
import type { TableLayout } from "../page-table/layout.js";

const NONE = -1;

export class TreeStart {
  root = NONE;
  /** Word index of the root's first entry, and of the node's first table. */
  entries = 0;
  origin = 0;
  /** The node's first frame, which is its first table. */
  first = 0;
  /** The low word of a pointer to the node's first table, A clear. */
  pointer = 0;
  /** Tables of the node. */
  count = 0;
  private readonly tables: TableLayout;

  constructor(tables: TableLayout) {
    this.tables = tables;
  }

  moveTo(root: number): void {
    const { tables } = this;
    const first = tables.firstTableFrame(tables.nodeOfFrame(root));
    this.root = root;
    this.entries = tables.tableIndex(root);
    this.origin = tables.tableIndex(first);
    this.first = first;
    this.pointer = (first << FRAME_SHIFT) | TABLE_FLAGS;
    this.count = tables.geometry.tableFrames;
  }
}
