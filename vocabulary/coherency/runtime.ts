/** The words of running programs over the protocol. */

/** Bytes of a page. */
export const PAGE_BYTES = 4096;
/** 32-bit words of a page. */
export const PAGE_WORDS = PAGE_BYTES / 4;
/** Most pages that a running kernel shares: 256 MiB of private memory. */
export const RUNTIME_PAGES_MAX = 2 ** 16;

/**
 * What a program does to the shared memory, one step after another. Words are 32 bits and counted from the beginning of
 * the memory. A program yields steps and is given each step's result.
 */
export type ProgramStep =
  /** Loads or stores words [first, first + words) one after another; the result is the last one. */
  | { readonly kind: "load"; readonly first: number; readonly words: number }
  | { readonly kind: "store"; readonly first: number; readonly words: number; readonly value: number }
  /** Adds to a word, as one access; the result is its former value. */
  | { readonly kind: "add"; readonly word: number; readonly delta: number }
  /** Waits until a word is `value` or more. */
  | { readonly kind: "await"; readonly word: number; readonly value: number };

/** What a program can know of the kernel that it runs on. */
export interface ProgramHost {
  readonly kernel: number;
  readonly kernels: number;
  /** Requests that this kernel has sent so far: Fetch, Fetch_Write and Invalid. */
  requestsSent(): number;
}

/** A thread as a generator of its accesses, so that a scheduler can stop it between any two of them. */
export type SteppedProgram = (host: ProgramHost) => Generator<ProgramStep, unknown, number>;
