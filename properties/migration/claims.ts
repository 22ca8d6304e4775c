/**
 * What must hold of thread migration in every state: M1, M2, M4 to M6 of the specification, section 11, what the
 * coherency protocol promises of each page (P1 to P4, P8), and that no thread is left waiting.
 */

import { UNMAPPED } from "../../impl/coherency/layout.js";
import { stateIn } from "../../impl/coherency/vector-layout.js";
import { MULTICAST, PROFILES } from "../../vocabulary/coherency/rules.js";
import { type StateClaim, stateClaims } from "../coherency/claims.js";
import type { Invariant } from "../engine/system.js";
import { placesOf } from "./meaning.js";
import {
  copiesOf,
  hasSpanned,
  isAnythingEnabled,
  kernelsOf,
  type MigrationView,
  pagesOf,
  processesOf,
  vectorOf,
} from "./view.js";

type Claim = Invariant<MigrationView>;

/** Processes of a group at one kernel that are more than one. */
function* twice(
  view: MigrationView,
  what: (process: { stands: boolean }) => boolean,
): Generator<[number, number, number]> {
  for (const group of view.instance.homes.keys()) {
    const found = processesOf(view, group).filter(what);
    for (const kernel of kernelsOf(view)) {
      const count = found.filter((process) => process.kernel === kernel).length;
      if (count > 1) yield [group, kernel, count];
    }
  }
}

const concurrentArrivalsMakeOneProcess: Claim = {
  id: "M6",
  name: "concurrentArrivalsMakeOneProcess",
  why: "two threads that come first at the same time would each get a process of their own",
  *violations(view) {
    for (const [group, kernel, count] of twice(view, ({ stands }) => !stands))
      yield `kernel ${kernel} is making ${count} processes of group ${group}`;
  },
};

const oneProcessPerKernel: Claim = {
  id: "M1",
  name: "oneProcessPerKernel",
  why: "threads of one group in two processes of a kernel share neither memory nor signals",
  *violations(view) {
    for (const [group, kernel, count] of twice(view, () => true))
      yield `kernel ${kernel} has ${count} processes of group ${group}`;
  },
};

const threadIsInOnePlace: Claim = {
  id: "M2",
  name: "threadIsInOnePlace",
  why: "a thread that runs twice does everything twice, and one that is nowhere is lost",
  *violations(view) {
    for (const thread of view.instance.threads.keys()) {
      const found = placesOf(view, thread);
      const isAlive = view.migration.isBorn(thread) && !view.migration.isExited(thread);
      if (found.length === (isAlive ? 1 : 0)) continue;
      const where = found.map(({ place }) =>
        place.kind === "underWay" ? `under way to kernel ${place.to}` : `${place.kind} on ${kernelIn(place)}`,
      );
      yield `thread ${thread} is ${where.join(" and ") || "nowhere"}`;
    }
  },
};

function kernelIn(place: { readonly kind: string; readonly kernel?: number }): string {
  return `kernel ${place.kernel}`;
}

const replicationIsOffAtFirst: Claim = {
  id: "M4",
  name: "replicationIsOffAtFirst",
  why: "a group that lives on one kernel has nobody to keep its pages coherent with, and is to pay nothing",
  *violations(view) {
    for (const group of view.instance.homes.keys()) {
      if (hasSpanned(view, group)) continue;
      for (const { kernel, isReplicated } of processesOf(view, group))
        if (isReplicated) yield `group ${group} lives on kernel ${kernel} alone and is replicated`;
      for (const page of pagesOf(view))
        if (vectorOf(view, group, page).some((word) => word !== 0))
          yield `group ${group} lives on one kernel, and the protocol has a state of its page ${page}`;
    }
  },
};

const copiesLieInProcesses: Claim = {
  id: "M5",
  name: "copiesLieInProcesses",
  why: "a kernel without a process of the group answers as one that has never used the page",
  *violations(view) {
    for (const group of view.instance.homes.keys()) {
      const homes = new Set(processesOf(view, group).map(({ kernel }) => kernel));
      if (homes.size === 0) continue;
      for (const page of pagesOf(view)) {
        const vector = vectorOf(view, group, page);
        for (const kernel of kernelsOf(view))
          if (!homes.has(kernel) && !view.migration.hasExited(group) && stateIn(vector, kernel) !== UNMAPPED)
            yield `kernel ${kernel} has a copy of page ${page} and no process of group ${group}`;
      }
    }
  },
};

/** Beside M1 to M7: the specification has no number for it. */
const everyThreadGoesOn: Claim = {
  id: "L1",
  name: "everyThreadGoesOn",
  why: "a thread that waits for a process, a SIGFORK or a page must not wait for nothing",
  *violations(view) {
    if (isAnythingEnabled(view)) return;
    const { instance, migration } = view;
    for (const [thread, { steps }] of instance.threads.entries()) {
      for (const { place, done } of placesOf(view, thread)) {
        if (place.kind === "running" && done === steps.length) continue;
        yield `nothing can happen any more, and thread ${thread} is ${place.kind} with ${done} of ${steps.length} steps done`;
      }
    }
    for (const group of instance.homes.keys())
      if (migration.hasExited(group))
        for (const { kernel } of processesOf(view, group))
          yield `the process of group ${group} on kernel ${kernel} is left over`;
  },
};

/** Of every page that is replicated: what the protocol, by the rules under which it runs here, promises of one page. */
const ofEachPage: readonly Claim[] = stateClaims.filter(isOfMigration).map(({ id, name, why, isAbout, witness }) => ({
  id,
  name,
  why,
  *violations(view) {
    if (isAbout?.(view.migration.pages.machine.configuration.rules) === false) return;
    for (const group of view.instance.homes.keys()) {
      for (const page of pagesOf(view)) {
        const broken = witness(copiesOf(view, group, page));
        if (broken !== undefined) yield `page ${page} of group ${group}: ${broken}`;
      }
    }
  },
}));

/** No instance has the rules that the other claims are about: there are no read-only regions. */
function isOfMigration({ isAbout }: StateClaim): boolean {
  return isAbout === undefined || isAbout({ ...PROFILES.lean, multicast: MULTICAST });
}

export const invariants: readonly Claim[] = [
  concurrentArrivalsMakeOneProcess,
  oneProcessPerKernel,
  threadIsInOnePlace,
  replicationIsOffAtFirst,
  copiesLieInProcesses,
  ...ofEachPage,
  everyThreadGoesOn,
];
