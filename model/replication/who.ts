/** Who acts and on what: processes, their address spaces, the CPUs that run them. */
import { PagetwinError } from "../../vocabulary/errors.js";
import type { AddressSpace, Cpu, Process, State } from "./state.js";

export interface Caller {
  readonly pid: number;
  readonly process: Process;
  readonly slot: number;
  readonly space: AddressSpace;
}

/** The CPU with this number, which must be in range. */
export function cpuAt(state: State, cpu: number): Cpu {
  const found = state.cpus[cpu];
  if (found === undefined) throw new PagetwinError("ARGUMENT", `cpu is ${cpu}: expected 0 to ${state.cpus.length - 1}`);
  return found;
}

/** The process that a CPU runs. @throws PagetwinError `NOT_ENABLED` when it is idle (D1) */
export function caller(state: State, cpu: number): Caller {
  const { pid } = cpuAt(state, cpu);
  const process = state.processes[pid];
  if (process === undefined) throw new PagetwinError("NOT_ENABLED", `cpu ${cpu} is idle`);
  return { pid, process, slot: process.space, space: spaceAt(state, process.space) };
}

/** The address space in this slot, which must be in use. */
export function spaceAt(state: State, slot: number): AddressSpace {
  const space = state.spaces[slot];
  if (space === undefined) throw new PagetwinError("UNREACHABLE", `address space ${slot} is not in use`);
  return space;
}

export function isReplicated(space: AddressSpace): boolean {
  return space.nodes.length > 0;
}

/** Whether the CPU runs a process of this address space. */
export function runs(state: State, cpu: Cpu, slot: number): boolean {
  return state.processes[cpu.pid]?.space === slot;
}

/** The same state with this address space changed. */
export function changeSpace(state: State, slot: number, change: Partial<AddressSpace>): State {
  return { ...state, spaces: { ...state.spaces, [slot]: { ...spaceAt(state, slot), ...change } } };
}

/** The same state with this CPU changed. */
export function changeCpu(state: State, cpu: number, change: Partial<Cpu>): State {
  return { ...state, cpus: state.cpus.map((each, number) => (number === cpu ? { ...each, ...change } : each)) };
}

/** Address-space slots in use, ascending. */
export function slotsInUse(state: State): readonly number[] {
  return Object.keys(state.spaces).map(Number);
}

/** Pids alive, ascending. */
export function pidsAlive(state: State): readonly number[] {
  return Object.keys(state.processes).map(Number);
}

/** There are as many slots as processes; the lowest free one is taken (D1). */
export function lowestFreeSlot(state: State): number | undefined {
  for (let slot = 0; slot < state.geometry.processes; slot++) if (state.spaces[slot] === undefined) return slot;
  return undefined;
}
