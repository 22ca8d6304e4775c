/** What may be asked of the machine in its present state. */
import type { MachineOperation } from "../../vocabulary/contiguity/machine.js";
import { NONE } from "./allocator-layout.js";
import type { ContiguityMachine } from "./machine.js";

export class MachineGuards {
  private readonly machine: ContiguityMachine;

  constructor(machine: ContiguityMachine) {
    this.machine = machine;
  }

  enabled(operation: MachineOperation): boolean {
    switch (operation.kind) {
      case "spawn":
        return !this.machine.isAlive(operation.process);
      case "map":
        return (
          this.hasRoom(operation.process, operation.area, operation.first, operation.end) &&
          (operation.file === undefined || this.isFile(operation.file))
        );
      case "call":
        return this.machine.isAlive(operation.process) && this.canCall(operation.option, operation.list);
      case "exec":
        return this.machine.isAlive(operation.process) && operation.name > 0;
      case "create":
        return this.canCreate(operation.file, operation.pages);
      case "read":
        return (
          this.machine.isAlive(operation.process) &&
          this.isNode(operation.node) &&
          this.hasPage(operation.file, operation.page) &&
          this.machine.cache.frameOf(operation.file, operation.page) === NONE
        );
      case "evict": {
        if (!this.hasPage(operation.file, operation.page)) return false;
        const frame = this.machine.cache.frameOf(operation.file, operation.page);
        return frame !== NONE && this.machine.allocator.buddy.usersOf(frame) === 1;
      }
      case "delete":
        return this.isFile(operation.file) && !this.machine.cache.isMapped(operation.file);
      case "enable":
        return this.machine.isAlive(operation.process) && this.machine.isAware(operation.process) !== operation.on;
      case "move":
        return (
          this.machine.isAlive(operation.process) &&
          this.isNode(operation.node) &&
          this.machine.processes.node(operation.process) !== operation.node
        );
      case "fault":
        return (
          this.isNode(operation.node) &&
          this.canFault(operation.process, operation.area, operation.page, operation.order)
        );
      case "copy":
        return (
          this.isNode(operation.node) &&
          this.holds(operation.process, operation.area, operation.page) &&
          this.machine.cache.fileOf(this.machine.areaOf(operation.process, operation.area)) === NONE &&
          this.machine.findLeaf(operation.process, operation.page) &&
          this.machine.leafOrder === 0 &&
          this.machine.allocator.buddy.usersOf(this.machine.leafFrame) > 1
        );
      case "unmap":
        return this.machine.isAlive(operation.process) && this.machine.findLeaf(operation.process, operation.page);
      case "fork":
        return this.machine.isAlive(operation.parent) && !this.machine.isAlive(operation.child);
      case "exit":
        return this.machine.isAlive(operation.process);
      case "take":
        return this.isNode(operation.node);
      case "give":
        return this.machine.heldOrder(operation.frame) !== NONE;
    }
  }

  private isNode(node = 0): boolean {
    return this.machine.allocator.layout.zonelists[node] !== undefined;
  }

  private isFile(file: number): boolean {
    return file >= 0 && file < this.machine.shape.memory.files && this.machine.allocator.files.pages(file) > 0;
  }

  private canCreate(file: number, pages: number): boolean {
    if (file < 0 || file >= this.machine.shape.memory.files || this.isFile(file)) return false;
    return pages > 0 && pages <= this.machine.cache.filePages;
  }

  private hasPage(file: number, page: number): boolean {
    return this.isFile(file) && page >= 0 && page < this.machine.allocator.files.pages(file);
  }

  private canCall(option: number, list: readonly number[]): boolean {
    if (option > 0) return list.length <= this.machine.processes.nameSlots && list.every((name) => name > 0);
    return list.every((process) => process >= 0 && process < this.machine.shape.processes);
  }

  /** The page lies in the area. */
  private holds(process: number, area: number, page: number): boolean {
    if (!this.machine.isAlive(process) || area >= this.machine.shape.areasPerProcess) return false;
    const index = this.machine.areaOf(process, area);
    return page >= this.machine.allocator.offsets.first(index) && page < this.machine.allocator.offsets.end(index);
  }

  private hasRoom(process: number, area: number, first: number, end: number): boolean {
    const { offsets } = this.machine.allocator;
    if (!this.machine.isAlive(process) || end <= first || end > this.machine.pages) return false;
    if (offsets.end(this.machine.areaOf(process, area)) > 0) return false;
    for (let other = 0; other < this.machine.shape.areasPerProcess; other++) {
      const index = this.machine.areaOf(process, other);
      if (first < offsets.end(index) && offsets.first(index) < end) return false;
    }
    return true;
  }

  private canFault(process: number, area: number, page: number, order: number): boolean {
    if (page % 2 ** order !== 0) return false;
    const file =
      area < this.machine.shape.areasPerProcess ? this.machine.cache.fileOf(this.machine.areaOf(process, area)) : NONE;
    if (file !== NONE) {
      const filePage = page - this.machine.allocator.offsets.first(this.machine.areaOf(process, area));
      if (order > 0 || !this.hasPage(file, filePage)) return false;
    }
    for (let each = page; each < page + 2 ** order; each++) {
      if (!this.holds(process, area, each) || this.machine.findLeaf(process, each)) return false;
    }
    return true;
  }
}
