/**
 * Rings of replicas, as the kernel has them: each member links to the next one and the last to the first.
 *
 *   base ──→ member on the lowest other node ──→ … ──→ member on the highest ──→ base
 *
 * The links are symmetric: a walk may begin at any member, and ends when it meets no link or its beginning (1.3). It
 * also ends after as many steps as there are nodes, so that a damaged ring is a finding and not a hang.
 */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import type { TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import type { Descriptors } from "./descriptors.js";
import type { Rules } from "./rules.js";

export class Rings {
  private readonly descriptors: Descriptors;
  private readonly tables: TableLayout;
  private readonly rules: Rules;
  /** Members that {@link collect} found, in ring order; valid until the next call. */
  readonly members = new Int32Array(NODE_SLOTS + 1);

  constructor(descriptors: Descriptors, tables: TableLayout, rules: Rules) {
    this.descriptors = descriptors;
    this.tables = tables;
    this.rules = rules;
  }

  /** The table has copies. */
  has(table: number): boolean {
    return this.descriptors.isLinked(table);
  }

  /** The member behind `member` in a walk that began at `start`; NONE at its end. */
  next(member: number, start: number): number {
    const next = this.descriptors.next(member);
    return next === start ? NONE : next;
  }

  /** Writes all members from `table` on into `members`; answers how many. */
  collect(table: number): number {
    let count = 0;
    for (let member = table; member !== NONE && count <= NODE_SLOTS; member = this.next(member, table)) {
      this.members[count++] = member;
    }
    return count;
  }

  /** The member on a node; NONE if there is none. */
  on(table: number, node: number): number {
    // A node's frames are a run: two comparisons instead of a division for each member.
    const first = this.tables.firstTableFrame(node);
    const end = first + this.tables.framesPerNode;
    let member = table;
    for (let step = 0; step < NODE_SLOTS && member !== NONE; step++) {
      if (member >= first && member < end) return member;
      member = this.next(member, table);
    }
    return NONE;
  }

  /** The member that was there first; `table` itself if there is no ring. */
  base(table: number): number {
    let member = table;
    for (let step = 0; step < NODE_SLOTS && member !== NONE; step++) {
      if (this.descriptors.isBase(member)) return member;
      member = this.next(member, table);
    }
    return table;
  }

  /** The member that an entry on `node` names: the one there, else the one at home, else the base. */
  namedFrom(table: number, node: number, home: number): number {
    const local = this.on(table, node);
    if (local !== NONE) return local;
    const atHome = this.on(table, home);
    return atHome !== NONE ? atHome : this.base(table);
  }

  /**
   * Links a base and its copies: all links none first, then from the base to the last one, and the last to the base,
   * so that whoever walks meanwhile sees a chain with an end (1.3).
   */
  link(base: number, copies: Int32Array, count: number): void {
    this.descriptors.unlink(base);
    for (let i = 0; i < count; i++) this.descriptors.unlink(copies[i]!);
    let member = base;
    for (let i = 0; i < count; i++) {
      this.descriptors.setNext(member, copies[i]!);
      member = copies[i]!;
    }
    if (this.rules.closeRing) this.descriptors.setNext(member, base);
  }
}
