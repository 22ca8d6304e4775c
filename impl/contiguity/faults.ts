/**
 * First touch of a page, and of a shared one for writing, by several threads at once (1.3, 1.4).
 *
 * While a huge page is on its way, its entry of level 2 carries IN_PROGRESS: who comes to such an entry waits until the bit
 * is gone, and looks again (A26). A small frame is taken first; who then finds that the page has come meanwhile gives his
 * frame back.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import { isInstalled, MOVING } from "../page-table/entry.js";
import { NONE } from "./allocator-layout.js";
import { acquire, release } from "./locks.js";
import type { ContiguityMachine } from "./machine.js";

export const CPU = 0;
/** The level of a huge leaf. */
export const HUGE_LEVEL = 2;
/** Software bit 10, which moving pages use elsewhere; none move here. */
const IN_PROGRESS = MOVING;

/** What a fault finds in the page table. */
const THERE = 0;
const ON_ITS_WAY = 1;
/** Nothing, and the fault goes on for a small page; or for a huge one, whose entry is marked. */
const SMALL = 2;
const HUGE = 3;

export class Faults {
  private readonly machine: ContiguityMachine;
  private readonly ignoresFlag: boolean;
  private readonly leavesUnmarked: boolean;
  private readonly keepsFrame: boolean;
  private readonly copiesOwn: boolean;
  /** The entry that the last look was about. */
  private entry = 0;

  constructor(machine: ContiguityMachine, rules: ReadonlySet<Rule>) {
    this.machine = machine;
    this.ignoresFlag = rules.has("off-is-ordinary");
    this.leavesUnmarked = rules.has("huge-in-progress");
    this.keepsFrame = rules.has("loser-gives-back");
    this.copiesOwn = rules.has("sole-user-keeps");
  }

  /** @param node where the CPU is that faults */
  fault(process: number, area: number, page: number, order: number, node: number): MachineOutcome {
    for (;;) {
      const found = this.begin(process, page, order);
      if (found === THERE) return this.there();
      if (found === ON_ITS_WAY) {
        this.wait();
        continue;
      }
      let frame = NONE;
      let isDone = false;
      try {
        frame = this.frameFor(process, area, page, found === HUGE ? order : 0, node);
      } finally {
        isDone = this.finish(process, page, frame, found);
      }
      if (isDone) return this.machine.outcomeOf(frame);
      if (!this.keepsFrame) this.machine.allocator.dismiss(frame, 0);
    }
  }

  /** Write to a small page that is shared: the process gets a frame of its own, unless it has one by now. */
  copy(process: number, area: number, page: number, node: number): MachineOutcome {
    const { machine } = this;
    this.lock(process);
    machine.findLeaf(process, page);
    const shared = machine.leafFrame;
    // Nobody else can come to share it: that takes a fork of this process. So one look without the zone's lock will do.
    const isSole = machine.allocator.buddy.usersOf(shared) === 1;
    this.unlock(process);
    if (isSole && !this.copiesOwn) return this.there();
    const frame = this.anonymousFrame(process, area, page, 0, node);
    if (frame === NONE) return machine.outcomeOf(NONE);
    this.lock(process);
    const isStillShared = machine.findLeaf(process, page) && machine.leafFrame === shared;
    if (isStillShared) {
      machine.tables[process]!.unmap(page);
      machine.mapLeaf(process, page, frame, 0);
    }
    this.unlock(process);
    machine.allocator.dismiss(isStillShared ? shared : frame, 0);
    return isStillShared ? machine.outcomeOf(frame) : this.there();
  }

  /** Brings a page of a file into memory. @returns its frame or NONE */
  read(process: number, file: number, page: number, node: number): number {
    return this.machine.cache.read(file, page, this.isSteered(process), node, process);
  }

  /** Looks at the page's entry, and marks it for a huge page. */
  private begin(process: number, page: number, order: number): number {
    const { machine } = this;
    const table = machine.tables[process]!;
    this.lock(process);
    let found = SMALL;
    this.entry = table.entries.find(table.root, page);
    const low = table.entries.low(this.entry);
    if (isInstalled(low)) {
      machine.findLeaf(process, page);
      found = THERE;
    } else if ((low & IN_PROGRESS) !== 0) found = ON_ITS_WAY;
    else if (order > 0 && table.entries.level >= HUGE_LEVEL) {
      this.entry = table.reach(CPU, page, HUGE_LEVEL);
      if (this.entry !== NONE && !this.leavesUnmarked) machine.memory.or("fault.mark", this.entry, IN_PROGRESS);
      found = this.entry === NONE ? SMALL : HUGE;
    }
    this.unlock(process);
    return found;
  }

  private wait(): void {
    while ((this.machine.memory.load("fault.wait", this.entry) & IN_PROGRESS) !== 0);
  }

  /** Maps the frame, if there is one, and takes the mark back. @returns false if the page has come meanwhile */
  private finish(process: number, page: number, frame: number, found: number): boolean {
    const { machine } = this;
    const table = machine.tables[process]!;
    let isDone = true;
    this.lock(process);
    if (found === HUGE && frame === NONE) {
      machine.memory.and("fault.unmark", this.entry, ~IN_PROGRESS);
      table.dropEmptyTables(page);
    } else if (frame !== NONE) {
      isDone = found === HUGE || table.entries.low(table.entries.find(table.root, page)) === 0;
      // A leaf, or the table that it lies in, takes the place of the mark.
      if (isDone) machine.mapLeaf(process, page, frame, machine.allocator.order);
    }
    this.unlock(process);
    return isDone;
  }

  private frameFor(process: number, area: number, page: number, order: number, node: number): number {
    const file = this.machine.cache.fileOf(this.machine.areaOf(process, area));
    if (file === NONE) return this.anonymousFrame(process, area, page, order, node);
    return this.cachedFrame(process, area, page, file, node);
  }

  private anonymousFrame(process: number, area: number, page: number, order: number, node: number): number {
    const { machine } = this;
    if (!this.isSteered(process)) return machine.allocator.firstTouch(order, node);
    return machine.allocator.fault(machine.areaOf(process, area), page, order, node, process);
  }

  /** The frame of a file's page, read now if it is not in memory; the mapping is one more user of it. */
  private cachedFrame(process: number, area: number, page: number, file: number, node: number): number {
    const { allocator, cache } = this.machine;
    const filePage = page - allocator.offsets.first(this.machine.areaOf(process, area));
    let frame = cache.frameOf(file, filePage);
    if (frame === NONE) frame = this.read(process, file, filePage, node);
    else {
      allocator.order = 0;
      allocator.way = "cached";
    }
    if (frame !== NONE) allocator.share(frame, 0);
    return frame;
  }

  /** The page was there already: its leaf was found last. */
  private there(): MachineOutcome {
    const { leafFrame, leafOrder } = this.machine;
    return { kind: "frame", frame: leafFrame, order: leafOrder, way: "there" };
  }

  private isSteered(process: number): boolean {
    return this.ignoresFlag || this.machine.isAware(process);
  }

  private lock(process: number): void {
    acquire(this.machine.memory, "tables.lock", this.machine.processes.tablesLock(process));
  }

  private unlock(process: number): void {
    release(this.machine.memory, "tables.unlock", this.machine.processes.tablesLock(process));
  }
}
