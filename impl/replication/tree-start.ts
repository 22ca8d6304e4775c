/**
 * Where a walk of x86-64's tables begins, in the numbers that it needs at once: those of a root and of its node.
 *
 * Within a node a table's memory follows from the distance of its frame from the node's first. A pointer of the tables
 * that the system itself makes differs from a pointer to the first by just that distance, in the bits of the frame. So
 * one subtraction gives the distance, and one mask tells whether the node or any flag is another. A walk that stays on
 * its root's node so looks nothing up.
 */
import { ACCESSED, FRAME_SHIFT, LARGE, TABLE_FLAGS } from "../page-table/entry.js";
import { ENTRY_WORDS } from "../page-table/layout.js";
import type { ReplicationLayout } from "./layout.js";

const NONE = -1;
const X86_LEVELS = 4;
const X86_INDEX_BITS = 9;
/** So that the bits of a distance, behind the flags of an entry, are no negative number. */
const FURTHEST_BITS = 31 - FRAME_SHIFT;

export class TreeStart {
  root = NONE;
  /** Word index of the root's first entry, and of the node's first table. */
  entries = 0;
  origin = 0;
  /** Word index of the link of the node's first table. */
  link = 0;
  /** The low word of a pointer to the node's first table. On machines of another shape that of a large leaf, which no root has. */
  pointer = 0;
  /**
   * Bits that the difference of two pointers has only where one of them leads to another node, or has other flags: all
   * but those of distances below the largest power of two that the node has frames for, 2^19 at most. Further tables
   * count as apart.
   */
  readonly apart: number;
  /** Mask of an entry's offset in the root. On machines of another shape 0: their first entry is read, and leads nowhere. */
  readonly mask: number;
  private readonly layout: ReplicationLayout;
  private readonly flags: number;

  /** @param used whether A must be set in each pointer; otherwise it may be or not */
  constructor(layout: ReplicationLayout, used: boolean) {
    const { tables } = layout;
    this.layout = layout;
    const isX86 = tables.levels === X86_LEVELS && tables.indexBits === X86_INDEX_BITS;
    this.mask = isX86 ? tables.tableWords - ENTRY_WORDS : 0;
    this.flags = used ? TABLE_FLAGS | ACCESSED : TABLE_FLAGS;
    const reach = 1 << Math.min(31 - Math.clz32(tables.framesPerNode), FURTHEST_BITS);
    this.apart = ~((reach - 1) << FRAME_SHIFT);
  }

  moveTo(root: number): void {
    const { tables } = this.layout;
    const first = tables.firstTableFrame(tables.nodeOfFrame(root));
    this.root = root;
    this.entries = tables.tableIndex(root);
    this.origin = tables.tableIndex(first);
    this.link = this.layout.link(first);
    this.pointer = this.flags | (this.mask === 0 ? LARGE : first << FRAME_SHIFT);
  }
}
