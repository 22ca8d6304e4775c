/**
 * Where a walk of x86-64's tables begins, in the numbers that it needs at once: those of a root and of its node.
 *
 * On one node the word index of a table is its frame's number times the words of a table, from an origin that may lie
 * before the first word. So a walk that stays on its root's node need not look anything up.
 */
import type { TableLayout } from "../page-table/layout.js";

const NONE = -1;

export class TreeStart {
  root = NONE;
  /** Word index of the root's first entry. */
  entries = 0;
  /** Word index that the table in frame 0 would have, were it on the root's node. */
  origin = 0;
  /** First frame of the root's node, and the frame behind its last. */
  first = 0;
  end = 0;
  private readonly tables: TableLayout;

  constructor(tables: TableLayout) {
    this.tables = tables;
  }

  moveTo(root: number): void {
    const { tables } = this;
    this.root = root;
    this.entries = tables.tableIndex(root);
    this.origin = this.entries - root * tables.tableWords;
    this.first = tables.firstTableFrame(tables.nodeOfFrame(root));
    this.end = this.first + tables.framesPerNode;
  }
}
