/** Turns what happens, and the situation it meets, into an event of the table. All conditions of the protocol are here. */
import type { Message } from "../../vocabulary/coherency/operations.js";
import type { CopyState } from "../../vocabulary/coherency/protocol.js";
import type { Rules } from "../../vocabulary/coherency/rules.js";
import type { Event } from "./protocol.js";
import { allHaveAnswered, type Copy, isWriting, type State } from "./state.js";

/** The application asks for an access, for the first time or again. */
export function classifyAccess(state: State, kernel: number, access: "read" | "write"): Event {
  if (access === "read") return "Read";
  return state.copies[kernel]!.state === "NotReplicated" && !state.written ? "FirstWrite" : "Write";
}

/** A message from `from` arrives at `kernel`. */
export function classifyMessage(state: State, kernel: number, from: number, message: Message): Event {
  const receiver = state.copies[kernel]!;
  const sender = state.copies[from]!;
  switch (message.kind) {
    case "Invalid":
      // The stamp need not be in the message: its sender cannot leave its round before it is answered.
      return isWriting(receiver) && sender.rank > receiver.rank ? "InvalidYounger" : "InvalidOlder";
    case "Copy":
      return isAdmitted(receiver, from) ? "CopyAdmitted" : "CopyRefused";
    case "CopyVoid":
      return VOIDS[message.reason];
    case "Fetch":
    case "FetchWrite":
    case "Ack":
    case "Nack":
      return message.kind;
  }
}

const VOIDS = { unmapped: "VoidUnmapped", fetching: "VoidFetching", replicated: "VoidReplicated" } as const;

/** R3: while an owner is known, a fetch for reading uses only the owner's Copy. */
function isAdmitted(receiver: Copy, from: number): boolean {
  return isWriting(receiver) || receiver.owner === -1 || receiver.owner === from;
}

/** How the wait of `kernel` ends, if nothing is awaited any more. */
export function classifyEnd(rules: Rules, state: State, kernel: number): Event | "NotYet" {
  const copy = state.copies[kernel]!;
  if (!isWaiting(copy) || !allHaveAnswered(state, kernel)) return "NotYet";
  if (copy.state === "WPend2" && rules.step1 && !hasSeenEveryInvalid(copy)) return "NotYet";
  if (copy.state === "WRead" && rules.step2 === "losers" && !hasSeenEveryFetchWrite(copy)) return "NotYet";
  if (copy.data !== "none" && !mustJoinFirst(rules, copy)) return "EndWithCopy";
  return copy.sawReplicated || copy.owner !== -1 ? "EndInDoubt" : "EndWithNothing";
}

/** M2: a newcomer to a page that is replicated reads as a member only, so that every write is announced to it. */
function mustJoinFirst({ multicast, joinBeforeRead }: Rules, { sawReplicated, state }: Copy): boolean {
  const isFirstTouch = state === "FetchNR" || state === "FetchVal";
  return multicast !== "off" && joinBeforeRead && isFirstTouch && sawReplicated;
}

const AT_REST: readonly CopyState[] = ["Unmapped", "NotReplicated", "Shared", "Modified", "Invalid"];

const isWaiting = ({ state }: Copy): boolean => !AT_REST.includes(state);

/** Loser step 1: conc ⊆ inv. */
function hasSeenEveryInvalid(copy: Copy): boolean {
  return copy.concurrent.every((writer) => copy.invalids.includes(writer));
}

/** Loser step 2: |conc ∩ fw| ≥ |conc| − 1; the winner sends no Fetch_Write (R5). */
function hasSeenEveryFetchWrite(copy: Copy): boolean {
  const seen = copy.concurrent.filter((writer) => copy.fetchWrites.includes(writer));
  return seen.length >= copy.concurrent.length - 1;
}
