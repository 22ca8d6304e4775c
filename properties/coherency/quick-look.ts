/**
 * A quick look at a state of the protocol, before the claims about it are asked: could it break P1 to P4, or P8?
 *
 * Each kernel adds a weight that depends on its state and on whether its copy is the newest; three sums stand side by side in
 * one number, each below a limit as long as the claims hold:
 *
 *   P1       a Modified copy weighs 8, a Shared one 1: above 8 there is a writer beside others
 *   P2, P3   NotReplicated weighs 8, Shared to WRead 1: above 8 it is not alone
 *   P4       a readable copy that is not the newest weighs 1: above 0
 *
 * P8 can only break where no message is in flight.
 */
import type { ExploredCluster } from "../../impl/coherency/exploration.js";
import * as at from "../../impl/coherency/layout.js";
import { DATA_FRESH, DATA_SHIFT, PAIR_OF_BITS, stateOf } from "../../impl/coherency/vector-layout.js";
import {
  noDeadlock,
  readableIsFresh,
  type StateClaim,
  singleWriter,
  soleCopyIsAlone,
  soleCopyIsOne,
} from "./claims.js";

/** The claims that a quick look stands for. */
export const QUICKLY_JUDGED: readonly StateClaim[] = [
  singleWriter,
  soleCopyIsOne,
  soleCopyIsAlone,
  readableIsFresh,
  noDeadlock,
];

/** The bits of a kernel's word that hold its state and what its copy is, and some between. */
const WEIGHED = 2 ** (DATA_SHIFT + 2) - 1;
const ALONE = 8;
const SUM_BITS = 8;
/** Added to the sums, so that a sum above its limit has the highest of its bits. */
const TO_LIMITS = sums(127 - ALONE, 127 - ALONE, 127);
const LIMITS = sums(128, 128, 128);

/** @returns whether the live state must be judged */
export function quickLook(machine: ExploredCluster): () => boolean {
  const { words } = machine;
  const { kernels } = machine.configuration;
  const weights = Int32Array.from({ length: WEIGHED + 1 }, (_, word) => weightOf(word));
  const weighed = WEIGHED;
  const toLimits = TO_LIMITS;
  const limits = LIMITS;
  return () => {
    let sum = toLimits;
    for (let kernel = 0; kernel < kernels; kernel++) sum += weights[words[kernel]! & weighed]!;
    return (sum & limits) !== 0 || !machine.hasMessages();
  };
}

function weightOf(word: number): number {
  const state = stateOf(word);
  const isReadable = state === at.NOT_REPLICATED || state === at.SHARED || state === at.MODIFIED;
  const isFresh = ((word >>> DATA_SHIFT) & PAIR_OF_BITS) === DATA_FRESH;
  return sums(
    state === at.MODIFIED ? ALONE : state === at.SHARED ? 1 : 0,
    state === at.NOT_REPLICATED ? ALONE : state >= at.SHARED ? 1 : 0,
    isReadable && !isFresh ? 1 : 0,
  );
}

function sums(ofWriters: number, ofSoleCopies: number, ofOutdated: number): number {
  return ofWriters | (ofSoleCopies << SUM_BITS) | (ofOutdated << (2 * SUM_BITS));
}
