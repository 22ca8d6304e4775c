/** What can happen in a state, and where it leads: `operations` are the guards, `apply` the effects. */
import { match } from "ts-pattern";
import type { Operation as ProtocolStep } from "../../vocabulary/coherency/operations.js";
import { PagetwinError } from "../../vocabulary/errors.js";
import type { ProgramStep } from "../../vocabulary/migration/instance.js";
import type { Answer, Operation } from "../../vocabulary/migration/operations.js";
import { firstCopies, permits, stepsOf, takeStep } from "./copies.js";
import {
  type Group,
  hasExited,
  membersAt,
  ordered,
  type Page,
  type Place,
  processAt,
  type State,
  type Thread,
  unreplicated,
} from "./state.js";

export interface Step {
  readonly state: State;
  readonly outcome: Answer;
}

/** Everything that can happen. */
export function* operations(state: State): Generator<Operation> {
  for (const thread of state.threads.keys()) yield* ofThread(state, thread);
  for (const { kernel, group } of state.processes) if (hasExited(state, group)) yield { kind: "reap", group, kernel };
  for (const [group, { pages }] of state.groups.entries())
    for (const [page, kept] of pages.entries()) yield* ofProtocol(state, group, page, kept);
}

function* ofThread(state: State, thread: number): Generator<Operation> {
  const { place, done } = state.threads[thread]!;
  const { group, steps } = state.instance.threads[thread]!;
  if (place.kind === "underWay") yield { kind: "arrive", thread, kernel: place.to };
  if (place.kind === "founding") yield { kind: "create", thread, kernel: place.kernel };
  if (place.kind === "waiting") yield* roomFor(state, group, thread, place.kernel);
  const step = steps[done];
  if (place.kind === "running" && step !== undefined) yield* ofProgram(state, thread, place.kernel, step);
}

/** A SIGFORK is served by any member that runs, by the process itself if it has none, and not before the process stands. */
function* roomFor(state: State, group: number, thread: number, kernel: number): Generator<Operation> {
  if (!processAt(state, group, kernel)?.stands) return;
  const members = membersAt(state, group, kernel);
  for (const member of members)
    if (state.threads[member]!.place.kind === "running") yield { kind: "fork", thread, kernel, member };
  if (members.length === 0) yield { kind: "adopt", thread, kernel };
}

function ofProgram(state: State, thread: number, kernel: number, step: ProgramStep): readonly Operation[] {
  return match<ProgramStep, readonly Operation[]>(step)
    .with({ kind: "migrate" }, (to) => [{ kind: "migrate", thread, from: kernel, to: to.kernel }])
    .with({ kind: "read" }, ({ page }) =>
      drawsOf(state, thread, kernel, page, "read").map(() => ({ kind: "read", thread, kernel, page })),
    )
    .with({ kind: "write" }, ({ page }) =>
      drawsOf(state, thread, kernel, page, "write").map((draw) => ({ kind: "write", thread, kernel, page, draw })),
    )
    .with({ kind: "spawn" }, (spawned) => [{ kind: "spawn", thread, kernel, child: spawned.thread }])
    .with({ kind: "exit" }, () => [{ kind: "exit", thread, kernel }])
    .exhaustive();
}

/** The places that the time stamp of an access can take; none if another access of the kernel has to be waited for. */
function drawsOf(
  state: State,
  thread: number,
  kernel: number,
  page: number,
  access: "read" | "write",
): readonly number[] {
  const kept = state.groups[state.instance.threads[thread]!.group]!.pages[page]!;
  if (kept.kind === "local" || permits(kept.copies, kernel, access)) return [0];
  return stepsOf(state.instance, kept.copies).flatMap((step) => {
    if (step.kind === "read") return access === "read" && step.kernel === kernel ? [0] : [];
    return step.kind === "write" && access === "write" && step.kernel === kernel ? [step.draw] : [];
  });
}

function* ofProtocol(state: State, group: number, page: number, kept: Page): Generator<Operation> {
  if (kept.kind === "local") return;
  for (const step of stepsOf(state.instance, kept.copies))
    if (step.kind !== "read" && step.kind !== "write") yield { kind: "protocol", group, page, step };
}

/** Lets an operation of {@link operations} happen. */
export function apply(state: State, operation: Operation): Step {
  return match<Operation, Step>(operation)
    .with({ kind: "migrate" }, ({ thread, from, to }) => migrate(state, thread, from, to))
    .with({ kind: "read" }, ({ thread, kernel, page }) => access(state, thread, kernel, page, "read", 0))
    .with({ kind: "write" }, ({ thread, kernel, page, draw }) => access(state, thread, kernel, page, "write", draw))
    .with({ kind: "spawn" }, ({ thread, kernel, child }) => {
      const begun = withThread(state, child, { place: { kind: "running", kernel }, done: 0 });
      return { state: goOn(begun, thread), outcome: { kind: "done" } };
    })
    .with({ kind: "exit" }, ({ thread }) => ({
      state: withThread(state, thread, { place: { kind: "exited" }, done: 0 }),
      outcome: { kind: "done" },
    }))
    .with({ kind: "arrive" }, ({ thread, kernel }) => arrive(state, thread, kernel))
    .with({ kind: "create" }, ({ thread, kernel }) => create(state, thread, kernel))
    .with({ kind: "fork" }, ({ thread, kernel }) => ({
      state: counted(withPlace(state, thread, { kind: "running", kernel }), "forks"),
      outcome: { kind: "done" },
    }))
    .with({ kind: "adopt" }, ({ thread, kernel }) => ({
      state: withPlace(state, thread, { kind: "running", kernel }),
      outcome: { kind: "done" },
    }))
    .with({ kind: "reap" }, ({ group, kernel }) => ({ state: reap(state, group, kernel), outcome: { kind: "done" } }))
    .with({ kind: "protocol" }, ({ group, page, step }) => {
      const kernel = "to" in step ? step.to : step.kernel;
      return protocolStep(state, group, page, kernel, step);
    })
    .exhaustive();
}

/** The first thread that leaves its group's kernel begins the replication of the group's pages (M4, M5). */
function migrate(state: State, thread: number, from: number, to: number): Step {
  if (from === to) return { state: goOn(state, thread), outcome: { kind: "stays" } };
  const { group } = state.instance.threads[thread]!;
  const replicationBegins = !state.groups[group]!.replicated;
  const replicated = replicationBegins ? beginReplication(state, group, from) : state;
  const gone = withPlace(goOn(replicated, thread), thread, { kind: "underWay", to });
  return { state: counted(gone, "contextsSent"), outcome: { kind: "departs", replicationBegins } };
}

function beginReplication(state: State, group: number, kernel: number): State {
  const pages = state.groups[group]!.pages.map(
    (page): Page =>
      page.kind === "local" ? { kind: "replicated", copies: firstCopies(state.instance, kernel, page.use) } : page,
  );
  return withGroup(state, group, { replicated: true, pages });
}

/** A process that is there is joined, even one that is still being made (M3, M6). */
function arrive(state: State, thread: number, kernel: number): Step {
  const { group } = state.instance.threads[thread]!;
  if (processAt(state, group, kernel) !== undefined)
    return {
      state: withPlace(state, thread, { kind: "waiting", kernel }),
      outcome: { kind: "arrives", process: "found" },
    };
  const processes = ordered([...state.processes, { kernel, group, stands: false }]);
  const founded = withPlace({ ...state, processes }, thread, { kind: "founding", kernel });
  return { state: counted(founded, "processesMade"), outcome: { kind: "arrives", process: "made" } };
}

function create(state: State, thread: number, kernel: number): Step {
  const { group } = state.instance.threads[thread]!;
  const processes = state.processes.map((process) =>
    process.group === group && process.kernel === kernel ? { ...process, stands: true } : process,
  );
  const running = withPlace({ ...state, processes }, thread, { kind: "running", kernel });
  return { state: running, outcome: { kind: "done" } };
}

/** With its last process a group is gone, and so are its copies (M7). */
function reap(state: State, group: number, kernel: number): State {
  const processes = state.processes.filter((process) => process.group !== group || process.kernel !== kernel);
  const left = { ...state, processes };
  const isGone = !processes.some((process) => process.group === group);
  return isGone ? withGroup(left, group, unreplicated(state.instance)) : left;
}

function access(
  state: State,
  thread: number,
  kernel: number,
  page: number,
  kind: "read" | "write",
  draw: number,
): Step {
  const { group } = state.instance.threads[thread]!;
  const kept = state.groups[group]!.pages[page]!;
  if (kept.kind === "local") {
    const use = kind === "write" || kept.use === "written" ? "written" : "read";
    return { state: goOn(withPage(state, group, page, { kind: "local", use }), thread), outcome: { kind: "done" } };
  }
  if (permits(kept.copies, kernel, kind)) return { state: goOn(state, thread), outcome: { kind: "done" } };
  const faulting = withPlace(state, thread, { kind: "faulting", kernel, page });
  const step = kind === "read" ? { kind, kernel } : { kind, kernel, draw };
  return protocolStep(faulting, group, page, kernel, step);
}

/** Moves a page's copies on. Where that completes the kernel's access, the thread that made it goes on. */
function protocolStep(state: State, group: number, page: number, kernel: number, step: ProtocolStep): Step {
  const kept = state.groups[group]!.pages[page]!;
  if (kept.kind === "local") throw new PagetwinError("NOT_ENABLED", `page ${page} of group ${group} is not replicated`);
  const { copies, outcome, sent } = takeStep(state.instance, kept.copies, step);
  const moved = withMessages(withPage(state, group, page, { kind: "replicated", copies }), group, sent);
  const waiting = state.threads.findIndex(
    ({ place }, thread) =>
      place.kind === "faulting" &&
      place.kernel === kernel &&
      place.page === page &&
      state.instance.threads[thread]!.group === group,
  );
  const finished = outcome.completed && waiting >= 0 ? waiting : null;
  const after = finished === null ? moved : goOn(withPlace(moved, finished, { kind: "running", kernel }), finished);
  return { state: after, outcome: { kind: "protocol", outcome, finished } };
}

function withThread(state: State, thread: number, changed: Thread): State {
  return { ...state, threads: state.threads.map((each, index) => (index === thread ? changed : each)) };
}

function withPlace(state: State, thread: number, place: Place): State {
  return withThread(state, thread, { ...state.threads[thread]!, place });
}

/** One more step of the thread's program is done. */
function goOn(state: State, thread: number): State {
  const { place, done } = state.threads[thread]!;
  return withThread(state, thread, { place, done: done + 1 });
}

function withGroup(state: State, group: number, changed: Group): State {
  return { ...state, groups: state.groups.map((each, index) => (index === group ? changed : each)) };
}

function withPage(state: State, group: number, page: number, changed: Page): State {
  const { replicated, pages } = state.groups[group]!;
  return withGroup(state, group, {
    replicated,
    pages: pages.map((each, index) => (index === page ? changed : each)),
  });
}

function counted(state: State, what: "contextsSent" | "processesMade" | "forks"): State {
  return { ...state, statistics: { ...state.statistics, [what]: state.statistics[what] + 1 } };
}

function withMessages(state: State, group: number, sent: number): State {
  const messages = state.statistics.messages.map((count, index) => (index === group ? count + sent : count));
  return { ...state, statistics: { ...state.statistics, messages } };
}
