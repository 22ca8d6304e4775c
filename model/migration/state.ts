/**
 * Thread migration as it is meant (the paper's section 3.2; specification, section 11): where the threads are, which
 * kernels have a process of a group, and how the group's pages are kept.
 *
 * Of a thread only the number of its done steps is kept; of a process, that it stands. Content is that of the coherency
 * reference: whether it is what was written last. Loss of messages and crashes of kernels are left out.
 */
import type { Instance } from "../../vocabulary/migration/instance.js";
import type { State as Copies } from "../coherency/state.js";

export type Place =
  /** Not spawned yet. */
  | { readonly kind: "unborn" }
  | { readonly kind: "running"; readonly kernel: number }
  /** Its access to a page is under way. */
  | { readonly kind: "faulting"; readonly kernel: number; readonly page: number }
  /** Its context is sent and not received. */
  | { readonly kind: "underWay"; readonly to: number }
  /** It was the first to come: the kernel makes a process for it. */
  | { readonly kind: "founding"; readonly kernel: number }
  /** A process was there: a SIGFORK is sent and not served. */
  | { readonly kind: "waiting"; readonly kernel: number }
  | { readonly kind: "exited" };

export interface Thread {
  readonly place: Place;
  /** Steps of its program that are done; 0 for a thread that is not there. */
  readonly done: number;
}

export interface Process {
  readonly kernel: number;
  readonly group: number;
  readonly stands: boolean;
}

export type Page =
  /** The group has not left its kernel: the page is an ordinary one there. */
  | { readonly kind: "local"; readonly use: "none" | "read" | "written" }
  /** Under the coherency protocol. */
  | { readonly kind: "replicated"; readonly copies: Copies };

export interface Group {
  /** Whether its pages are under the protocol, on every kernel. */
  readonly replicated: boolean;
  readonly pages: readonly Page[];
}

export interface Statistics {
  readonly contextsSent: number;
  readonly processesMade: number;
  readonly forks: number;
  /** Messages of the coherency protocol, by group. */
  readonly messages: readonly number[];
}

export interface State {
  readonly instance: Instance;
  readonly threads: readonly Thread[];
  /** Ascending by kernel, then group. */
  readonly processes: readonly Process[];
  readonly groups: readonly Group[];
  readonly statistics: Statistics;
}

const UNUSED: Page = { kind: "local", use: "none" };

export function initial(instance: Instance): State {
  const { homes, threads } = instance;
  const spawned = threads.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "spawn" ? [step.thread] : [])));
  return {
    instance,
    threads: threads.map(({ group }, thread) => ({
      place: spawned.includes(thread) ? { kind: "unborn" } : { kind: "running", kernel: homes[group]! },
      done: 0,
    })),
    processes: ordered(homes.map((kernel, group) => ({ kernel, group, stands: true }))),
    groups: homes.map(() => unreplicated(instance)),
    statistics: nothingCounted(instance),
  };
}

export function withoutStatistics(state: State): State {
  return { ...state, statistics: nothingCounted(state.instance) };
}

/** A group that has used nothing. */
export function unreplicated({ pages }: Instance): Group {
  return { replicated: false, pages: Array.from({ length: pages }, () => UNUSED) };
}

function nothingCounted({ homes }: Instance): Statistics {
  return { contextsSent: 0, processesMade: 0, forks: 0, messages: homes.map(() => 0) };
}

/** The processes in the order in which a state lists them. */
export function ordered(processes: readonly Process[]): readonly Process[] {
  return processes.toSorted((one, other) => one.kernel - other.kernel || one.group - other.group);
}

export function processAt(state: State, group: number, kernel: number): Process | undefined {
  return state.processes.find((process) => process.group === group && process.kernel === kernel);
}

/** The threads that run in a group's process at a kernel, waiting for a page or not. */
export function membersAt(state: State, group: number, kernel: number): readonly number[] {
  return state.instance.threads.flatMap((each, thread) => {
    const { place } = state.threads[thread]!;
    const isThere = (place.kind === "running" || place.kind === "faulting") && place.kernel === kernel;
    return isThere && each.group === group ? [thread] : [];
  });
}

/** Whether all threads of the group that ever began have exited. */
export function hasExited(state: State, group: number): boolean {
  return state.instance.threads.every((each, thread) => {
    const { kind } = state.threads[thread]!.place;
    return each.group !== group || kind === "exited" || kind === "unborn";
  });
}
