/** An access by a CPU: TLB, walk, and if they do not help, the fault (D8, D9). */
import { PagetwinError } from "../../vocabulary/errors.js";
import { EXECUTE, WRITE } from "../../vocabulary/page-table/access.js";
import { isPresent, leafFrame, WRITABLE } from "../page-table/entry.js";
import { RIGHT_EXECUTE, RIGHT_USER, RIGHT_WRITE, slotIsDirty, slotRights } from "../page-table/tlb.js";
import {
  ENOMEM,
  NO_RANGE,
  NO_RIGHTS,
  NONE,
  SERVED_COPY,
  SERVED_FAULT,
  SERVED_TLB,
  SERVED_WALK,
  WAITS,
} from "./codes.js";
import type { Kernel } from "./kernel.js";
import { isMoving, leafHigh, movedHigh, movedLow, newLeafLow, USED } from "./leaf.js";
import { EXECUTABLE, isShared, leafOf, READABLE, rightsOf, WRITEABLE } from "./ranges.js";

/** More faults in a row, all served, than other threads can cause. */
const FAULTS_MAX = 8;

/**
 * One access of the process that a CPU runs.
 * @param access READ, WRITE or EXECUTE
 * @returns SERVED_…, or NO_RANGE, NO_RIGHTS, WAITS, ENOMEM
 */
export function touch(kernel: Kernel, cpu: number, page: number, access: number): number {
  kernel.interrupts.off(cpu);
  const hit = hits(kernel, cpu, page, access);
  kernel.interrupts.on(cpu);
  if (hit) return SERVED_TLB;
  if (accessOnce(kernel, cpu, page, access) >= 0) return SERVED_WALK;
  const slot = kernel.spaces.runsSlot(cpu);
  // Another thread may take away again what one fault has brought; for ever, nobody does.
  for (let faults = 0; faults < FAULTS_MAX; faults++) {
    kernel.locks.beginFault(slot);
    const served = fault(kernel, slot, cpu, page, access);
    kernel.locks.endFault(slot);
    if (served < 0 || accessOnce(kernel, cpu, page, access) >= 0) return served;
  }
  throw new PagetwinError("UNREACHABLE", `cpu ${cpu} faults on page ${page} again after its fault was served`);
}

/**
 * One instruction of user space. The CPU takes interrupts before and behind it: what a handler drops, no walk that is
 * under way brings back.
 * @returns the frame, or a fault below 0, as {@link Hardware.access} does
 */
export function accessOnce(kernel: Kernel, cpu: number, page: number, access: number): number {
  kernel.interrupts.off(cpu);
  const reached = kernel.hardware.access(cpu, page, access);
  kernel.interrupts.on(cpu);
  return reached;
}

/** The TLB alone serves the access: right page, right granted, for a write also D remembered. */
function hits(kernel: Kernel, cpu: number, page: number, access: number): boolean {
  const high = kernel.tables.highOf(page);
  const tlb = kernel.hardware.tlb;
  const slot = tlb.find(cpu, high, kernel.tables.lowOf(page, high));
  if (slot < 0) return false;
  const info = tlb.info(slot);
  let needed = RIGHT_USER;
  if (access === WRITE) {
    if (!slotIsDirty(info)) return false;
    needed |= RIGHT_WRITE;
  } else if (access === EXECUTE) {
    needed |= RIGHT_EXECUTE;
  }
  return (slotRights(info) & needed) === needed;
}

/** What the kernel does about a fault. The CPU has dropped its own translations of the page already (W31). */
function fault(kernel: Kernel, slot: number, cpu: number, page: number, access: number): number {
  if (!kernel.rules.rightsBeforeTables) makePath(kernel, slot, cpu, page);
  const range = kernel.ranges.find(slot, page);
  if (range === NONE) return NO_RANGE;
  const attributes = kernel.ranges.attributes(slot, range);
  if ((rightsOf(attributes) & rightNeeded(access)) === 0) return NO_RIGHTS;
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const level = kernel.entries.level;
  const low = kernel.entries.low(entry);
  if (isMoving(low)) return WAITS;
  if (low === 0) return install(kernel, slot, cpu, page, range) < 0 ? ENOMEM : SERVED_FAULT;
  const table = kernel.tables.frameOfEntry(entry);
  if (access !== WRITE || (low & WRITABLE) !== 0) {
    // Home serves the access. If the CPU's copy does not, somebody is writing one member after the other.
    if (kernel.rules.faultsWaitForWriters) kernel.locks.unlockTable(kernel.locks.lockTable(table));
    return SERVED_FAULT;
  }
  const index = kernel.tables.indexOf(page, level);
  const frame = leafFrame(level, low, kernel.entries.high(entry));
  if (!isShared(attributes) && kernel.frames.isShared(frame, level)) {
    return copyOnWrite(kernel, slot, cpu, page, table, index, level, frame);
  }
  const held = kernel.locks.lockTable(table);
  // The leaf may be another one by now; then the access faults again, for what is there.
  if (isStill(kernel, entry, level, frame)) kernel.setters.addFlags(table, index, level, WRITABLE | USED);
  kernel.locks.unlockTable(held);
  return SERVED_FAULT;
}

/** Tables for a leaf of one page, where none covers it: whatever the fault turns out to be (M90). */
function makePath(kernel: Kernel, slot: number, cpu: number, page: number): void {
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  if (kernel.entries.low(entry) !== 0) return;
  if (kernel.allocate.path(slot, cpu, page, 1) === NONE) kernel.allocate.undo();
}

/** The entry still is a leaf that names the frame. Its table's lock is held. */
function isStill(kernel: Kernel, entry: number, level: number, frame: number): boolean {
  const low = kernel.entries.low(entry);
  return isPresent(low) && leafFrame(level, low, kernel.entries.high(entry)) === frame;
}

function rightNeeded(access: number): number {
  if (access === WRITE) return WRITEABLE;
  return access === EXECUTE ? EXECUTABLE : READABLE;
}

/**
 * Installs a leaf for a page of a range that has none: the largest that the range allows, that its place is free for
 * and that there is a run of frames for.
 * @returns 1, or ENOMEM
 */
export function install(kernel: Kernel, slot: number, cpu: number, page: number, range: number): number {
  const attributes = kernel.ranges.attributes(slot, range);
  const node = kernel.dataNode(slot, cpu);
  for (let level = leafOf(attributes); level > 1; level--) {
    const span = kernel.tables.span(level);
    const first = Math.floor(page / span) * span;
    if (first < kernel.ranges.start(slot, range) || first + span > kernel.ranges.end(slot, range)) continue;
    const entry = kernel.entries.entryAt(kernel.spaces.root(slot), page, level);
    if (entry !== NONE && kernel.entries.low(entry) !== 0) continue;
    const frame = kernel.frames.take(node, level, first);
    if (frame === NONE) continue;
    const table = kernel.allocate.path(slot, cpu, page, level);
    if (table === NONE) {
      kernel.frames.giveBack(frame, level);
      kernel.allocate.undo();
      return ENOMEM;
    }
    setNewLeaf(kernel, table, page, level, frame, attributes);
    return 1;
  }
  const table = kernel.allocate.path(slot, cpu, page, 1);
  const frame = table === NONE ? NONE : kernel.frames.take(node, 1, page);
  if (frame === NONE) {
    kernel.allocate.undo();
    return ENOMEM;
  }
  setNewLeaf(kernel, table, page, 1, frame, attributes);
  return 1;
}

function setNewLeaf(
  kernel: Kernel,
  table: number,
  page: number,
  level: number,
  frame: number,
  attributes: number,
): void {
  const rights = rightsOf(attributes);
  const index = kernel.tables.indexOf(page, level);
  const held = kernel.locks.lockTable(table);
  // Another fault on the page may have been faster.
  const isFree = !kernel.rules.faultsLookAgain || kernel.entries.low(kernel.tables.entryIndex(table, index)) === 0;
  if (isFree) {
    kernel.frames.name(frame, level);
    kernel.setters.set(table, index, level, newLeafLow(frame, level, rights), leafHigh(frame, rights));
  }
  kernel.locks.unlockTable(held);
  if (!isFree) kernel.frames.giveBack(frame, level);
}

/** A write to a private leaf whose frames another leaf names too (W21): a fresh run, A and D in every member. */
function copyOnWrite(
  kernel: Kernel,
  slot: number,
  cpu: number,
  page: number,
  table: number,
  index: number,
  level: number,
  frame: number,
): number {
  const first = page - (page % kernel.tables.span(level));
  const fresh = kernel.frames.take(kernel.dataNode(slot, cpu), level, first);
  if (fresh === NONE) return ENOMEM;
  const held = kernel.locks.lockTable(table);
  if (!isStill(kernel, kernel.tables.entryIndex(table, index), level, frame)) {
    kernel.locks.unlockTable(held);
    kernel.frames.giveBack(fresh, level);
    return SERVED_FAULT;
  }
  kernel.setters.getAndClear(table, index, level);
  const low = kernel.setters.low;
  const high = kernel.setters.high;
  kernel.shootdown.flush(slot, cpu);
  kernel.frames.name(fresh, level);
  kernel.setters.set(table, index, level, movedLow(low, fresh) | WRITABLE | USED, movedHigh(high, fresh));
  kernel.locks.unlockTable(held);
  kernel.frames.unname(frame, level);
  return SERVED_COPY;
}

/** Faults a page in for `populate` (D7): no access, so no A. Answers 1 if a leaf was installed, 0 if one was there. */
export function populatePage(kernel: Kernel, slot: number, cpu: number, page: number, range: number): number {
  const entry = kernel.entries.find(kernel.spaces.root(slot), page);
  const low = kernel.entries.low(entry);
  if (isPresent(low) || isMoving(low)) return 0;
  kernel.allocate.begin();
  return install(kernel, slot, cpu, page, range);
}
