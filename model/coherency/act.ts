/** What each action of the table does to the state. Actions read the rules in which profiles differ, and nothing else. */
import type { Configuration } from "../../vocabulary/coherency/configuration.js";
import type { Message, Outcome } from "../../vocabulary/coherency/operations.js";
import type { CopyState, RequestKind, VoidReason } from "../../vocabulary/coherency/protocol.js";
import { audience, telling } from "./group.js";
import type { Action, Event } from "./protocol.js";
import {
  type Channel,
  type Copy,
  type Data,
  othersThan,
  type State,
  withChannel,
  withCopy,
  withMember,
  withoutMembers,
} from "./state.js";

/** A step in the making. */
export interface Scene {
  readonly configuration: Configuration;
  readonly state: State;
  /** Whose copy it is about. */
  readonly kernel: number;
  /** From whom `message` came; -1 when there is none. */
  readonly from: number;
  readonly message: "none" | Message;
  /** How many live stamps a stamp drawn now is younger than. */
  readonly draw: number;
  readonly outcome: Outcome;
  /** Cells of the table that were visited: state, event. */
  readonly cells: readonly (readonly [CopyState, Event])[];
}

type Effect = (scene: Scene) => Scene;

/** A row for each action: the types hold it to that. */
const EFFECTS: Readonly<Record<Action, Effect>> = {
  beginRead: (scene) => change(scene, { pending: "read" }),
  beginWrite: (scene) => change(scene, { pending: "write" }),
  drawStamp,
  startRound,
  broadcastFetch: (scene) => broadcast(scene, "Fetch"),
  fetchAnew,
  broadcastFetchAgain,
  broadcastFetchWrite: (scene) => broadcast(scene, "FetchWrite"),
  voidHeldFetchWrites,
  sendCopy: (scene) => send(scene, copyOf(scene)),
  sendVoidUnmapped: (scene) => send(scene, voidBecause(scene, "unmapped")),
  sendVoidFetching: (scene) => send(scene, voidBecause(scene, "fetching")),
  sendVoidReplicated: (scene) => send(scene, voidBecause(scene, "replicated")),
  hold,
  noteFetchWrite: (scene) => change(scene, { fetchWrites: withSender(scene, mine(scene).fetchWrites) }),
  strikeFromConcurrent,
  serve,
  acknowledge: (scene) => send(scene, { kind: "Ack", writing: false }),
  acknowledgeAsWriter: (scene) => send(scene, { kind: "Ack", writing: true }),
  refuseAsWriter: (scene) => send(scene, { kind: "Nack", writing: true }),
  refuseFromModified,
  rememberOwner,
  forgetOwner: (scene) => change(scene, { owner: -1 }),
  noteInvalid: (scene) => change(scene, { invalids: withSender(scene, mine(scene).invalids) }),
  noteVoter,
  keepCopy,
  noteReplicated: (scene) => change(scene, { sawReplicated: true }),
  dropCopy: (scene) => change(scene, { data: "none" }),
  forgetReplicated: (scene) => change(scene, { sawReplicated: false }),
  makeInitialContent: (scene) => change(scene, { data: scene.state.written ? "stale" : "fresh" }),
  finishRead: (scene) => (mine(scene).pending === "read" ? finish(scene) : scene),
  finishAccess,
  commit,
  win,
  forgetInvalids,
  retryWithCopy: startRound,
  retryWithNothing,
};

export function act(scene: Scene, action: Action): Scene {
  return EFFECTS[action](scene);
}

/** The scene with other fields of the acting kernel's copy. */
export function change(scene: Scene, fields: Partial<Copy>): Scene {
  return { ...scene, state: withCopy(scene.state, scene.kernel, fields) };
}

/** The scene with other fields of one channel. */
function channel(scene: Scene, from: number, to: number, fields: Partial<Channel>): Scene {
  return { ...scene, state: withChannel(scene.state, from, to, fields) };
}

const mine = (scene: Scene): Copy => scene.state.copies[scene.kernel]!;
const rulesOf = (scene: Scene) => scene.configuration.rules;
const noting = (scene: Scene, fields: Partial<Outcome>): Scene => ({
  ...scene,
  outcome: { ...scene.outcome, ...fields },
});

const withSender = (scene: Scene, set: readonly number[]) => withMember(set, scene.from);

/** Sends an answer to whom the message is from. Answers and requests to the same kernel keep their order on FIFO channels. */
function send(scene: Scene, answer: Message, to = scene.from): Scene {
  return channel(scene, scene.kernel, to, { answer });
}

/** 5.2: with the owner's hint, whoever is remembered as owner is asked alone. */
function fetchAnew(scene: Scene): Scene {
  const { owner } = mine(scene);
  return rulesOf(scene).ownerHint && owner !== -1 ? ask(scene, "Fetch", [owner]) : broadcast(scene, "Fetch");
}

function broadcast(scene: Scene, request: RequestKind): Scene {
  return ask(scene, request, audience(scene));
}

function ask(scene: Scene, request: RequestKind, whom: readonly number[]): Scene {
  if (whom.length === 0) return noting(scene, { askedNobody: true });
  return whom.reduce((soFar, other) => {
    const answerFirst = isFifo(scene) && soFar.state.channels[scene.kernel]![other]!.answer !== "none";
    return channel(soFar, scene.kernel, other, { request, answerFirst });
  }, scene);
}

const isFifo = (scene: Scene): boolean => scene.configuration.channels === "fifo";

function copyOf(scene: Scene): Message {
  return telling(scene, { kind: "Copy", freshness: mine(scene).data === "fresh" ? "fresh" : "stale" });
}

/** R1. The literal CopyVoid says nothing; "unmapped" is what says nothing to its receiver. */
function voidBecause(scene: Scene, reason: VoidReason): Message {
  return telling(scene, { kind: "CopyVoid", reason: rulesOf(scene).voidReasons === "all" ? reason : "unmapped" });
}

/** The request stays at its receiver; nothing of it is in flight any more. */
function hold(scene: Scene): Scene {
  const request = scene.message !== "none" && scene.message.kind === "FetchWrite" ? "heldFetchWrite" : "heldFetch";
  return channel(scene, scene.from, scene.kernel, { request });
}

function heldFrom(scene: Scene, ...kinds: readonly Channel["request"][]): readonly number[] {
  return othersThan(scene.state, scene.kernel).filter((other) =>
    kinds.includes(scene.state.channels[other]![scene.kernel]!.request),
  );
}

function answerHeld(scene: Scene, whose: readonly number[], answer: Message): Scene {
  return whose.reduce(
    (soFar, other) => send(channel(soFar, other, scene.kernel, { request: "none" }), answer, other),
    scene,
  );
}

function voidHeldFetchWrites(scene: Scene): Scene {
  return answerHeld(scene, heldFrom(scene, "heldFetchWrite"), voidBecause(scene, "replicated"));
}

/** Modified: once every concurrent writer has asked, all held requests get the copy, and it is Shared. */
function serve(scene: Scene): Scene {
  const held = heldFrom(scene, "heldFetch", "heldFetchWrite");
  if (mine(scene).concurrent.length > 0 || held.length === 0) return scene;
  return change(answerHeld(scene, held, copyOf(scene)), { state: "Shared" });
}

/** The new stamp goes before, between or after the live ones, as `draw` says. */
function drawStamp(scene: Scene): Scene {
  const rank = scene.draw + 1;
  const copies = scene.state.copies.map((copy) => (copy.rank >= rank ? { ...copy, rank: copy.rank + 1 } : copy));
  return change({ ...scene, state: { ...scene.state, copies } }, { rank, invalids: [], owner: -1 });
}

function dropStamp(scene: Scene): Scene {
  const { rank } = mine(scene);
  const copies = scene.state.copies.map((copy) => (copy.rank > rank ? { ...copy, rank: copy.rank - 1 } : copy));
  return change({ ...scene, state: { ...scene.state, copies } }, { rank: 0 });
}

/** `invalids` are kept: one that reached WRead belongs to this round (R4). */
function startRound(scene: Scene): Scene {
  const literal = rulesOf(scene).invalidsForgotten === "onBroadcast" ? { invalids: [] } : {};
  return broadcast(change(scene, { concurrent: [], fetchWrites: [], ...literal }), "Invalid");
}

/** R2. */
function broadcastFetchAgain(scene: Scene): Scene {
  if (rulesOf(scene).repeatFetch) return broadcast(scene, "Fetch");
  return noting(change(scene, { state: "Invalid" }), { fetchedNothing: true });
}

/** Lean: R2 for writers. */
function retryWithNothing(scene: Scene): Scene {
  if (rulesOf(scene).repeatFetchWrite) return broadcast(scene, "FetchWrite");
  return noting(startRound(change(scene, { state: "WPend1" })), { fetchedNothing: true });
}

/** R6. */
function refuseFromModified(scene: Scene): Scene {
  return send(scene, { kind: "Nack", writing: rulesOf(scene).modifiedAnswers === "flaggedNack" });
}

/** R3. */
function rememberOwner(scene: Scene): Scene {
  return rulesOf(scene).owner === "remembered" ? change(scene, { owner: scene.from }) : scene;
}

/** R4. */
function forgetInvalids(scene: Scene): Scene {
  return rulesOf(scene).invalidsForgotten === "onWRead" ? change(scene, { invalids: [] }) : scene;
}

/** Modified waits for one concurrent writer less. */
function strikeFromConcurrent(scene: Scene): Scene {
  return change(scene, { concurrent: withoutMembers(mine(scene).concurrent, [scene.from]) });
}

function noteVoter(scene: Scene): Scene {
  const { message } = scene;
  const isFlagged = message !== "none" && (message.kind === "Ack" || message.kind === "Nack") && message.writing;
  return isFlagged ? change(scene, { concurrent: withMember(mine(scene).concurrent, scene.from) }) : scene;
}

/** The first Copy is kept; with R7 a fresh one replaces a stale one. */
function keepCopy(scene: Scene): Scene {
  const kept = mine(scene).data;
  const came: Data = scene.message !== "none" && scene.message.kind === "Copy" ? scene.message.freshness : "none";
  const replaces = rulesOf(scene).copyKept === "newest" && kept === "stale" && came === "fresh";
  return kept === "none" || replaces ? change(scene, { data: came }) : scene;
}

const finish = (scene: Scene): Scene => noting(change(scene, { pending: "none" }), { completed: true });

function finishAccess(scene: Scene): Scene {
  return mine(scene).pending === "write" ? commit(scene) : finish(scene);
}

/** The write takes effect: this copy is what was written last, every other one and every Copy in flight is not. */
function commit(scene: Scene): Scene {
  const isOnFresh = mine(scene).data === "fresh";
  const copies = scene.state.copies.map((copy) => (copy.data === "fresh" ? { ...copy, data: "stale" as const } : copy));
  const channels = scene.state.channels.map((row) => row.map(outdated));
  const committed = change(
    { ...scene, state: { copies, channels, written: true } },
    { data: "fresh", pending: "none" },
  );
  return noting(committed, { completed: true, committed: isOnFresh ? "onFresh" : "onStale" });
}

function outdated(before: Channel): Channel {
  const { answer } = before;
  if (answer === "none" || answer.kind !== "Copy" || answer.freshness === "stale") return before;
  return { ...before, answer: { ...answer, freshness: "stale" } };
}

/** Who of the concurrent writers has asked already (A13) is not waited for. */
function win(scene: Scene): Scene {
  const concurrent = withoutMembers(mine(scene).concurrent, mine(scene).fetchWrites);
  return change(dropStamp(scene), { concurrent, invalids: [], fetchWrites: [] });
}
