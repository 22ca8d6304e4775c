/**
 * Disable: back to the one tree at home (2.5, D27).
 *
 * Order: locks · history · enabled off · every CPU home · per table, top down {lock · A and D of all members into the
 * survivor · links out · unlock} · grace period · copies freed · slots and set cleared · unlock. The flag goes first and the
 * copies last, so that no CPU can load what is freed.
 */
import { NODE_SLOTS } from "../../vocabulary/replication/operations.js";
import { ACCESSED, frameOf, isInstalled, isPresent, leafFrame } from "../page-table/entry.js";
import { NONE } from "./codes.js";
import { isInstalledLeaf, isPointer } from "./cursor.js";
import { writeRecord } from "./history.js";
import type { Kernel } from "./kernel.js";
import { USED } from "./leaf.js";

/** Without effect on a space that is not replicated (I33). */
export function disable(kernel: Kernel, slot: number): void {
  kernel.locks.lockSwitchOver(slot);
  if (kernel.spaces.isReplicated(slot)) returnToOneTree(kernel, slot);
  kernel.locks.unlockSwitchOver(slot);
}

function returnToOneTree(kernel: Kernel, slot: number): void {
  const { spaces, rules } = kernel;
  writeRecord(kernel, slot);
  if (rules.disableClearsFlagFirst) spaces.setReplicated(slot, 0);
  if (rules.disableSendsHome) sendHome(kernel, slot);
  if (rules.disableOutwaits && !rules.outwaitUnlinked) kernel.interrupts.outwait();
  const root = spaces.root(slot);
  const below = foldBelow(kernel, slot, root, kernel.tables.levels, 0);
  const count = fold(kernel, slot, root, kernel.tables.levels, below);
  // A CPU that has chosen a copy and was not seen to run the space has got no interrupt, and who reads a leaf without the
  // lock may have come to a copy just before its links went: both are waited for.
  if (rules.disableOutwaits && rules.outwaitUnlinked) kernel.interrupts.outwait();
  for (let i = 0; i < count; i++) kernel.release.member(kernel.madeCopies[i]!);
  if (!rules.disableClearsFlagFirst) spaces.setReplicated(slot, 0);
  if (rules.clearSetAtDisable) {
    for (let node = 0; node < NODE_SLOTS; node++) spaces.setReplica(slot, node, NONE);
    spaces.setSet(slot, 0);
  }
  kernel.counters.endSession(slot);
}

/**
 * Every CPU that runs the space leaves its copy for home; none of these loads is counted. One that is on home already may
 * still remember, from before enable, a table that has become a copy since: it is flushed (D27, I25).
 */
function sendHome(kernel: Kernel, slot: number): void {
  const root = kernel.spaces.root(slot);
  for (let cpu = 0; cpu < kernel.layout.cpus; cpu++) {
    if (kernel.spaces.runsSlot(cpu) !== slot) continue;
    kernel.interrupts.enter(cpu);
    // What it was seen to run may be history; a CPU that has gone elsewhere was flushed by its load.
    if (kernel.spaces.runsSlot(cpu) === slot) goHome(kernel, cpu, root);
    kernel.interrupts.leave(cpu);
  }
}

/** What the handler does on a CPU that runs the space. */
function goHome(kernel: Kernel, cpu: number, root: number): void {
  if (kernel.hardware.root(cpu) !== root) kernel.load(cpu, root);
  else if (kernel.rules.disableFlushesHome) kernel.hardware.flushCpu(cpu);
}

/**
 * All tables below one of the home tree, a table before its children.
 * @param found copies that are to be freed already, in kernel.madeCopies
 * @returns how many there are then
 */
function foldBelow(kernel: Kernel, slot: number, table: number, level: number, found: number): number {
  if (level === 1) return found;
  let count = found;
  const { tables, entries } = kernel;
  for (let index = 0; index < entriesOf(kernel, level); index++) {
    const entry = tables.entryIndex(table, index);
    const low = entries.low(entry);
    if (!isPointer(level, low)) continue;
    const child = frameOf(low, entries.high(entry));
    count = fold(kernel, slot, child, level - 1, count);
    count = foldBelow(kernel, slot, child, level - 1, count);
  }
  return count;
}

/**
 * Leaves one member of a ring: the one that the home tree names. It is the base from now on. The lock is held until no
 * link leads to the others any more: a setter would go on into pages that are free.
 * @returns how many copies are to be freed, `found` included
 */
function fold(kernel: Kernel, slot: number, survivor: number, level: number, found: number): number {
  const { rings, descriptors, counters, tables, madeCopies } = kernel;
  if (!rings.has(survivor)) return found;
  const held = kernel.locks.lockTable(survivor);
  const size = rings.collect(survivor);
  if (kernel.rules.mergeAtDisable) {
    for (let i = 1; i < size; i++) merge(kernel, survivor, rings.members[i]!, level);
  }
  if (!descriptors.isBase(survivor)) {
    const node = tables.nodeOfFrame(survivor);
    descriptors.becomeBase(survivor);
    counters.addCopy(slot, level, node, -1);
    counters.addBase(slot, level, node, 1);
    counters.raiseBasePeak(slot, level, node);
  }
  for (let i = 0; i < size; i++) descriptors.swapLink(rings.members[i]!);
  kernel.locks.unlockTable(held);
  let count = found;
  for (let i = 1; i < size; i++) {
    const goes = kernel.rules.freeExtraMember || isInSet(kernel, slot, rings.members[i]!);
    if (goes) madeCopies[count++] = rings.members[i]!;
  }
  return count;
}

/** Asked only where the member outside the set is forgotten (M78). */
function isInSet({ spaces, tables }: Kernel, slot: number, member: number): boolean {
  return ((spaces.set(slot) >>> tables.nodeOfFrame(member)) & 1) === 1;
}

/** Adds A and D of a member's leaves, and A of its pointers, to the survivor's entries (W2). */
function merge(kernel: Kernel, survivor: number, member: number, level: number): void {
  const { tables, entries, memory } = kernel;
  for (let index = 0; index < entriesOf(kernel, level); index++) {
    const into = tables.entryIndex(survivor, index);
    const from = tables.entryIndex(member, index);
    const low = entries.low(into);
    const other = entries.low(from);
    if (!isInstalled(low) || !isInstalled(other)) continue;
    const leaf = isInstalledLeaf(level, low);
    if (leaf && leafFrame(level, low, entries.high(into)) !== leafFrame(level, other, entries.high(from))) continue;
    if (!leaf && !isPresent(other)) continue;
    const missing = other & ~low & (leaf ? USED : ACCESSED);
    if (missing !== 0) memory.or("merge.low", into, missing);
  }
}

function entriesOf(kernel: Kernel, level: number): number {
  return level === kernel.tables.levels ? kernel.layout.userRootEntries : kernel.tables.entriesPerTable;
}
