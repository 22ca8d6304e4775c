/**
 * Waiting, recognised without annotation.
 *
 * An operation whose last rounds were alike in every access and every answer is tried with many more such rounds. If it
 * just goes on, its local state is taken to be the same after each of them. A loop that counts its rounds and does
 * something else after more of them than are tried would be misjudged: the number of rounds is a parameter.
 */
import { ENTRY_WORDS } from "./replay-port.js";

/**
 * @param log of the operation so far, the last answer included
 * @param rounds how many more rounds to try
 * @param goesOn whether the operation, given this longer log, follows it to the end and then comes to the same access
 * @returns how many accesses the repeated round has; 0 if there is none
 */
export function roundThatRepeats(log: Int32Array, rounds: number, goesOn: (longer: Int32Array) => boolean): number {
  for (let words = ENTRY_WORDS; 2 * words <= log.length; words += ENTRY_WORDS) {
    if (endsWithTwice(log, words) && goesOn(withRounds(log, words, rounds))) return words / ENTRY_WORDS;
  }
  return 0;
}

function endsWithTwice(log: Int32Array, words: number): boolean {
  for (let at = log.length - words; at < log.length; at++) if (log[at] !== log[at - words]) return false;
  return true;
}

function withRounds(log: Int32Array, words: number, rounds: number): Int32Array {
  const longer = new Int32Array(log.length + rounds * words);
  longer.set(log);
  for (let at = log.length; at < longer.length; at += words) longer.copyWithin(at, at - words, at);
  return longer;
}
