/**
 * Which processes there are, and for which of them contiguity-aware paging is on (1.1).
 *
 *   │ per process: ALIVE AWARE NAME PARENT TABLES_LOCK NODE │ table of command names, 0 = empty slot │
 *
 * NAME is a number from 1 on, 0 for none; PARENT is the parent's number plus 1, 0 when it is gone. TABLES_LOCK guards the
 * words of the process's page table. NODE is where the CPU is on which it runs.
 */
import type { Rule } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { MemoryPort } from "../memory-port.js";

const PROCESS_WORDS = 6;
const ALIVE = 0;
const AWARE = 1;
const NAME = 2;
const PARENT = 3;
const TABLES_LOCK = 4;
const NODE = 5;

export class Processes {
  readonly nameSlots: number;
  private readonly memory: MemoryPort;
  private readonly base: number;
  private readonly count: number;
  private readonly slots: number;
  private readonly enablesCaller: boolean;
  private readonly keepsOldNames: boolean;
  private readonly keepsNameAtExit: boolean;

  static wordsNeeded({ processes, nameSlots = 0 }: MachineShape): number {
    return processes * PROCESS_WORDS + nameSlots;
  }

  /** @param base the first word of the caller's array that is this part's */
  constructor(memory: MemoryPort, base: number, { processes, nameSlots = 0 }: MachineShape, rules: ReadonlySet<Rule>) {
    this.memory = memory;
    this.base = base;
    this.count = processes;
    this.nameSlots = nameSlots;
    this.slots = base + processes * PROCESS_WORDS;
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

  node(process: number): number {
    return this.field(process, NODE);
  }

  move(process: number, node: number): void {
    this.setField(process, NODE, node);
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
    return this.memory.load("process.slot", this.slots + slot);
  }

  /** The word of the lock of a process's page table. */
  tablesLock(process: number): number {
    return this.base + process * PROCESS_WORDS + TABLES_LOCK;
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
    this.move(child, this.node(parent));
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
    for (let field = 0; field < PROCESS_WORDS; field++) this.setField(process, field, 0);
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
      if (slot < names.length || !this.keepsOldNames) this.setSlot(slot, names[slot] ?? 0);
    }
  }

  private isListed(name: number): boolean {
    for (let slot = 0; slot < this.nameSlots; slot++) if (this.slot(slot) === name) return true;
    return false;
  }

  private strike(name: number): void {
    for (let slot = 0; slot < this.nameSlots; slot++) {
      if (this.slot(slot) === name) this.setSlot(slot, 0);
    }
  }

  private setSlot(slot: number, name: number): void {
    this.memory.store("process.setSlot", this.slots + slot, name);
  }

  private field(process: number, field: number): number {
    return this.memory.load("process.field", this.base + process * PROCESS_WORDS + field);
  }

  private setField(process: number, field: number, value: number): void {
    this.memory.store("process.setField", this.base + process * PROCESS_WORDS + field, value);
  }
}
