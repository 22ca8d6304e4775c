/**
 * The words of the files in /proc/mitosis: names, titles, labels, widths. How they are put together is written twice,
 * once in each twin.
 */
export type ProcFile = "status" | "active" | "history" | "cache" | "mode" | "inherit";
export const PROC_FILES: readonly ProcFile[] = ["status", "active", "history", "cache", "mode", "inherit"];

/** Most characters of a number written to `mode`, `inherit`, `cache` or `history`, line end included. */
export const PROC_INPUT_MAX = 15;
/** Sessions that `history` keeps. */
export const HISTORY_MAX = 64;
/** Bytes that a process's comm and cmdline have room for, their final zero included. */
export const COMM_BYTES = 16;
export const CMDLINE_BYTES = 256;

export const TITLES = {
  status: "Mitosis Page Table Replication Status",
  active: "Mitosis Active Processes",
  history: "Mitosis Process History",
  cache: "Mitosis Page Table Cache",
} as const;

/** Column heads with their widths; negative = left-aligned, as in printf. */
export const CACHE_COLUMNS = [
  ["NODE", -8],
  ["CACHED", 8],
  ["HITS", 12],
  ["MISSES", 12],
  ["RETURNS", 12],
] as const;
export const CACHE_RULE = 60;
export const ACTIVE_COLUMNS = [
  ["PID", -8],
  ["TGID", -8],
  ["COMM", -16],
  ["DURATION_MS", 12],
  ["NODES", 8],
] as const;
export const ACTIVE_RULE = 80;
export const ACTIVE_EMPTY = "(No active processes with replication enabled)";

/** Sections of `status` in their order, with the labels of their lines. */
export const STATUS = {
  configuration: "Configuration",
  pti: "PTI",
  pgdOrder: "PGD allocation order",
  autoEnable: "Auto-enable",
  inheritance: "Inheritance",
  mode: "Mode: per-process (set by prctl)",
  cr3: "CR3 Statistics",
  cr3Writes: "CR3 writes",
  replicaUses: "Replica uses",
  primaryUses: "Primary uses",
  hitRate: "Replica hit rate",
  sets: "Replicated Set Operations",
  clears: "Replicated Clear Operations",
  gets: "Get Operations with Flag Aggregation",
  aggregated: "gets (aggregated)",
  total: "Total",
  special: "Special Operations",
  protCommits: "Prot commits",
  getAndClears: "Ptep get and clear",
  pte: "PTE Replication (when enabled)",
  attempts: "Allocation attempts",
  successes: "Allocation success",
  releases: "Release calls",
  replicasFreed: "Replicas freed",
  shortage: "Shortage of Memory",
  enableFailures: "Failed enables",
  tablesWithoutRing: "Tables without ring",
  cache: "Page Table Cache",
  cacheTotal: "TOTAL",
  cacheHitRate: "Cache hit rate",
  cacheMemory: "Cache memory",
  processes: "Process Summary",
  processTotal: "Total processes",
  processReplicated: "With replication",
  active: "Status: ACTIVE",
  inactive: "Status: INACTIVE",
  pointers: "See also: /proc/mitosis/active, /proc/mitosis/history",
} as const;

export const HISTORY = {
  remark: "Completed replication sessions, oldest first; peaks are per address space since its creation.",
  rule: 80,
  peaks: "Peak Page Table Allocations (primary/replica):",
  tlb: "TLB Statistics:",
  empty: "No historical data available.",
  labelWidth: 8,
  cellWidth: 14,
} as const;

/** Order in which every table of levels is printed, root first. */
export const LEVELS_DOWN = ["PGD", "P4D", "PUD", "PMD", "PTE"] as const;
