/**
 * The channels between the kernels of one page: at most one request and one answer in flight per ordered pair.
 *
 *   words = [ REQUEST ][ REQUEST_DETAIL ][ ANSWER ][ ANSWER_DETAIL ][ ANSWER_FIRST ][ ANSWER_GROUP ]     each: kernels × kernels words
 *
 * The word of the pair i → j is number i × kernels + j of its part. Kinds are those of `outbox.ts`, 0 = nothing in
 * flight. One slot of each sort suffices: a kernel waits for all answers before it sends the next request, so a channel
 * that is FIFO per pair and message type is the same as an unordered one. ANSWER_FIRST is 1 when both are in flight on a
 * channel that is FIFO per pair and the answer was sent first; else 0. ANSWER_GROUP is what an answer tells of the page's users.
 */
import type { Channels as ChannelKind } from "../../vocabulary/coherency/configuration.js";
import type { Outbox } from "./outbox.js";
import * as mail from "./outbox.js";

export const CHANNEL_PARTS = 6;

export class Channels {
  readonly words: Int32Array;
  readonly kernels: number;
  readonly isFifo: boolean;
  private readonly pairs: number;

  /** @param words CHANNEL_PARTS × kernels × kernels words, zero at first */
  constructor(words: Int32Array, kernels: number, kind: ChannelKind) {
    this.words = words;
    this.kernels = kernels;
    this.pairs = kernels * kernels;
    this.isFifo = kind === "fifo";
  }

  pair(from: number, to: number): number {
    return from * this.kernels + to;
  }

  request(pair: number): number {
    return this.words[pair]!;
  }

  requestDetail(pair: number): number {
    return this.words[this.pairs + pair]!;
  }

  answer(pair: number): number {
    return this.words[2 * this.pairs + pair]!;
  }

  answerDetail(pair: number): number {
    return this.words[3 * this.pairs + pair]!;
  }

  isAnswerFirst(pair: number): boolean {
    return this.words[4 * this.pairs + pair] !== 0;
  }

  answerGroup(pair: number): number {
    return this.words[5 * this.pairs + pair]!;
  }

  setRequest(pair: number, kind: number, detail: number): void {
    this.words[pair] = kind;
    this.words[this.pairs + pair] = detail;
  }

  setAnswer(pair: number, kind: number, detail: number, group = 0): void {
    this.words[2 * this.pairs + pair] = kind;
    this.words[3 * this.pairs + pair] = detail;
    this.words[5 * this.pairs + pair] = group;
  }

  setAnswerFirst(pair: number, isFirst: boolean): void {
    this.words[4 * this.pairs + pair] = isFirst ? 1 : 0;
  }

  dropRequest(pair: number): void {
    this.setRequest(pair, 0, 0);
    this.setAnswerFirst(pair, false);
  }

  dropAnswer(pair: number): void {
    this.setAnswer(pair, 0, 0);
    this.setAnswerFirst(pair, false);
  }

  /** Sends what is in the outbox, in its order, and empties it. @returns false if a slot was busy */
  send(from: number, outbox: Outbox): boolean {
    let isRoom = true;
    for (let entry = 0; entry < outbox.count; entry++) {
      const kind = outbox.kind(entry);
      const detail = outbox.detail(entry);
      const group = outbox.group(entry);
      for (let to = outbox.to(entry), kernel = 0; to !== 0; to >>>= 1, kernel++) {
        if ((to & 1) !== 0) isRoom = this.put(this.pair(from, kernel), kind, detail, group) && isRoom;
      }
    }
    outbox.clear();
    return isRoom;
  }

  private put(pair: number, kind: number, detail: number, group: number): boolean {
    if (kind >= mail.COPY) {
      if (this.answer(pair) !== 0) return false;
      this.setAnswer(pair, kind, detail, group);
    } else {
      if (this.request(pair) !== 0) return false;
      this.setRequest(pair, kind, detail);
      if (this.isFifo && this.answer(pair) !== 0) this.setAnswerFirst(pair, true);
    }
    return true;
  }
}
