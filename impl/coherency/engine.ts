/**
 * The coherency engine of one kernel: events in, messages out, no input or output of its own.
 *
 * All state is in the words it is given (`layout.ts`), all messages go to the outbox it is given. Every event takes the
 * page and `now`, the kernel's clock, and answers with bits of `outcome.ts`. The driver delivers each message exactly
 * once, in any order; between two events it empties the outbox. Message loss and kernel crashes are outside.
 *
 * Source of the rules: the paper's sections 4 and 5.1 with the additions R1 to R7 of the normative resolution.
 */

import { KERNELS_MAX } from "../../vocabulary/coherency/protocol.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import * as at from "./layout.js";
import type { Outbox } from "./outbox.js";
import * as mail from "./outbox.js";
import * as outcome from "./outcome.js";
import { Requests } from "./requests.js";
import type { EngineOptions } from "./wait-states.js";

export type { EngineOptions } from "./wait-states.js";

/** Words that an engine for `pages` pages needs. */
export function engineWords(pages: number): number {
  return pages * at.COPY_WORDS;
}

export class CoherencyEngine extends Requests {
  private readonly leavesAtOnce: boolean;
  /** Of pages in read-only regions (5.2): reads need nobody, writes are refused. */
  private readonly isLocal: boolean;
  private readonly isWriteProtected: boolean;

  /**
   * @param words `engineWords(pages)` words or more; zeros = all pages Unmapped
   * @throws PagetwinError ARGUMENT when kernel and kernels are not 0 ≤ kernel < kernels ≤ 32
   */
  constructor(words: Int32Array, outbox: Outbox, options: EngineOptions) {
    const { kernel, kernels } = options;
    if (
      !(
        Number.isInteger(kernels) &&
        Number.isInteger(kernel) &&
        kernel >= 0 &&
        kernel < kernels &&
        kernels <= KERNELS_MAX
      )
    )
      throw new PagetwinError(
        "ARGUMENT",
        `kernel ${kernel} of ${kernels}: expected 0 ≤ kernel < kernels ≤ ${KERNELS_MAX}`,
      );
    super(words, outbox, options);
    this.leavesAtOnce = options.exit === "atomic";
    const { readOnly } = options.rules;
    this.isLocal = readOnly === "local" || readOnly === "written";
    this.isWriteProtected = readOnly === "local" || readOnly === "fetched";
  }

  /** The application reads. */
  read(page: number, now: number): number {
    const copy = page * at.COPY_WORDS;
    const { words } = this;
    switch (words[copy + at.STATE]) {
      case at.NOT_REPLICATED:
      case at.SHARED:
      case at.MODIFIED:
        return words[copy + at.PENDING] === at.PENDING_NONE ? outcome.OUTCOME_HIT : outcome.OUTCOME_DELAYED;
      default:
        if (this.isLocal) return this.readFromSource(copy);
        return this.startAccess(copy, page, at.PENDING_READ, now);
    }
  }

  /** The application writes. */
  write(page: number, now: number): number {
    if (this.isWriteProtected) return outcome.OUTCOME_REFUSED;
    const copy = page * at.COPY_WORDS;
    const { words } = this;
    switch (words[copy + at.STATE]) {
      case at.NOT_REPLICATED:
        // The first write makes the content differ from what others can make by themselves; later ones are nobody's business.
        if (words[copy + at.VERSION] !== at.VERSION_INITIAL) return outcome.OUTCOME_HIT;
        return outcome.OUTCOME_COMPLETED | this.commit(copy);
      case at.MODIFIED:
        return outcome.OUTCOME_HIT;
      default:
        return this.startAccess(copy, page, at.PENDING_WRITE, now);
    }
  }

  /** A page of a read-only region: everybody can read its data source, and the content never changes. */
  private readFromSource(copy: number): number {
    this.words[copy + at.STATE] = at.SHARED;
    this.words[copy + at.VERSION] = at.VERSION_INITIAL;
    return outcome.OUTCOME_COMPLETED;
  }

  /** Takes up a pending access again, in Invalid or Shared; elsewhere it is still being served. */
  retry(page: number, now: number): number {
    const copy = page * at.COPY_WORDS;
    const pending = this.words[copy + at.PENDING]!;
    if (pending === at.PENDING_NONE || !this.canRetry(page)) return outcome.OUTCOME_DELAYED;
    return this.begin(copy, page, pending, now);
  }

  /** Whether an access is pending that only `retry` takes further. */
  canRetry(page: number): boolean {
    const copy = page * at.COPY_WORDS;
    const state = this.words[copy + at.STATE];
    return this.words[copy + at.PENDING] !== at.PENDING_NONE && (state === at.INVALID_COPY || state === at.SHARED);
  }

  /** Whether taking up an access now begins a write, and with it draws a time stamp. */
  wouldDraw(page: number): boolean {
    if (this.isWriteProtected) return false;
    const state = this.words[page * at.COPY_WORDS + at.STATE];
    return state === at.SHARED || (state === at.INVALID_COPY && !this.rules.forcedRead);
  }

  /** Whether a wait state can be left; under atomic exit only inside an event. */
  canExit(page: number): boolean {
    return this.isComplete(page * at.COPY_WORDS);
  }

  /** Leaves a wait state, under delayed exit. */
  exit(page: number, now: number): number {
    this.now = now;
    return this.leave(page * at.COPY_WORDS, page);
  }

  /** A message from kernel `from` arrives; `detail` and `group` as in `outbox.ts`. */
  receive(page: number, from: number, kind: number, detail: number, now: number, group = 0): number {
    this.now = now;
    const copy = page * at.COPY_WORDS;
    if (kind < mail.COPY) this.takeAskerIn(copy, from);
    else this.words[copy + at.GROUP]! |= group & this.others;
    return this.settle(copy, page, this.take(copy, page, from, kind, detail));
  }

  /**
   * Under atomic exit: leaves the wait state, and the next one, as long as nothing is awaited. A wait that is left for itself
   * is a fetch that is repeated: if nobody is asked (G3) it would be for ever, so the kernel stays there, and is stuck.
   */
  private settle(copy: number, page: number, result: number): number {
    const { words } = this;
    let all = result;
    let left = at.UNMAPPED;
    while (this.leavesAtOnce && this.isComplete(copy) && words[copy + at.STATE] !== left) {
      left = words[copy + at.STATE]!;
      all |= this.leave(copy, page);
    }
    return all;
  }

  private startAccess(copy: number, page: number, access: number, now: number): number {
    if (this.words[copy + at.PENDING] !== at.PENDING_NONE) return outcome.OUTCOME_DELAYED;
    this.words[copy + at.PENDING] = access;
    return this.begin(copy, page, access, now);
  }

  private begin(copy: number, page: number, access: number, now: number): number {
    this.now = now;
    const state = this.words[copy + at.STATE];
    if (state === at.UNMAPPED) return this.settle(copy, page, this.startFirstFetch(copy, page));
    const isWrite = access === at.PENDING_WRITE && this.wouldDraw(page);
    return this.settle(copy, page, isWrite ? this.startWrite(copy, page) : this.startFetchAnew(copy, page));
  }

  private take(copy: number, page: number, from: number, kind: number, detail: number): number {
    switch (kind) {
      case mail.FETCH:
        return this.onFetch(copy, page, from);
      case mail.FETCH_WRITE:
        return this.onFetchWrite(copy, page, from);
      case mail.INVALID:
        return this.onInvalid(copy, page, from, detail);
      case mail.COPY:
        return this.onCopy(copy, from, detail);
      case mail.COPY_VOID:
        return this.onCopyVoid(copy, from, detail);
      default:
        return this.onVote(copy, from, kind === mail.NACK, detail);
    }
  }

  private onCopy(copy: number, from: number, version: number): number {
    const { words, rules } = this;
    const state = words[copy + at.STATE]!;
    if (!isFetching(state)) return outcome.OUTCOME_UNSPECIFIED;
    words[copy + at.ANSWERED]! |= 1 << from;
    const owner = words[copy + at.OWNER]!;
    const isRefused = state !== at.W_READ && owner !== 0 && owner !== from + 1 && rules.owner !== "notVoid";
    if (isRefused) return outcome.OUTCOME_NONE; // R3
    const kept = words[copy + at.VERSION]!;
    const isTaken =
      kept === at.VERSION_NONE || rules.copyKept === "last" || (rules.copyKept === "newest" && version > kept);
    if (isTaken) words[copy + at.VERSION] = version;
    return outcome.OUTCOME_NONE;
  }

  private onCopyVoid(copy: number, from: number, reason: number): number {
    const { words, rules } = this;
    const state = words[copy + at.STATE]!;
    if (!isFetching(state)) return outcome.OUTCOME_UNSPECIFIED;
    words[copy + at.ANSWERED]! |= 1 << from;
    if (rules.owner === "notVoid" && state !== at.W_READ && words[copy + at.OWNER] === from + 1)
      words[copy + at.SAW_REPLICATED] = 1;
    if (state > at.FETCH_INV) return outcome.OUTCOME_NONE;
    if (reason === mail.REASON_REPLICATED) words[copy + at.SAW_REPLICATED] = 1;
    if (reason === mail.REASON_FETCHING && state === at.FETCH_NR && rules.fetchingValid)
      words[copy + at.STATE] = at.FETCH_VAL;
    return outcome.OUTCOME_NONE;
  }

  private onVote(copy: number, from: number, isNack: boolean, flag: number): number {
    const { words } = this;
    const state = words[copy + at.STATE];
    if (state !== at.W_PEND_1 && state !== at.W_PEND_2) return outcome.OUTCOME_UNSPECIFIED;
    words[copy + at.ANSWERED]! |= 1 << from;
    if (flag === mail.FLAG_WRITING) words[copy + at.CONCURRENT]! |= 1 << from;
    if (isNack) {
      words[copy + at.STATE] = at.W_PEND_2;
      words[copy + at.VERSION] = at.VERSION_NONE;
    }
    return outcome.OUTCOME_NONE;
  }
}

/** Whether Copies and CopyVoids are awaited in `state`. */
function isFetching(state: number): boolean {
  return at.isWaiting(state) && state !== at.W_PEND_1 && state !== at.W_PEND_2;
}
