/** Address spaces come and go: spawn, clone, exec, exit (D23 to D25, W27, W38). */
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import { leafFrame } from "../page-table/entry.js";
import { EINVAL, ENOMEM, NONE } from "./codes.js";
import { disable } from "./disable.js";
import { enable } from "./enable.js";
import { freeAllTables } from "./free-tables.js";
import type { Kernel } from "./kernel.js";
import { SPACE } from "./layout.js";
import { writeNames } from "./names.js";
import { TEXT_WORDS } from "./statistics-layout.js";
import { goIdle } from "./switch.js";

/** A process that was there from the start. @returns 0 or ENOMEM */
export function spawn(kernel: Kernel, cpu: number, pid: number, comm: string, cmdline: string): number {
  const slot = newSpace(kernel, cpu);
  if (slot === NONE) return ENOMEM;
  kernel.spaces.addUsers(slot, 1);
  kernel.spaces.setProcess(pid, slot, pid);
  writeNames(kernel.memory, kernel.counters.at.name(pid), comm, cmdline);
  return 0;
}

/**
 * Takes the lowest free slot: no ranges, automatic steering, and a root that never comes from a cache (W38), with the
 * kernel's entries in it. It has no user yet. NONE if no node has a table frame.
 * @param parent the space whose cache-only mode it will have; it comes too late for the root
 */
export function newSpace(kernel: Kernel, cpu: number, parent = NONE): number {
  const { spaces, layout, tables, entries } = kernel;
  const slot = spaces.freeSlot();
  const mayBeCached = parent !== NONE && !kernel.rules.rootsAreNotCached;
  if (mayBeCached) spaces.setCacheOnly(slot, spaces.isCacheOnly(parent) ? 1 : 0);
  const root = kernel.allocate.base(slot, cpu, tables.levels, mayBeCached);
  if (root === NONE) {
    kernel.counters.forgetSpace(slot);
    return NONE;
  }
  kernel.memory.store("space.setRoot", layout.space(slot) + SPACE.ROOT, root + 1);
  spaces.setPolicy(slot, NONE);
  for (let node = 0; node < NODE_SLOTS; node++) spaces.setSteering(slot, node, STEERING_AUTO);
  for (let index = layout.userRootEntries; index < tables.entriesPerTable; index++) {
    entries.set(tables.entryIndex(root, index), spaces.kernelEntry(index - layout.userRootEntries), 0);
  }
  return slot;
}

/** Frees all of a space that no CPU runs and that is not replicated: leaves, tables, the slot (D25). */
export function teardown(kernel: Kernel, slot: number): void {
  const { cursor, spaces, layout, tables, entries } = kernel;
  const root = spaces.root(slot);
  let from = 0;
  while (cursor.nextLeaf(root, from, layout.userPages)) {
    from = cursor.page + tables.span(cursor.level);
    const low = entries.clear(cursor.entry);
    kernel.frames.unname(leafFrame(cursor.level, low, entries.clearedHigh), cursor.level);
  }
  freeAllTables(kernel, slot);
  spaces.clear(slot);
  kernel.counters.forgetSpace(slot);
}

/** A new pid in the caller's space. @returns the pid */
export function clone(kernel: Kernel, cpu: number, pid: number, ownGroup: boolean): number {
  const { spaces } = kernel;
  const caller = spaces.runs(cpu);
  const slot = spaces.slotOf(caller);
  spaces.addUsers(slot, 1);
  spaces.setProcess(pid, slot, ownGroup ? pid : spaces.group(caller));
  copyNames(kernel, caller, pid);
  return pid;
}

export function copyNames(kernel: Kernel, from: number, to: number): void {
  const { memory, counters } = kernel;
  for (let word = 0; word < TEXT_WORDS; word++) {
    const text = memory.load("name.read", counters.at.name(from) + word);
    memory.store("name.write", counters.at.name(to) + word, text);
  }
}

/** A new image: a new space for the caller, the old one gives up a use. @returns 0, EINVAL or ENOMEM */
export function exec(kernel: Kernel, cpu: number, comm: string, cmdline: string, fails: boolean): number {
  const { spaces } = kernel;
  const pid = spaces.runs(cpu);
  const old = spaces.slotOf(pid);
  // Read first: when the old space goes, so does its set (W27).
  const passed = kernel.rules.execIgnoresInherit || spaces.inherits() ? spaces.set(old) : 0;
  const slot = newSpace(kernel, cpu, old);
  if (slot === NONE) return ENOMEM;
  if (fails) {
    teardown(kernel, slot);
    return EINVAL;
  }
  spaces.setCacheOnly(slot, spaces.isCacheOnly(old) ? 1 : 0);
  if (!kernel.rules.steeringNotInherited) copySteering(kernel, old, slot);
  spaces.addUsers(slot, 1);
  spaces.setProcess(pid, slot, spaces.group(pid));
  kernel.interrupts.off(cpu);
  kernel.load(cpu, spaces.root(slot));
  kernel.interrupts.on(cpu);
  giveUp(kernel, old);
  writeNames(kernel.memory, kernel.counters.at.name(pid), comm, cmdline);
  if (passed !== 0) enable(kernel, slot, passed, pid);
  return 0;
}

/** The process ends; its space goes with its last use. */
export function exit(kernel: Kernel, cpu: number): void {
  const { spaces, counters } = kernel;
  const pid = spaces.runs(cpu);
  const slot = spaces.slotOf(pid);
  for (let other = 0; other < kernel.layout.cpus; other++) if (spaces.runs(other) === pid) goIdle(kernel, other);
  spaces.setProcess(pid, NONE, 0);
  giveUp(kernel, slot);
  counters.zero(counters.at.name(pid), counters.at.name(pid) + TEXT_WORDS);
}

/** The vector of one space for another: what must not happen (M23). */
export function copySteering(kernel: Kernel, from: number, to: number): void {
  for (let node = 0; node < NODE_SLOTS; node++) kernel.spaces.setSteering(to, node, kernel.spaces.steering(from, node));
}

/** One use less; with the last one the space is disabled, which leaves a record, and torn down (W27). */
function giveUp(kernel: Kernel, slot: number): void {
  kernel.spaces.addUsers(slot, -1);
  if (kernel.spaces.users(slot) > 0) {
    if (!kernel.rules.lastUseEnds) disable(kernel, slot);
    return;
  }
  disable(kernel, slot);
  teardown(kernel, slot);
}
