/** The file `status`: configuration and totals, section by section. */
import { STATUS, TITLES } from "../../../vocabulary/replication/proc.js";
import { LEVEL_NAMES } from "../../../vocabulary/replication/statistics.js";
import { NONE } from "../codes.js";
import type { Kernel } from "../kernel.js";
import { cacheHead, cacheRows, cacheTotals, totalRow } from "./cache-table.js";
import { percent, rule } from "./lines.js";

const GETS = 3;
const PAGE_KB = 4;
const INDENT = "  ";

export function statusText(kernel: Kernel): string[] {
  return [
    TITLES.status,
    rule(TITLES.status.length),
    ...section(STATUS.configuration, configuration(kernel)),
    ...section(STATUS.cr3, rootLoads(kernel)),
    ...section(STATUS.sets, byLevel(kernel, kernel.counters.at.sets, LEVEL_NAMES.length, "sets")),
    ...section(STATUS.clears, byLevel(kernel, kernel.counters.at.clears, LEVEL_NAMES.length, "clears")),
    ...section(STATUS.gets, byLevel(kernel, kernel.counters.at.gets, GETS, STATUS.aggregated)),
    ...section(STATUS.special, special(kernel)),
    ...section(STATUS.pte, leafTables(kernel)),
    ...section(STATUS.shortage, shortage(kernel)),
    ...section(STATUS.cache, cache(kernel)),
    ...section(STATUS.processes, processes(kernel)),
  ];
}

function section(name: string, lines: readonly string[]): string[] {
  return ["", `${name}:`, ...lines.map((line) => (line === "" ? "" : INDENT + line))];
}

function value(label: string, of: string | number): string {
  return `${label}: ${of}`;
}

function configuration({ spaces }: Kernel): string[] {
  const enabled = (is: boolean) => (is ? "ENABLED" : "DISABLED");
  return [
    value(STATUS.pti, "disabled"),
    value(STATUS.pgdOrder, "0 (1 page)"),
    value(STATUS.autoEnable, enabled(spaces.mode() === 1)),
    value(STATUS.inheritance, enabled(spaces.inherits())),
    STATUS.mode,
  ];
}

function rootLoads({ counters }: Kernel): string[] {
  const replica = counters.read(counters.at.cr3Replica);
  const primary = counters.read(counters.at.cr3Primary);
  const writes = replica + primary;
  return [
    value(STATUS.cr3Writes, writes),
    value(STATUS.replicaUses, replica),
    value(STATUS.primaryUses, primary),
    ...(writes > 0 ? [value(STATUS.hitRate, `${percent(replica, writes)}%`)] : []),
  ];
}

/** One line per level, and their sum. */
function byLevel({ counters, rules }: Kernel, first: number, levels: number, what: string): string[] {
  const lines: string[] = [];
  let total = 0;
  for (let level = 0; level < levels; level++) {
    const count = counters.read(counters.at.counter(first, level));
    lines.push(value(`${LEVEL_NAMES[level]} ${what}`, count));
    if (rules.totalsCountRoots || LEVEL_NAMES[level] !== "PGD") total += count;
  }
  return [...lines, value(STATUS.total, total)];
}

function special({ counters }: Kernel): string[] {
  return [
    value(STATUS.protCommits, counters.read(counters.at.protCommits)),
    value(STATUS.getAndClears, counters.read(counters.at.getAndClears)),
  ];
}

function leafTables({ counters }: Kernel): string[] {
  return [
    value(STATUS.attempts, counters.read(counters.at.pteAttempts)),
    value(STATUS.successes, counters.read(counters.at.pteSuccesses)),
    value(STATUS.releases, counters.read(counters.at.pteReleases)),
    value(STATUS.replicasFreed, counters.read(counters.at.pteReplicasFreed)),
  ];
}

function shortage({ counters }: Kernel): string[] {
  return [
    value(STATUS.enableFailures, counters.read(counters.at.enableFailures)),
    value(STATUS.tablesWithoutRing, counters.read(counters.at.tablesWithoutRing)),
  ];
}

function cache(kernel: Kernel): string[] {
  const totals = cacheTotals(kernel);
  const pops = totals.hits + totals.misses;
  return [
    ...cacheHead(),
    ...cacheRows(kernel),
    totalRow(totals),
    ...(pops > 0 ? [value(STATUS.cacheHitRate, `${percent(totals.hits, pops)}%`)] : []),
    value(STATUS.cacheMemory, `${totals.cached * PAGE_KB} KB`),
  ];
}

/** Processes, not their threads: leaders, as in `active`. */
function processes(kernel: Kernel): string[] {
  let total = 0;
  let replicated = 0;
  for (let pid = 1; pid <= kernel.layout.geometry.processes; pid++) {
    const slot = kernel.spaces.slotOf(pid);
    if (slot === NONE || kernel.spaces.group(pid) !== pid) continue;
    total++;
    if (kernel.spaces.isReplicated(slot)) replicated++;
  }
  return [
    value(STATUS.processTotal, total),
    value(STATUS.processReplicated, replicated),
    replicated > 0 ? STATUS.active : STATUS.inactive,
    STATUS.pointers,
  ];
}
