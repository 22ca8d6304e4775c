/**
 * The explored state of a cluster, packed: where its fields are.
 *
 * Left out are the answers received (they follow from the channels), the stamps in Invalids (they are their senders')
 * and the statistics. Versions become none, stale or fresh; stamps become dense ranks. Reading a vector back makes
 * engines in the same situation: the newest version is 1 before the first write and 2 after it, stale is 1, and rank r
 * becomes stamp 2 r, so that a new stamp fits before, between and after them.
 *
 *   words = [ kernel 0 ][ kernel 1 ] … [ channels: four ordered pairs a word ] …
 *           [ with multicast, groups: see `vector-groups.ts` ] … [ budgets, if any: one word a kernel ]
 *
 *    31        30 29    25 24    20 19    15  14    13  11 10  8 7   6 5    4 3   0
 *   ┌─────────┬──┬────────┬────────┬────────┬──────┬──────┬─────┬─────┬──────┬─────┐
 *   │ written │ 0│   fw   │  inv   │  conc  │ void2│ owner│ rank│ data│ pend │ st  │   a kernel; `written` in kernel 0 only
 *   └─────────┴──┴────────┴────────┴────────┴──────┴──────┴─────┴─────┴──────┴─────┘
 *    7              6      3 2       0
 *   ┌──────────────┬────────┬─────────┐
 *   │ answer first │ answer │ request │   a pair
 *   └──────────────┴────────┴─────────┘
 */
import * as at from "./layout.js";
import * as mail from "./outbox.js";

export const STATE_SHIFT = 0;
export const STATE_MASK = 15;
export const PENDING_SHIFT = 4;
export const DATA_SHIFT = 6;
export const PAIR_OF_BITS = 3;
export const RANK_SHIFT = 8;
export const OWNER_SHIFT = 11;
export const THREE_BITS = 7;
export const SAW_REPLICATED_SHIFT = 14;
export const CONCURRENT_SHIFT = 15;
export const INVALIDS_SHIFT = 20;
export const FETCH_WRITES_SHIFT = 25;
export const SET_BITS = 5;
export const SET_MASK = 2 ** SET_BITS - 1;
export const WRITTEN_SHIFT = 31;

export const DATA_NONE = 0;
export const DATA_STALE = 1;
export const DATA_FRESH = 2;

export const WORD_BITS = 32;
export const PAIRS_PER_WORD = 4;
export const PAIR_BITS = 8;
export const PAIR_MASK = 2 ** PAIR_BITS - 1;
export const ANSWER_SHIFT = 3;
export const ANSWER_MASK = 15;
export const ANSWER_FIRST_SHIFT = 7;
/** Codes of a request slot beyond the kinds of messages: received, and its answer delayed. */
export const HELD_FETCH = 4;
export const HELD_FETCH_WRITE = 5;
/** Codes of an answer slot, 0 = none. */
export const COPY_STALE = 1;
export const COPY_FRESH = 2;
/** A CopyVoid of reason r is VOID + r, an Ack with flag w is ACK + w, a Nack NACK + w. */
export const VOID = 3;
export const ACK = 6;
export const NACK = 8;

/** What a stale version is read back as; the newest one is VERSION_INITIAL or VERSION_WRITTEN. */
export const VERSION_STALE = at.VERSION_INITIAL;
export const VERSION_WRITTEN = at.VERSION_INITIAL + 1;
/** Distance of the stamps of neighbouring ranks. */
export const STAMPS_PER_RANK = 2;

/** Words of the vector for `kernels` kernels. */
export function vectorWords(kernels: number, hasBudgets: boolean, hasGroups: boolean): number {
  return groupsAt(kernels) + (hasGroups ? groupWords(kernels) : 0) + (hasBudgets ? kernels : 0);
}

/** Where the words of the groups are: behind kernels and pairs. */
export function groupsAt(kernels: number): number {
  return kernels + Math.ceil((kernels * (kernels - 1)) / PAIRS_PER_WORD);
}

/** Words of the groups: a field of a kernel's or a pair's is as wide as there are kernels. */
export function groupWords(kernels: number): number {
  return Math.ceil((kernels * kernels) / Math.floor(WORD_BITS / kernels));
}

/** Fields of a vector, for claims: a kernel's state, pending access and rank, by the numbers of `layout.ts`. */
export function stateIn(vector: Int32Array, kernel: number): number {
  return stateOf(vector[kernel]!);
}

export function pendingIn(vector: Int32Array, kernel: number): number {
  return pendingOf(vector[kernel]!);
}

export function stateOf(word: number): number {
  return (word >>> STATE_SHIFT) & STATE_MASK;
}

export function pendingOf(word: number): number {
  return (word >>> PENDING_SHIFT) & PAIR_OF_BITS;
}

export function rankIn(vector: Int32Array, kernel: number): number {
  return (vector[kernel]! >>> RANK_SHIFT) & THREE_BITS;
}

/** The byte of an ordered pair. */
export function pairIn(vector: Int32Array, kernels: number, from: number, to: number): number {
  const pair = from * (kernels - 1) + (to < from ? to : to - 1);
  const word = vector[kernels + Math.floor(pair / PAIRS_PER_WORD)]!;
  return (word >>> ((pair % PAIRS_PER_WORD) * PAIR_BITS)) & PAIR_MASK;
}

/** Whether an answer is in flight. */
export function isAnsweringIn(vector: Int32Array, kernels: number, from: number, to: number): boolean {
  return ((pairIn(vector, kernels, from, to) >>> ANSWER_SHIFT) & ANSWER_MASK) !== 0;
}

/** Whether a kernel has, or has collected, the content that was written last. */
export function isFreshIn(vector: Int32Array, kernel: number): boolean {
  return ((vector[kernel]! >>> DATA_SHIFT) & PAIR_OF_BITS) === DATA_FRESH;
}

/** What an answer slot's code stands for; `detail` as in `outbox.ts`, but a Copy's is not in its code. */
export function answerKind(code: number): number {
  if (code < VOID) return mail.COPY;
  if (code < ACK) return mail.COPY_VOID;
  return code < NACK ? mail.ACK : mail.NACK;
}

export function answerDetail(code: number): number {
  if (code < ACK) return code - VOID;
  return code < NACK ? code - ACK : code - NACK;
}

/** @param latest the newest version there is */
export function answerCode(kind: number, detail: number, latest: number): number {
  switch (kind) {
    case 0:
      return 0;
    case mail.COPY:
      return detail === latest ? COPY_FRESH : COPY_STALE;
    case mail.COPY_VOID:
      return VOID + detail;
    case mail.ACK:
      return ACK + detail;
    default:
      return NACK + detail;
  }
}

/** A word of spent budgets is reads | writes << 4. */
export const READ_SPENT = 1;
export const WRITE_SPENT = 1 << 4;

export function readsSpent(word: number): number {
  return word & (WRITE_SPENT - 1);
}

export function writesSpent(word: number): number {
  return Math.floor(word / WRITE_SPENT);
}
