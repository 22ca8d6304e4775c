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
  return {
    ...countersOf(kernel),
    history: historyOf(kernel),
    spaces: spacesOf(kernel),
    names: namesOf(kernel),
  };
}

/** What is counted of the whole system. */
export function countersOf(kernel: Kernel): Omit<Statistics, "history" | "spaces" | "names"> {
  const { counters, layout } = kernel;
  const { at } = counters;
  const one = (counter: number) => counters.read(counter);
  const row = (first: number, length: number) => rowOf(kernel, first, length);
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
  };
}

/** Counters that stand side by side. */
function rowOf({ counters }: Kernel, first: number, length: number): number[] {
  const row: number[] = [];
  for (let i = 0; i < length; i++) row.push(counters.read(counters.at.counter(first, i)));
  return row;
}

/** The records that are kept, oldest first. */
export function historyOf(kernel: Kernel): HistoryRecord[] {
  const history: HistoryRecord[] = [];
  const count = recordCount(kernel);
  for (let age = 0; age < count; age++) history.push(recordOf(kernel, recordPosition(kernel, age)));
  return history;
}

function recordOf(kernel: Kernel, record: number): HistoryRecord {
  const { counters, memory, layout } = kernel;
  const { at } = counters;
  const set = memory.load("statistics.read", record + at.record.set);
  const nodes: number[] = [];
  for (let node = 0; node < layout.nodes; node++) if ((set & (1 << node)) !== 0) nodes.push(node);
  return {
    sequence: counters.read(record + at.record.sequence),
    duration: counters.read(record + at.record.duration),
    nodes,
    ...totalsOf(kernel, record + at.record.totals),
    ...ownerOf(kernel, record + at.record.session),
  };
}

function spacesOf(kernel: Kernel): { readonly [slot: number]: SpaceStatistics } {
  const spaces: { [slot: number]: SpaceStatistics } = {};
  for (let slot = 0; slot < kernel.layout.slots; slot++) {
    if (kernel.spaces.users(slot) === 0) continue;
    spaces[slot] = spaceOf(kernel, slot);
  }
  return spaces;
}

/** What is counted of the address space in a slot. */
export function spaceOf(kernel: Kernel, slot: number): SpaceStatistics {
  return { ...totalsOf(kernel, kernel.counters.at.space(slot)), session: sessionOf(kernel, slot) };
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
  const { counters } = kernel;
  const { at } = counters;
  return {
    shootdowns: counters.read(at.shootdowns(totals)),
    interrupts: counters.read(at.interrupts(totals)),
    peakPrimary: gridOf(kernel, at.peakBase(totals, 0, 0)),
    peakReplica: gridOf(kernel, at.peakCopy(totals, 0, 0)),
  };
}

/** Peaks by level and node, which stand one after the other from `first`. */
function gridOf({ memory, layout: { nodes } }: Kernel, first: number): number[][] {
  const grid: number[][] = [];
  for (let level = 0; level < LEVEL_NAMES.length; level++) {
    const row: number[] = [];
    for (let node = 0; node < nodes; node++) row.push(memory.load("statistics.read", first + level * nodes + node));
    grid.push(row);
  }
  return grid;
}

export function namesOf(kernel: Kernel): Statistics["names"] {
  const names: { [pid: number]: { comm: string; cmdline: string } } = {};
  for (let pid = 1; pid <= kernel.layout.geometry.processes; pid++) {
    if (kernel.spaces.slotOf(pid) < 0) continue;
    const at = kernel.counters.at.name(pid);
    names[pid] = { comm: readComm(kernel.memory, at), cmdline: readCmdline(kernel.memory, at) };
  }
  return names;
}
