/**
 * The machine: processes, their areas with the offsets that faults have recorded, what is mapped where, and free memory.
 *
 * Not here: rights and translation caches (see page-table), files and their reserve.
 */
import type { Failure, Success } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import { bootedZone, type Zone } from "./buddy.js";

export interface Offset {
  readonly start: number;
  /** Pages from `start` on belong into frame page − offset. */
  readonly offset: number;
}

export interface AreaState {
  readonly first: number;
  readonly end: number;
  readonly offsets: readonly Offset[];
  /** The slot that the next new offset goes to; the table's length before it wraps. */
  readonly nextSlot: number;
}

export interface Leaf {
  readonly page: number;
  readonly frame: number;
  readonly order: number;
}

export interface ProcessState {
  readonly contiguityAware: boolean;
  /** By number; null where there is none. */
  readonly areas: readonly (AreaState | null)[];
  /** Ascending by page. */
  readonly leaves: readonly Leaf[];
}

export interface Held {
  readonly frame: number;
  readonly order: number;
}

export interface Statistics {
  readonly attempts: number;
  /** By `REASON/order`; absent = 0. */
  readonly failures: { readonly [reasonAndOrder: string]: number };
  readonly successes: { readonly [categoryAndOrder: string]: number };
}

export interface State {
  readonly shape: MachineShape;
  readonly zones: readonly Zone[];
  /** By number; null = not alive. */
  readonly processes: readonly (ProcessState | null)[];
  /** The kernel's own blocks, ascending. */
  readonly held: readonly Held[];
  readonly statistics: Statistics;
}

export const NO_STATISTICS: Statistics = { attempts: 0, failures: {}, successes: {} };

export function initial(shape: MachineShape): State {
  return {
    shape,
    zones: shape.memory.zones.map((zone) => bootedZone(zone, shape.memory)),
    processes: Array.from({ length: shape.processes }, () => null),
    held: [],
    statistics: NO_STATISTICS,
  };
}

/** How many use a frame: leaves of processes, the kernel for the first frame of a block, the machine from the start. */
export function usersOf(state: State, frame: number): number {
  const leaves = state.processes.flatMap((process) => process?.leaves ?? []);
  const mapped = leaves.filter((leaf) => frame >= leaf.frame && frame < leaf.frame + 2 ** leaf.order).length;
  const held = state.held.some((block) => block.frame === frame) ? 1 : 0;
  const isFirm = state.shape.memory.used.some(([first, end]) => frame >= first && frame < end);
  return mapped + held + (isFirm ? 1 : 0);
}

export const withAttempt = (state: State): State => ({
  ...state,
  statistics: { ...state.statistics, attempts: state.statistics.attempts + 1 },
});

export function withFailure(state: State, reason: Failure, order: number): State {
  const { failures } = state.statistics;
  const name = `${reason}/${order}`;
  return {
    ...state,
    statistics: { ...state.statistics, failures: { ...failures, [name]: (failures[name] ?? 0) + 1 } },
  };
}

export function withSuccess(state: State, category: Success, order: number): State {
  const { successes } = state.statistics;
  const name = `${category}/${order}`;
  return {
    ...state,
    statistics: { ...state.statistics, successes: { ...successes, [name]: (successes[name] ?? 0) + 1 } },
  };
}
