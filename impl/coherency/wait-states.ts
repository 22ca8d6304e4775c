/**
 * Entering and leaving the wait states of one kernel's copies: fetches, rounds of a write, and what the winner withholds.
 *
 * Everything here works on the copy whose words begin at `copy`; `page` only goes into messages.
 */
import type { ExitMode } from "../../vocabulary/coherency/configuration.js";
import type { Rules } from "../../vocabulary/coherency/rules.js";
import * as at from "./layout.js";
import type { Outbox } from "./outbox.js";
import * as mail from "./outbox.js";
import * as outcome from "./outcome.js";

export interface EngineOptions {
  /** This kernel, 0 to `kernels` - 1. */
  readonly kernel: number;
  /** 1 to 32. */
  readonly kernels: number;
  readonly rules: Rules;
  readonly exit: ExitMode;
}

export class WaitStates {
  protected readonly words: Int32Array;
  protected readonly outbox: Outbox;
  protected readonly rules: Rules;
  protected readonly kernel: number;
  /** Set: all kernels but this one. */
  protected readonly others: number;
  /** The clock, as the current event gave it. */
  protected now = 0;

  constructor(words: Int32Array, outbox: Outbox, options: EngineOptions) {
    this.words = words;
    this.outbox = outbox;
    this.rules = options.rules;
    this.kernel = options.kernel;
    this.others = lowest(options.kernels) & ~(1 << options.kernel);
  }

  /** From Unmapped: nobody knows yet that this kernel uses the page, so everybody is asked. */
  protected startFirstFetch(copy: number, page: number): number {
    const { multicast } = this.rules;
    const asksGroup = multicast !== "off" && multicast.firstTouch === "group";
    return this.startFetch(copy, page, at.FETCH_NR, asksGroup ? this.words[copy + at.GROUP]! : this.others);
  }

  /** From Invalid: asks the remembered owner alone, if the rules take its hint (5.2); else everybody. */
  protected startFetchAnew(copy: number, page: number): number {
    const owner = this.words[copy + at.OWNER]!;
    const isHinted = this.rules.ownerHint && owner !== 0;
    return this.startFetch(copy, page, at.INV_READ_1, isHinted ? 1 << (owner - 1) : this.audience(copy));
  }

  /** Sends a Fetch and waits in `state`, with no copy collected yet. */
  private startFetch(copy: number, page: number, state: number, asked: number): number {
    const { words } = this;
    words[copy + at.STATE] = state;
    words[copy + at.VERSION] = at.VERSION_NONE;
    return this.ask(copy, page, mail.FETCH, asked, 0);
  }

  /** Who is not asked counts as having answered. A kernel that is alone has nobody to ask. */
  private ask(copy: number, page: number, kind: number, asked: number, detail: number): number {
    this.words[copy + at.ANSWERED] = this.others & ~asked;
    this.outbox.send(kind, page, asked, detail);
    return asked === 0 && this.others !== 0 ? outcome.OUTCOME_ASKED_NOBODY : outcome.OUTCOME_NONE;
  }

  /** Whom a user of the page asks: all others, or with multicast those of them who are known to use it. */
  private audience(copy: number): number {
    return this.rules.multicast === "off" ? this.others : this.words[copy + at.GROUP]!;
  }

  /** What an answer tells of the page's users; nothing without multicast, or from one who does not use it. */
  protected told(copy: number): number {
    const { multicast } = this.rules;
    if (multicast === "off" || multicast.told === "nothing" || this.words[copy + at.STATE] === at.UNMAPPED) return 0;
    return (1 << this.kernel) | (multicast.told === "group" ? this.words[copy + at.GROUP]! : 0);
  }

  /** From Shared: draws a time stamp and starts the first round. */
  protected startWrite(copy: number, page: number): number {
    const { words } = this;
    words[copy + at.PENDING] = at.PENDING_WRITE;
    words[copy + at.STAMP] = this.now;
    words[copy + at.INVALIDS] = 0;
    return this.startRound(copy, page);
  }

  /** Announces the write to everybody. INVALIDS stay: one that came in WRead belongs to this round (R4). */
  private startRound(copy: number, page: number): number {
    const { words, rules } = this;
    words[copy + at.STATE] = at.W_PEND_1;
    words[copy + at.CONCURRENT] = 0;
    words[copy + at.FETCH_WRITES] = 0;
    words[copy + at.OWNER] = 0;
    if (rules.invalidsForgotten === "onBroadcast") words[copy + at.INVALIDS] = 0;
    return this.ask(copy, page, mail.INVALID, this.audience(copy), words[copy + at.STAMP]!);
  }

  /** Whether the last awaited message has come. */
  protected isComplete(copy: number): boolean {
    const { words, rules } = this;
    const state = words[copy + at.STATE]!;
    if (!at.isWaiting(state) || words[copy + at.ANSWERED] !== this.others) return false;
    if (state === at.W_PEND_2) return !rules.step1 || this.hasEveryInvalid(copy);
    if (state === at.W_READ) return rules.step2 === "off" || this.hasEveryFetchWrite(copy);
    return true;
  }

  /** Loser step 1 (4.7): the Invalids of all concurrent writers were received. */
  private hasEveryInvalid(copy: number): boolean {
    const concurrent = this.words[copy + at.CONCURRENT]!;
    const invalids = this.words[copy + at.INVALIDS]!;
    if (this.rules.coordination === "counters") return size(invalids) >= size(concurrent);
    return (concurrent & ~invalids) === 0;
  }

  /** Loser step 2 (4.7): so were the Fetch_Writes of all of them but the winner, who sends none (R5). */
  private hasEveryFetchWrite(copy: number): boolean {
    const concurrent = this.words[copy + at.CONCURRENT]!;
    const fetchWrites = this.words[copy + at.FETCH_WRITES]!;
    const awaited = size(concurrent) - (this.rules.step2 === "losers" ? 1 : 0);
    return size(this.rules.coordination === "counters" ? fetchWrites : fetchWrites & concurrent) >= awaited;
  }

  /** Leaves a wait state that is complete. @returns bits of `outcome.ts` */
  protected leave(copy: number, page: number): number {
    const { words, rules } = this;
    switch (words[copy + at.STATE]) {
      case at.FETCH_NR:
      case at.FETCH_VAL:
        return this.leaveFetching(copy);
      case at.FETCH_INV:
        this.becomeInvalid(copy);
        return outcome.OUTCOME_NONE;
      case at.INV_READ_1:
        if (words[copy + at.VERSION] !== at.VERSION_NONE && !this.hasVoidOwner(copy)) return this.becomeShared(copy);
        if (rules.repeatFetch) return this.repeatFetch(copy, page); // R2
        this.becomeInvalid(copy);
        return outcome.OUTCOME_FETCHED_NOTHING;
      case at.INV_READ_2:
        return this.repeatFetch(copy, page);
      case at.W_PEND_1:
        return this.win(copy, page);
      case at.W_PEND_2:
        return this.fetchAsLoser(copy, page);
      default:
        return this.tryAgain(copy, page);
    }
  }

  /** An owner's hint is not taken again, unless the rules do: the owner has had its chance. */
  private repeatFetch(copy: number, page: number): number {
    this.words[copy + at.SAW_REPLICATED] = 0;
    if (this.rules.hintMissed === "ownerAgain") return this.startFetchAnew(copy, page);
    return this.startFetch(copy, page, at.INV_READ_1, this.audience(copy));
  }

  /** R3 weakened: whether the owner answered without a Copy, so that nobody's counts. */
  private hasVoidOwner(copy: number): boolean {
    return this.rules.owner === "notVoid" && this.words[copy + at.SAW_REPLICATED] !== 0;
  }

  /** A first touch ends: with a Copy, with the initial content, or, when neither can be trusted, in another attempt. */
  private leaveFetching(copy: number): number {
    const { words } = this;
    if (words[copy + at.VERSION] !== at.VERSION_NONE && !this.mustJoinFirst(copy)) return this.becomeShared(copy);
    if (words[copy + at.SAW_REPLICATED] !== 0 || words[copy + at.OWNER] !== 0) {
      this.becomeInvalid(copy);
      return outcome.OUTCOME_NONE;
    }
    words[copy + at.VERSION] = at.VERSION_INITIAL;
    if (words[copy + at.STATE] === at.FETCH_VAL) return this.becomeShared(copy);
    const isWrite = words[copy + at.PENDING] === at.PENDING_WRITE;
    words[copy + at.STATE] = at.NOT_REPLICATED;
    words[copy + at.ANSWERED] = 0;
    words[copy + at.PENDING] = at.PENDING_NONE;
    return isWrite ? outcome.OUTCOME_COMPLETED | this.commit(copy) : outcome.OUTCOME_COMPLETED;
  }

  /** M2: a newcomer to a page that is replicated reads as a member only, so that every write is announced to it. */
  private mustJoinFirst(copy: number): boolean {
    const { multicast, joinBeforeRead } = this.rules;
    return multicast !== "off" && joinBeforeRead && this.words[copy + at.SAW_REPLICATED] !== 0;
  }

  /** A pending read is completed; a pending write goes on from Shared. */
  private becomeShared(copy: number): number {
    const { words } = this;
    words[copy + at.STATE] = at.SHARED;
    words[copy + at.ANSWERED] = 0;
    words[copy + at.SAW_REPLICATED] = 0;
    words[copy + at.OWNER] = 0;
    if (words[copy + at.PENDING] !== at.PENDING_READ) return outcome.OUTCOME_NONE;
    words[copy + at.PENDING] = at.PENDING_NONE;
    return outcome.OUTCOME_COMPLETED;
  }

  /** The access stays pending, and the owner remembered. */
  private becomeInvalid(copy: number): void {
    const { words } = this;
    words[copy + at.STATE] = at.INVALID_COPY;
    words[copy + at.VERSION] = at.VERSION_NONE;
    words[copy + at.ANSWERED] = 0;
    words[copy + at.SAW_REPLICATED] = 0;
  }

  protected commit(copy: number): number {
    this.words[copy + at.VERSION]!++;
    return outcome.OUTCOME_COMMITTED;
  }

  /** All votes are in favour. Who was refused and has already fetched gets nothing any more (A13). */
  private win(copy: number, page: number): number {
    const { words, rules } = this;
    const committed = this.commit(copy);
    words[copy + at.STATE] = at.MODIFIED;
    words[copy + at.PENDING] = at.PENDING_NONE;
    words[copy + at.ANSWERED] = 0;
    words[copy + at.OWNER] = 0;
    if (rules.withholding === "off") words[copy + at.CONCURRENT] = 0;
    else if (rules.earlyFetchWriteCounts) this.strike(copy, words[copy + at.FETCH_WRITES]!);
    words[copy + at.INVALIDS] = 0;
    words[copy + at.FETCH_WRITES] = 0;
    this.serve(copy, page);
    return outcome.OUTCOME_COMPLETED | committed;
  }

  /** Takes `kernels` out of the concurrent writers who still have to fetch; by number only, if rules count. */
  protected strike(copy: number, kernels: number): void {
    const { words, rules } = this;
    let awaited = words[copy + at.CONCURRENT]!;
    let uncounted = rules.coordination === "counters" ? size(kernels & ~awaited) : 0;
    awaited &= ~kernels;
    for (; uncounted > 0; uncounted--) awaited &= awaited - 1;
    words[copy + at.CONCURRENT] = awaited;
  }

  /** Modified answers all held requests at once and becomes Shared, when no loser's request is awaited any more (4.7). */
  protected serve(copy: number, page: number): void {
    const { words, rules } = this;
    const fetches = words[copy + at.HELD_FETCHES]!;
    const held = fetches | words[copy + at.HELD_FETCH_WRITES]!;
    const withholds = words[copy + at.CONCURRENT] !== 0 && !(rules.withholding === "fetchWrites" && fetches !== 0);
    if (held === 0 || withholds) return;
    words[copy + at.STATE] = at.SHARED;
    words[copy + at.CONCURRENT] = 0;
    words[copy + at.HELD_FETCHES] = 0;
    words[copy + at.HELD_FETCH_WRITES] = 0;
    this.outbox.send(mail.COPY, page, held, words[copy + at.VERSION]!, this.told(copy));
  }

  /** The loser fetches. The broadcast leaves before the answers: on a FIFO channel the order is seen. */
  private fetchAsLoser(copy: number, page: number): number {
    const { words, rules } = this;
    words[copy + at.STATE] = at.W_READ;
    if (rules.invalidsForgotten === "onWRead") words[copy + at.INVALIDS] = 0;
    const asked = this.ask(copy, page, mail.FETCH_WRITE, this.audience(copy), 0);
    if (!rules.fetchWriteAnswered.WRead) return asked;
    const held = words[copy + at.HELD_FETCH_WRITES]!;
    this.outbox.send(mail.COPY_VOID, page, held, this.reason(mail.REASON_REPLICATED), this.told(copy));
    words[copy + at.HELD_FETCH_WRITES] = 0;
    return asked;
  }

  /** The loser has what the winner wrote, and starts its next round with its old stamp (4.3). */
  private tryAgain(copy: number, page: number): number {
    const { words, rules } = this;
    const hasCopy = words[copy + at.VERSION] !== at.VERSION_NONE;
    if (!hasCopy && rules.repeatFetchWrite) return this.ask(copy, page, mail.FETCH_WRITE, this.audience(copy), 0);
    if (!rules.stampKept) words[copy + at.STAMP] = this.now;
    const asked = this.startRound(copy, page);
    return hasCopy ? asked : asked | outcome.OUTCOME_FETCHED_NOTHING;
  }

  /** What a CopyVoid says, as far as the rules let it speak (R1). */
  protected reason(reason: number): number {
    const { voidReasons } = this.rules;
    const isSaid = voidReasons === "all" || (voidReasons === "fetching" && reason === mail.REASON_FETCHING);
    return isSaid ? reason : mail.REASON_UNMAPPED;
  }
}

/** The set of the kernels 0 to count - 1. */
function lowest(count: number): number {
  return count === 32 ? -1 : (1 << count) - 1;
}

/** How many kernels are in a set. */
function size(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}
