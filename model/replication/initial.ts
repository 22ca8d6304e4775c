/** The state before anything happened, and statistics before anything was counted. */
import type { Geometry } from "../../vocabulary/geometry.js";
import { NODE_SLOTS, STEERING_AUTO } from "../../vocabulary/replication/operations.js";
import type { ProcessName, Session, SpaceStatistics, Statistics } from "../../vocabulary/replication/statistics.js";
import { LEVEL_NAMES } from "../../vocabulary/replication/statistics.js";
import { cpuCount } from "./geometry-math.js";
import type { Cpu, State } from "./state.js";
import { pidsAlive, slotsInUse } from "./who.js";

export const IDLE: Cpu = { pid: 0, root: -1, tlb: {}, walks: {} };
export const AUTO_STEERING: readonly number[] = zeros(NODE_SLOTS).map(() => STEERING_AUTO);
export const NO_NAME: ProcessName = { comm: "", cmdline: "" };
/** While a space is not replicated. */
export const NO_SESSION: Session = { start: 0, pid: 0, tgid: 0, ...NO_NAME };

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** No processes, all CPUs idle, all frames free, mode -1, inherit 1. */
export function initial(geometry: Geometry): State {
  return {
    geometry,
    processes: {},
    spaces: {},
    cpus: zeros(cpuCount(geometry)).map(() => IDLE),
    cached: zeros(geometry.nodes),
    mode: -1,
    inherit: 1,
    kernel: zeros(geometry.kernelRootEntries),
    statistics: emptyStatistics(geometry),
  };
}

/** Statistics with everything zero or empty, for the address spaces and processes that are there. */
export function initialStatistics(state: State): Statistics {
  return {
    ...emptyStatistics(state.geometry),
    spaces: Object.fromEntries(slotsInUse(state).map((slot) => [slot, freshSpaceStatistics(state.geometry)])),
    names: Object.fromEntries(pidsAlive(state).map((pid) => [pid, NO_NAME])),
  };
}

/** Statistics of an address space whose slot was just taken. */
export function freshSpaceStatistics(geometry: Geometry): SpaceStatistics {
  const peaks = LEVEL_NAMES.map(() => zeros(geometry.nodes));
  return { shootdowns: 0, interrupts: 0, peakPrimary: peaks, peakReplica: peaks, session: NO_SESSION };
}

function emptyStatistics(geometry: Geometry): Statistics {
  return {
    clock: 0,
    cr3Replica: 0,
    cr3Primary: 0,
    sets: zeros(LEVEL_NAMES.length),
    clears: zeros(LEVEL_NAMES.length),
    gets: zeros(3),
    protCommits: 0,
    getAndClears: 0,
    pteAttempts: 0,
    pteSuccesses: 0,
    pteReleases: 0,
    pteReplicasFreed: 0,
    enableFailures: 0,
    tablesWithoutRing: 0,
    cacheHits: zeros(geometry.nodes),
    cacheMisses: zeros(geometry.nodes),
    cacheReturns: zeros(geometry.nodes),
    nextSequence: 1,
    history: [],
    spaces: {},
    names: {},
  };
}
