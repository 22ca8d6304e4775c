/**
 * The machine: processes, their areas with the offsets that faults have recorded, what is mapped where, and free memory.
 *
 * Not here: rights and translation caches (see page-table).
 */
import type { Failure, Success } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import { bootedZone, withFreed, type Zone } from "./buddy.js";
import { zoneHolding } from "./nodes.js";

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
  /** The file that its pages are, from the file's first page on; null for anonymous memory. */
  readonly file: number | null;
}

export interface Leaf {
  readonly page: number;
  readonly frame: number;
  readonly order: number;
}

export interface ProcessState {
  readonly contiguityAware: boolean;
  /** Where the CPU is on which it runs. */
  readonly node: number;
  /** Its command's, from 1 on; 0 for none. */
  readonly name: number;
  /** Null when the parent is gone. */
  readonly parent: number | null;
  /** By number; null where there is none. */
  readonly areas: readonly (AreaState | null)[];
  /** Ascending by page. */
  readonly leaves: readonly Leaf[];
}

export interface Held {
  readonly frame: number;
  readonly order: number;
}

export interface FileState {
  readonly pages: number;
  /** Page p of the file belongs into frame p − offset. */
  readonly offset: number;
  /** Pages in memory, ascending. */
  readonly cached: readonly { readonly page: number; readonly frame: number }[];
}

/** Frames set aside for a file. */
export interface ReservedBlock extends Held {
  readonly file: number;
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
  /** By number; null = there is none. */
  readonly files: readonly (FileState | null)[];
  /** Ascending. */
  readonly reserved: readonly ReservedBlock[];
  /** The table of command names for which it is on, slot by slot; 0 = empty. */
  readonly names: readonly number[];
  readonly statistics: Statistics;
}

export const NO_STATISTICS: Statistics = { attempts: 0, failures: {}, successes: {} };

export function initial(shape: MachineShape): State {
  return {
    shape,
    zones: shape.memory.zones.map((zone) => bootedZone(zone, shape.memory)),
    processes: Array.from({ length: shape.processes }, () => null),
    held: [],
    files: Array.from({ length: shape.memory.files }, () => null),
    reserved: [],
    names: Array.from({ length: shape.nameSlots ?? 0 }, () => 0),
    statistics: NO_STATISTICS,
  };
}

/** Frames go back to their zone. */
export function withFrames(state: State, frame: number, order: number): State {
  const zone = zoneHolding(state.zones, frame);
  return { ...state, zones: state.zones.with(zone, withFreed(state.zones[zone]!, frame, order)) };
}

/** A frame outside of all zones is in use for ever. */
export function isInUse(state: State, frame: number): boolean {
  return usersOf(state, frame) > 0 || zoneHolding(state.zones, frame) < 0;
}

/**
 * How many use a frame: leaves of processes, files, the kernel for the first frame of a block, the machine from the start.
 */
export function usersOf(state: State, frame: number): number {
  const leaves = state.processes.flatMap((process) => process?.leaves ?? []);
  const mapped = leaves.filter((leaf) => frame >= leaf.frame && frame < leaf.frame + 2 ** leaf.order).length;
  const held = state.held.some((block) => block.frame === frame) ? 1 : 0;
  const isFirm = state.shape.memory.used.some(([first, end]) => frame >= first && frame < end);
  const cached = state.files.some((file) => file?.cached.some((page) => page.frame === frame)) ? 1 : 0;
  return mapped + cached + held + (isFirm ? 1 : 0);
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
