/** The statistics region as the plain value of vocabulary/. */
import {
  type HistoryRecord,
  LEVEL_NAMES,
  type Session,
  type SpaceStatistics,
  type Statistics,
} from "../../vocabulary/replication/statistics.js";
import { recordCount, recordPosition } from "./history.js";
import type { Kernel } from "./kernel.js";
import { readCmdline, readComm } from "./names.js";
import { SESSION } from "./statistics-layout.js";

const GETS = 3;

export function statisticsOf(kernel: Kernel): Statistics {
  const { counters, layout } = kernel;
  const { at } = counters;
  const one = (counter: number) => counters.read(counter);
  const row = (first: number, length: number) => Array.from({ length }, (_, i) => counters.read(at.counter(first, i)));
  return {
    clock: one(at.clock),
    cr3Replica: one(at.cr3Replica),
    cr3Primary: one(at.cr3Primary),
    sets: row(at.sets, LEVEL_NAMES.length),
    clears: row(at.clears, LEVEL_NAMES.length),
    gets: row(at.gets, GETS),
    protCommits: one(at.protCommits),
    getAndClears: one(at.getAndClears),
    pteAttempts: one(at.pteAttempts),
    pteSuccesses: one(at.pteSuccesses),
    pteReleases: one(at.pteReleases),
    pteReplicasFreed: one(at.pteReplicasFreed),
    enableFailures: one(at.enableFailures),
    tablesWithoutRing: one(at.tablesWithoutRing),
    cacheHits: row(at.cacheHits, layout.nodes),
    cacheMisses: row(at.cacheMisses, layout.nodes),
    cacheReturns: row(at.cacheReturns, layout.nodes),
    nextSequence: one(at.records) + 1,
    history: Array.from({ length: recordCount(kernel) }, (_, age) => recordOf(kernel, recordPosition(kernel, age))),
    spaces: spacesOf(kernel),
    names: namesOf(kernel),
  };
}

function recordOf(kernel: Kernel, record: number): HistoryRecord {
  const { counters, memory, layout } = kernel;
  const { at } = counters;
  const totals = record + at.record.totals;
  const set = memory.load("statistics.read", record + at.record.set);
  return {
    sequence: counters.read(record + at.record.sequence),
    duration: counters.read(record + at.record.duration),
    nodes: Array.from({ length: layout.nodes }, (_, node) => node).filter((node) => (set & (1 << node)) !== 0),
    ...totalsOf(kernel, totals),
    ...ownerOf(kernel, record + at.record.session),
  };
}

function spacesOf(kernel: Kernel): { readonly [slot: number]: SpaceStatistics } {
  const { at } = kernel.counters;
  const spaces: { [slot: number]: SpaceStatistics } = {};
  for (let slot = 0; slot < kernel.layout.slots; slot++) {
    if (kernel.spaces.users(slot) === 0) continue;
    spaces[slot] = { ...totalsOf(kernel, at.space(slot)), session: sessionOf(kernel, slot) };
  }
  return spaces;
}

function sessionOf(kernel: Kernel, slot: number): Session {
  const session = kernel.counters.at.session(slot);
  return { start: kernel.counters.read(session + SESSION.START), ...ownerOf(kernel, session + SESSION.PID) };
}

/** `at` is the word of the pid; thread group and texts follow. */
function ownerOf(kernel: Kernel, at: number): Omit<Session, "start"> {
  const { memory } = kernel;
  const text = at + SESSION.TEXT - SESSION.PID;
  return {
    pid: memory.load("statistics.read", at),
    tgid: memory.load("statistics.read", at + SESSION.TGID - SESSION.PID),
    comm: readComm(memory, text),
    cmdline: readCmdline(memory, text),
  };
}

function totalsOf(kernel: Kernel, totals: number): Omit<SpaceStatistics, "session"> {
  const { counters, memory, layout } = kernel;
  const { at } = counters;
  const grid = (cell: (level: number, node: number) => number) =>
    LEVEL_NAMES.map((_, level) =>
      Array.from({ length: layout.nodes }, (__, node) => memory.load("statistics.read", cell(level, node))),
    );
  return {
    shootdowns: counters.read(at.shootdowns(totals)),
    interrupts: counters.read(at.interrupts(totals)),
    peakPrimary: grid((level, node) => at.peakBase(totals, level, node)),
    peakReplica: grid((level, node) => at.peakCopy(totals, level, node)),
  };
}

function namesOf(kernel: Kernel): Statistics["names"] {
  const names: { [pid: number]: { comm: string; cmdline: string } } = {};
  for (let pid = 1; pid <= kernel.layout.geometry.processes; pid++) {
    if (kernel.spaces.slotOf(pid) < 0) continue;
    const at = kernel.counters.at.name(pid);
    names[pid] = { comm: readComm(kernel.memory, at), cmdline: readCmdline(kernel.memory, at) };
  }
  return names;
}
