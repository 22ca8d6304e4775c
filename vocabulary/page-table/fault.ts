/** Why an access to memory fails. Source: Intel SDM 3A, 4.7 (page-fault exceptions); SDM 1, 3.3.7.1 (canonical addresses). */

/** The reason of a fault. When an access breaks several rights, the first of user, write, execute is named. */
export type FaultReason =
  /** An entry on the way has P clear. */
  | "not-present"
  /** A present entry on the way has a reserved bit set. */
  | "reserved"
  /** User code, and some level lacks U. */
  | "user"
  /** A write, and some level lacks W. */
  | "write"
  /** An instruction fetch, and some level forbids execution. */
  | "execute"
  /** The virtual page number is not the sign extension of what the levels index. */
  | "non-canonical";

/** A numeric interface answers a fault as −(reason + FAULT_LEVEL × level): the level of the entry that the walk ended
 * at, the leaf's level for the three rights, 0 for an address that is not canonical and for no root. */
export const FAULT_LEVEL = 8;
export const FAULT_NOT_PRESENT = 1;
export const FAULT_RESERVED = 2;
export const FAULT_USER = 3;
export const FAULT_WRITE = 4;
export const FAULT_EXECUTE = 5;
export const FAULT_NON_CANONICAL = 6;
/** Not a fault of the machine: the CPU has no root loaded, the caller must not ask. */
export const FAULT_NO_ROOT = 7;

/** The reasons by their numbers. */
export const FAULT_REASONS: readonly (FaultReason | undefined)[] = [
  undefined,
  "not-present",
  "reserved",
  "user",
  "write",
  "execute",
  "non-canonical",
];
