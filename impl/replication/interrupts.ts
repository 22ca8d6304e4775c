/**
 * What makes one CPU wait for another: interrupts that can be off, and read sections that a grace period outwaits.
 *
 *   OFF       1 while the CPU takes no interrupts: in a context switch, during one access of user space, in a handler
 *   READING   1 while the CPU's kernel walks tables or a ring without their locks
 *
 * A handler is run by who sends the interrupt, in the CPU's place: it waits until the CPU takes interrupts, keeps it from
 * going on, and does what the handler does. Being off is a read section too, as in kernels since 4.20. A CPU that waits for
 * a lock takes interrupts, and whoever waits for a grace period holds no table's lock.
 */
import type { MemoryPort } from "../memory-port.js";
import type { ReplicationLayout } from "./layout.js";
import type { Rules } from "./rules.js";

const READING = 1;

export class Interrupts {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly rules: Rules;

  constructor(memory: MemoryPort, layout: ReplicationLayout, rules: Rules) {
    this.memory = memory;
    this.layout = layout;
    this.rules = rules;
  }

  /** The CPU takes no interrupts from here on; a handler that runs on it ends first. */
  off(cpu: number): void {
    while (this.memory.compareExchange("interrupts.off", this.layout.cpuWaits(cpu), 0, 1) !== 0);
  }

  on(cpu: number): void {
    this.memory.store("interrupts.on", this.layout.cpuWaits(cpu), 0);
  }

  /** Begins a handler on a CPU, as soon as that takes interrupts. */
  enter(cpu: number): void {
    while (this.memory.compareExchange("handler.enter", this.layout.cpuWaits(cpu), 0, 1) !== 0);
  }

  leave(cpu: number): void {
    this.memory.store("handler.leave", this.layout.cpuWaits(cpu), 0);
  }

  /** The CPU begins to walk what others may unlink meanwhile. Read sections do not nest. */
  beginReading(cpu: number): void {
    if (!this.rules.walkersRead) return;
    this.memory.store("reading.begin", this.layout.cpuWaits(cpu) + READING, 1);
  }

  endReading(cpu: number): void {
    if (!this.rules.walkersRead) return;
    this.memory.store("reading.end", this.layout.cpuWaits(cpu) + READING, 0);
  }

  /** A grace period: every CPU has been seen outside of its read sections. */
  outwait(): void {
    for (let cpu = 0; cpu < this.layout.cpus; cpu++) {
      const word = this.layout.cpuWaits(cpu);
      while (this.memory.load("grace.off", word) !== 0);
      while (this.memory.load("grace.reading", word + READING) !== 0);
    }
  }
}
