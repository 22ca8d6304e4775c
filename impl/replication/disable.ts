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
  const folding = new Folding(kernel, slot);
  folding.all(spaces.root(slot));
  // A CPU that has chosen a copy and was not seen to run the space has got no interrupt, and who reads a leaf without the
  // lock may have come to a copy just before its links went: both are waited for.
  if (rules.disableOutwaits && rules.outwaitUnlinked) kernel.interrupts.outwait();
  folding.freeCopies();
  folding.raisePeaks();
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

/** Making one tree of many; the members that go wait in kernel.madeCopies. */
class Folding {
  private readonly kernel: Kernel;
  private readonly slot: number;
  /** By level: the nodes on which a copy has become the base, as bits. */
  private readonly newBases: Int32Array;
  private copyCount = 0;

  constructor(kernel: Kernel, slot: number) {
    this.kernel = kernel;
    this.slot = slot;
    this.newBases = new Int32Array(kernel.tables.levels + 1);
  }

  /** The root last: until then it leads to everything else. */
  all(root: number): void {
    this.below(root, this.kernel.tables.levels);
    this.fold(root, this.kernel.tables.levels);
  }

  freeCopies(): void {
    for (let i = 0; i < this.copyCount; i++) this.kernel.release.member(this.kernel.madeCopies[i]!);
  }

  /** When all copies are gone: before, a base that goes and one that comes would both count on a node (D30). */
  raisePeaks(): void {
    const { counters, tables, layout } = this.kernel;
    for (let level = 1; level <= tables.levels; level++) {
      for (let node = 0; node < layout.nodes; node++) {
        if (((this.newBases[level]! >>> node) & 1) === 1) counters.raiseBasePeak(this.slot, level, node);
      }
    }
  }

  /** All tables below one of the home tree, a table before its children. */
  private below(table: number, level: number): void {
    if (level === 1) return;
    const { tables, entries } = this.kernel;
    for (let index = 0; index < entriesOf(this.kernel, level); index++) {
      const entry = tables.entryIndex(table, index);
      const low = entries.low(entry);
      if (!isPointer(level, low)) continue;
      const child = frameOf(low, entries.high(entry));
      this.fold(child, level - 1);
      this.below(child, level - 1);
    }
  }

  /**
   * Leaves one member of a ring: the one that the home tree names (`named`). It is the base from now on. The lock is held until no
   * link leads to the others any more: a setter would go on into pages that are free.
   */
  private fold(named: number, level: number): void {
    const { kernel, slot } = this;
    const { rings, descriptors, counters, tables, madeCopies, rules } = kernel;
    if (!rings.has(named)) return;
    const home = kernel.spaces.home(slot);
    const survivor = rules.keepsWhatIsNamed ? named : rings.namedFrom(named, home, home);
    const held = kernel.locks.lockTable(survivor);
    const size = rings.collect(survivor);
    if (rules.mergeAtDisable) {
      for (let i = 1; i < size; i++) merge(kernel, survivor, rings.members[i]!, level);
    }
    if (!descriptors.isBase(survivor)) {
      const node = tables.nodeOfFrame(survivor);
      descriptors.becomeBase(survivor);
      counters.addCopy(slot, level, node, -1);
      counters.addBase(slot, level, node, 1);
      this.newBases[level]! |= 1 << node;
    }
    for (let i = 0; i < size; i++) descriptors.swapLink(rings.members[i]!);
    kernel.locks.unlockTable(held);
    for (let i = 1; i < size; i++) {
      const goes = rules.freeExtraMember || isInSet(kernel, slot, rings.members[i]!);
      if (goes) madeCopies[this.copyCount++] = rings.members[i]!;
    }
  }
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
