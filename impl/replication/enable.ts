/**
 * Enable: copies of every table on every node of a set (2.3, D26).
 *
 * Order: locks · root copies, linked · set and slots · in_progress · enabled · per table, top down {lock · copy · link ·
 * unlock} · per entry {lock · rewrite · unlock} · not in progress · session · unlock. A CPU that looks at the flags in
 * between keeps to the home root. Failing leaves nothing behind but its own count (W16, W32).
 */
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { frameOf, isPresent } from "../page-table/entry.js";
import { EALREADY, EINVAL, ENOMEM, NONE } from "./codes.js";
import { isPointer } from "./cursor.js";
import type { Kernel } from "./kernel.js";
import { chosenRoot } from "./steering.js";

/**
 * @param wanted nodes as bits
 * @param pid the process that asks: the session is in its name
 * @returns 0, EINVAL, EALREADY or ENOMEM
 */
export function enable(kernel: Kernel, slot: number, wanted: number, pid: number): number {
  const { spaces, layout } = kernel;
  const home = 1 << spaces.home(slot);
  const weighed = kernel.rules.weighBeforeHome ? wanted : wanted | home;
  if (layout.geometry.isolation === true) return EINVAL; // the user halves of the copies would go stale (W17, B27)
  if (countNodes(weighed) < 2 || (wanted & ~layout.onlineMask) !== 0) return EINVAL;
  if (!kernel.rules.resetSteeringOnSuccess) resetSteering(kernel, slot);
  kernel.locks.lockSwitchOver(slot);
  const done = spaces.isReplicated(slot)
    ? agreesWithStored(kernel, slot, wanted)
    : new EnableRun(kernel, slot, kernel.rules.addHome ? wanted | home : wanted).run(pid);
  kernel.locks.unlockSwitchOver(slot);
  return done;
}

function agreesWithStored(kernel: Kernel, slot: number, wanted: number): number {
  return kernel.spaces.set(slot) === wanted && kernel.rules.storedSetIsEnough ? 0 : EALREADY;
}

/** How many nodes a mask has. */
export function countNodes(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function resetSteering(kernel: Kernel, slot: number): void {
  for (let node = 0; node < NODE_SLOTS; node++) kernel.spaces.setSteering(slot, node, STEERING_AUTO);
}

/** One run of enable: what it has made so far, so that it can be taken back. */
class EnableRun {
  private readonly kernel: Kernel;
  private readonly slot: number;
  private readonly set: number;
  private readonly home: number;
  private readonly misses = new Int32Array(NODE_SLOTS);
  private copyCount = 0;
  private baseCount = 0;

  constructor(kernel: Kernel, slot: number, set: number) {
    this.kernel = kernel;
    this.slot = slot;
    this.set = set;
    this.home = kernel.spaces.home(slot);
  }

  run(pid: number): number {
    const { kernel, slot } = this;
    const root = kernel.spaces.root(slot);
    if (!this.replicate(root, kernel.tables.levels)) return this.takeBack();
    this.publish(root);
    if (!this.replicateBelow(root, kernel.tables.levels)) return this.takeBack();
    this.rewireBelow(root, kernel.tables.levels);
    if (!kernel.rules.copyBeforeRewire) this.fillLeafTables();
    kernel.spaces.setInProgress(slot, 0);
    resetSteering(kernel, slot);
    if (kernel.rules.enableMovesPeaks) this.raisePeaks();
    kernel.counters.beginSession(slot, pid, kernel.spaces.group(pid));
    if (!kernel.rules.enableMovesNobody) this.moveEverybody();
    return 0;
  }

  /** What each CPU does by itself, at its next switch (M86). */
  private moveEverybody(): void {
    const { kernel, slot } = this;
    for (let cpu = 0; cpu < kernel.layout.cpus; cpu++) {
      if (kernel.spaces.runsSlot(cpu) === slot) kernel.load(cpu, chosenRoot(kernel, slot, cpu));
    }
  }

  /** Set and slots first, then in_progress, then enabled (2.3 step 7). */
  private publish(root: number): void {
    const { spaces, rings, layout, rules } = this.kernel;
    spaces.setSet(this.slot, this.set);
    for (let node = 0; node < layout.nodes; node++) {
      if ((this.set & (1 << node)) !== 0) spaces.setReplica(this.slot, node, rings.on(root, node));
    }
    if (rules.inProgressFirst) spaces.setInProgress(this.slot, 1);
    spaces.setReplicated(this.slot, 1);
    if (!rules.inProgressFirst) spaces.setInProgress(this.slot, 1);
  }

  /** Copies of one table on all nodes of the set but its own; false if there is no memory. */
  private replicate(base: number, level: number): boolean {
    const { allocate, layout, tables, rings, locks, madeCopies, madeBases, rules } = this.kernel;
    const nodes = this.set & ~(1 << tables.nodeOfFrame(base));
    let count = 0;
    for (let node = 0; node < layout.nodes; node++) {
      if ((nodes & (1 << node)) === 0) continue;
      if (this.kernel.cache.top(node) === NONE) this.misses[node]!++;
      const copy = allocate.copy(this.slot, node, level);
      if (copy === NONE) return false;
      madeCopies[this.copyCount++] = copy;
      allocate.copies[count++] = copy;
    }
    const entries = level === tables.levels && !rules.copyKernelHalf ? layout.userRootEntries : tables.entriesPerTable;
    const held = rules.lockTableToCopy ? locks.lockTable(base) : NONE;
    const fills = level > 1 || rules.copyBeforeRewire;
    if (fills && rules.copyBeforeLink) this.fill(base, count, entries);
    rings.link(base, allocate.copies, count);
    if (fills && !rules.copyBeforeLink) this.fill(base, count, entries);
    if (held !== NONE) locks.unlockTable(held);
    madeBases[this.baseCount++] = base;
    return true;
  }

  private fill(base: number, count: number, entries: number): void {
    const { allocate } = this.kernel;
    for (let i = 0; i < count; i++) allocate.copyContent(base, allocate.copies[i]!, entries);
  }

  /** Fills the copies of leaf tables at last (M17). */
  private fillLeafTables(): void {
    const { allocate, descriptors, madeBases, rings, tables } = this.kernel;
    for (let i = 0; i < this.baseCount; i++) {
      if (descriptors.level(madeBases[i]!) !== 1) continue;
      const size = rings.collect(madeBases[i]!);
      for (let copy = 1; copy < size; copy++) {
        allocate.copyContent(madeBases[i]!, rings.members[copy]!, tables.entriesPerTable);
      }
    }
  }

  /** All tables below one, a table before its children, children by index. */
  private replicateBelow(table: number, level: number): boolean {
    if (level === 1) return true;
    const { tables, entries } = this.kernel;
    for (let index = 0; index < this.entriesOf(level); index++) {
      const entry = tables.entryIndex(table, index);
      const low = entries.low(entry);
      if (!this.pointsToTable(level, low)) continue;
      const child = frameOf(low, entries.high(entry));
      if (!this.kernel.rings.has(child) && !this.replicate(child, level - 1)) return false;
      if (!this.replicateBelow(child, level - 1)) return false;
    }
    return true;
  }

  /** Makes every member's pointers below one table name the members of their own node, home's too (1.4). */
  private rewireBelow(table: number, level: number): void {
    if (level === 1) return;
    const { tables, entries, locks } = this.kernel;
    for (let index = 0; index < this.entriesOf(level); index++) {
      const entry = tables.entryIndex(table, index);
      const low = entries.low(entry);
      if (!this.pointsToTable(level, low)) continue;
      const child = frameOf(low, entries.high(entry));
      const held = locks.lockTable(table);
      this.rewire(table, index, child);
      locks.unlockTable(held);
      this.rewireBelow(child, level - 1);
    }
  }

  private rewire(table: number, index: number, child: number): void {
    const { tables, rings, setters, rules } = this.kernel;
    for (
      let member = table, step = 0;
      member !== NONE && step < NODE_SLOTS;
      member = rings.next(member, table), step++
    ) {
      const node = tables.nodeOfFrame(member);
      if (node === this.home && !rules.rewireHome) continue;
      setters.repoint(tables.entryIndex(member, index), rings.namedFrom(child, node, this.home));
    }
  }

  private pointsToTable(level: number, low: number): boolean {
    return this.kernel.rules.leafBySizeBit ? isPointer(level, low) : isPresent(low);
  }

  private entriesOf(level: number): number {
    return level === this.kernel.tables.levels
      ? this.kernel.layout.userRootEntries
      : this.kernel.tables.entriesPerTable;
  }

  private raisePeaks(): void {
    const { counters, tables, layout } = this.kernel;
    for (let level = 1; level <= tables.levels; level++) {
      for (let node = 0; node < layout.nodes; node++) counters.raiseCopyPeak(this.slot, level, node);
    }
  }

  /** No memory: everything as before, the pages of the caches in their old order, only the failure counted (W32). */
  private takeBack(): number {
    const { kernel, slot } = this;
    kernel.spaces.setReplicated(slot, 0);
    kernel.spaces.setInProgress(slot, 0);
    for (let node = 0; node < NODE_SLOTS; node++) kernel.spaces.setReplica(slot, node, NONE);
    kernel.spaces.setSet(slot, 0);
    for (let i = 0; i < this.baseCount; i++) this.unlink(kernel.madeBases[i]!);
    // A CPU may have chosen a copy between the two flags, and finds those of another enable when it looks again.
    kernel.interrupts.outwait();
    // Last in, first out: so each list gets its pages back in the order that it had them in.
    for (let i = 0; i < this.copyCount; i++) {
      this.giveBack(kernel.madeCopies[kernel.rules.cacheKeepsOrder ? this.copyCount - 1 - i : i]!);
    }
    for (let node = 0; node < NODE_SLOTS; node++) {
      if (this.misses[node] !== 0) kernel.cacheCounts.miss(node, -this.misses[node]!);
    }
    kernel.counters.add(kernel.counters.at.enableFailures, 1);
    return ENOMEM;
  }

  /** Nobody who holds the table's lock goes on into the copies after this. */
  private unlink(base: number): void {
    const { locks, descriptors } = this.kernel;
    const held = locks.lockTable(base);
    descriptors.unlink(base);
    locks.unlockTable(held);
  }

  private giveBack(copy: number): void {
    const { descriptors, release, cacheCounts, tables } = this.kernel;
    const popped = descriptors.isFromCache(copy);
    descriptors.unlink(copy);
    release.member(copy);
    if (!popped) return;
    cacheCounts.hit(tables.nodeOfFrame(copy), -1);
    cacheCounts.returned(tables.nodeOfFrame(copy), -1);
  }
}
