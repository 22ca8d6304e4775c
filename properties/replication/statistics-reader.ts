/**
 * Decoding statistics once for equal words: a search asks on every transition, and most count the same few things; a
 * sample asks after every command, and few things are counted by each.
 */
import { mixFirst, mixSecond } from "../../explore/fingerprint.js";
import type { ReplicationLayout } from "../../impl/replication/layout.js";
import { SPACE } from "../../impl/replication/layout.js";
import { countersOf, historyOf, namesOf, spaceOf } from "../../impl/replication/statistics.js";
import type { SpaceStatistics, Statistics } from "../../vocabulary/replication/statistics.js";
import { type Known, keeps } from "./known.js";
import type { View } from "./view.js";

const REMEMBERED_MAX = 2 ** 12;

interface Decoded {
  readonly words: Int32Array;
  readonly statistics: Statistics;
}

/** Reads the statistics of views of one layout. What is remembered was compared word by word. */
export function statisticsReader(layout: ReplicationLayout): (view: View) => Statistics {
  const { statistics: places, stateWords } = layout;
  const known = new Map<number, Decoded>();
  const present = presenceWords(layout);
  // Counters, then history, then spaces and names. An empty history is not read, and a search mostly has one.
  const spaces = places.space(0);
  const records = places.historyCount + 1;
  const counted = records - stateWords + layout.words - spaces;
  const room = new Int32Array(present.length + layout.words - stateWords);
  const short = room.subarray(0, present.length + counted);
  return (view) => {
    const { words } = view.memory;
    const key = words[places.historyCount] === 0 ? short : room;
    for (let at = 0; at < present.length; at++) key[at] = words[present[at]!]! === 0 ? 0 : 1;
    key.set(words.subarray(stateWords, records), present.length);
    key.set(words.subarray(spaces, layout.words), present.length + records - stateWords);
    if (key === room) key.set(words.subarray(records, spaces), present.length + counted);
    const digest = digestOf(key);
    const found = known.get(digest);
    if (found !== undefined && isEqual(found.words, key)) return found.statistics;
    const statistics = view.replication.statistics();
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(digest, { words: key.slice(), statistics });
    return statistics;
  };
}

/** The statistics of a view, of which only what may be different from those known is decoded. */
export function statisticsBeside(view: View, known: Known | undefined): Statistics {
  const { kernel } = view.replication;
  if (known === undefined) return view.replication.statistics();
  const { statistics } = known.state;
  const counters = keeps(known, "counters") === undefined ? countersOf(kernel) : statistics;
  const history = keeps(known, "history") === undefined ? historyOf(kernel) : statistics.history;
  const spaces = keeps(known, "spaces", "totals") === undefined ? spacesBeside(view, known) : statistics.spaces;
  const names = keeps(known, "processes", "totals") === undefined ? namesOf(kernel) : statistics.names;
  const isKnown = counters === statistics && history === statistics.history;
  if (isKnown && spaces === statistics.spaces && names === statistics.names) return statistics;
  return { ...counters, history, spaces, names };
}

function spacesBeside({ memory, replication }: View, { state, view }: Known): Statistics["spaces"] {
  const { statistics } = memory.layout;
  const spaces: { [slot: number]: SpaceStatistics } = {};
  for (const slot of memory.slots()) {
    const before = state.statistics.spaces[slot];
    const isAlike = memory.hasAlike(view.memory, statistics.space(slot), statistics.spaceEnd(slot));
    spaces[slot] = before !== undefined && isAlike ? before : spaceOf(replication.kernel, slot);
  }
  return spaces;
}

/** The plain value has an entry for each space and each process that there is, so these words count as well. */
function presenceWords(layout: ReplicationLayout): number[] {
  const found: number[] = [];
  for (let slot = 0; slot < layout.slots; slot++) found.push(layout.space(slot) + SPACE.USERS);
  for (let pid = 1; pid <= layout.geometry.processes; pid++) found.push(layout.process(pid));
  return found;
}

function digestOf(words: Int32Array): number {
  let first = 0;
  let second = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 0) continue;
    first = (first + mixFirst(word, at)) | 0;
    second = (second + mixSecond(word, at)) | 0;
  }
  return (first >>> 0) * 2 ** 20 + (second >>> 12);
}

function isEqual(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
