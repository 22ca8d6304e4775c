/**
 * The words of two machines stacked: guests with processes of their own, whose physical memory is an area of a process of
 * the host each, backed frame by frame when it is first used. Exact meaning: docs/contiguity.md, 6.
 */
import { PagetwinError } from "../errors.js";
import { allocatorShape } from "./allocator.js";
import type { MachineOperation, MachineOutcome, MachineShape } from "./machine.js";
import type { Histogram, SectionName } from "./report.js";

export interface StackedShape {
  /** Guests are 0 to this minus 1. */
  readonly guests: number;
  /** Each guest's own machine. */
  readonly guest: MachineShape;
  /** The host's: one process with one area for each guest, and the same huge order. */
  readonly host: MachineShape;
}

export type StackedOperation =
  /** A guest's own kernel: faults, fork, copy, unmap, exit and all else that a machine does. The host hears nothing of it. */
  | { readonly kind: "guest"; readonly guest: number; readonly does: MachineOperation }
  /** The host's kernel, of what has nothing to do with a guest's frames: `enable`, `take` and `give`. */
  | { readonly kind: "host"; readonly does: MachineOperation }
  /**
   * A guest's process touches a page that it has mapped. A guest frame that the host has not backed yet is backed now, by
   * a fault of `order`; of one that is backed, `order` is 0. Both entries then say accessed, and dirty after a write.
   */
  | {
      readonly kind: "access";
      readonly guest: number;
      readonly process: number;
      readonly page: number;
      readonly writes: boolean;
      readonly order: number;
    }
  /** The guest's kernel forgets that a page was accessed; dirty stays. */
  | { readonly kind: "age"; readonly guest: number; readonly process: number; readonly page: number }
  /** The host takes away what backs a guest's frame; the guest hears nothing of it. */
  | { readonly kind: "reclaim"; readonly guest: number; readonly frame: number }
  /** The report over a guest's process (4.6). Changes nothing. */
  | { readonly kind: "report"; readonly guest: number; readonly process: number }
  /** What introspection prints of a guest's process (6). Changes nothing. */
  | { readonly kind: "introspect"; readonly guest: number; readonly process: number };

export type StackedOutcome =
  | MachineOutcome
  /** Where a page leads to through both dimensions, and the order of the page that a cache of both could hold. */
  | { readonly kind: "translation"; readonly frame: number; readonly order: number }
  | {
      readonly kind: "report";
      readonly sections: readonly { readonly name: SectionName; readonly histogram: Histogram }[];
      readonly hugePages: number;
    }
  | { readonly kind: "texts"; readonly comm: string; readonly maps: string; readonly pagemap: string };

/** @throws PagetwinError `GEOMETRY` naming the first field that does not fit */
export function stackedShape(shape: StackedShape): StackedShape {
  const { guests, guest, host } = shape;
  if (!Number.isInteger(guests) || guests < 1 || guests > 64) {
    throw new PagetwinError("GEOMETRY", `guests is ${guests}: expected an integer from 1 to 64`);
  }
  allocatorShape(guest.memory);
  allocatorShape(host.memory);
  if (guest.memory.hugeOrder !== host.memory.hugeOrder) {
    throw new PagetwinError("GEOMETRY", "expected one huge order for guest and host");
  }
  if (host.processes !== guests || host.areasPerProcess !== 1) {
    throw new PagetwinError(
      "GEOMETRY",
      `the host has ${host.processes} processes: expected one area in each of ${guests}`,
    );
  }
  return shape;
}
