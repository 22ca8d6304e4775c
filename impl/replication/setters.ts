/**
 * Writing entries: each setter goes through the ring of the table that it is given, member by member along the links.
 *
 * Whether there is a ring decides, nothing else (2.8). Stores to different members are separate: who calls holds the
 * lock that keeps other writers out. `table` is the member that the kernel's own walk meets, the one at home.
 */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import type { MemoryPort } from "../memory-port.js";
import {
  ACCESSED,
  DIRTY,
  highWord,
  isInstalled,
  isPresent,
  LOW_FLAGS,
  leafFrame,
  lowWord,
  TABLE_FLAGS,
  WRITABLE,
} from "../page-table/entry.js";
import type { EntryMemory } from "../page-table/entry-memory.js";
import { ENTRY_WORDS, type TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import type { Counters } from "./counters.js";
import type { Rings } from "./rings.js";
import type { Rules } from "./rules.js";

export class Setters {
  /** What the last {@link getAndClear} took away: home's words, with A and D of all members. */
  low = 0;
  high = 0;
  private readonly memory: MemoryPort;
  private readonly entries: EntryMemory;
  private readonly layout: TableLayout;
  private readonly rings: Rings;
  private readonly counters: Counters;
  private readonly rules: Rules;

  constructor(entries: EntryMemory, rings: Rings, counters: Counters, rules: Rules) {
    this.memory = entries.memory;
    this.entries = entries;
    this.layout = entries.layout;
    this.rings = rings;
    this.counters = counters;
    this.rules = rules;
  }

  /** set_pte and its like: a leaf, or a payload that is not present. Counts one set. */
  set(table: number, index: number, level: number, low: number, high: number): void {
    if (this.rings.has(table)) {
      const counted = this.rules.largeCountsAtItsLevel ? level : 1;
      this.counters.countSets(counted, this.rules.setsCountOnce ? 1 : this.rings.collect(table));
    }
    this.store(table, index, low, high);
  }

  /** modify_prot_commit: the same, counted as a commit. */
  commit(table: number, index: number, level: number, low: number, high: number): void {
    if (!this.rules.protectCountsCommit) {
      this.set(table, index, level, low, high);
      return;
    }
    if (this.rings.has(table)) this.counters.add(this.counters.at.protCommits, 1);
    this.store(table, index, low, high);
  }

  /** The payload of a page whose data moves (W28): a set, in every member. */
  setPayload(table: number, index: number, level: number, low: number, high: number): void {
    if (this.rules.payloadEverywhere) {
      this.set(table, index, level, low, high);
      return;
    }
    if (this.rings.has(table)) this.counters.countSet(level);
    this.entries.set(this.layout.entryIndex(table, index), low, high);
  }

  /** set_pmd and above: each member names the child's member on its own node (2.8). Counts one set. */
  setPointer(table: number, index: number, level: number, child: number, home: number, byNode: boolean): void {
    if (this.rings.has(table)) this.counters.countSet(level);
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      const node = byNode && this.rules.pointToOwnNode ? this.layout.nodeOfFrame(member) : home;
      const named = this.rings.namedFrom(child, node, home);
      const flags = this.rules.keepPointerFlags || member === table ? TABLE_FLAGS : TABLE_FLAGS & ~WRITABLE;
      this.entries.set(this.layout.entryIndex(member, index), lowWord(named, flags), highWord(named, 0));
    }
  }

  /** pmd_clear and above: takes a pointer out of every member. Counts one clear. */
  clearPointer(table: number, index: number, level: number): void {
    if (this.rings.has(table)) this.counters.countClear(level);
    this.exchange(table, index);
  }

  /** ptep_get_and_clear: `low` and `high` then say what was there (W3). Counts one get-and-clear. */
  getAndClear(table: number, index: number, level: number): void {
    this.getAndClearAlone(table, index);
    if (!this.rules.clearEveryMember || !this.rings.has(table)) return;
    const frame = leafFrame(level, this.low, this.high);
    for (
      let member = this.rings.next(table, table), step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      const low = this.entries.clear(this.layout.entryIndex(member, index));
      if (this.counts(low) && this.counts(this.low) && leafFrame(level, low, this.entries.clearedHigh) === frame) {
        this.low |= low & (ACCESSED | DIRTY);
      }
    }
  }

  /** The leaf is one that another member's A and D belong to (W3, W26). */
  private counts(low: number): boolean {
    return this.rules.noneIsInstalled ? isInstalled(low) : isPresent(low);
  }

  /** The entry of one member alone, its ring left as it is: what a zap must not do (M68). Counted the same. */
  getAndClearAlone(table: number, index: number): void {
    if (this.rings.has(table)) this.counters.add(this.counters.at.getAndClears, 1);
    this.low = this.entries.clear(this.layout.entryIndex(table, index));
    this.high = this.entries.clearedHigh;
  }

  /** set_wrprotect: RW goes in every member. Counts nothing (D10). */
  writeProtect(table: number, index: number): void {
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      this.memory.and("writeProtect.low", this.layout.entryIndex(member, index), ~WRITABLE);
      if (!this.rules.protectEveryMember) return;
    }
  }

  /** test_and_clear_young: A goes in every member, without a short cut; answers 1 if any had it. */
  testAndClearAccessed(table: number, index: number): number {
    let found = 0;
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      found |= this.memory.and("age.low", this.layout.entryIndex(member, index), ~ACCESSED) & ACCESSED;
      if (!this.rules.ageEveryMember) break;
    }
    return found === 0 ? 0 : 1;
  }

  /** set_access_flags (W15): adds flags to every member. Counts one set if any of them lacked one. */
  addFlags(table: number, index: number, level: number, flags: number): void {
    let differs = false;
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      if ((this.memory.load("flags.low", this.layout.entryIndex(member, index)) & flags) !== flags) differs = true;
      if (!this.rules.compareEveryMember) break;
    }
    if (!differs) return;
    if (this.rings.has(table)) this.counters.countSet(level);
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      this.memory.or("flags.add", this.layout.entryIndex(member, index), flags);
    }
  }

  /** Points one entry of one member elsewhere and keeps its flags, A that hardware sets meanwhile included. */
  repoint(entry: number, child: number): void {
    const high = highWord(child, 0);
    if (this.entries.high(entry) !== high) {
      // Both words change: the pointer must not be seen half new (W14).
      const old = this.memory.exchange("repoint.take", entry, 0);
      this.entries.set(entry, withFrame(old, child), high);
      return;
    }
    for (;;) {
      const old = this.memory.load("repoint.load", entry);
      if (this.memory.compareExchange("repoint.swap", entry, old, withFrame(old, child)) === old) return;
    }
  }

  /** Stores a word pair in every member, from `table` on. */
  private store(table: number, index: number, low: number, high: number): void {
    const offset = index * ENTRY_WORDS;
    for (let member = table, step = 0; member !== NONE && step < NODE_SLOTS; step++) {
      const next = this.rings.next(member, table);
      if (next === NONE && member !== table && !this.rules.setEveryMember) return;
      this.entries.set(this.layout.tableIndex(member) + offset, low, high);
      member = next;
    }
  }

  private exchange(table: number, index: number): void {
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = this.rings.next(member, table), step++
    ) {
      this.entries.clear(this.layout.entryIndex(member, index));
      if (!this.rules.clearEveryMember) return;
    }
  }
}

/** A low word with its flags kept and its frame replaced. */
function withFrame(low: number, frame: number): number {
  return lowWord(frame, low & LOW_FLAGS);
}
