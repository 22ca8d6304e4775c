/**
 * Threads that move between kernels (the paper's section 3.2): each kernel's part of every step, over the words of
 * `layout.ts`. What a kernel cannot know without a message it does not look at.
 *
 * A migration is two steps, the context leaves and the context arrives; a first arrival is two more, the process is begun
 * and it stands. How a group ends is outside the paper: BORN and EXITED stand for whoever counts its threads.
 */
import * as copy from "../coherency/layout.js";
import { OUTCOME_COMPLETED } from "../coherency/outcome.js";
import { isFreshIn, stateIn } from "../coherency/vector-layout.js";
import { GroupPages } from "./group-pages.js";
import type { MigrationLayout } from "./layout.js";
import * as at from "./layout.js";
import { NONE, Processes } from "./processes.js";
import type { MigrationRules } from "./rules.js";

export class Migration extends Processes {
  readonly pages: GroupPages;
  /** The thread whose access the last access or step of the protocol completed, or NONE. */
  finished = NONE;
  /** What it did, by `impl/coherency/outcome.ts`; 0 for an access that needed no step. */
  outcome = 0;
  /** Whether the last access was a step of the protocol. */
  isProtocolStep = false;

  /** @param words `layout.words` words or more */
  constructor(words: Int32Array, layout: MigrationLayout, rules: MigrationRules) {
    super(words, layout, rules);
    this.pages = new GroupPages(words, layout);
  }

  /** Each group's process at its home, its threads in it. @param begun whether a thread begins by itself */
  initialise(begun: readonly boolean[]): void {
    const { words, layout } = this;
    const { homes } = layout.instance;
    words.fill(0);
    for (let group = 0; group < layout.groups; group++) {
      const kernel = homes[group]!;
      this.setProcess(kernel, this.freeSlot(kernel), at.processWord(at.STANDING, group, false));
    }
    for (let thread = 0; thread < layout.threads; thread++) {
      if (!begun[thread]) continue;
      const group = this.groupOf(thread);
      const kernel = homes[group]!;
      this.setTask(kernel, thread, at.taskWord(at.RUNNING, this.firstOf(kernel, group), 0, 0));
      this.add(layout.born(group), thread);
    }
  }

  /**
   * The thread's context leaves for another kernel. The first one that leaves begins replication: its kernel is the only
   * one where the group lives, so nobody needs to be asked or told (M4, M5).
   * @returns whether replication begins
   */
  migrate(thread: number, from: number, to: number): boolean {
    const { words, layout, rules } = this;
    const task = this.task(from, thread);
    const slot = at.slotOf(task);
    const begins = rules.beginsAtDeparture && !at.isReplicated(this.process(from, slot));
    if (begins) this.beginReplication(from, slot, rules.keepsThemHere ? from : to);
    words[layout.context(to, thread)] = at.doneOf(task) + 2; // the step that moves it is done
    words[layout.contextsSent]!++;
    words[layout.spanned(this.groupOf(thread))] = 1;
    if (rules.sourceLetsGo) this.setTask(from, thread, at.ABSENT);
    else this.goOn(from, thread);
    if (!rules.processStays) this.removeUnused(from, slot);
    if (!rules.copiesStay && !this.hasMembers(from, slot)) this.pages.forget(this.groupOf(thread), from);
    return begins;
  }

  /** A step of the thread's program that concerns nobody else is done. */
  goOn(kernel: number, thread: number): void {
    const task = this.task(kernel, thread);
    this.setTask(kernel, thread, at.taskWord(at.RUNNING, at.slotOf(task), 0, at.doneOf(task) + 1));
  }

  spawn(thread: number, kernel: number, child: number): void {
    const slot = at.slotOf(this.task(kernel, thread));
    this.setTask(kernel, child, at.taskWord(at.RUNNING, slot, 0, 0));
    this.add(this.layout.born(this.groupOf(child)), child);
    this.goOn(kernel, thread);
  }

  exit(thread: number, kernel: number): void {
    const slot = at.slotOf(this.task(kernel, thread));
    const group = this.groupOf(thread);
    this.setTask(kernel, thread, at.ABSENT);
    this.add(this.layout.exited(group), thread);
    if (!this.rules.processOutlivesExit && !this.hasExited(group)) this.removeUnused(kernel, slot);
  }

  /** The thread's context is received. A process that stands is joined by SIGFORK, and so is one that is being made:
   * the request waits until it stands (M3, M6). @returns whether one was found */
  arrive(thread: number, kernel: number): boolean {
    const { words, layout, rules } = this;
    const group = this.groupOf(thread);
    const done = this.context(kernel, thread) - 1;
    if (rules.contextIsTaken) words[layout.context(kernel, thread)] = 0;
    let slot = this.find(kernel, group);
    if (slot !== NONE && !rules.joinsEmpty && !this.isUsed(kernel, slot)) {
      this.setProcess(kernel, slot, at.FREE);
      slot = NONE;
    }
    const isFound = slot !== NONE;
    if (!isFound) {
      slot = this.freeSlot(kernel);
      this.setProcess(kernel, slot, at.processWord(at.UNDER_CONSTRUCTION, group, false));
      words[layout.processesMade]!++;
    }
    const joins = rules.asksMember ? at.WAITING : at.RUNNING;
    this.setTask(kernel, thread, at.taskWord(isFound ? joins : at.FOUNDING, slot, 0, done));
    if (!rules.staysOn) this.switchOffIfAlone(group, kernel);
    return isFound;
  }

  /** The process that was being made stands, and the thread for which it was made runs in it. It replicates: there is
   * another one, on the kernel that the thread came from. Copies are none of its making (M5). */
  create(thread: number, kernel: number): void {
    const { rules } = this;
    const group = this.groupOf(thread);
    const task = this.task(kernel, thread);
    const slot = at.slotOf(task);
    this.setProcess(kernel, slot, at.processWord(at.STANDING, group, rules.newcomerReplicates));
    if (!rules.creationKeepsCopies) this.pages.forget(group, kernel);
    this.setTask(kernel, thread, at.taskWord(at.RUNNING, slot, 0, at.doneOf(task)));
  }

  /** Whether `member` can take the SIGFORK that was sent for the thread. */
  canFork(thread: number, kernel: number, member: number): boolean {
    if (!this.isAt(kernel, thread, at.WAITING) || !this.isAt(kernel, member, at.RUNNING)) return false;
    const slot = at.slotOf(this.task(kernel, thread));
    return at.slotOf(this.task(kernel, member)) === slot && this.stands(kernel, slot);
  }

  fork(thread: number, kernel: number): void {
    this.words[this.layout.forks]!++;
    this.enterProcess(thread, kernel);
  }

  /** Whether the process takes the thread in by itself, having no member to ask. */
  canAdopt(thread: number, kernel: number): boolean {
    if (!this.rules.emptyAdopts || !this.isAt(kernel, thread, at.WAITING)) return false;
    const slot = at.slotOf(this.task(kernel, thread));
    return this.stands(kernel, slot) && !(this.rules.adoptsOnlyEmpty && this.hasMembers(kernel, slot));
  }

  adopt(thread: number, kernel: number): void {
    this.enterProcess(thread, kernel);
  }

  /** Whether the kernel has a process of a group whose threads have all exited. */
  canReap(group: number, kernel: number): boolean {
    const slot = this.firstOf(kernel, group);
    if (slot === NONE) return false;
    return this.rules.awaitsAllExits ? this.hasExited(group) : !this.isUsed(kernel, slot);
  }

  /** With the last process of a group its copies go (M7). */
  reap(group: number, kernel: number): void {
    this.setProcess(kernel, this.firstOf(kernel, group), at.FREE);
    for (let other = 0; other < this.layout.kernels; other++) if (this.firstOf(other, group) !== NONE) return;
    this.pages.clear(group);
    this.words[this.layout.spanned(group)] = 0;
  }

  /** Whether the access can be made: no other one of the kernel to the page is under way. */
  canAccess(thread: number, kernel: number, page: number, isWrite: boolean, draw: number): boolean {
    if (!this.isAt(kernel, thread, at.RUNNING)) return false;
    const group = this.groupOf(thread);
    if (!this.isReplicatedFor(thread, kernel) || this.pages.permits(group, page, kernel, isWrite)) return draw === 0;
    return this.pages.enabled(group, page, this.pages.access(kernel, isWrite, draw));
  }

  /** The kernel's own handler serves the access while the group is not replicated, else the protocol where it must. */
  access(thread: number, kernel: number, page: number, isWrite: boolean, draw: number): void {
    const task = this.task(kernel, thread);
    const slot = at.slotOf(task);
    const group = this.groupOf(thread);
    this.isProtocolStep = false;
    if (!this.rules.startsOff && !this.isReplicatedFor(thread, kernel)) this.beginReplication(kernel, slot, kernel);
    if (!this.isReplicatedFor(thread, kernel)) {
      this.setProcess(kernel, slot, at.withUse(this.process(kernel, slot), page, isWrite));
      this.goOn(kernel, thread);
    } else if (this.pages.permits(group, page, kernel, isWrite)) this.goOn(kernel, thread);
    else {
      this.setTask(kernel, thread, at.taskWord(at.FAULTING, slot, page, at.doneOf(task)));
      this.protocol(group, page, kernel, this.pages.access(kernel, isWrite, draw), false);
    }
  }

  /** A step of the protocol at a kernel; where it completes the access under way there, the thread goes on. */
  protocol(group: number, page: number, kernel: number, action: number, isDelivery: boolean): void {
    this.isProtocolStep = true;
    this.outcome = this.pages.perform(group, page, action, isDelivery);
    this.finished = (this.outcome & OUTCOME_COMPLETED) !== 0 ? this.faulting(group, page, kernel) : NONE;
    if (this.finished !== NONE) this.goOn(kernel, this.finished);
  }

  private faulting(group: number, page: number, kernel: number): number {
    for (let thread = 0; thread < this.layout.threads; thread++) {
      const isWaiting = this.isAt(kernel, thread, at.FAULTING) && at.pageOf(this.task(kernel, thread)) === page;
      if (isWaiting && this.groupOf(thread) === group) return thread;
    }
    return NONE;
  }

  private isReplicatedFor(thread: number, kernel: number): boolean {
    return at.isReplicated(this.process(kernel, at.slotOf(this.task(kernel, thread))));
  }

  private stands(kernel: number, slot: number): boolean {
    return at.phaseOfProcess(this.process(kernel, slot)) === at.STANDING;
  }

  private enterProcess(thread: number, kernel: number): void {
    const task = this.task(kernel, thread);
    this.setTask(kernel, thread, at.taskWord(at.RUNNING, at.slotOf(task), 0, at.doneOf(task)));
  }

  /** The pages that the process has used are its own until somebody asks for them; nobody else has any (M5). */
  private beginReplication(kernel: number, slot: number, keeper: number): void {
    const { rules, layout } = this;
    const process = this.process(kernel, slot);
    const group = at.groupOfProcess(process);
    const state = rules.keepsThemExclusive ? copy.NOT_REPLICATED : copy.SHARED;
    for (let page = 0; page < layout.instance.pages; page++) {
      const isUsed = ((at.usedOf(process) >>> page) & 1) !== 0 && rules.keepsPagesInUse;
      const isWritten = ((at.writtenOf(process) >>> page) & 1) !== 0;
      this.pages.begin(group, page, keeper, isUsed ? state : copy.UNMAPPED, isWritten);
    }
    this.setProcess(kernel, slot, at.processWord(at.STANDING, group, true));
  }

  /** Against M7: the process that nobody uses any more goes, and its copies with it. */
  private removeUnused(kernel: number, slot: number): void {
    if (this.isUsed(kernel, slot)) return;
    const group = at.groupOfProcess(this.process(kernel, slot));
    this.setProcess(kernel, slot, at.FREE);
    this.pages.forget(group, kernel);
  }

  /** Against M7: where all threads of the group are on one kernel, it takes the pages for its own again. */
  private switchOffIfAlone(group: number, kernel: number): void {
    const { layout } = this;
    for (let other = 0; other < layout.kernels; other++) {
      for (let thread = 0; thread < layout.threads; thread++) {
        if (this.groupOf(thread) !== group) continue;
        if (this.context(other, thread) !== 0 || (other !== kernel && this.task(other, thread) !== at.ABSENT)) return;
      }
    }
    const slot = this.firstOf(kernel, group);
    let process = at.processWord(at.phaseOfProcess(this.process(kernel, slot)), group, false);
    for (let page = 0; page < layout.instance.pages; page++) {
      const { words } = this.pages.show(group, page);
      const state = stateIn(words, kernel);
      const isReadable = state === copy.NOT_REPLICATED || state === copy.SHARED || state === copy.MODIFIED;
      if (isReadable) process = at.withUse(process, page, isFreshIn(words, kernel));
    }
    this.setProcess(kernel, slot, process);
  }
}
