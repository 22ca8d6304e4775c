/** Situations that a scope is there for: each must be reached in it. */
import type { State as Copies } from "../../model/coherency/state.js";
import type { State } from "../../model/migration/state.js";
import type { Operation } from "../../vocabulary/migration/operations.js";
import type { Scope } from "../engine/system.js";

export type Sometimes = Scope<Operation, State>["sometimes"][number];

export const everybodyIsDone: Sometimes = {
  name: "all programs are done",
  holds: ({ threads, instance: { threads: programs } }) =>
    threads.every(({ place, done }, thread) => place.kind === "exited" || done === programs[thread]!.steps.length),
};

export const twoWaitForOneProcess: Sometimes = {
  name: "a thread arrives while its group's process is being made for another",
  holds: ({ threads, processes }) =>
    processes.some(
      ({ kernel, stands }) =>
        !stands && threads.some(({ place }) => place.kind === "waiting" && place.kernel === kernel),
    ),
};

export const emptyProcess: Sometimes = {
  name: "a thread waits at a process that all threads have left",
  holds: ({ threads, processes }) =>
    processes.some(
      ({ kernel, stands }) =>
        stands &&
        threads.some(({ place }) => place.kind === "waiting" && place.kernel === kernel) &&
        !threads.some(
          ({ place }) => (place.kind === "running" || place.kind === "faulting") && place.kernel === kernel,
        ),
    ),
};

export const memberWaitsForPage: Sometimes = {
  name: "a SIGFORK waits for a member whose access is under way",
  holds: ({ threads }) =>
    threads.some(
      ({ place }) =>
        place.kind === "waiting" &&
        threads.some((other) => other.place.kind === "faulting" && other.place.kernel === place.kernel),
    ),
};

export const copyWithoutThread: Sometimes = {
  name: "the only copy of a page is on a kernel without a thread of its group",
  holds: ({ threads, groups }) =>
    groups.some(({ pages }) =>
      pages.some((page) => {
        if (page.kind === "local") return false;
        const holders = page.copies.copies.flatMap(({ data }, kernel) => (data === "none" ? [] : [kernel]));
        const isInhabited = threads.some(({ place }) => "kernel" in place && place.kernel === holders[0]);
        return holders.length === 1 && !isInhabited;
      }),
    ),
};

export const allGone: Sometimes = { name: "no process is left", holds: ({ processes }) => processes.length === 0 };

export const invalidBeforeProcess: Sometimes = {
  name: "a kernel remembers an owner before it has a process",
  holds: ({ processes, groups }) =>
    groups.some(({ pages }, group) =>
      pages.some(
        (page) =>
          page.kind === "replicated" &&
          page.copies.copies.some(
            ({ owner }, kernel) =>
              owner >= 0 && !processes.some((each) => each.group === group && each.kernel === kernel && each.stands),
          ),
      ),
    ),
};

export const concurrentWriters: Sometimes = {
  name: "two kernels write at the same time",
  holds: ({ groups }) =>
    groups.some(({ pages }) =>
      pages.some((page) => page.kind === "replicated" && page.copies.copies.filter(({ rank }) => rank > 0).length > 1),
    ),
};

export const waitIsOver: Sometimes = {
  name: "a kernel has all its answers and has not left its wait",
  holds: ({ groups }) =>
    groups.some(({ pages }) => pages.some((page) => page.kind === "replicated" && isOver(page.copies))),
};

/** Some kernel waits, nothing it has asked is under way or held, and nothing it is sent is under way. */
function isOver({ copies, channels }: Copies): boolean {
  return copies.some(({ state, pending }, kernel) => {
    const isWaiting = pending !== "none" && state !== "Invalid" && state !== "Shared";
    const isAnswered = copies.every(
      (_, other) => channels[kernel]![other]!.request === "none" && channels[other]![kernel]!.answer === "none",
    );
    return isWaiting && isAnswered;
  });
}

export const smallGroup: Sometimes = {
  name: "a kernel asks some others and not all",
  holds: ({ groups }) =>
    groups.some(({ pages }) =>
      pages.some(
        (page) =>
          page.kind === "replicated" &&
          page.copies.copies.some(
            ({ state, group }, _, { length }) => state === "WPend1" && group.length > 0 && group.length < length - 1,
          ),
      ),
    ),
};

export const ownerAlone: Sometimes = {
  name: "a kernel asks its owner alone",
  holds: ({ groups }) =>
    groups.some(({ pages }) =>
      pages.some(
        (page) =>
          page.kind === "replicated" &&
          page.copies.copies.some(({ state, owner }, kernel) => {
            const asked = page.copies.channels[kernel]!.flatMap(({ request }, other) =>
              request === "none" ? [] : [other],
            );
            return state === "InvRead1" && asked.length === 1 && asked[0] === owner && page.copies.copies.length > 2;
          }),
      ),
    ),
};
