/**
 * Which processes there are, and for which of them contiguity-aware paging is on (1.1).
 *
 *   │ per process: ALIVE AWARE NAME PARENT │ table of command names, 0 = empty slot │
 *
 * NAME is a number from 1 on, 0 for none; PARENT is the parent's number plus 1, 0 when it is gone.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";

const PROCESS_WORDS = 4;
const ALIVE = 0;
const AWARE = 1;
const NAME = 2;
const PARENT = 3;

export class Processes {
  readonly nameSlots: number;
  private readonly words: Int32Array;
  private readonly count: number;
  private readonly slots: number;
  private readonly enablesCaller: boolean;
  private readonly keepsOldNames: boolean;
  private readonly keepsNameAtExit: boolean;

  static wordsNeeded({ processes, nameSlots = 0 }: MachineShape): number {
    return processes * PROCESS_WORDS + nameSlots;
  }

  constructor(words: Int32Array, { processes, nameSlots = 0 }: MachineShape, rules: ReadonlySet<Rule>) {
    this.words = words;
    this.count = processes;
    this.nameSlots = nameSlots;
    this.slots = processes * PROCESS_WORDS;
    this.enablesCaller = rules.has("option-zero-nobody");
    this.keepsOldNames = rules.has("names-overwritten");
    this.keepsNameAtExit = rules.has("exit-forgets-name");
  }

  isAlive(process: number): boolean {
    return this.field(process, ALIVE) === 1;
  }

  isAware(process: number): boolean {
    return this.field(process, AWARE) === 1;
  }

  name(process: number): number {
    return this.field(process, NAME);
  }

  /** The parent's number, −1 when it is gone. */
  parent(process: number): number {
    return this.field(process, PARENT) - 1;
  }

  /** The name in a slot of the table, 0 for none. */
  slot(slot: number): number {
    return this.words[this.slots + slot]!;
  }

  spawn(process: number): void {
    this.setField(process, ALIVE, 1);
  }

  enable(process: number, on: boolean): void {
    this.setField(process, AWARE, on ? 1 : 0);
  }

  fork(parent: number, child: number): void {
    this.setField(child, ALIVE, 1);
    this.enable(child, this.isAware(parent));
    this.setField(child, NAME, this.name(parent));
    this.setField(child, PARENT, parent + 1);
  }

  /** A new program: on if the table has its name, or if it is on for the parent. */
  exec(process: number, name: number): void {
    const parent = this.parent(process);
    this.setField(process, NAME, name);
    this.enable(process, this.isListed(name) || (parent >= 0 && this.isAware(parent)));
  }

  exit(process: number): void {
    if (this.isAware(process) && !this.keepsNameAtExit) this.strike(this.name(process));
    const base = process * PROCESS_WORDS;
    this.words.fill(0, base, base + PROCESS_WORDS);
    for (let child = 0; child < this.count; child++) {
      if (this.parent(child) === process) this.setField(child, PARENT, 0);
    }
  }

  /** The call: option > 0 names, < 0 processes, 0 nothing. */
  call(process: number, option: number, list: readonly number[]): void {
    if (option > 0) this.overwriteNames(list);
    else if (option < 0) {
      for (const each of list) if (this.isAlive(each)) this.enable(each, true);
    } else if (this.enablesCaller) this.enable(process, true);
  }

  private overwriteNames(names: readonly number[]): void {
    for (let slot = 0; slot < this.nameSlots; slot++) {
      if (slot < names.length || !this.keepsOldNames) this.words[this.slots + slot] = names[slot] ?? 0;
    }
  }

  private isListed(name: number): boolean {
    for (let slot = 0; slot < this.nameSlots; slot++) if (this.slot(slot) === name) return true;
    return false;
  }

  private strike(name: number): void {
    for (let slot = 0; slot < this.nameSlots; slot++) {
      if (this.slot(slot) === name) this.words[this.slots + slot] = 0;
    }
  }

  private field(process: number, field: number): number {
    return this.words[process * PROCESS_WORDS + field]!;
  }

  private setField(process: number, field: number, value: number): void {
    this.words[process * PROCESS_WORDS + field] = value;
  }
}
