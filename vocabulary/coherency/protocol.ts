/** The words of the Popcorn page coherency protocol: states of a page copy, messages, accesses. */

/** What a kernel's copy of one page can be; the order is that of the paper's growth of the protocol. */
export const COPY_STATES = [
  /** The kernel has never used the page. */
  "Unmapped",
  /** First touch under way; so far nobody else is known to use the page. */
  "FetchNR",
  /** First touch under way; another kernel fetches too. */
  "FetchVal",
  /** First touch under way; a write was announced meanwhile. */
  "FetchInv",
  /** The only copy there is. */
  "NotReplicated",
  "Shared",
  "Modified",
  "Invalid",
  /** A valid copy is being fetched. */
  "InvRead1",
  /** The same, and what comes may be out of date. */
  "InvRead2",
  /** Votes on a write are being collected, all in favour so far. */
  "WPend1",
  /** The vote is lost; the rest of it is being collected. */
  "WPend2",
  /** The loser fetches what the winner wrote. */
  "WRead",
] as const;
export type CopyState = (typeof COPY_STATES)[number];

/** Requests; each is answered by everybody it is sent to, exactly once. */
export const REQUEST_KINDS = ["Fetch", "FetchWrite", "Invalid"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Why a CopyVoid holds no copy (R1). */
export const VOID_REASONS = ["unmapped", "fetching", "replicated"] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

/** An access of the application that is being served. */
export type Access = "read" | "write";

/** Largest number of kernels of the engine: sets of kernels are 32-bit masks. */
export const KERNELS_MAX = 32;
/** Smallest and largest number of kernels whose state space can be explored: five kernels' sets fill a word. */
export const EXPLORED_KERNELS_MIN = 2;
export const EXPLORED_KERNELS_MAX = 5;
