/** The processes of each kernel, and the threads in them: what an arriving thread looks through, and what it finds. */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { MigrationLayout } from "./layout.js";
import * as at from "./layout.js";
import type { MigrationRules } from "./rules.js";

/** No such process, or no such thread. */
export const NONE = -1;

export class Processes {
  readonly layout: MigrationLayout;
  protected readonly words: Int32Array;
  protected readonly rules: MigrationRules;

  constructor(words: Int32Array, layout: MigrationLayout, rules: MigrationRules) {
    this.words = words;
    this.layout = layout;
    this.rules = rules;
  }

  process(kernel: number, slot: number): number {
    return this.words[this.layout.process(kernel, slot)]!;
  }

  task(kernel: number, thread: number): number {
    return this.words[this.layout.task(kernel, thread)]!;
  }

  context(kernel: number, thread: number): number {
    return this.words[this.layout.context(kernel, thread)]!;
  }

  isBorn(thread: number): boolean {
    return this.isIn(this.layout.born(this.groupOf(thread)), thread);
  }

  isExited(thread: number): boolean {
    return this.isIn(this.layout.exited(this.groupOf(thread)), thread);
  }

  /** Whether all threads of the group that ever began have exited. */
  hasExited(group: number): boolean {
    const { words, layout } = this;
    return (words[layout.born(group)]! & ~words[layout.exited(group)]!) === 0;
  }

  groupOf(thread: number): number {
    return this.layout.instance.threads[thread]!.group;
  }

  /** The first process of a group at a kernel, made or in the making. @returns its slot, or NONE */
  firstOf(kernel: number, group: number): number {
    for (let slot = 0; slot < this.layout.slots; slot++) {
      const word = this.process(kernel, slot);
      if (at.phaseOfProcess(word) !== at.FREE && at.groupOfProcess(word) === group) return slot;
    }
    return NONE;
  }

  /** The process that an arriving thread of a group joins. @returns its slot, or NONE */
  protected find(kernel: number, group: number): number {
    const { rules } = this;
    for (let slot = 0; slot < this.layout.slots; slot++) {
      const word = this.process(kernel, slot);
      const phase = at.phaseOfProcess(word);
      if (phase === at.FREE || at.groupOfProcess(word) !== group) continue;
      if (phase === at.UNDER_CONSTRUCTION && !rules.findsUnderConstruction) continue;
      if (phase === at.STANDING && !rules.findsStanding) continue;
      if (rules.looksForProcess || this.hasMembers(kernel, slot)) return slot;
    }
    return NONE;
  }

  /** @throws PagetwinError `STORAGE` when the kernel has no room for another process */
  protected freeSlot(kernel: number): number {
    const { slots } = this.layout;
    for (let slot = 0; slot < slots; slot++) if (this.process(kernel, slot) === at.FREE) return slot;
    throw new PagetwinError("STORAGE", `kernel ${kernel} has room for ${slots} processes`);
  }

  /** Whether a thread runs in the process, waiting for a page or not. */
  hasMembers(kernel: number, slot: number): boolean {
    for (let thread = 0; thread < this.layout.threads; thread++) {
      const task = this.task(kernel, thread);
      if (at.phaseOfTask(task) >= at.RUNNING && at.slotOf(task) === slot) return true;
    }
    return false;
  }

  /** Whether any thread has to do with the process: in it, or on the way into it. */
  protected isUsed(kernel: number, slot: number): boolean {
    for (let thread = 0; thread < this.layout.threads; thread++) {
      const task = this.task(kernel, thread);
      if (task !== at.ABSENT && at.slotOf(task) === slot) return true;
    }
    return false;
  }

  /** Whether the thread is at the kernel in that phase. */
  isAt(kernel: number, thread: number, phase: number): boolean {
    return at.phaseOfTask(this.task(kernel, thread)) === phase;
  }

  protected setTask(kernel: number, thread: number, task: number): void {
    this.words[this.layout.task(kernel, thread)] = task;
  }

  protected setProcess(kernel: number, slot: number, process: number): void {
    this.words[this.layout.process(kernel, slot)] = process;
  }

  protected add(set: number, thread: number): void {
    this.words[set]! |= 1 << thread;
  }

  private isIn(set: number, thread: number): boolean {
    return ((this.words[set]! >>> thread) & 1) !== 0;
  }
}
