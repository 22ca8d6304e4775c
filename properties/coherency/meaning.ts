/**
 * What the words of a cluster mean: implementation → reference state, and back.
 *
 * Stamps become their order, versions whether they are the newest. `embody` is the way back; that it leads to the same
 * words again is a property of its own.
 */
import { type Cluster, OUTCOME_LOST_UPDATE } from "../../impl/coherency/cluster.js";
import * as at from "../../impl/coherency/layout.js";
import * as mail from "../../impl/coherency/outbox.js";
import * as bits from "../../impl/coherency/outcome.js";
import type { Channel, Copy, Data, State } from "../../model/coherency/state.js";
import type { Message, Outcome } from "../../vocabulary/coherency/operations.js";
import { type Access, COPY_STATES, REQUEST_KINDS, VOID_REASONS } from "../../vocabulary/coherency/protocol.js";

const PENDING: readonly (Access | "none")[] = ["none", "read", "write"];

export function meaningOf(cluster: Cluster): State {
  const kernels = Array.from({ length: cluster.kernels }, (_, kernel) => kernel);
  return {
    copies: kernels.map((kernel) => copyMeaning(cluster, kernel)),
    channels: kernels.map((from) => kernels.map((to) => channelMeaning(cluster, from, to))),
    written: cluster.latest > at.VERSION_INITIAL,
  };
}

function copyMeaning(cluster: Cluster, kernel: number): Copy {
  const word = (field: number) => cluster.live[cluster.copy(kernel) + field]!;
  return {
    state: COPY_STATES[word(at.STATE)]!,
    pending: PENDING[word(at.PENDING)]!,
    data: dataMeaning(cluster, word(at.VERSION)),
    rank: cluster.rank(kernel),
    concurrent: members(word(at.CONCURRENT)),
    invalids: members(word(at.INVALIDS)),
    fetchWrites: members(word(at.FETCH_WRITES)),
    sawReplicated: word(at.SAW_REPLICATED) === 1,
    owner: word(at.OWNER) - 1,
    group: members(word(at.GROUP)),
  };
}

function dataMeaning(cluster: Cluster, version: number): Data {
  if (version === at.VERSION_NONE) return "none";
  return version === cluster.latest ? "fresh" : "stale";
}

function channelMeaning(cluster: Cluster, from: number, to: number): Channel {
  const { channels, live } = cluster;
  const pair = channels.pair(from, to);
  const kind = channels.request(pair);
  const isHeld = (field: number) => ((live[cluster.copy(to) + field]! >>> from) & 1) === 1;
  const held = isHeld(at.HELD_FETCHES) ? "heldFetch" : isHeld(at.HELD_FETCH_WRITES) ? "heldFetchWrite" : "none";
  return {
    request: kind === 0 ? held : REQUEST_KINDS[kind - mail.FETCH]!,
    answer: answerMeaning(cluster, pair),
    answerFirst: channels.isAnswerFirst(pair),
  };
}

function answerMeaning(cluster: Cluster, pair: number): "none" | Message {
  const kind = cluster.channels.answer(pair);
  const detail = cluster.channels.answerDetail(pair);
  const told = members(cluster.channels.answerGroup(pair));
  const group = told.length === 0 ? {} : { group: told };
  switch (kind) {
    case 0:
      return "none";
    case mail.COPY:
      return { kind: "Copy", freshness: detail === cluster.latest ? "fresh" : "stale", ...group };
    case mail.COPY_VOID:
      return { kind: "CopyVoid", reason: VOID_REASONS[detail]!, ...group };
    default:
      return { kind: kind === mail.ACK ? "Ack" : "Nack", writing: detail === mail.FLAG_WRITING };
  }
}

/** What the bits of an outcome mean. */
export function outcomeOf(outcome: number): Outcome {
  const has = (bit: number) => (outcome & bit) !== 0;
  return {
    completed: has(bits.OUTCOME_COMPLETED),
    committed: !has(bits.OUTCOME_COMMITTED) ? "no" : has(OUTCOME_LOST_UPDATE) ? "onStale" : "onFresh",
    fetchedNothing: has(bits.OUTCOME_FETCHED_NOTHING),
    unspecified: has(bits.OUTCOME_UNSPECIFIED),
    askedNobody: has(bits.OUTCOME_ASKED_NOBODY),
    refused: has(bits.OUTCOME_REFUSED),
  };
}

/** Puts the words that mean `state` into the cluster: the newest version is 2 after a write, 1 before it. */
export function embody(state: State, cluster: Cluster): void {
  cluster.clear();
  if (state.written) cluster.latest = at.VERSION_INITIAL + 1;
  for (const [kernel, copy] of state.copies.entries()) embodyCopy(copy, cluster, kernel);
  for (const [from, row] of state.channels.entries())
    for (const [to, channel] of row.entries()) if (from !== to) embodyChannel(channel, cluster, from, to);
  for (const kernel of state.copies.keys()) cluster.deriveAnswered(kernel);
}

function embodyCopy(copy: Copy, cluster: Cluster, kernel: number): void {
  const put = (field: number, value: number) => {
    cluster.live[cluster.copy(kernel) + field] = value;
  };
  put(at.STATE, COPY_STATES.indexOf(copy.state));
  put(at.PENDING, PENDING.indexOf(copy.pending));
  put(at.VERSION, versionOf(cluster, copy.data));
  put(at.STAMP, cluster.stampOfRank(copy.rank));
  put(at.CONCURRENT, mask(copy.concurrent));
  put(at.INVALIDS, mask(copy.invalids));
  put(at.FETCH_WRITES, mask(copy.fetchWrites));
  put(at.SAW_REPLICATED, copy.sawReplicated ? 1 : 0);
  put(at.OWNER, copy.owner + 1);
  put(at.GROUP, mask(copy.group));
}

function embodyChannel(channel: Channel, cluster: Cluster, from: number, to: number): void {
  const { channels, live } = cluster;
  const pair = channels.pair(from, to);
  if (channel.request === "heldFetch") live[cluster.copy(to) + at.HELD_FETCHES]! |= 1 << from;
  else if (channel.request === "heldFetchWrite") live[cluster.copy(to) + at.HELD_FETCH_WRITES]! |= 1 << from;
  else if (channel.request !== "none") {
    const stamp = channel.request === "Invalid" ? live[cluster.copy(from) + at.STAMP]! : 0;
    channels.setRequest(pair, mail.FETCH + REQUEST_KINDS.indexOf(channel.request), stamp);
  }
  if (channel.answer !== "none") embodyAnswer(channel.answer, cluster, pair);
  channels.setAnswerFirst(pair, channel.answerFirst);
}

function embodyAnswer(answer: Message, cluster: Cluster, pair: number): void {
  const { channels } = cluster;
  if (answer.kind === "Copy")
    channels.setAnswer(pair, mail.COPY, versionOf(cluster, answer.freshness), mask(answer.group ?? []));
  else if (answer.kind === "CopyVoid")
    channels.setAnswer(pair, mail.COPY_VOID, VOID_REASONS.indexOf(answer.reason), mask(answer.group ?? []));
  else if (answer.kind === "Ack" || answer.kind === "Nack")
    channels.setAnswer(
      pair,
      answer.kind === "Ack" ? mail.ACK : mail.NACK,
      answer.writing ? mail.FLAG_WRITING : mail.FLAG_NONE,
    );
}

function versionOf(cluster: Cluster, data: Data): number {
  if (data === "none") return at.VERSION_NONE;
  return data === "fresh" ? cluster.latest : at.VERSION_INITIAL;
}

function members(set: number): readonly number[] {
  const found: number[] = [];
  for (let kernel = 0; kernel < at.SET_BITS; kernel++) if (((set >>> kernel) & 1) === 1) found.push(kernel);
  return found;
}

function mask(set: readonly number[]): number {
  return set.reduce((bits, kernel) => bits | (1 << kernel), 0);
}
