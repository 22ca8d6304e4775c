/** One kernel's word of the explored vector, written from and read back into the words of its engine. */
import * as at from "./layout.js";
import {
  CONCURRENT_SHIFT,
  DATA_FRESH,
  DATA_NONE,
  DATA_SHIFT,
  DATA_STALE,
  FETCH_WRITES_SHIFT,
  INVALIDS_SHIFT,
  OWNER_SHIFT,
  PAIR_OF_BITS,
  PENDING_SHIFT,
  RANK_SHIFT,
  SAW_REPLICATED_SHIFT,
  SET_MASK,
  STATE_MASK,
  STATE_SHIFT,
  THREE_BITS,
  VERSION_STALE,
} from "./vector-layout.js";

/**
 * @param copy where the engine's words begin in `live`
 * @param rank the dense position of its stamp, 0 = none
 * @param latest the newest version there is
 */
export function packKernel(live: Int32Array, copy: number, rank: number, latest: number): number {
  return (
    (live[copy + at.STATE]! << STATE_SHIFT) |
    (live[copy + at.PENDING]! << PENDING_SHIFT) |
    (dataOf(live[copy + at.VERSION]!, latest) << DATA_SHIFT) |
    (rank << RANK_SHIFT) |
    (live[copy + at.OWNER]! << OWNER_SHIFT) |
    (live[copy + at.SAW_REPLICATED]! << SAW_REPLICATED_SHIFT) |
    (live[copy + at.CONCURRENT]! << CONCURRENT_SHIFT) |
    (live[copy + at.INVALIDS]! << INVALIDS_SHIFT) |
    (live[copy + at.FETCH_WRITES]! << FETCH_WRITES_SHIFT)
  );
}

/** The stamp, who has answered and whose requests are held are for the caller to fill in. */
export function unpackKernel(word: number, latest: number, live: Int32Array, copy: number): void {
  live[copy + at.STATE] = (word >>> STATE_SHIFT) & STATE_MASK;
  live[copy + at.PENDING] = (word >>> PENDING_SHIFT) & PAIR_OF_BITS;
  live[copy + at.VERSION] = versionOf((word >>> DATA_SHIFT) & PAIR_OF_BITS, latest);
  live[copy + at.OWNER] = (word >>> OWNER_SHIFT) & THREE_BITS;
  live[copy + at.SAW_REPLICATED] = (word >>> SAW_REPLICATED_SHIFT) & 1;
  live[copy + at.CONCURRENT] = (word >>> CONCURRENT_SHIFT) & SET_MASK;
  live[copy + at.INVALIDS] = (word >>> INVALIDS_SHIFT) & SET_MASK;
  live[copy + at.FETCH_WRITES] = (word >>> FETCH_WRITES_SHIFT) & SET_MASK;
}

export function dataOf(version: number, latest: number): number {
  if (version === at.VERSION_NONE) return DATA_NONE;
  return version === latest ? DATA_FRESH : DATA_STALE;
}

export function versionOf(data: number, latest: number): number {
  if (data === DATA_NONE) return at.VERSION_NONE;
  return data === DATA_FRESH ? latest : VERSION_STALE;
}
