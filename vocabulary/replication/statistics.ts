/**
 * Everything that is counted and nothing that decides: no rule of the system reads these numbers (I26 to I30).
 * All counts are integers from 0 to 2^53 - 1 (W12); times are milliseconds of the logical clock.
 */

/** Levels in the order of the counters; a geometry's root is always PGD (W11), the others are named from the leaf up. */
export type LevelName = "PTE" | "PMD" | "PUD" | "P4D" | "PGD";
export const LEVEL_NAMES: readonly LevelName[] = ["PTE", "PMD", "PUD", "P4D", "PGD"];

export interface Statistics {
  readonly clock: number;
  /** Root loads of replicated address spaces; total = replica + primary. */
  readonly cr3Replica: number;
  readonly cr3Primary: number;
  /** Calls on tables that have a ring (W35), by level in the order of LEVEL_NAMES. */
  readonly sets: readonly number[];
  readonly clears: readonly number[];
  /** Aggregated reads: PTE, PMD, PUD. */
  readonly gets: readonly number[];
  readonly protCommits: number;
  readonly getAndClears: number;
  /** Level 1 only, through the hooks only: not enable, not disable. */
  readonly pteAttempts: number;
  readonly pteSuccesses: number;
  readonly pteReleases: number;
  readonly pteReplicasFreed: number;
  readonly enableFailures: number;
  readonly tablesWithoutRing: number;
  /** Page cache, by node. */
  readonly cacheHits: readonly number[];
  readonly cacheMisses: readonly number[];
  readonly cacheReturns: readonly number[];
  /** Number of the next history record; the first is 1 (W43). */
  readonly nextSequence: number;
  readonly history: readonly HistoryRecord[];
  /** By address-space slot, for the slots in use. */
  readonly spaces: { readonly [slot: number]: SpaceStatistics };
  /** By pid, for the processes alive. */
  readonly names: { readonly [pid: number]: ProcessName };
}

export interface ProcessName {
  readonly comm: string;
  readonly cmdline: string;
}

export interface SpaceStatistics {
  readonly shootdowns: number;
  readonly interrupts: number;
  /** Highest number of tables at a time: [level][node], levels in the order of LEVEL_NAMES. */
  readonly peakPrimary: readonly (readonly number[])[];
  readonly peakReplica: readonly (readonly number[])[];
  /** Of the running session, captured at the end of enable; all zero and empty while not replicated. */
  readonly session: Session;
}

export interface Session {
  readonly start: number;
  readonly pid: number;
  readonly tgid: number;
  readonly comm: string;
  readonly cmdline: string;
}

export interface HistoryRecord extends Omit<Session, "start"> {
  readonly sequence: number;
  readonly duration: number;
  readonly nodes: readonly number[];
  readonly shootdowns: number;
  readonly interrupts: number;
  readonly peakPrimary: readonly (readonly number[])[];
  readonly peakReplica: readonly (readonly number[])[];
}
