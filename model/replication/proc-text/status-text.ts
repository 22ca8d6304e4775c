/** /proc/mitosis/status: all counters, section by section. */
import { CACHE_COLUMNS, STATUS, TITLES } from "../../../vocabulary/replication/proc.js";
import { LEVEL_NAMES } from "../../../vocabulary/replication/statistics.js";
import type { State } from "../state.js";
import { isReplicated, pidsAlive, spaceAt } from "../who.js";
import { cacheTable } from "./cache-text.js";
import { percent, row, rule, sum, text } from "./columns.js";

const KILOBYTES_PER_PAGE = 4;

export function statusText(state: State): string {
  const sections = [
    configuration(state),
    cr3(state),
    calls(STATUS.sets, state.statistics.sets, "sets"),
    calls(STATUS.clears, state.statistics.clears, "clears"),
    calls(STATUS.gets, state.statistics.gets, STATUS.aggregated),
    special(state),
    pteReplication(state),
    shortage(state),
    cache(state),
    processes(state),
  ];
  return text([TITLES.status, rule(TITLES.status.length), ...sections.flat()]);
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return ["", `${name}:`, ...lines.map((line) => `  ${line}`)];
}

function configuration({ mode, inherit }: State): readonly string[] {
  const word = (on: boolean) => (on ? "ENABLED" : "DISABLED");
  return section(STATUS.configuration, [
    `${STATUS.pti}: disabled`, // W17
    `${STATUS.pgdOrder}: 0 (1 page)`,
    `${STATUS.autoEnable}: ${word(mode === 1)}`,
    `${STATUS.inheritance}: ${word(inherit === 1)}`,
    STATUS.mode,
  ]);
}

function cr3({ statistics: { cr3Replica, cr3Primary } }: State): readonly string[] {
  const writes = cr3Replica + cr3Primary; // I26
  return section(STATUS.cr3, [
    `${STATUS.cr3Writes}: ${writes}`,
    `${STATUS.replicaUses}: ${cr3Replica}`,
    `${STATUS.primaryUses}: ${cr3Primary}`,
    ...(writes > 0 ? [`${STATUS.hitRate}: ${percent(cr3Replica, writes)}`] : []),
  ]);
}

/** A line for each level that is counted, from the leaf up, and their total (I27). */
function calls(name: string, counts: readonly number[], label: string): readonly string[] {
  const lines = counts.map((value, level) => `${LEVEL_NAMES[level]} ${label}: ${value}`);
  return section(name, [...lines, `${STATUS.total}: ${sum(counts)}`]);
}

function special({ statistics }: State): readonly string[] {
  return section(STATUS.special, [
    `${STATUS.protCommits}: ${statistics.protCommits}`,
    `${STATUS.getAndClears}: ${statistics.getAndClears}`,
  ]);
}

function pteReplication({ statistics }: State): readonly string[] {
  return section(STATUS.pte, [
    `${STATUS.attempts}: ${statistics.pteAttempts}`,
    `${STATUS.successes}: ${statistics.pteSuccesses}`,
    `${STATUS.releases}: ${statistics.pteReleases}`,
    `${STATUS.replicasFreed}: ${statistics.pteReplicasFreed}`,
  ]);
}

function shortage({ statistics }: State): readonly string[] {
  return section(STATUS.shortage, [
    `${STATUS.enableFailures}: ${statistics.enableFailures}`,
    `${STATUS.tablesWithoutRing}: ${statistics.tablesWithoutRing}`,
  ]);
}

function cache(state: State): readonly string[] {
  const { cacheHits, cacheMisses, cacheReturns } = state.statistics;
  const cached = sum(state.cached);
  const hits = sum(cacheHits);
  const pops = hits + sum(cacheMisses);
  return section(STATUS.cache, [
    ...cacheTable(state),
    row(CACHE_COLUMNS, [STATUS.cacheTotal, cached, hits, pops - hits, sum(cacheReturns)]),
    ...(pops > 0 ? [`${STATUS.cacheHitRate}: ${percent(hits, pops)}`] : []),
    `${STATUS.cacheMemory}: ${cached * KILOBYTES_PER_PAGE} KB`,
  ]);
}

function processes(state: State): readonly string[] {
  // Processes, not their threads: the rows of `active` are the replicated ones among them.
  const leaders = pidsAlive(state).filter((pid) => state.processes[pid]?.tgid === pid);
  const replicated = leaders.filter((pid) => isReplicated(spaceAt(state, state.processes[pid]?.space ?? -1)));
  return section(STATUS.processes, [
    `${STATUS.processTotal}: ${leaders.length}`,
    `${STATUS.processReplicated}: ${replicated.length}`,
    replicated.length > 0 ? STATUS.active : STATUS.inactive,
    STATUS.pointers,
  ]);
}
