/**
 * The transition table of the Popcorn page coherency protocol, normative resolution (specification, section 5).
 *
 * Rows are the states of a page copy, columns what can happen to it. Conditions are not in here: `classify.ts` turns a
 * message and its situation into an event. A cell names the next state and what is done there, in order; the actions
 * are in `act.ts`. What profiles read differently differs in the actions, never in the table.
 *
 *   go      the next state, and the actions
 *   hit     the copy permits the access: nothing happens
 *   stall   the access waits for the one that is being served
 *   never   cannot come, and why
 */
import type { CopyState } from "../../vocabulary/coherency/protocol.js";

export const EVENTS = [
  "Read",
  "Write",
  /** A write to the only copy, which still holds the initial content. */
  "FirstWrite",
  "Fetch",
  "FetchWrite",
  /** From an older writer than this kernel, or this kernel is no writer. */
  "InvalidOlder",
  /** From a younger writer than this kernel. */
  "InvalidYounger",
  /** A Copy that R3 admits: no owner is known, or it comes from the owner, or this kernel is a writer. */
  "CopyAdmitted",
  "CopyRefused",
  "VoidUnmapped",
  "VoidFetching",
  "VoidReplicated",
  "Ack",
  "Nack",
  /** The wait is over (steps 1 and 2 included), and a copy is at hand. */
  "EndWithCopy",
  /** The wait is over without a copy that may be kept, and one may exist: a CopyVoid said so, or an owner is known. */
  "EndInDoubt",
  /** The wait is over without a copy. */
  "EndWithNothing",
] as const;
export type Event = (typeof EVENTS)[number];

export type Action =
  | "beginRead"
  | "beginWrite"
  | "drawStamp"
  | "startRound"
  | "broadcastFetch"
  | "fetchAnew"
  | "broadcastFetchAgain"
  | "broadcastFetchWrite"
  | "voidHeldFetchWrites"
  | "sendCopy"
  | "sendVoidUnmapped"
  | "sendVoidFetching"
  | "sendVoidReplicated"
  | "hold"
  | "noteFetchWrite"
  | "strikeFromConcurrent"
  | "serve"
  | "acknowledge"
  | "acknowledgeAsWriter"
  | "refuseAsWriter"
  | "refuseFromModified"
  | "rememberOwner"
  | "forgetOwner"
  | "noteInvalid"
  | "noteVoter"
  | "keepCopy"
  | "noteReplicated"
  | "dropCopy"
  | "forgetReplicated"
  | "makeInitialContent"
  | "finishRead"
  | "finishAccess"
  | "commit"
  | "win"
  | "forgetInvalids"
  | "retryWithCopy"
  | "retryWithNothing";

export type Cell =
  | { readonly kind: "go"; readonly to: CopyState; readonly actions: readonly Action[] }
  | { readonly kind: "hit" }
  | { readonly kind: "stall" }
  | { readonly kind: "never"; readonly because: string };

const go = (to: CopyState, ...actions: Action[]): Cell => ({ kind: "go", to, actions });
const never = (because: string): Cell => ({ kind: "never", because });
const hit: Cell = { kind: "hit" };
const stall: Cell = { kind: "stall" };

const alone = never("nobody else has a copy, so nobody else writes");
const notAlone = never("the copy is not the only one");
const notAsked = never("no fetch of ours is under way");
const noVote = never("no Invalid of ours is under way");
const noStamp = never("this kernel has no stamp to compare");
const notWaiting = never("nothing is awaited");
const notAsFetching = never("a kernel that fetches answers a Fetch_Write as replicated");
const oneReason = never("a writer trusts any Copy: it remembers no owner and is no first toucher");

const noAnswers = {
  CopyAdmitted: notAsked,
  CopyRefused: notAsked,
  VoidUnmapped: notAsked,
  VoidFetching: notAsked,
  VoidReplicated: notAsked,
  Ack: noVote,
  Nack: noVote,
} as const;
const noEnd = { EndWithCopy: notWaiting, EndInDoubt: notWaiting, EndWithNothing: notWaiting } as const;
const delayed = { Read: stall, Write: stall, FirstWrite: notAlone } as const;

export const PROTOCOL = {
  Unmapped: {
    Read: go("FetchNR", "beginRead", "broadcastFetch"),
    Write: go("FetchNR", "beginWrite", "broadcastFetch"),
    FirstWrite: notAlone,
    Fetch: go("Unmapped", "sendVoidUnmapped"),
    FetchWrite: go("Unmapped", "sendVoidUnmapped"),
    InvalidOlder: go("Unmapped", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    ...noAnswers,
    ...noEnd,
  },
  FetchNR: {
    ...delayed,
    Fetch: go("FetchVal", "sendVoidFetching"),
    FetchWrite: go("FetchNR", "sendVoidReplicated"),
    InvalidOlder: go("FetchInv", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    CopyAdmitted: go("FetchNR", "keepCopy"),
    CopyRefused: go("FetchNR"),
    VoidUnmapped: go("FetchNR"),
    VoidFetching: go("FetchVal"),
    VoidReplicated: go("FetchNR", "noteReplicated"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("Shared", "forgetOwner", "forgetReplicated", "finishRead"),
    EndInDoubt: go("Invalid", "dropCopy", "forgetReplicated"),
    EndWithNothing: go("NotReplicated", "makeInitialContent", "forgetOwner", "finishAccess"),
  },
  FetchVal: {
    ...delayed,
    Fetch: go("FetchVal", "sendVoidFetching"),
    FetchWrite: go("FetchVal", "sendVoidReplicated"),
    InvalidOlder: go("FetchInv", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    CopyAdmitted: go("FetchVal", "keepCopy"),
    CopyRefused: go("FetchVal"),
    VoidUnmapped: go("FetchVal"),
    VoidFetching: go("FetchVal"),
    VoidReplicated: go("FetchVal", "noteReplicated"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("Shared", "forgetOwner", "forgetReplicated", "finishRead"),
    EndInDoubt: go("Invalid", "dropCopy", "forgetReplicated"),
    EndWithNothing: go("Shared", "makeInitialContent", "forgetOwner", "finishRead"),
  },
  FetchInv: {
    ...delayed,
    Fetch: go("FetchInv", "sendVoidReplicated"),
    FetchWrite: go("FetchInv", "sendVoidReplicated"),
    InvalidOlder: go("FetchInv", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    CopyAdmitted: go("FetchInv", "keepCopy"),
    CopyRefused: go("FetchInv"),
    VoidUnmapped: go("FetchInv"),
    VoidFetching: go("FetchInv"),
    VoidReplicated: go("FetchInv", "noteReplicated"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("Invalid", "dropCopy", "forgetReplicated"),
    EndInDoubt: go("Invalid", "forgetReplicated"),
    EndWithNothing: go("Invalid", "forgetReplicated"),
  },
  NotReplicated: {
    Read: hit,
    Write: hit,
    FirstWrite: go("NotReplicated", "commit"),
    Fetch: go("Shared", "sendCopy"),
    FetchWrite: alone,
    InvalidOlder: alone,
    InvalidYounger: alone,
    ...noAnswers,
    ...noEnd,
  },
  Shared: {
    Read: hit,
    Write: go("WPend1", "beginWrite", "drawStamp", "startRound"),
    FirstWrite: notAlone,
    Fetch: go("Shared", "sendCopy"),
    FetchWrite: go("Shared", "sendCopy"),
    InvalidOlder: go("Invalid", "dropCopy", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    ...noAnswers,
    ...noEnd,
  },
  Modified: {
    Read: hit,
    Write: hit,
    FirstWrite: notAlone,
    Fetch: go("Modified", "hold", "serve"),
    FetchWrite: go("Modified", "hold", "strikeFromConcurrent", "serve"),
    InvalidOlder: go("Modified", "refuseFromModified"),
    InvalidYounger: noStamp,
    ...noAnswers,
    ...noEnd,
  },
  Invalid: {
    Read: go("InvRead1", "beginRead", "fetchAnew"),
    Write: go("InvRead1", "beginWrite", "fetchAnew"),
    FirstWrite: notAlone,
    Fetch: go("Invalid", "sendVoidReplicated"),
    FetchWrite: go("Invalid", "sendVoidReplicated"),
    InvalidOlder: go("Invalid", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    ...noAnswers,
    ...noEnd,
  },
  InvRead1: {
    ...delayed,
    Fetch: go("InvRead1", "sendVoidReplicated"),
    FetchWrite: go("InvRead1", "sendVoidReplicated"),
    InvalidOlder: go("InvRead2", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    CopyAdmitted: go("InvRead1", "keepCopy"),
    CopyRefused: go("InvRead1"),
    VoidUnmapped: go("InvRead1"),
    VoidFetching: go("InvRead1"),
    VoidReplicated: go("InvRead1"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("Shared", "forgetOwner", "finishRead"),
    EndInDoubt: go("InvRead1", "broadcastFetchAgain"),
    EndWithNothing: go("InvRead1", "broadcastFetchAgain"),
  },
  InvRead2: {
    ...delayed,
    Fetch: go("InvRead2", "sendVoidReplicated"),
    FetchWrite: go("InvRead2", "sendVoidReplicated"),
    InvalidOlder: go("InvRead2", "acknowledge", "rememberOwner"),
    InvalidYounger: noStamp,
    CopyAdmitted: go("InvRead2", "keepCopy"),
    CopyRefused: go("InvRead2"),
    VoidUnmapped: go("InvRead2"),
    VoidFetching: go("InvRead2"),
    VoidReplicated: go("InvRead2"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("InvRead1", "dropCopy", "broadcastFetch"),
    EndInDoubt: go("InvRead1", "broadcastFetch"),
    EndWithNothing: go("InvRead1", "broadcastFetch"),
  },
  WPend1: {
    ...delayed,
    ...noAnswers,
    Fetch: go("WPend1", "hold"),
    FetchWrite: go("WPend1", "noteFetchWrite", "hold"),
    InvalidOlder: go("WPend1", "noteInvalid", "acknowledgeAsWriter"),
    InvalidYounger: go("WPend1", "noteInvalid", "refuseAsWriter"),
    Ack: go("WPend1", "noteVoter"),
    Nack: go("WPend2", "noteVoter", "dropCopy"),
    EndWithCopy: go("Modified", "commit", "forgetOwner", "win", "serve"),
    EndInDoubt: never("a write starts from a copy"),
    EndWithNothing: never("a write starts from a copy"),
  },
  WPend2: {
    ...delayed,
    ...noAnswers,
    Fetch: go("WPend2", "hold"),
    FetchWrite: go("WPend2", "noteFetchWrite", "hold"),
    InvalidOlder: go("WPend2", "noteInvalid", "acknowledgeAsWriter"),
    InvalidYounger: go("WPend2", "noteInvalid", "refuseAsWriter"),
    Ack: go("WPend2", "noteVoter"),
    Nack: go("WPend2", "noteVoter"),
    EndWithCopy: never("the lost vote has dropped the copy"),
    EndInDoubt: oneReason,
    EndWithNothing: go("WRead", "forgetInvalids", "broadcastFetchWrite", "voidHeldFetchWrites"),
  },
  WRead: {
    ...delayed,
    Fetch: go("WRead", "hold"),
    FetchWrite: go("WRead", "noteFetchWrite", "sendVoidReplicated"),
    InvalidOlder: go("WRead", "noteInvalid", "acknowledgeAsWriter"),
    InvalidYounger: go("WRead", "noteInvalid", "refuseAsWriter"),
    CopyAdmitted: go("WRead", "keepCopy"),
    CopyRefused: oneReason,
    VoidUnmapped: go("WRead"),
    VoidFetching: notAsFetching,
    VoidReplicated: go("WRead"),
    Ack: noVote,
    Nack: noVote,
    EndWithCopy: go("WPend1", "retryWithCopy"),
    EndInDoubt: oneReason,
    EndWithNothing: go("WRead", "retryWithNothing"),
  },
} as const satisfies { readonly [S in CopyState]: { readonly [E in Event]: Cell } };
