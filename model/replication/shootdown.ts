/** Dropping what CPUs remember of an address space (D3). */
import type { State } from "./state.js";
import { isReplicated, runs, spaceAt } from "./who.js";

/** Every CPU that runs the space forgets everything; nothing is counted. */
export function forget(state: State, slot: number): State {
  return { ...state, cpus: state.cpus.map((cpu) => (runs(state, cpu, slot) ? { ...cpu, tlb: {}, walks: {} } : cpu)) };
}

/** D3: the same by order of `acting`; of a replicated space that others run, one event and an interrupt for each of them. */
export function flush(state: State, slot: number, acting: number): State {
  const interrupted = state.cpus.filter((cpu, number) => number !== acting && runs(state, cpu, slot)).length;
  const forgotten = forget(state, slot);
  const { statistics } = state;
  const ours = statistics.spaces[slot];
  if (!isReplicated(spaceAt(state, slot)) || interrupted === 0 || ours === undefined) return forgotten;
  const counted = { ...ours, shootdowns: ours.shootdowns + 1, interrupts: ours.interrupts + interrupted };
  return { ...forgotten, statistics: { ...statistics, spaces: { ...statistics.spaces, [slot]: counted } } };
}

/** The flush at an operation's end, if it took something away. */
export function flushIf(needed: boolean, state: State, slot: number, acting: number): State {
  return needed ? flush(state, slot, acting) : state;
}
