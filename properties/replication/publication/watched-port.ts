/**
 * The checker's port with two additions: what is only counted is kept from it, and ghosts are written.
 *
 * A ghost rides along with the access that it tells of, so no thread comes in between. No guard of the implementation reads
 * one: they lie behind the words that its layout knows.
 */
import type { Port } from "../../../explore/interleave/port.js";
import type { MemoryPort } from "../../../impl/memory-port.js";
import { NO_ROOT } from "../../../impl/page-table/hardware.js";
import { GHOST, type PublicationMachine } from "./machine.js";

export class WatchedPort implements MemoryPort {
  private readonly port: Port;
  private readonly machine: PublicationMachine;
  private readonly cpu: number;
  private readonly end: number;
  /** The kernel reads without locks: since the operation began, which is always run from its start. */
  private isReading = false;

  /** @param cpu the CPU on which the thread runs */
  constructor(port: Port, machine: PublicationMachine, cpu: number) {
    this.port = port;
    this.machine = machine;
    this.cpu = cpu;
    this.end = machine.layout.stateWords;
  }

  begin(): void {
    this.isReading = false;
  }

  load(label: string, index: number): number {
    if (index >= this.end) return 0;
    if (label === "walk.low" || label === "find.low" || (this.isReading && label === "entry.low"))
      this.note(GHOST.WALKING + this.cpu, this.machine.layout.tables.frameOfEntry(index) + 1);
    return this.port.load(label, index);
  }

  store(label: string, index: number, value: number): void {
    if (index >= this.end) return;
    this.port.store(label, index, value);
    if (label === "reading.begin") this.isReading = true;
    switch (label) {
      case "space.setSet":
      case "space.setSlot":
        if (value !== 0) this.note(GHOST.BUILDING, 1);
        return;
      case "space.setInProgress":
        if (value === 0) this.note(GHOST.BUILDING, 0);
        return;
      case "space.setEnabled":
        if (value === 1) this.note(GHOST.DISABLED, 0);
        return;
      case "cpu.loadRoot":
        if (value !== this.machine.home && value !== NO_ROOT) this.lookIfEarly(value);
        return;
      case "reading.end":
        this.isReading = false;
        this.note(GHOST.WALKING + this.cpu, 0);
        return;
      case "interrupts.on":
        this.note(GHOST.WALKING + this.cpu, 0);
        return;
    }
  }

  exchange(label: string, index: number, value: number): number {
    return index >= this.end ? 0 : this.port.exchange(label, index, value);
  }

  compareExchange(label: string, index: number, expected: number, value: number): number {
    return index >= this.end ? 0 : this.port.compareExchange(label, index, expected, value);
  }

  add(label: string, index: number, value: number): number {
    return index >= this.end ? 0 : this.port.add(label, index, value);
  }

  and(label: string, index: number, value: number): number {
    return index >= this.end ? 0 : this.port.and(label, index, value);
  }

  or(label: string, index: number, value: number): number {
    return index >= this.end ? 0 : this.port.or(label, index, value);
  }

  /** Writes a ghost. */
  note(ghost: number, value: number): void {
    this.port.store("ghost.note", this.machine.ghost(ghost), value);
  }

  private lookIfEarly(root: number): void {
    if (this.port.load("ghost.look", this.machine.ghost(GHOST.BUILDING)) !== 0) this.note(GHOST.EARLY, root + 1);
  }
}
