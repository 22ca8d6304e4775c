/** What a kernel's copy does with the requests of the others: the middle part of the transition table. */
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import * as outcome from "./outcome.js";
import { WaitStates } from "./wait-states.js";

export class Requests extends WaitStates {
  /** Multicast: whoever asks uses the page. A kernel that does not use it keeps no group. */
  protected takeAskerIn(copy: number, from: number): void {
    const { words, rules } = this;
    if (rules.multicast === "off" || !rules.multicast.askersJoin || words[copy + at.STATE] === at.UNMAPPED) return;
    words[copy + at.GROUP]! |= 1 << from;
  }

  protected onFetch(copy: number, page: number, from: number): number {
    const { words, rules } = this;
    const sender = 1 << from;
    switch (words[copy + at.STATE]) {
      case at.UNMAPPED:
        this.sendVoid(copy, page, sender, mail.REASON_UNMAPPED);
        break;
      case at.FETCH_NR:
        if (rules.fetchingValid) words[copy + at.STATE] = at.FETCH_VAL;
        this.sendVoid(copy, page, sender, mail.REASON_FETCHING);
        break;
      case at.FETCH_VAL:
        this.sendVoid(copy, page, sender, mail.REASON_FETCHING);
        break;
      case at.NOT_REPLICATED:
        words[copy + at.STATE] = at.SHARED;
        this.sendCopy(copy, page, sender);
        break;
      case at.SHARED:
        this.sendCopy(copy, page, sender);
        break;
      case at.MODIFIED:
        words[copy + at.HELD_FETCHES]! |= sender;
        this.serve(copy, page);
        break;
      case at.W_PEND_1:
      case at.W_PEND_2:
        if (rules.fetchWhileWriting === "answered") this.sendVoid(copy, page, sender, mail.REASON_REPLICATED);
        else words[copy + at.HELD_FETCHES]! |= sender;
        break;
      case at.W_READ:
        if (rules.fetchWhileWriting !== "held") this.sendVoid(copy, page, sender, mail.REASON_REPLICATED);
        else words[copy + at.HELD_FETCHES]! |= sender;
        break;
      default:
        this.sendVoid(copy, page, sender, mail.REASON_REPLICATED);
    }
    return outcome.OUTCOME_NONE;
  }

  protected onFetchWrite(copy: number, page: number, from: number): number {
    const { words, rules } = this;
    const sender = 1 << from;
    switch (words[copy + at.STATE]) {
      case at.UNMAPPED:
        this.sendVoid(copy, page, sender, mail.REASON_UNMAPPED);
        break;
      case at.NOT_REPLICATED:
        return outcome.OUTCOME_UNSPECIFIED; // nobody else can be a writer
      case at.SHARED:
        this.sendCopy(copy, page, sender);
        break;
      case at.MODIFIED:
        words[copy + at.HELD_FETCH_WRITES]! |= sender;
        this.strike(copy, sender);
        this.serve(copy, page);
        break;
      case at.W_PEND_1:
        this.noteFetchWrite(copy, page, sender, rules.fetchWriteAnswered.WPend1);
        break;
      case at.W_PEND_2:
        this.noteFetchWrite(copy, page, sender, rules.fetchWriteAnswered.WPend2);
        break;
      case at.W_READ:
        this.noteFetchWrite(copy, page, sender, rules.fetchWriteAnswered.WRead);
        break;
      default:
        this.sendVoid(copy, page, sender, mail.REASON_REPLICATED);
    }
    return outcome.OUTCOME_NONE;
  }

  /** A fellow writer lost and fetches. */
  private noteFetchWrite(copy: number, page: number, sender: number, isAnswered: boolean): void {
    const { words, rules } = this;
    words[copy + at.FETCH_WRITES]! |= sender;
    if (!isAnswered) words[copy + at.HELD_FETCH_WRITES]! |= sender;
    else if (
      rules.copyFromWRead &&
      words[copy + at.STATE] === at.W_READ &&
      words[copy + at.VERSION] !== at.VERSION_NONE
    )
      this.sendCopy(copy, page, sender);
    else this.sendVoid(copy, page, sender, mail.REASON_REPLICATED);
  }

  protected onInvalid(copy: number, page: number, from: number, stamp: number): number {
    const { words, rules } = this;
    const sender = 1 << from;
    switch (words[copy + at.STATE]) {
      case at.UNMAPPED:
        this.outbox.send(mail.ACK, page, sender, mail.FLAG_NONE);
        if (rules.owner === "remembered" || rules.owner === "notVoid") words[copy + at.OWNER] = from + 1;
        return outcome.OUTCOME_NONE;
      case at.FETCH_NR:
      case at.FETCH_VAL:
        if (rules.fetchingInvalid) words[copy + at.STATE] = at.FETCH_INV;
        break;
      case at.NOT_REPLICATED:
        return outcome.OUTCOME_UNSPECIFIED; // nobody else can have a copy to write to
      case at.SHARED:
        words[copy + at.STATE] = at.INVALID_COPY;
        words[copy + at.VERSION] = at.VERSION_NONE;
        if (rules.multicast !== "off" && !rules.multicast.kept) words[copy + at.GROUP] = sender;
        break;
      case at.MODIFIED:
        if (rules.modifiedAnswers !== "ack") {
          const flag = rules.modifiedAnswers === "flaggedNack" ? mail.FLAG_WRITING : mail.FLAG_NONE; // R6
          this.outbox.send(mail.NACK, page, sender, flag);
          return outcome.OUTCOME_NONE;
        }
        this.yieldModified(copy, page);
        break;
      case at.INV_READ_1:
        if (rules.refetch) words[copy + at.STATE] = at.INV_READ_2;
        break;
      case at.W_PEND_1:
      case at.W_PEND_2:
      case at.W_READ:
        words[copy + at.INVALIDS]! |= sender;
        this.vote(copy, page, from, stamp);
        return outcome.OUTCOME_NONE;
      default: // FetchInv, Invalid and InvRead2 stay what they are
    }
    this.outbox.send(mail.ACK, page, sender, mail.FLAG_NONE);
    if (rules.owner !== "forgotten") words[copy + at.OWNER] = from + 1; // R3
    return outcome.OUTCOME_NONE;
  }

  /** The older stamp wins (4.3). */
  private vote(copy: number, page: number, from: number, stamp: number): void {
    const { words, rules } = this;
    const own = words[copy + at.STAMP]!;
    let yields = stamp < own;
    if (stamp === own) yields = rules.tie === "index" ? from < this.kernel : rules.tie === "ack";
    if (rules.voteInWRead === "ack" && words[copy + at.STATE] === at.W_READ) yields = true;
    this.outbox.send(yields ? mail.ACK : mail.NACK, page, 1 << from, mail.FLAG_WRITING);
  }

  /** Without the Nack from Modified: the copy is lost, and whoever waits for it gets nothing. */
  private yieldModified(copy: number, page: number): void {
    const { words } = this;
    this.sendVoid(
      copy,
      page,
      words[copy + at.HELD_FETCHES]! | words[copy + at.HELD_FETCH_WRITES]!,
      mail.REASON_REPLICATED,
    );
    words[copy + at.STATE] = at.INVALID_COPY;
    words[copy + at.VERSION] = at.VERSION_NONE;
    words[copy + at.CONCURRENT] = 0;
    words[copy + at.HELD_FETCHES] = 0;
    words[copy + at.HELD_FETCH_WRITES] = 0;
  }

  private sendCopy(copy: number, page: number, to: number): void {
    this.outbox.send(mail.COPY, page, to, this.words[copy + at.VERSION]!, this.told(copy));
  }

  private sendVoid(copy: number, page: number, to: number, reason: number): void {
    const { multicast } = this.rules;
    if (reason === mail.REASON_UNMAPPED && multicast !== "off" && !multicast.outsidersAnswer) return;
    this.outbox.send(mail.COPY_VOID, page, to, this.reason(reason), this.told(copy));
  }
}
