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
const X86_LEVELS = 4;
const X86_INDEX_BITS = 9;

export class TreeStart {
  root = NONE;
  /** Word index of the root's first entry, and of the node's first table. */
  entries = 0;
  origin = 0;
  /** The node's first frame, which is its first table. */
  first = 0;
  /** The low word of a pointer to the node's first table, A clear. */
  pointer = 0;
  /** Tables of the node; 0 on machines of another shape, so that no distance is one of a table there. */
  count = 0;
  /** Mask of an index into the root. On machines of another shape 0: their first entry is read, and leads nowhere. */
  readonly mask: number;
  private readonly tables: TableLayout;

  constructor(tables: TableLayout) {
    this.tables = tables;
    const isX86 = tables.levels === X86_LEVELS && tables.indexBits === X86_INDEX_BITS;
    this.mask = isX86 ? tables.entriesPerTable - 1 : 0;
  }

  moveTo(root: number): void {
    const { tables } = this;
    const first = tables.firstTableFrame(tables.nodeOfFrame(root));
    this.root = root;
    this.entries = tables.tableIndex(root);
    this.origin = tables.tableIndex(first);
    this.first = first;
    this.pointer = (first << FRAME_SHIFT) | TABLE_FLAGS;
    this.count = this.mask === 0 ? 0 : tables.geometry.tableFrames;
  }
}
