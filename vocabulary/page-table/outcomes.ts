/** What the stand-alone page-table system answers. */
import type { Rights } from "./access.js";
import type { Attributes } from "./entry.js";
import type { FaultReason } from "./fault.js";
import type { LeafLevel } from "./operations.js";

/** A leaf as the kernel's walk finds it. */
export interface LeafReport {
  readonly level: LeafLevel;
  /** The first frame of the leaf. */
  readonly frame: number;
  readonly rights: Rights;
  readonly attributes: Attributes;
  readonly accessed: boolean;
  readonly dirty: boolean;
}

export type Outcome =
  | { readonly kind: "done" }
  /** A leaf or a table is there already. */
  | { readonly kind: "occupied"; readonly level: number }
  /** Nothing is mapped there: the walk ends at an empty entry of this level. */
  | { readonly kind: "absent"; readonly level: number }
  /** No online node has a frame for a table; nothing has changed. */
  | { readonly kind: "noMemory" }
  /** split: the leaf is of the smallest size. */
  | { readonly kind: "notLarge" }
  /** collapse: no table there, or its entries are not leaves of consecutive frames with equal rights and attributes. */
  | { readonly kind: "notCollapsible" }
  /** unmap and walk: the leaf that was, or is, there. */
  | { readonly kind: "leaf"; readonly leaf: LeafReport }
  /** access: the frame of the page itself, also within a large leaf. */
  | { readonly kind: "translated"; readonly frame: number }
  /** access: `level` is that of the entry at which the walk ended, 0 for an address that is not canonical. */
  | { readonly kind: "fault"; readonly reason: FaultReason; readonly level: number };
