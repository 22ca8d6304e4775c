/**
 * Where the words of thread migration are. A kernel writes its own rows; a context is put into the row of the kernel that
 * it is sent to.
 *
 *   words = [ processes: kernels × slots ][ tasks: kernels × threads ][ contexts: kernels × threads ]
 *           [ groups: BORN, EXITED, SPANNED ][ pages: groups × pages × the vector of impl/coherency/vector-layout.ts ]   state
 *           [ CONTEXTS ][ PROCESSES ][ FORKS ][ messages: a word a group ]                                       statistics
 *
 *    12       9 8      5 4     3      2       1   0     15..10 9    8 7    3 2     0
 *   ┌──────────┬────────┬───────┬────────────┬───────┐ ┌──────┬──────┬──────┬───────┐
 *   │ written  │ used   │ group │ replicated │ phase │ │ done │ page │ slot │ phase │
 *   └──────────┴────────┴───────┴────────────┴───────┘ └──────┴──────┴──────┴───────┘
 *    a process; 0 = the slot is free                    a task: a thread at a kernel; 0 = it is not there
 *
 * A context is the number of done steps plus 1; 0 = none under way. BORN and EXITED are sets of threads. SPANNED is a ghost,
 * which no rule reads: 1 once a thread of the group has left its kernel, until the group is gone.
 */
import type { Instance } from "../../vocabulary/migration/instance.js";
import { vectorWords } from "../coherency/vector-layout.js";

/** Fields of a process. */
export const FREE = 0;
export const UNDER_CONSTRUCTION = 1;
export const STANDING = 2;
const PROCESS_PHASE = 3;
const REPLICATED = 1 << 2;
const GROUP_SHIFT = 3;
const GROUP_MASK = 3;
const USED_SHIFT = 5;
const WRITTEN_SHIFT = 9;
const PAGES_MASK = 15;

/** Phases of a task. */
export const ABSENT = 0;
/** The process is being made for it. */
export const FOUNDING = 1;
/** Its SIGFORK is not served. */
export const WAITING = 2;
export const RUNNING = 3;
/** Its access to `page` is under way. */
export const FAULTING = 4;
const TASK_PHASE = 7;
const SLOT_SHIFT = 3;
const SLOT_MASK = 31;
const PAGE_SHIFT = 8;
const PAGE_MASK = 3;
const DONE_SHIFT = 10;

export function processWord(phase: number, group: number, isReplicated: boolean): number {
  return phase | (isReplicated ? REPLICATED : 0) | (group << GROUP_SHIFT);
}

export const phaseOfProcess = (word: number): number => word & PROCESS_PHASE;
export const isReplicated = (word: number): boolean => (word & REPLICATED) !== 0;
export const groupOfProcess = (word: number): number => (word >>> GROUP_SHIFT) & GROUP_MASK;
/** Sets of pages that were used, and written, while they were not replicated. */
export const usedOf = (word: number): number => (word >>> USED_SHIFT) & PAGES_MASK;
export const writtenOf = (word: number): number => (word >>> WRITTEN_SHIFT) & PAGES_MASK;

/** The process with a page used, by a write or not. */
export function withUse(word: number, page: number, isWrite: boolean): number {
  return word | (1 << (USED_SHIFT + page)) | (isWrite ? 1 << (WRITTEN_SHIFT + page) : 0);
}

export function taskWord(phase: number, slot: number, page: number, done: number): number {
  return phase | (slot << SLOT_SHIFT) | (page << PAGE_SHIFT) | (done << DONE_SHIFT);
}

export const phaseOfTask = (word: number): number => word & TASK_PHASE;
export const slotOf = (word: number): number => (word >>> SLOT_SHIFT) & SLOT_MASK;
export const pageOf = (word: number): number => (word >>> PAGE_SHIFT) & PAGE_MASK;
export const doneOf = (word: number): number => word >>> DONE_SHIFT;

/** Statistics, in this order; then the messages of each group. */
const CONTEXTS = 0;
const PROCESSES = 1;
const FORKS = 2;
const MESSAGES = 3;

const GROUP_WORDS = 3;

export class MigrationLayout {
  readonly instance: Instance;
  readonly kernels: number;
  readonly threads: number;
  readonly groups: number;
  /** Room for processes at each kernel. */
  readonly slots: number;
  readonly vectorWords: number;
  readonly stateWords: number;
  readonly words: number;
  private readonly tasksAt: number;
  private readonly contextsAt: number;
  private readonly groupsAt: number;
  private readonly pagesAt: number;

  constructor(instance: Instance) {
    const { kernels, pages, threads, homes, multicast = false } = instance;
    this.instance = instance;
    this.kernels = kernels;
    this.threads = threads.length;
    this.groups = homes.length;
    this.slots = this.threads + this.groups;
    this.vectorWords = pages === 0 ? 0 : vectorWords(kernels, false, multicast);
    this.tasksAt = kernels * this.slots;
    this.contextsAt = this.tasksAt + kernels * this.threads;
    this.groupsAt = this.contextsAt + kernels * this.threads;
    this.pagesAt = this.groupsAt + GROUP_WORDS * this.groups;
    this.stateWords = this.pagesAt + this.groups * pages * this.vectorWords;
    this.words = this.stateWords + MESSAGES + this.groups;
  }

  process(kernel: number, slot: number): number {
    return kernel * this.slots + slot;
  }

  task(kernel: number, thread: number): number {
    return this.tasksAt + kernel * this.threads + thread;
  }

  context(kernel: number, thread: number): number {
    return this.contextsAt + kernel * this.threads + thread;
  }

  born(group: number): number {
    return this.groupsAt + GROUP_WORDS * group;
  }

  exited(group: number): number {
    return this.groupsAt + GROUP_WORDS * group + 1;
  }

  spanned(group: number): number {
    return this.groupsAt + GROUP_WORDS * group + 2;
  }

  vector(group: number, page: number): number {
    return this.pagesAt + (group * this.instance.pages + page) * this.vectorWords;
  }

  get contextsSent(): number {
    return this.stateWords + CONTEXTS;
  }

  get processesMade(): number {
    return this.stateWords + PROCESSES;
  }

  get forks(): number {
    return this.stateWords + FORKS;
  }

  messages(group: number): number {
    return this.stateWords + MESSAGES + group;
  }
}
