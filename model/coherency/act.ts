/** What each action of the table does to the state. Actions read the rules in which profiles differ, and nothing else. */
import { match } from "ts-pattern";
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

/** Effects that were asked for. Which one an action has never changes, and looking it up takes longer than the step. */
const effects = new Map<Action, Effect>();

export function act(scene: Scene, action: Action): Scene {
  let effect = effects.get(action);
  if (effect === undefined) {
    effect = effectOf(action);
    effects.set(action, effect);
  }
  return effect(scene);
}

function effectOf(action: Action): Effect {
  return match(action)
    .returnType<Effect>()
    .with("beginRead", () => (scene) => change(scene, { pending: "read" }))
    .with("beginWrite", () => (scene) => change(scene, { pending: "write" }))
    .with("drawStamp", () => drawStamp)
    .with("startRound", () => startRound)
    .with("broadcastFetch", () => (scene) => broadcast(scene, "Fetch"))
    .with("fetchAnew", () => fetchAnew)
    .with("broadcastFetchAgain", () => broadcastFetchAgain)
    .with("broadcastFetchWrite", () => (scene) => broadcast(scene, "FetchWrite"))
    .with("voidHeldFetchWrites", () => voidHeldFetchWrites)
    .with("sendCopy", () => (scene) => send(scene, copyOf(scene)))
    .with("sendVoidUnmapped", () => (scene) => send(scene, voidBecause(scene, "unmapped")))
    .with("sendVoidFetching", () => (scene) => send(scene, voidBecause(scene, "fetching")))
    .with("sendVoidReplicated", () => (scene) => send(scene, voidBecause(scene, "replicated")))
    .with("hold", () => hold)
    .with("noteFetchWrite", () => (scene) => change(scene, { fetchWrites: withSender(scene, mine(scene).fetchWrites) }))
    .with("strikeFromConcurrent", () => strikeFromConcurrent)
    .with("serve", () => serve)
    .with("acknowledge", () => (scene) => send(scene, { kind: "Ack", writing: false }))
    .with("acknowledgeAsWriter", () => (scene) => send(scene, { kind: "Ack", writing: true }))
    .with("refuseAsWriter", () => (scene) => send(scene, { kind: "Nack", writing: true }))
    .with("refuseFromModified", () => refuseFromModified)
    .with("rememberOwner", () => rememberOwner)
    .with("forgetOwner", () => (scene) => change(scene, { owner: -1 }))
    .with("noteInvalid", () => (scene) => change(scene, { invalids: withSender(scene, mine(scene).invalids) }))
    .with("noteVoter", () => noteVoter)
    .with("keepCopy", () => keepCopy)
    .with("noteReplicated", () => (scene) => change(scene, { sawReplicated: true }))
    .with("dropCopy", () => (scene) => change(scene, { data: "none" }))
    .with("forgetReplicated", () => (scene) => change(scene, { sawReplicated: false }))
    .with("makeInitialContent", () => (scene) => change(scene, { data: scene.state.written ? "stale" : "fresh" }))
    .with("finishRead", () => (scene) => (mine(scene).pending === "read" ? finish(scene) : scene))
    .with("finishAccess", () => finishAccess)
    .with("commit", () => commit)
    .with("win", () => win)
    .with("forgetInvalids", () => forgetInvalids)
    .with("retryWithCopy", () => startRound)
    .with("retryWithNothing", () => retryWithNothing)
    .exhaustive();
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
