/** What the application may do with a copy: specification, section 9. Every other access enters the protocol. */
import { match } from "ts-pattern";
import type { CopyState } from "../../vocabulary/coherency/protocol.js";

export interface Permissions {
  /** The page-table entry names a frame. */
  readonly mapped: boolean;
  readonly read: boolean;
  readonly write: boolean;
}

export function permissionsOf(state: CopyState): Permissions {
  return match(state)
    .with("Unmapped", "FetchNR", "FetchVal", "FetchInv", () => ({ mapped: false, read: false, write: false }))
    .with("NotReplicated", "Modified", () => ({ mapped: true, read: true, write: true }))
    .with("Shared", () => ({ mapped: true, read: true, write: false }))
    .with("Invalid", "InvRead1", "InvRead2", "WPend1", "WPend2", "WRead", () => ({
      mapped: true,
      read: false,
      write: false,
    }))
    .exhaustive();
}
