/** What the words of thread migration mean: words → state of the reference. */
import * as at from "../../impl/migration/layout.js";
import type { Group, Page, Place, State, Statistics, Thread } from "../../model/migration/state.js";
import { meaningOf as meaningOfCopies } from "../coherency/meaning.js";
import { copiesOf, kernelsOf, type MigrationView, pagesOf, processesOf } from "./view.js";

/** @throws Error where the words mean nothing: a thread in two places, processes that disagree on replication */
export function meaningOf(view: MigrationView): State {
  const { instance } = view;
  const groups = [...instance.homes.keys()];
  const processes = groups.flatMap((group) => processesOf(view, group));
  return {
    instance,
    threads: instance.threads.map((_, thread) => threadMeaning(view, thread)),
    processes: processes
      .map(({ kernel, group, stands }) => ({ kernel, group, stands }))
      .sort((one, other) => one.kernel - other.kernel || one.group - other.group),
    groups: groups.map((group) => groupMeaning(view, group)),
    statistics: statisticsOf(view),
  };
}

export function statisticsOf({ migration, words, instance }: MigrationView): Statistics {
  const { layout } = migration;
  return {
    contextsSent: words[layout.contextsSent]!,
    processesMade: words[layout.processesMade]!,
    forks: words[layout.forks]!,
    messages: instance.homes.map((_, group) => words[layout.messages(group)]!),
  };
}

function threadMeaning(view: MigrationView, thread: number): Thread {
  const found = placesOf(view, thread);
  if (found.length > 1) throw new Error(`thread ${thread} is in ${found.length} places`);
  if (found.length === 1) return found[0]!;
  if (view.migration.isExited(thread)) return { place: { kind: "exited" }, done: 0 };
  if (view.migration.isBorn(thread)) throw new Error(`thread ${thread} is nowhere`);
  return { place: { kind: "unborn" }, done: 0 };
}

/** Everywhere that a thread is, as a task of a kernel or as a context under way. */
export function placesOf(view: MigrationView, thread: number): readonly Thread[] {
  const { migration } = view;
  return kernelsOf(view).flatMap((kernel) => {
    const [task, context] = [migration.task(kernel, thread), migration.context(kernel, thread)];
    const here: Thread[] = task === at.ABSENT ? [] : [{ place: placeOf(task, kernel), done: at.doneOf(task) }];
    return context === 0 ? here : [...here, { place: { kind: "underWay", to: kernel }, done: context - 1 }];
  });
}

function placeOf(task: number, kernel: number): Place {
  switch (at.phaseOfTask(task)) {
    case at.FOUNDING:
      return { kind: "founding", kernel };
    case at.WAITING:
      return { kind: "waiting", kernel };
    case at.RUNNING:
      return { kind: "running", kernel };
    default:
      return { kind: "faulting", kernel, page: at.pageOf(task) };
  }
}

function groupMeaning(view: MigrationView, group: number): Group {
  const standing = processesOf(view, group).filter(({ stands }) => stands);
  const replicated = standing.some(({ isReplicated }) => isReplicated);
  if (replicated && !standing.every(({ isReplicated }) => isReplicated))
    throw new Error(`group ${group} is replicated at some of its kernels`);
  const [used, written] = [standing[0]?.used ?? 0, standing[0]?.written ?? 0];
  return {
    replicated,
    pages: pagesOf(view).map((page): Page => {
      if (replicated) return { kind: "replicated", copies: copiesMeaning(view, group, page) };
      const use = (written >>> page) & 1 ? "written" : (used >>> page) & 1 ? "read" : "none";
      return { kind: "local", use };
    }),
  };
}

function copiesMeaning(view: MigrationView, group: number, page: number) {
  const machine = copiesOf(view, group, page);
  machine.load();
  return meaningOfCopies(machine.cluster);
}
