/** An instance of the protocol whose state space is explored: kernels that share one page, and what joins them. */
import { PagetwinError } from "../errors.js";
import { EXPLORED_KERNELS_MAX, EXPLORED_KERNELS_MIN } from "./protocol.js";
import { PROFILES, type Rules } from "./rules.js";

/** FIFO per ordered pair of kernels, or any order. */
export type Channels = "fifo" | "unordered";
/** Whether the last awaited message also ends the wait, or a step of its own does (paper, end of 4.1). */
export type ExitMode = "atomic" | "delayed";
/**
 * How a writer's time stamp relates to the others (specification 2.4): anywhere among the live ones; the same and above
 * the kernel's own last one; always the youngest; a number from 1 to `bounded`.
 */
export type Stamps = "free" | "monotone" | "perfect" | { readonly bounded: number };

export interface Configuration {
  readonly kernels: number;
  readonly channels: Channels;
  readonly exit: ExitMode;
  readonly rules: Rules;
  readonly stamps: Stamps;
  /** Whether two writers can have drawn the same stamp. Bounded stamps always can. */
  readonly ties: "absorbed" | "explicit";
  /** All kernels Unmapped, or all Shared with what has been written once. */
  readonly start: "unmapped" | "shared";
  /** Accesses that each kernel may issue, 0 to 15; undefined = any number. Local hits are free. */
  readonly readBudget?: number | undefined;
  readonly writeBudget?: number | undefined;
}

export const STAMP_BOUND_MAX = 7;
export const BUDGET_MAX = 15;

/** The abstraction whose counts other implementations can be compared with: specification 2.2 to 2.5. */
export const referenceAbstraction: Configuration = {
  kernels: 2,
  channels: "fifo",
  exit: "atomic",
  rules: PROFILES.normative,
  stamps: "free",
  ties: "absorbed",
  start: "unmapped",
};

/**
 * @returns the reference abstraction with the given fields changed
 * @throws PagetwinError ARGUMENT naming the field that is out of range
 */
export function configuration(fields: Partial<Configuration>): Configuration {
  const made = { ...referenceAbstraction, ...fields };
  check("kernels", made.kernels, EXPLORED_KERNELS_MIN, EXPLORED_KERNELS_MAX);
  if (typeof made.stamps === "object") check("bounded stamps", made.stamps.bounded, 1, STAMP_BOUND_MAX);
  if (made.readBudget !== undefined) check("read budget", made.readBudget, 0, BUDGET_MAX);
  if (made.writeBudget !== undefined) check("write budget", made.writeBudget, 0, BUDGET_MAX);
  return made;
}

function check(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new PagetwinError("ARGUMENT", `${name} is ${value}: expected an integer from ${low} to ${high}`);
  }
}
