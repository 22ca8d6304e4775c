/** What steers an allocation: the offsets of an area, read from the implementation's table, and the node that asks. */
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import type { MachineOperation } from "../../vocabulary/contiguity/machine.js";

/** An operation that asks for memory. */
export type Ask = Extract<MachineOperation, { readonly kind: "fault" | "copy" | "read" | "take" }>;

/** Where it asks. */
export function nodeAsking(machine: ContiguityMachine, operation: Ask): number {
  return operation.node ?? (operation.kind === "take" ? 0 : machine.processes.node(operation.process));
}

/** Pairs of a start and an offset. */
export type Entries = readonly (readonly [number, number])[];

export const entriesOf = (machine: ContiguityMachine, process: number, area: number): Entries =>
  machine.allocator.offsets.entries(machine.areaOf(process, area));

/** The page minus the offset of the nearest region at or below it, else of the nearest above (1.4). */
export function targetOf(offsets: Entries, page: number): number | undefined {
  const ascending = [...offsets].sort((a, b) => a[0] - b[0]);
  const region = ascending.filter(([start]) => start <= page).at(-1) ?? ascending[0];
  return region === undefined ? undefined : page - region[1];
}
