/**
 * The state of the reference: the copies of one page at all kernels, and what is under way between them.
 *
 * Who has answered a kernel's request is not kept: it is everybody from whom nothing is outstanding. Content is not
 * kept either, only whether it is what was written last. Time stamps are kept as their order. Message loss, several
 * pages and time are left out.
 */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Message } from "../../vocabulary/coherency/operations.js";
import type { Access, CopyState, RequestKind } from "../../vocabulary/coherency/protocol.js";

export type Data = "none" | "stale" | "fresh";

/** One kernel's copy of the page. Sets of kernels are ascending lists. */
export interface Copy {
  readonly state: CopyState;
  /** The access being served. */
  readonly pending: Access | "none";
  /** The copy held; in a wait state the best one collected so far. */
  readonly data: Data;
  /** The place of the write's time stamp among those of all kernels in Writing states, 1 = oldest; 0 = no stamp. */
  readonly rank: number;
  /** Writing states: who flagged its answer in this round. Modified: who of them has still to fetch. */
  readonly concurrent: readonly number[];
  /** Writing states: whose Invalids came since WRead was last entered, or the write began (R4). */
  readonly invalids: readonly number[];
  /** Writing states: whose Fetch_Writes came since the last Invalid was broadcast. */
  readonly fetchWrites: readonly number[];
  /** First fetch: some CopyVoid said that the page is replicated. */
  readonly sawReplicated: boolean;
  /** Who sent the last Invalid that was acknowledged while not writing (R3); -1 = nobody. */
  readonly owner: number;
  /** With multicast: the other kernels that are known to use the page. */
  readonly group: readonly number[];
}

/** What is under way from one kernel to another. */
export interface Channel {
  /** In flight, or received and held: its answer is delayed. */
  readonly request: "none" | RequestKind | "heldFetch" | "heldFetchWrite";
  readonly answer: "none" | Message;
  /** FIFO only, both in flight: the answer was sent first. */
  readonly answerFirst: boolean;
}

export interface State {
  readonly copies: readonly Copy[];
  /** From, to. A kernel's channel to itself stays empty. */
  readonly channels: readonly (readonly Channel[])[];
  /** Whether some write has taken effect; before, everybody can make the content by itself. A ghost: no rule asks. */
  readonly written: boolean;
}

const unmapped: Copy = {
  state: "Unmapped",
  pending: "none",
  data: "none",
  rank: 0,
  concurrent: [],
  invalids: [],
  fetchWrites: [],
  sawReplicated: false,
  owner: -1,
  group: [],
};
const empty: Channel = { request: "none", answer: "none", answerFirst: false };

/** The state in which everything begins. */
export function initial({ kernels, start }: Configuration): State {
  const copy: Copy = start === "unmapped" ? unmapped : { ...unmapped, state: "Shared", data: "fresh" };
  const everyKernel = Array.from({ length: kernels });
  return {
    copies: everyKernel.map(() => copy),
    channels: everyKernel.map(() => everyKernel.map(() => empty)),
    written: start === "shared",
  };
}

/** The state with some fields of one kernel's copy changed. */
export function withCopy(state: State, kernel: number, change: Partial<Copy>): State {
  return { ...state, copies: state.copies.map((copy, index) => (index === kernel ? { ...copy, ...change } : copy)) };
}

/** The state with some fields of one channel changed. */
export function withChannel(state: State, from: number, to: number, change: Partial<Channel>): State {
  const channels = state.channels.map((row, i) =>
    i === from ? row.map((channel, j) => (j === to ? { ...channel, ...change } : channel)) : row,
  );
  return { ...state, channels };
}

/** All kernels but one, ascending. */
export function othersThan(state: State, kernel: number): readonly number[] {
  return state.copies.map((_, index) => index).filter((index) => index !== kernel);
}

/** Whether everybody has answered what `kernel` asked last. */
export function allHaveAnswered(state: State, kernel: number): boolean {
  return othersThan(state, kernel).every(
    (other) => state.channels[kernel]![other]!.request === "none" && state.channels[other]![kernel]!.answer === "none",
  );
}

export function isWriting(copy: Copy): boolean {
  return copy.state === "WPend1" || copy.state === "WPend2" || copy.state === "WRead";
}

export function withMember(set: readonly number[], member: number): readonly number[] {
  return set.includes(member) ? set : [...set, member].toSorted((a, b) => a - b);
}

export function withoutMembers(set: readonly number[], members: readonly number[]): readonly number[] {
  return set.filter((member) => !members.includes(member));
}
