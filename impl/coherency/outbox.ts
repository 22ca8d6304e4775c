/**
 * What an engine has to say after an event: a short list of messages in the order in which they leave.
 *
 *   words = [ COUNT ][ entry ][ entry ] …        entry = [ KIND ][ PAGE ][ TO: a set of kernels ][ DETAIL ][ GROUP ]
 *
 * A broadcast is one entry. DETAIL is an Invalid's time stamp, a Copy's version, a CopyVoid's reason, the flag of an
 * Ack or Nack, and 0 otherwise. GROUP is, with multicast, the set of the page's users that a Copy or CopyVoid tells of,
 * its sender among them; else 0. The driver sends the messages (and, for a Copy, the page's bytes) and sets COUNT to 0.
 */
export const FETCH = 1;
export const FETCH_WRITE = 2;
export const INVALID = 3;
export const COPY = 4;
export const COPY_VOID = 5;
export const ACK = 6;
export const NACK = 7;

/** Details of a CopyVoid. */
export const REASON_UNMAPPED = 0;
export const REASON_FETCHING = 1;
export const REASON_REPLICATED = 2;
/** Details of an Ack or Nack: whether its sender is, or just was, a writer. */
export const FLAG_NONE = 0;
export const FLAG_WRITING = 1;

const COUNT = 0;
const HEADER_WORDS = 1;
const ENTRY_WORDS = 5;
const KIND = 0;
const PAGE = 1;
const TO = 2;
const DETAIL = 3;
const GROUP = 4;
/** An event is answered once, and may end a wait that broadcasts once and answers two sets of held requests. */
export const OUTBOX_ENTRIES_MAX = 6;
export const OUTBOX_WORDS = HEADER_WORDS + OUTBOX_ENTRIES_MAX * ENTRY_WORDS;

export class Outbox {
  private readonly words: Int32Array;

  /** @param words OUTBOX_WORDS words, zero at first */
  constructor(words: Int32Array) {
    this.words = words;
  }

  get count(): number {
    return this.words[COUNT]!;
  }

  clear(): void {
    this.words[COUNT] = 0;
  }

  /** Adds a message for each kernel of the set `to`; nothing if the set is empty. */
  send(kind: number, page: number, to: number, detail: number, group = 0): void {
    if (to === 0) return;
    const { words } = this;
    const entry = HEADER_WORDS + words[COUNT]! * ENTRY_WORDS;
    words[entry + KIND] = kind;
    words[entry + PAGE] = page;
    words[entry + TO] = to;
    words[entry + DETAIL] = detail;
    words[entry + GROUP] = group;
    words[COUNT]!++;
  }

  kind(entry: number): number {
    return this.words[HEADER_WORDS + entry * ENTRY_WORDS + KIND]!;
  }

  page(entry: number): number {
    return this.words[HEADER_WORDS + entry * ENTRY_WORDS + PAGE]!;
  }

  to(entry: number): number {
    return this.words[HEADER_WORDS + entry * ENTRY_WORDS + TO]!;
  }

  detail(entry: number): number {
    return this.words[HEADER_WORDS + entry * ENTRY_WORDS + DETAIL]!;
  }

  group(entry: number): number {
    return this.words[HEADER_WORDS + entry * ENTRY_WORDS + GROUP]!;
  }
}
