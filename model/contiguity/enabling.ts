/** Switching contiguity-aware paging on (1.1): the call, and what exec and exit do. */
import type { ProcessState, State } from "./state.js";

/** The call: option > 0 replaces the table of names, < 0 sets the flag of processes, 0 does nothing. */
export function afterCall(state: State, option: number, list: readonly number[]): State {
  if (option > 0) return { ...state, names: state.names.map((_, slot) => list[slot] ?? 0) };
  if (option === 0) return state;
  const isMeant = (process: number): boolean => list.includes(process);
  const processes = state.processes.map((process, number) =>
    process !== null && isMeant(number) ? { ...process, contiguityAware: true } : process,
  );
  return { ...state, processes };
}

/** The process after exec of a program: an empty address space. */
export function executed(state: State, process: number, name: number): ProcessState {
  const before = state.processes[process]!;
  const parent = before.parent === null ? null : state.processes[before.parent];
  return {
    ...before,
    name,
    contiguityAware: state.names.includes(name) || parent?.contiguityAware === true,
    areas: before.areas.map(() => null),
    leaves: [],
  };
}

/** A process is gone: an aware one takes its name along, its children have no parent any more. */
export function withoutProcess(state: State, process: number): State {
  const { contiguityAware, name } = state.processes[process]!;
  const processes = state.processes.map((each, number) => {
    if (each === null || number === process) return null;
    return each.parent === process ? { ...each, parent: null } : each;
  });
  const names = contiguityAware ? state.names.map((each) => (each === name ? 0 : each)) : state.names;
  return { ...state, processes, names };
}
