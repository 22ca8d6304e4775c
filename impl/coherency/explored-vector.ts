/**
 * Between the words of a cluster and the vector of `vector-layout.ts`: packing renumbers, unpacking makes a cluster in
 * the same situation.
 */
import type { Cluster } from "./cluster.js";
import { packKernel, unpackKernel } from "./kernel-word.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import { VectorGroups } from "./vector-groups.js";
import {
  ANSWER_FIRST_SHIFT,
  ANSWER_MASK,
  ANSWER_SHIFT,
  answerCode,
  answerDetail,
  answerKind,
  COPY_FRESH,
  groupsAt,
  groupWords,
  HELD_FETCH,
  HELD_FETCH_WRITE,
  PAIR_BITS,
  PAIRS_PER_WORD,
  RANK_SHIFT,
  THREE_BITS,
  VERSION_STALE,
  VERSION_WRITTEN,
  vectorWords,
  WRITTEN_SHIFT,
} from "./vector-layout.js";

/** Writes the cluster's state to the first `vectorWords` words of `vector`. */
export function pack(cluster: Cluster, vector: Int32Array): void {
  const { kernels } = cluster;
  for (let kernel = 0; kernel < kernels; kernel++)
    vector[kernel] = packKernel(cluster.live, cluster.copy(kernel), cluster.rank(kernel), cluster.latest);
  if (cluster.latest !== at.VERSION_INITIAL) vector[0]! |= 1 << WRITTEN_SHIFT;
  let position = kernels;
  let word = 0;
  let shift = 0;
  for (let from = 0; from < kernels; from++) {
    for (let to = 0; to < kernels; to++) {
      if (to === from) continue;
      word |= packPair(cluster, from, to) << shift;
      shift += PAIR_BITS;
      if (shift === PAIR_BITS * PAIRS_PER_WORD) {
        vector[position++] = word;
        word = 0;
        shift = 0;
      }
    }
  }
  if (shift > 0) vector[position] = word;
  if (cluster.hasGroups) packGroups(cluster, vector);
  position = vectorWords(kernels, false, cluster.hasGroups);
  if (cluster.hasBudgets) for (let kernel = 0; kernel < kernels; kernel++) vector[position++] = cluster.spent[kernel]!;
}

/** Makes the cluster's state from a vector. */
export function unpack(vector: Int32Array, cluster: Cluster): void {
  const { kernels } = cluster;
  cluster.clear();
  if (vector[0]! >>> WRITTEN_SHIFT !== 0) cluster.latest = VERSION_WRITTEN;
  for (let kernel = 0; kernel < kernels; kernel++) {
    const copy = cluster.copy(kernel);
    unpackKernel(vector[kernel]!, cluster.latest, cluster.live, copy);
    cluster.live[copy + at.STAMP] = cluster.stampOfRank((vector[kernel]! >>> RANK_SHIFT) & THREE_BITS);
  }
  let position = kernels;
  let shift = 0;
  for (let from = 0; from < kernels; from++) {
    for (let to = 0; to < kernels; to++) {
      if (to === from) continue;
      if (shift === PAIR_BITS * PAIRS_PER_WORD) {
        position++;
        shift = 0;
      }
      unpackPair(vector[position]! >>> shift, cluster, from, to);
      shift += PAIR_BITS;
    }
  }
  if (cluster.hasGroups) unpackGroups(vector, cluster);
  position = vectorWords(kernels, false, cluster.hasGroups);
  if (cluster.hasBudgets) for (let kernel = 0; kernel < kernels; kernel++) cluster.spent[kernel] = vector[position++]!;
  for (let kernel = 0; kernel < kernels; kernel++) cluster.deriveAnswered(kernel);
}

function packPair(cluster: Cluster, from: number, to: number): number {
  const { channels, live } = cluster;
  const pair = channels.pair(from, to);
  const receiver = cluster.copy(to);
  let request = channels.request(pair);
  if (request === 0) {
    if (((live[receiver + at.HELD_FETCHES]! >>> from) & 1) !== 0) request = HELD_FETCH;
    else if (((live[receiver + at.HELD_FETCH_WRITES]! >>> from) & 1) !== 0) request = HELD_FETCH_WRITE;
  }
  const answer = answerCode(channels.answer(pair), channels.answerDetail(pair), cluster.latest);
  return request | (answer << ANSWER_SHIFT) | (channels.isAnswerFirst(pair) ? 1 << ANSWER_FIRST_SHIFT : 0);
}

function unpackPair(code: number, cluster: Cluster, from: number, to: number): void {
  const { channels, live } = cluster;
  const pair = channels.pair(from, to);
  const receiver = cluster.copy(to);
  const request = code & THREE_BITS;
  if (request === HELD_FETCH) live[receiver + at.HELD_FETCHES]! |= 1 << from;
  else if (request === HELD_FETCH_WRITE) live[receiver + at.HELD_FETCH_WRITES]! |= 1 << from;
  else channels.setRequest(pair, request, request === mail.INVALID ? live[cluster.copy(from) + at.STAMP]! : 0);
  const answer = (code >>> ANSWER_SHIFT) & ANSWER_MASK;
  if (answer === 0) return;
  const kind = answerKind(answer);
  const version = answer === COPY_FRESH ? cluster.latest : VERSION_STALE;
  channels.setAnswer(pair, kind, kind === mail.COPY ? version : answerDetail(answer));
  channels.setAnswerFirst(pair, ((code >>> ANSWER_FIRST_SHIFT) & 1) !== 0);
}

function packGroups(cluster: Cluster, vector: Int32Array): void {
  const { kernels, channels, live } = cluster;
  const groups = new VectorGroups(vector, kernels, groupsAt(kernels));
  vector.fill(0, groupsAt(kernels), groupsAt(kernels) + groupWords(kernels));
  for (let from = 0; from < kernels; from++) {
    groups.set(from, live[cluster.copy(from) + at.GROUP]!);
    for (let to = 0; to < kernels; to++)
      if (to !== from) groups.setTold(from, to, channels.answerGroup(channels.pair(from, to)));
  }
}

/** The answers themselves are there already. */
function unpackGroups(vector: Int32Array, cluster: Cluster): void {
  const { kernels, channels, live } = cluster;
  const groups = new VectorGroups(vector, kernels, groupsAt(kernels));
  for (let from = 0; from < kernels; from++) {
    live[cluster.copy(from) + at.GROUP] = groups.of(from);
    for (let to = 0; to < kernels; to++) {
      if (to === from) continue;
      const pair = channels.pair(from, to);
      channels.setAnswer(pair, channels.answer(pair), channels.answerDetail(pair), groups.told(from, to));
    }
  }
}
