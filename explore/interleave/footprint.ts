/** What a turn touches, and whether two turns depend on each other. */
import { ACCESS, writes } from "./port.js";
import type { ThreadMachine } from "./thread-machine.js";

export class Footprint {
  /** Word index times two, plus one if the word is written. */
  private readonly touched: number[] = [];
  private touchedCount = 0;
  private begins = false;
  private returns = false;

  /** Takes the footprint of the machine's last turn. */
  take(machine: ThreadMachine): void {
    const { touched } = this;
    const { locals, turnLocals, turnAnswers, turnAccesses } = machine;
    this.touchedCount = 0;
    for (let i = 0; i < turnAccesses; i++) {
      const local = turnLocals[i]!;
      const kind = locals.kind(local);
      if (kind === ACCESS.None) continue;
      const isWrite = writes(kind, turnAnswers[i]!, locals.first(local));
      touched[this.touchedCount++] = locals.index(local) * 2 + (isWrite ? 1 : 0);
    }
    // Only a monitor sees whether an operation returned before another began.
    this.begins = machine.monitor !== undefined && machine.turnBegins;
    this.returns = machine.monitor !== undefined && machine.turnReturns;
  }

  isDependentOn(other: Footprint): boolean {
    if ((this.begins && other.returns) || (this.returns && other.begins)) return true;
    for (let i = 0; i < this.touchedCount; i++) {
      const mine = this.touched[i]!;
      for (let j = 0; j < other.touchedCount; j++) {
        const theirs = other.touched[j]!;
        if (mine >> 1 === theirs >> 1 && ((mine | theirs) & 1) === 1) return true;
      }
    }
    return false;
  }
}
