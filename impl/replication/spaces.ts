/** Address spaces, processes and what the CPUs run: single words and their meaning. */
import type { MemoryPort } from "../memory-port.js";
import type { TableLayout } from "../page-table/layout.js";
import { NONE } from "./codes.js";
import { type ReplicationLayout, SPACE } from "./layout.js";

export class Spaces {
  readonly memory: MemoryPort;
  private readonly layout: ReplicationLayout;
  private readonly tables: TableLayout;

  constructor(memory: MemoryPort, layout: ReplicationLayout) {
    this.memory = memory;
    this.layout = layout;
    this.tables = layout.tables;
  }

  /** The pid that a CPU runs; 0 = idle. */
  runs(cpu: number): number {
    return this.memory.load("cpu.pid", this.layout.cpuPid(cpu));
  }

  setRuns(cpu: number, pid: number): void {
    this.memory.store("cpu.setPid", this.layout.cpuPid(cpu), pid);
  }

  /** The slot of a process; NONE if no such process is alive. */
  slotOf(pid: number): number {
    return this.memory.load("process.slot", this.layout.process(pid)) - 1;
  }

  group(pid: number): number {
    return this.memory.load("process.group", this.layout.process(pid) + 1);
  }

  setProcess(pid: number, slot: number, group: number): void {
    this.memory.store("process.setSlot", this.layout.process(pid), slot + 1);
    this.memory.store("process.setGroup", this.layout.process(pid) + 1, group);
  }

  /** The slot whose space a CPU runs; NONE if it is idle. */
  runsSlot(cpu: number): number {
    const pid = this.runs(cpu);
    return pid === 0 ? NONE : this.slotOf(pid);
  }

  /** The lowest free slot (D1); NONE if all are in use. */
  freeSlot(): number {
    for (let slot = 0; slot < this.layout.slots; slot++) if (this.users(slot) === 0) return slot;
    return NONE;
  }

  users(slot: number): number {
    return this.memory.load("space.users", this.layout.space(slot) + SPACE.USERS);
  }

  addUsers(slot: number, step: number): void {
    this.memory.add("space.addUsers", this.layout.space(slot) + SPACE.USERS, step);
  }

  /** The frame of the root that the kernel walks: the one at home. */
  root(slot: number): number {
    return this.memory.load("space.root", this.layout.space(slot) + SPACE.ROOT) - 1;
  }

  home(slot: number): number {
    return this.tables.nodeOfFrame(this.root(slot));
  }

  isReplicated(slot: number): boolean {
    return this.memory.load("space.enabled", this.layout.space(slot) + SPACE.ENABLED) !== 0;
  }

  isInProgress(slot: number): boolean {
    return this.memory.load("space.inProgress", this.layout.space(slot) + SPACE.IN_PROGRESS) !== 0;
  }

  setReplicated(slot: number, enabled: number): void {
    this.memory.store("space.setEnabled", this.layout.space(slot) + SPACE.ENABLED, enabled);
  }

  setInProgress(slot: number, inProgress: number): void {
    this.memory.store("space.setInProgress", this.layout.space(slot) + SPACE.IN_PROGRESS, inProgress);
  }

  /** Nodes with a root, as bits; 0 outside replication. */
  set(slot: number): number {
    return this.memory.load("space.set", this.layout.space(slot) + SPACE.SET);
  }

  setSet(slot: number, set: number): void {
    this.memory.store("space.setSet", this.layout.space(slot) + SPACE.SET, set);
  }

  /** The root on a node (pgd_replicas); NONE if there is none. */
  replica(slot: number, node: number): number {
    return this.memory.load("space.slot", this.layout.space(slot) + SPACE.SLOTS + node) - 1;
  }

  setReplica(slot: number, node: number, frame: number): void {
    this.memory.store("space.setSlot", this.layout.space(slot) + SPACE.SLOTS + node, frame + 1);
  }

  steering(slot: number, node: number): number {
    return this.memory.load("space.steering", this.layout.space(slot) + SPACE.STEERING + node);
  }

  setSteering(slot: number, node: number, target: number): void {
    this.memory.store("space.setSteering", this.layout.space(slot) + SPACE.STEERING + node, target);
  }

  isCacheOnly(slot: number): boolean {
    return this.memory.load("space.cacheOnly", this.layout.space(slot) + SPACE.CACHE_ONLY) !== 0;
  }

  setCacheOnly(slot: number, value: number): void {
    this.memory.store("space.setCacheOnly", this.layout.space(slot) + SPACE.CACHE_ONLY, value);
  }

  /** The node preferred for data; −1 = the touching CPU's. */
  policy(slot: number): number {
    return this.memory.load("space.policy", this.layout.space(slot) + SPACE.POLICY);
  }

  setPolicy(slot: number, node: number): void {
    this.memory.store("space.setPolicy", this.layout.space(slot) + SPACE.POLICY, node);
  }

  /** Leaves whose data is on its way to another node. */
  moving(slot: number): number {
    return this.memory.load("space.moving", this.layout.space(slot) + SPACE.MOVING);
  }

  addMoving(slot: number, step: number): void {
    this.memory.add("space.addMoving", this.layout.space(slot) + SPACE.MOVING, step);
  }

  /** −1, 0 or 1: see the file `mode`. */
  mode(): number {
    return this.memory.load("global.mode", this.layout.mode);
  }

  setMode(mode: number): void {
    this.memory.store("global.setMode", this.layout.mode, mode);
  }

  inherits(): boolean {
    return this.memory.load("global.inherit", this.layout.inherit) === 1;
  }

  setInherit(inherit: number): void {
    this.memory.store("global.setInherit", this.layout.inherit, inherit);
  }

  kernelEntry(index: number): number {
    return this.memory.load("global.kernelEntry", this.layout.kernelBase + index);
  }

  setKernelEntry(index: number, value: number): void {
    this.memory.store("global.setKernelEntry", this.layout.kernelBase + index, value);
  }

  /** Makes the words of a slot those of one that was never used. */
  clear(slot: number): void {
    const end = this.layout.spaceEnd(slot);
    for (let word = this.layout.space(slot); word < end; word++) this.memory.store("space.zero", word, 0);
  }
}
