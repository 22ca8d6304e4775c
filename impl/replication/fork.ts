/** fork (W8, W21, D22): a child with tables of its own, leaf by leaf. */
import { DIRTY, isPresent, leafFrame, WRITABLE } from "../page-table/entry.js";
import { ENOMEM, NONE } from "./codes.js";
import { disable } from "./disable.js";
import { countNodes, enable } from "./enable.js";
import type { Kernel } from "./kernel.js";
import { SPACE } from "./layout.js";
import { USED } from "./leaf.js";
import { copyNames, copySteering, newSpace, teardown } from "./lifecycle.js";
import { isShared } from "./ranges.js";

/** @returns the child's pid, or ENOMEM with the parent untouched */
export function fork(kernel: Kernel, cpu: number, pid: number): number {
  const { spaces, ranges } = kernel;
  const caller = spaces.runs(cpu);
  const parent = spaces.slotOf(caller);
  const child = newSpace(kernel, cpu, parent);
  if (child === NONE) return ENOMEM;
  // The parent's ranges and tables stand still until the child has them. Its leaves are written with their tables' locks.
  kernel.locks.lockSpace(parent);
  spaces.setCacheOnly(child, spaces.isCacheOnly(parent) ? 1 : 0);
  if (!makeTables(kernel, parent, child, cpu)) {
    kernel.locks.unlockSpace(parent);
    kernel.allocate.undo();
    teardown(kernel, child);
    return ENOMEM;
  }
  if (!kernel.rules.forkFlushesAfter && willLose(kernel, parent)) kernel.shootdown.flush(parent, cpu);
  const lost = copyLeaves(kernel, parent, child, cpu);
  if (lost && kernel.rules.forkFlushesAfter) kernel.shootdown.flush(parent, cpu);
  ranges.copy(parent, child);
  spaces.setPolicy(child, spaces.policy(parent));
  kernel.locks.unlockSpace(parent);
  spaces.addUsers(child, 1);
  spaces.setProcess(pid, child, pid);
  copyNames(kernel, caller, pid);
  passReplicationOn(kernel, parent, child, caller);
  return pid;
}

/** The child's path to every leaf of the parent, ascending; false if there is no memory. */
function makeTables(kernel: Kernel, parent: number, child: number, cpu: number): boolean {
  const { cursor, tables, layout } = kernel;
  const root = kernel.spaces.root(parent);
  let from = 0;
  while (cursor.nextLeaf(root, from, layout.userPages)) {
    from = cursor.page + tables.span(cursor.level);
    if (kernel.allocate.path(child, cpu, cursor.page, cursor.level) === NONE) return false;
  }
  return true;
}

/** Leaf by leaf: a private one loses RW on both sides. Answers whether a present leaf of the parent lost it. */
function copyLeaves(kernel: Kernel, parent: number, child: number, cpu: number): boolean {
  const { cursor, tables, layout, readers, setters, ranges } = kernel;
  const root = kernel.spaces.root(parent);
  let lost = false;
  let from = 0;
  while (cursor.nextLeaf(root, from, layout.userPages)) {
    from = cursor.page + tables.span(cursor.level);
    const { page, level, table, index } = cursor;
    const held = kernel.locks.lockTable(table);
    const shared = isShared(ranges.attributes(parent, ranges.find(parent, page)));
    if (!shared) {
      const writable = readers.home(table, index);
      setters.writeProtect(table, index);
      lost ||= isPresent(writable) && (writable & WRITABLE) !== 0;
    }
    const low = kernel.rules.forkAggregatesDirty ? readers.aggregated(table, index, level) : readers.home(table, index);
    const high = readers.high(table, index);
    kernel.locks.unlockTable(held);
    const kept = (low & ~USED) | (shared ? 0 : low & DIRTY);
    kernel.frames.name(leafFrame(level, low, high), level);
    setters.set(kernel.allocate.path(child, cpu, page, level), index, level, kept, high);
  }
  return lost;
}

/** Some present leaf of the parent is about to lose RW: what a flush before the fact must know (M52). */
function willLose(kernel: Kernel, parent: number): boolean {
  const { cursor, tables, layout, ranges } = kernel;
  const root = kernel.spaces.root(parent);
  let from = 0;
  while (cursor.nextLeaf(root, from, layout.userPages)) {
    from = cursor.page + tables.span(cursor.level);
    const shared = isShared(ranges.attributes(parent, ranges.find(parent, cursor.page)));
    if (!shared && isPresent(cursor.low) && (cursor.low & WRITABLE) !== 0) return true;
  }
  return false;
}

/** Replication of the child: what `inherit` says, else what `mode` says; a failure is only counted. */
function passReplicationOn(kernel: Kernel, parent: number, child: number, caller: number): void {
  const { spaces, layout, rules } = kernel;
  const replicated = spaces.isReplicated(parent);
  if (!rules.freshChild && replicated) copyReplicas(kernel, parent, child);
  if (replicated && spaces.inherits()) enable(kernel, child, spaces.set(parent), caller);
  else if (spaces.mode() === 1 && countNodes(layout.onlineMask) >= 2) enable(kernel, child, layout.onlineMask, caller);
  if (!rules.steeringNotInherited) copySteering(kernel, parent, child);
  if (!rules.forkKeepsParent) disable(kernel, parent);
}

/** Flags, set and slots as a copy of the parent's record would have them: what must not happen (M21). */
function copyReplicas(kernel: Kernel, parent: number, child: number): void {
  const { spaces, layout, memory } = kernel;
  spaces.setSet(child, spaces.set(parent));
  for (let node = 0; node < layout.nodes; node++) {
    const word = memory.load("space.slot", layout.space(parent) + SPACE.SLOTS + node);
    memory.store("space.setSlot", layout.space(child) + SPACE.SLOTS + node, word);
  }
  spaces.setReplicated(child, 1);
}
