/** Operations, outcomes, messages and copies of the protocol in words, for charts. */
import type { Channel, Copy, State } from "../../model/coherency/state.js";
import type { Message, Operation, Outcome } from "../../vocabulary/coherency/operations.js";
import type { Message as ToldMessage } from "../engine/counterexample.js";
import type { ToldStep } from "../engine/system.js";

const name = (kernel: number): string => `kernel ${kernel}`;
const short = (kernel: number): string => `K${kernel}`;

/** Who acts: the kernel that issues the access, receives the message or ends its wait. */
export function actor(operation: Operation): string {
  return name("to" in operation ? operation.to : operation.kernel);
}

export function describe(operation: Operation): string {
  if ("from" in operation) return `receives the ${operation.kind} from ${name(operation.from)}`;
  return SAYS[operation.kind];
}

const SAYS = { read: "reads", write: "writes", retry: "takes up its access again", exit: "ends its wait" } as const;

/** Nothing where a step only sends messages and changes the copy: both stand beneath it. */
export function describeAnswer({ completed, committed, fetchedNothing, unspecified, refused }: Outcome): string {
  const parts = [
    ...(completed ? ["access completed"] : []),
    ...(committed === "no" ? [] : [committed === "onFresh" ? "write committed" : "write committed on an old copy"]),
    ...(fetchedNothing ? ["fetched nothing"] : []),
    ...(unspecified ? ["the protocol has no answer"] : []),
    ...(refused ? ["refused"] : []),
  ];
  return parts.join(", ");
}

/**
 * A step with the message that arrives, those that leave, and what every kernel's copy is then.
 * @param isReasonSaid whether a CopyVoid says its reason (R1)
 */
export function tellStep(before: State, operation: Operation, after: State, isReasonSaid: boolean): ToldStep {
  const kernels = [...after.copies.keys()];
  const inWords = (message: Message) => messageName(message, isReasonSaid);
  return {
    says: saysWithMessage(before, operation, inWords),
    messages: kernels.flatMap((from) =>
      kernels.flatMap((to) => sent(before.channels[from]![to]!, after.channels[from]![to]!, from, to, inWords)),
    ),
    standing: kernels.map((kernel) => ({ actor: name(kernel), says: standing(after, kernel) })),
    underWay: kernels.flatMap((from) =>
      kernels.flatMap((to) =>
        underWay(after.channels[from]![to]!).map((m) => `${short(from)} to ${short(to)}: ${inWords(m)}`),
      ),
    ),
  };
}

function saysWithMessage(before: State, operation: Operation, inWords: (message: Message) => string): string {
  if (operation.kind !== "request" && operation.kind !== "answer") return describe(operation);
  const { from, to } = operation;
  const { request, answer } = before.channels[from]![to]!;
  const message = operation.kind === "answer" ? answer : inFlight(request);
  if (message === "none") return describe(operation);
  return `receives ${inWords(message)} from ${name(from)}`;
}

/** What has left: slots that were empty before. */
function sent(
  before: Channel,
  after: Channel,
  from: number,
  to: number,
  inWords: (message: Message) => string,
): readonly ToldMessage[] {
  const old = underWay(before);
  return underWay(after)
    .filter(({ kind }) => !old.some((message) => message.kind === kind))
    .map((message) => ({ from: name(from), to: name(to), says: inWords(message) }));
}

function underWay({ request, answer }: Channel): readonly Message[] {
  const asked = inFlight(request);
  return [...(asked === "none" ? [] : [asked]), ...(answer === "none" ? [] : [answer])];
}

/** What of a request slot is in flight. */
export function inFlight(request: Channel["request"]): Message | "none" {
  return request === "none" || request === "heldFetch" || request === "heldFetchWrite" ? "none" : { kind: request };
}

export function messageName(message: Message, isReasonSaid = true): string {
  switch (message.kind) {
    case "Copy":
      return `Copy (${message.freshness})`;
    case "CopyVoid":
      return isReasonSaid ? `CopyVoid (${message.reason})` : "CopyVoid";
    case "Ack":
    case "Nack":
      return message.writing ? `${message.kind} (writing)` : message.kind;
    case "FetchWrite":
      return "Fetch_Write";
    default:
      return message.kind;
  }
}

/** Such as `WPend2 (write), stamp 2, conc K1`: what is empty is left out. */
function standing({ copies, channels }: State, kernel: number): string {
  const copy = copies[kernel]!;
  const holds = copies.flatMap((_, from) => heldIn(channels[from]![kernel]!, from));
  const sets: readonly (readonly [string, readonly number[]])[] = [
    ["conc", copy.concurrent],
    ["inv", copy.invalids],
    ["fw", copy.fetchWrites],
    ["owner", copy.owner < 0 ? [] : [copy.owner]],
    ["group", copy.group],
  ];
  return [
    copy.pending === "none" ? copy.state : `${copy.state} (${copy.pending})`,
    ...(copy.rank === 0 ? [] : [`stamp ${copy.rank}`]),
    ...dataOf(copy),
    ...(copy.sawReplicated ? ["saw replicated"] : []),
    ...sets.flatMap(([word, set]) => (set.length === 0 ? [] : [`${word} ${set.map(short).join(" ")}`])),
    ...holds,
  ].join(", ");
}

function heldIn({ request }: Channel, from: number): readonly string[] {
  if (request === "heldFetch") return [`holds ${short(from)}'s Fetch`];
  return request === "heldFetchWrite" ? [`holds ${short(from)}'s Fetch_Write`] : [];
}

/** A copy that is out of date is worth a word everywhere, a fresh one only where one is still being collected. */
function dataOf({ data, state }: Copy): readonly string[] {
  if (data === "none") return [];
  const isHeld = state === "Shared" || state === "Modified" || state === "NotReplicated" || state === "WPend1";
  if (isHeld) return data === "stale" ? ["out of date"] : [];
  return [data === "stale" ? "has an old Copy" : "has a Copy"];
}
