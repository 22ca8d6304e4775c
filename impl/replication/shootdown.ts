/** Flushing an address space on every CPU that runs it, and counting the interrupts that this takes (D3). */
import type { Hardware } from "../page-table/hardware.js";
import type { Counters } from "./counters.js";
import type { Interrupts } from "./interrupts.js";
import type { Rules } from "./rules.js";
import type { Spaces } from "./spaces.js";

export class Shootdown {
  private readonly hardware: Hardware;
  private readonly interrupts: Interrupts;
  private readonly spaces: Spaces;
  private readonly counters: Counters;
  private readonly cpus: number;
  private readonly rules: Rules;

  constructor(hardware: Hardware, interrupts: Interrupts, spaces: Spaces, counters: Counters, rules: Rules) {
    this.hardware = hardware;
    this.interrupts = interrupts;
    this.spaces = spaces;
    this.counters = counters;
    this.cpus = hardware.layout.cpus;
    this.rules = rules;
  }

  /** Drops what all CPUs that run the space have cached, one after the other; the actor's own takes no interrupt. */
  flush(slot: number, actor: number): void {
    let others = 0;
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      if (this.spaces.runsSlot(cpu) !== slot) continue;
      if (!this.rules.flushReachesCopies && this.hardware.root(cpu) !== this.spaces.root(slot)) continue;
      this.interrupts.enter(cpu);
      this.hardware.flushCpu(cpu);
      this.interrupts.leave(cpu);
      if (cpu !== actor) others++;
    }
    if (others === 0 || !this.spaces.isReplicated(slot)) return;
    const totals = this.counters.at.space(slot);
    this.counters.add(this.counters.at.shootdowns(totals), 1);
    this.counters.add(this.counters.at.interrupts(totals), others);
  }
}
