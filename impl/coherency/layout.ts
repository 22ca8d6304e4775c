/**
 * Where the words of a kernel's coherency engine are. A fresh array of zeros is the initial state: every page Unmapped.
 *
 *   words = [ page 0: COPY_WORDS ][ page 1: COPY_WORDS ] …
 *
 *   a page's copy:
 *   ┌───────┬─────────┬─────────┬───────┬───────┬────────────────┬──────────┬────────────┬──────────┬──────────────┬─────────────┬───────────────────┬───────┐
 *   │ STATE │ PENDING │ VERSION │ STAMP │ OWNER │ SAW_REPLICATED │ ANSWERED │ CONCURRENT │ INVALIDS │ FETCH_WRITES │ HELD_FETCHES│ HELD_FETCH_WRITES │ GROUP │
 *   └───────┴─────────┴─────────┴───────┴───────┴────────────────┴──────────┴────────────┴──────────┴──────────────┴─────────────┴───────────────────┴───────┘
 *
 * Sets of kernels are masks: bit k = kernel k.
 */
export const COPY_WORDS = 13;
/** One of the states below. */
export const STATE = 0;
/** The access that is being served: PENDING_NONE, PENDING_READ or PENDING_WRITE. */
export const PENDING = 1;
/** The content held or collected, by the number of the write that made it: VERSION_NONE, VERSION_INITIAL, 2, 3 … */
export const VERSION = 2;
/** The writer's time stamp while it is in a Writing state; meaningless elsewhere. */
export const STAMP = 3;
/** 0 = nobody, k + 1 = kernel k sent the last Invalid that was acknowledged outside the Writing states (R3). */
export const OWNER = 4;
/** 1 = a CopyVoid of the first fetch said that the page is replicated (R1), or the owner of `notVoid` had no Copy. */
export const SAW_REPLICATED = 5;
/** Set: who answered the current request, and who was not asked; empty in stable states. */
export const ANSWERED = 6;
/** Set: who flagged its answer as a writer's; in Modified, who of them still has to fetch. */
export const CONCURRENT = 7;
/** Set: whose Invalids were received since the last entry into WRead (R4). */
export const INVALIDS = 8;
/** Set: whose Fetch_Writes were received since the last Invalid was broadcast. */
export const FETCH_WRITES = 9;
/** Sets: whose requests wait for their answer. */
export const HELD_FETCHES = 10;
export const HELD_FETCH_WRITES = 11;
/** Set: with multicast, the other kernels that are known to use the page (5.2); else empty. */
export const GROUP = 12;

export const UNMAPPED = 0;
export const FETCH_NR = 1;
export const FETCH_VAL = 2;
export const FETCH_INV = 3;
export const NOT_REPLICATED = 4;
export const SHARED = 5;
export const MODIFIED = 6;
export const INVALID_COPY = 7;
export const INV_READ_1 = 8;
export const INV_READ_2 = 9;
export const W_PEND_1 = 10;
export const W_PEND_2 = 11;
export const W_READ = 12;

export const PENDING_NONE = 0;
export const PENDING_READ = 1;
export const PENDING_WRITE = 2;

/** Bits of a set of kernels. */
export const SET_BITS = 32;

export const VERSION_NONE = 0;
/** What the page holds before the first write; every kernel can make it by itself. */
export const VERSION_INITIAL = 1;

/** Whether the kernel waits for answers in `state`. */
export function isWaiting(state: number): boolean {
  return (state >= FETCH_NR && state <= FETCH_INV) || state >= INV_READ_1;
}

/** Whether `state` is one of the Writing states, the only ones in which the time stamp means something. */
export function isWriting(state: number): boolean {
  return state >= W_PEND_1;
}
