/** The machine's operations and small shapes, as scopes write them. */
import type { State } from "../../model/contiguity/state.js";
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { MachineOperation, MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { Shape } from "../engine/system.js";

export type Op = MachineOperation;

/** Blocks of at most 4 frames, huge pages of 2, two offsets an area: every rule has its case within a few steps (9). */
export function smallShape(
  memory: Partial<AllocatorShape>,
  processes = 2,
  areasPerProcess = 2,
  more: Partial<MachineShape> = {},
): Shape {
  const shape: MachineShape = {
    memory: {
      zones: [{ name: "Normal", first: 16, end: 32 }],
      used: [],
      topOrder: 2,
      hugeOrder: 1,
      tableLength: 2,
      areas: processes * areasPerProcess,
      files: 0,
      quirks: [],
      ...memory,
    },
    processes,
    areasPerProcess,
    levels: 3,
    ...more,
  };
  return shape as unknown as Shape;
}

export const spawn = (process: number): Op => ({ kind: "spawn", process });
export const map = (process: number, area: number, first: number, end: number): Op => ({
  kind: "map",
  process,
  area,
  first,
  end,
});
export const enable = (process: number): Op => ({ kind: "enable", process, on: true });
export const fault = (process: number, area: number, page: number, order: number): Op => ({
  kind: "fault",
  process,
  area,
  page,
  order,
});
/** A fault of a thread on a node. */
export const faultOn = (node: number, process: number, area: number, page: number, order: number): Op => ({
  ...{ kind: "fault", process, area, page, order, node },
});
export const unmap = (process: number, page: number): Op => ({ kind: "unmap", process, page });
export const take = (order: number): Op => ({ kind: "take", order });
export const takeOn = (node: number, order: number): Op => ({ kind: "take", order, node });
export const move = (process: number, node: number): Op => ({ kind: "move", process, node });
export const give = (frame: number): Op => ({ kind: "give", frame });
export const fork: Op = { kind: "fork", parent: 0, child: 1 };
export const copy = (process: number, area: number, page: number): Op => ({ kind: "copy", process, area, page });
export const copyOn = (node: number, process: number, area: number, page: number): Op => ({
  ...{ kind: "copy", process, area, page, node },
});
export const exit = (process: number): Op => ({ kind: "exit", process });

export const each = (...operations: readonly Op[]): readonly (readonly Op[])[] =>
  operations.map((operation) => [operation]);
export const hugeFaults = (process: number, area: number, first: number, end: number): readonly Op[] =>
  Array.from({ length: (end - first) / 2 }, (_, at) => fault(process, area, first + 2 * at, 1));
export const smallFaults = (process: number, area: number, first: number, end: number): readonly Op[] =>
  Array.from({ length: end - first }, (_, at) => fault(process, area, first + at, 0));

export const leavesOf = (state: State, process: number) => state.processes[process]?.leaves ?? [];
export const hasFailed = (state: State, reason: string): boolean =>
  Object.keys(state.statistics.failures).some((name) => name.startsWith(`${reason}/`));
export const read = (process: number, file: number, page: number): Op => ({ kind: "read", process, file, page });
export const evict = (file: number, page: number): Op => ({ kind: "evict", file, page });
export const call = (process: number, option: number, ...list: readonly number[]): Op => ({
  kind: "call",
  process,
  option,
  list,
});
export const exec = (process: number, name: number): Op => ({ kind: "exec", process, name });
