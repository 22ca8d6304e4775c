/** What the replication system answers. Both twins answer with equal values. */
import type { Rights } from "../page-table/access.js";

export type Errno = "EINVAL" | "EALREADY" | "ESRCH" | "EFAULT" | "EBUSY" | "ENOMEM" | "EEXIST";

export type Outcome =
  /** Done; value is what the operation's rule in docs/replication.md says, 0 where it says nothing. */
  | { readonly kind: "ok"; readonly value: number }
  | { readonly kind: "error"; readonly errno: Errno }
  | { readonly kind: "touched"; readonly served: Served }
  /** The access is refused for good: no range there, or a range without the right. */
  | { readonly kind: "segfault"; readonly reason: "no-range" | "rights" }
  /** The page's data is on its way to another node; nothing happened. */
  | { readonly kind: "waits" }
  | {
      readonly kind: "entry";
      readonly level: number;
      readonly frame: number;
      /** Rights of the leaf itself, `---` for one that is not present but keeps its frame (W26). */
      readonly rights: Rights;
      readonly accessed: boolean;
      readonly dirty: boolean;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "steering"; readonly vector: readonly number[] }
  | { readonly kind: "text"; readonly text: string };

/** How a touch got through: TLB hit, walk without fault, after a fault, after a copy-on-write. */
export type Served = "tlb" | "walk" | "fault" | "copy";
