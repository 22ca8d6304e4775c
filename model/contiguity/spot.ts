/** SpOT as a list of entries per set, the most recently used one first (5, 7.4). */
import {
  CONFIDENCE_MAX,
  type Miss,
  PREDICTING,
  type Prediction,
  type SpotShape,
} from "../../vocabulary/contiguity/spot.js";

export interface SpotEntry {
  readonly counter: number;
  readonly offset: number;
  readonly writable: boolean;
  readonly confidence: number;
}

export interface SpotState {
  readonly shape: SpotShape;
  readonly sets: readonly (readonly SpotEntry[])[];
  readonly statistics: SpotStatistics;
}

export interface SpotStatistics {
  readonly misses: number;
  readonly right: number;
  readonly squashed: number;
}

export const NO_PREDICTIONS: SpotStatistics = { misses: 0, right: 0, squashed: 0 };

export function initialSpot(shape: SpotShape): SpotState {
  return { shape, sets: Array.from({ length: shape.sets }, () => []), statistics: NO_PREDICTIONS };
}

export function miss(state: SpotState, found: Miss): { readonly state: SpotState; readonly prediction: Prediction } {
  const index = found.counter % state.shape.sets;
  const set = state.sets[index]!;
  const entry = set.find(({ counter }) => counter === found.counter);
  const others = set.filter((each) => each !== entry).slice(0, state.shape.ways - 1);
  const prediction: Prediction = entry === undefined ? { kind: "none" } : predicted(entry, found);
  const sets = state.sets.with(index, [learned(entry, found), ...others]);
  return { state: { ...state, sets, statistics: counted(state.statistics, prediction) }, prediction };
}

function counted({ misses, right, squashed }: SpotStatistics, { kind }: Prediction): SpotStatistics {
  return {
    misses: misses + 1,
    right: right + (kind === "right" ? 1 : 0),
    squashed: squashed + (kind === "squashed" ? 1 : 0),
  };
}

function predicted(entry: SpotEntry, found: Miss): Prediction {
  if (entry.confidence < PREDICTING) return { kind: "none" };
  return { kind: agrees(entry, found) ? "right" : "squashed", frame: found.page - entry.offset };
}

/** The same offset: more confidence. Another one: less, and at 0 it is replaced. */
function learned(entry: SpotEntry | undefined, found: Miss): SpotEntry {
  const { counter, writable } = found;
  const fresh = { counter, writable, offset: found.page - found.frame, confidence: 1 };
  if (entry === undefined) return fresh;
  if (agrees(entry, found)) return { ...entry, confidence: Math.min(CONFIDENCE_MAX, entry.confidence + 1) };
  return entry.confidence > 1 ? { ...entry, confidence: entry.confidence - 1 } : fresh;
}

const agrees = (entry: SpotEntry, { page, frame, writable }: Miss): boolean =>
  entry.offset === page - frame && entry.writable === writable;
