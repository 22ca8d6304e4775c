/** What benchmarks print of several rounds: medians, and ratios that a machine whose speed drifts does not bend. */

/** The middle value, the upper one of two; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** The median of the rounds' ratios; contenders run in turn, so the two sides of a round meet the same machine. */
export function medianRatio(values: readonly number[], peers: readonly number[]): number {
  return median(peers.map((peer, round) => values[round]! / peer));
}
