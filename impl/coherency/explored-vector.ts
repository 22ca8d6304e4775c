/**
 * Between the words of a cluster and the vector of `vector-layout.ts`: packing renumbers, unpacking makes a cluster in
 * the same situation.
 */
import type { Cluster } from "./cluster.js";
import * as at from "./layout.js";
import * as mail from "./outbox.js";
import {
  ACK,
  ANSWER_FIRST_SHIFT,
  ANSWER_MASK,
  ANSWER_SHIFT,
  CONCURRENT_SHIFT,
  COPY_FRESH,
  COPY_STALE,
  DATA_FRESH,
  DATA_NONE,
  DATA_SHIFT,
  DATA_STALE,
  FETCH_WRITES_SHIFT,
  HELD_FETCH,
  HELD_FETCH_WRITE,
  INVALIDS_SHIFT,
  NACK,
  OWNER_SHIFT,
  PAIR_BITS,
  PAIR_MASK,
  PAIR_OF_BITS,
  PAIRS_PER_WORD,
  PENDING_SHIFT,
  RANK_SHIFT,
  SAW_REPLICATED_SHIFT,
  SET_MASK,
  STATE_MASK,
  STATE_SHIFT,
  THREE_BITS,
  VERSION_STALE,
  VERSION_WRITTEN,
  VOID,
  vectorWords,
  WRITTEN_SHIFT,
} from "./vector-layout.js";

/** Writes the cluster's state to the first `vectorWords` words of `vector`. */
export function pack(cluster: Cluster, vector: Int32Array): void {
  const { kernels } = cluster;
  for (let kernel = 0; kernel < kernels; kernel++) vector[kernel] = packKernel(cluster, kernel);
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
  if (shift > 0) vector[position++] = word;
  if (cluster.hasBudgets) for (let kernel = 0; kernel < kernels; kernel++) vector[position++] = cluster.spent[kernel]!;
}

/**
 * The same after an event at one kernel that changed no other's rank or data: only that kernel's fields are written, and
 * its channels to and from `peers`, a set of kernels.
 */
export function packAround(cluster: Cluster, kernel: number, peers: number, vector: Int32Array): void {
  const { kernels } = cluster;
  const written = kernel === 0 ? vector[0]! & (1 << WRITTEN_SHIFT) : 0;
  vector[kernel] = packKernel(cluster, kernel) | written;
  for (let other = 0; other < kernels; other++) {
    if (((peers >>> other) & 1) === 0) continue;
    putPair(cluster, kernel, other, vector);
    putPair(cluster, other, kernel, vector);
  }
  if (cluster.hasBudgets) vector[vectorWords(kernels, false) + kernel] = cluster.spent[kernel]!;
}

function putPair(cluster: Cluster, from: number, to: number, vector: Int32Array): void {
  const { kernels } = cluster;
  const pair = from * (kernels - 1) + (to < from ? to : to - 1);
  const word = kernels + ((pair / PAIRS_PER_WORD) | 0);
  const shift = (pair % PAIRS_PER_WORD) * PAIR_BITS;
  vector[word] = (vector[word]! & ~(PAIR_MASK << shift)) | (packPair(cluster, from, to) << shift);
}

/** Makes the cluster's state from a vector. */
export function unpack(vector: Int32Array, cluster: Cluster): void {
  const { kernels } = cluster;
  cluster.clear();
  if (vector[0]! >>> WRITTEN_SHIFT !== 0) cluster.latest = VERSION_WRITTEN;
  for (let kernel = 0; kernel < kernels; kernel++) unpackKernel(vector[kernel]!, cluster, kernel);
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
  position++;
  if (cluster.hasBudgets) for (let kernel = 0; kernel < kernels; kernel++) cluster.spent[kernel] = vector[position++]!;
  for (let kernel = 0; kernel < kernels; kernel++) cluster.deriveAnswered(kernel);
}

function packKernel(cluster: Cluster, kernel: number): number {
  const { live } = cluster;
  const copy = cluster.copy(kernel);
  return (
    (live[copy + at.STATE]! << STATE_SHIFT) |
    (live[copy + at.PENDING]! << PENDING_SHIFT) |
    (dataOf(cluster, live[copy + at.VERSION]!) << DATA_SHIFT) |
    (cluster.rank(kernel) << RANK_SHIFT) |
    (live[copy + at.OWNER]! << OWNER_SHIFT) |
    (live[copy + at.SAW_REPLICATED]! << SAW_REPLICATED_SHIFT) |
    (live[copy + at.CONCURRENT]! << CONCURRENT_SHIFT) |
    (live[copy + at.INVALIDS]! << INVALIDS_SHIFT) |
    (live[copy + at.FETCH_WRITES]! << FETCH_WRITES_SHIFT)
  );
}

function unpackKernel(word: number, cluster: Cluster, kernel: number): void {
  const { live } = cluster;
  const copy = cluster.copy(kernel);
  live[copy + at.STATE] = (word >>> STATE_SHIFT) & STATE_MASK;
  live[copy + at.PENDING] = (word >>> PENDING_SHIFT) & PAIR_OF_BITS;
  live[copy + at.VERSION] = versionOf(cluster, (word >>> DATA_SHIFT) & PAIR_OF_BITS);
  live[copy + at.STAMP] = cluster.stampOfRank((word >>> RANK_SHIFT) & THREE_BITS);
  live[copy + at.OWNER] = (word >>> OWNER_SHIFT) & THREE_BITS;
  live[copy + at.SAW_REPLICATED] = (word >>> SAW_REPLICATED_SHIFT) & 1;
  live[copy + at.CONCURRENT] = (word >>> CONCURRENT_SHIFT) & SET_MASK;
  live[copy + at.INVALIDS] = (word >>> INVALIDS_SHIFT) & SET_MASK;
  live[copy + at.FETCH_WRITES] = (word >>> FETCH_WRITES_SHIFT) & SET_MASK;
}

function dataOf(cluster: Cluster, version: number): number {
  if (version === at.VERSION_NONE) return DATA_NONE;
  return version === cluster.latest ? DATA_FRESH : DATA_STALE;
}

function versionOf(cluster: Cluster, data: number): number {
  if (data === DATA_NONE) return at.VERSION_NONE;
  return data === DATA_FRESH ? cluster.latest : VERSION_STALE;
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
  const answer = answerCode(cluster, channels.answer(pair), channels.answerDetail(pair));
  return request | (answer << ANSWER_SHIFT) | (channels.isAnswerFirst(pair) ? 1 << ANSWER_FIRST_SHIFT : 0);
}

function answerCode(cluster: Cluster, kind: number, detail: number): number {
  switch (kind) {
    case 0:
      return 0;
    case mail.COPY:
      return detail === cluster.latest ? COPY_FRESH : COPY_STALE;
    case mail.COPY_VOID:
      return VOID + detail;
    case mail.ACK:
      return ACK + detail;
    default:
      return NACK + detail;
  }
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
  if (answer < VOID) channels.setAnswer(pair, mail.COPY, answer === COPY_FRESH ? cluster.latest : VERSION_STALE);
  else if (answer < ACK) channels.setAnswer(pair, mail.COPY_VOID, answer - VOID);
  else if (answer < NACK) channels.setAnswer(pair, mail.ACK, answer - ACK);
  else channels.setAnswer(pair, mail.NACK, answer - NACK);
  channels.setAnswerFirst(pair, ((code >>> ANSWER_FIRST_SHIFT) & 1) !== 0);
}
