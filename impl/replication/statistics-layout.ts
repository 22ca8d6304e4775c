/**
 * Where the statistics lie: everything that is counted and nothing that decides.
 *
 *   base                                                                                              end
 *   │ counters │ per node: hits · misses · returns │ history: FIRST · COUNT · records │ spaces │ names │
 *
 *   counter    two words, low and high: 53-bit integers (W12)
 *   space      shootdowns · interrupts · peaks of bases, of copies [level][node] · session
 *   session    start · pid · tgid · comm · cmdline
 *   record     sequence · duration · set · shootdowns · interrupts · peaks · pid · tgid · comm · cmdline
 *   name       per pid: comm · cmdline; texts are 16-bit units, two per word, ended by a zero unit
 *
 * All zero is the beginning: clock 0, nothing counted, the next sequence number 1.
 */
import type { Geometry } from "../../vocabulary/geometry.js";
import { CMDLINE_BYTES, COMM_BYTES } from "../../vocabulary/replication/proc.js";
import { LEVEL_NAMES } from "../../vocabulary/replication/statistics.js";

const COUNTER_WORDS = 2;
const LEVELS = LEVEL_NAMES.length;
const GETS = 3;
const COMM_WORDS = COMM_BYTES / 2;
const CMDLINE_WORDS = CMDLINE_BYTES / 2;
export const TEXT_WORDS = COMM_WORDS + CMDLINE_WORDS;
/** Offset of cmdline behind comm. */
export const CMDLINE_OFFSET = COMM_WORDS;

/** Offsets within a session (and within the part of a record that is copied from it). */
export const SESSION = { START: 0, PID: 2, TGID: 3, TEXT: 4, WORDS: 4 + TEXT_WORDS } as const;

export class StatisticsLayout {
  readonly clock: number;
  readonly cr3Replica: number;
  readonly cr3Primary: number;
  readonly sets: number;
  readonly clears: number;
  readonly gets: number;
  readonly protCommits: number;
  readonly getAndClears: number;
  readonly pteAttempts: number;
  readonly pteSuccesses: number;
  readonly pteReleases: number;
  readonly pteReplicasFreed: number;
  readonly enableFailures: number;
  readonly tablesWithoutRing: number;
  /** History records ever written. */
  readonly records: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly cacheReturns: number;
  /** Position of the oldest record, and how many there are. */
  readonly historyFirst: number;
  readonly historyCount: number;
  readonly historyMax: number;
  readonly base: number;
  readonly end: number;
  /** Offsets within a record. */
  readonly record: {
    readonly sequence: number;
    readonly duration: number;
    readonly set: number;
    /** Shootdowns, interrupts and peaks, as in a space. */
    readonly totals: number;
    readonly session: number;
    readonly words: number;
  };
  /** Words of shootdowns, interrupts and peaks. */
  readonly totalWords: number;

  private readonly nodes: number;
  private readonly historyBase: number;
  private readonly spaceBase: number;
  private readonly spaceStride: number;
  private readonly nameBase: number;

  constructor(geometry: Geometry, slots: number, base: number, historyMax: number) {
    this.base = base;
    this.nodes = geometry.nodes;
    this.historyMax = historyMax;
    let next = base;
    const counters = (count: number): number => {
      const first = next;
      next += count * COUNTER_WORDS;
      return first;
    };
    this.clock = counters(1);
    this.cr3Replica = counters(1);
    this.cr3Primary = counters(1);
    this.sets = counters(LEVELS);
    this.clears = counters(LEVELS);
    this.gets = counters(GETS);
    this.protCommits = counters(1);
    this.getAndClears = counters(1);
    this.pteAttempts = counters(1);
    this.pteSuccesses = counters(1);
    this.pteReleases = counters(1);
    this.pteReplicasFreed = counters(1);
    this.enableFailures = counters(1);
    this.tablesWithoutRing = counters(1);
    this.records = counters(1);
    this.cacheHits = counters(this.nodes);
    this.cacheMisses = counters(this.nodes);
    this.cacheReturns = counters(this.nodes);
    this.totalWords = 2 * COUNTER_WORDS + 2 * LEVELS * this.nodes;
    const totals = 2 * COUNTER_WORDS + 1;
    const session = totals + this.totalWords;
    // A record keeps no start: its session part begins with the pid.
    const words = session + SESSION.WORDS - SESSION.PID;
    this.record = { sequence: 0, duration: COUNTER_WORDS, set: 2 * COUNTER_WORDS, totals, session, words };
    this.historyFirst = next;
    this.historyCount = next + 1;
    this.historyBase = next + 2;
    this.spaceBase = this.historyBase + historyMax * words;
    this.spaceStride = this.totalWords + SESSION.WORDS;
    this.nameBase = this.spaceBase + slots * this.spaceStride;
    this.end = this.nameBase + geometry.processes * TEXT_WORDS;
  }

  /** A counter of a row of counters: by level or by node. */
  counter(first: number, index: number): number {
    return first + index * COUNTER_WORDS;
  }

  recordAt(position: number): number {
    return this.historyBase + position * this.record.words;
  }

  space(slot: number): number {
    return this.spaceBase + slot * this.spaceStride;
  }

  spaceEnd(slot: number): number {
    return this.space(slot) + this.spaceStride;
  }

  /** Offsets within a space's totals. */
  shootdowns(totals: number): number {
    return totals;
  }

  interrupts(totals: number): number {
    return totals + COUNTER_WORDS;
  }

  /** Word index of the highest number of bases of a level (0 = PTE … 4 = PGD) on a node. */
  peakBase(totals: number, level: number, node: number): number {
    return totals + 2 * COUNTER_WORDS + level * this.nodes + node;
  }

  peakCopy(totals: number, level: number, node: number): number {
    return this.peakBase(totals, level + LEVELS, node);
  }

  session(slot: number): number {
    return this.space(slot) + this.totalWords;
  }

  /** Word index of a process's comm; its cmdline follows. */
  name(pid: number): number {
    return this.nameBase + (pid - 1) * TEXT_WORDS;
  }
}
