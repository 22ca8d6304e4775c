/**
 * Guests on a host: each a machine like any other, a guest's memory being the only area of a process of the host (6).
 *
 * Not here: the pages of the guests' tables, which no guest frame holds.
 */
import { match } from "ts-pattern";
import type { MachineOperation, MachineOutcome } from "../../vocabulary/contiguity/machine.js";
import type { StackedOperation, StackedOutcome, StackedShape } from "../../vocabulary/contiguity/stacked.js";
import { reportOfProcess, textsOfProcess } from "./stacked-report.js";
import { initial, type Leaf, NO_STATISTICS, type State, type Statistics } from "./state.js";
import { apply, enabled } from "./step.js";

/** What was noted in the entry of a page. */
export interface Mark {
  readonly process: number;
  readonly page: number;
  readonly accessed: boolean;
  readonly dirty: boolean;
}

/** A machine and the notes in its entries; entries without a note have none here. */
export interface Marked {
  readonly machine: State;
  readonly marks: readonly Mark[];
}

export interface StackedState {
  readonly shape: StackedShape;
  readonly guests: readonly Marked[];
  readonly host: Marked;
  readonly statistics: { readonly guests: readonly Statistics[]; readonly host: Statistics };
}

export interface StackedStep {
  readonly state: StackedState;
  readonly outcome: StackedOutcome;
}

export function noStackedStatistics({ guests }: StackedShape): StackedState["statistics"] {
  return { guests: Array.from({ length: guests }, () => NO_STATISTICS), host: NO_STATISTICS };
}

export function initialStacked(shape: StackedShape): StackedState {
  const memory = shape.guest.memory.zones.at(-1)!.end;
  const numbers = Array.from({ length: shape.guests }, (_, guest) => guest);
  const host = numbers.reduce((machine, process) => {
    const spawned = apply(machine, { kind: "spawn", process }).state;
    return apply(spawned, { kind: "map", process, area: 0, first: 0, end: memory }).state;
  }, initial(shape.host));
  return {
    shape,
    guests: numbers.map(() => ({ machine: initial(shape.guest), marks: [] })),
    host: { machine: host, marks: [] },
    statistics: noStackedStatistics(shape),
  };
}

export function stackedEnabled(state: StackedState, operation: StackedOperation): boolean {
  return match(operation)
    .with({ kind: "guest" }, ({ guest, does }) => isGuest(state, guest) && enabled(guestOf(state, guest), does))
    .with(
      { kind: "host" },
      ({ does }) =>
        (does.kind === "enable" || does.kind === "take" || does.kind === "give") && enabled(state.host.machine, does),
    )
    .with({ kind: "access" }, ({ guest, process, page, order }) => {
      const frame = guestFrameOf(state, guest, process, page);
      if (frame === undefined) return false;
      if (leafOf(state.host.machine, guest, frame) !== undefined) return order === 0;
      return enabled(state.host.machine, backing(guest, frame, order));
    })
    .with(
      { kind: "age" },
      ({ guest, process, page }) =>
        isGuest(state, guest) && markOf(state.guests[guest]!, process, page)?.accessed === true,
    )
    .with({ kind: "reclaim" }, ({ guest, frame }) => leafOf(state.host.machine, guest, frame) !== undefined)
    .with({ kind: "report" }, { kind: "introspect" }, ({ guest, process }) => isAlive(state, guest, process))
    .exhaustive();
}

export function applyStacked(state: StackedState, operation: StackedOperation): StackedStep {
  return match(operation)
    .with({ kind: "guest" }, ({ guest, does }) => onGuest(state, guest, does))
    .with({ kind: "host" }, ({ does }) => onHost(state, does))
    .with({ kind: "access" }, ({ guest, process, page, writes, order }) => {
      const frame = guestFrameOf(state, guest, process, page)!;
      const isBacked = leafOf(state.host.machine, guest, frame) !== undefined;
      const backed = isBacked ? undefined : onHost(state, backing(guest, frame, order));
      if (backed !== undefined && backed.outcome.kind !== "frame") return backed;
      return accessed(backed?.state ?? state, guest, process, page, frame, writes);
    })
    .with({ kind: "age" }, ({ guest, process, page }) => {
      const marked = state.guests[guest]!;
      const aged = withMark(marked, process, page, (mark) => ({ ...mark, accessed: false }));
      return { state: { ...state, guests: state.guests.with(guest, aged) }, outcome: { kind: "done" as const } };
    })
    .with({ kind: "reclaim" }, ({ guest, frame }) => onHost(state, { kind: "unmap", process: guest, page: frame }))
    .with({ kind: "report" }, ({ guest, process }) => ({ state, outcome: reportOfProcess(state, guest, process) }))
    .with({ kind: "introspect" }, ({ guest, process }) => ({ state, outcome: textsOfProcess(state, guest, process) }))
    .exhaustive();
}

/** The host's leaf of a guest's frame, the guest's leaf of a page. */
export function leafOf(machine: State, process: number, page: number): Leaf | undefined {
  return machine.processes[process]?.leaves.find((leaf) => page >= leaf.page && page < leaf.page + 2 ** leaf.order);
}

/** What is noted in the entry that covers a page. */
export function markOf({ machine, marks }: Marked, process: number, page: number): Mark | undefined {
  const leaf = leafOf(machine, process, page);
  return marks.find((mark) => mark.process === process && mark.page === leaf?.page);
}

const isGuest = (state: StackedState, guest: number): boolean => state.guests[guest] !== undefined;
const guestOf = (state: StackedState, guest: number): State => state.guests[guest]!.machine;
const isAlive = (state: StackedState, guest: number, process: number): boolean =>
  (state.guests[guest]?.machine.processes[process] ?? null) !== null;

/** The guest frame of a page that the guest has mapped. */
function guestFrameOf(state: StackedState, guest: number, process: number, page: number): number | undefined {
  const leaf = isGuest(state, guest) ? leafOf(guestOf(state, guest), process, page) : undefined;
  return leaf && leaf.frame + (page - leaf.page);
}

/** The host's fault for a guest's frame: of the aligned frames around it, for a huge one. */
function backing(guest: number, frame: number, order: number): MachineOperation {
  return { kind: "fault", process: guest, area: 0, page: frame - (frame % 2 ** order), order };
}

/** V1 and V4: where both dimensions lead, and the smaller of the two page sizes. */
function accessed(
  state: StackedState,
  guest: number,
  process: number,
  page: number,
  frame: number,
  writes: boolean,
): StackedStep {
  const note = (mark: Mark): Mark => ({ ...mark, accessed: true, dirty: mark.dirty || writes });
  const inner = leafOf(guestOf(state, guest), process, page)!;
  const outer = leafOf(state.host.machine, guest, frame)!;
  const marked = {
    ...state,
    guests: state.guests.with(guest, withMark(state.guests[guest]!, process, page, note)),
    host: withMark(state.host, guest, frame, note),
  };
  const order = Math.min(inner.order, outer.order);
  return { state: marked, outcome: { kind: "translation", frame: outer.frame + (frame - outer.page), order } };
}

function onGuest(state: StackedState, guest: number, operation: MachineOperation): StackedStep {
  const { marked, statistics, outcome } = stepped(state.guests[guest]!, state.statistics.guests[guest]!, operation);
  const counted = { ...state.statistics, guests: state.statistics.guests.with(guest, statistics) };
  return { state: { ...state, guests: state.guests.with(guest, marked), statistics: counted }, outcome };
}

function onHost(state: StackedState, operation: MachineOperation): StackedStep {
  const { marked, statistics, outcome } = stepped(state.host, state.statistics.host, operation);
  return { state: { ...state, host: marked, statistics: { ...state.statistics, host: statistics } }, outcome };
}

/** A step of one machine; what it counts is kept apart, and a note goes with the entry that it is in. */
function stepped({ machine, marks }: Marked, statistics: Statistics, operation: MachineOperation) {
  const { state, outcome } = apply({ ...machine, statistics }, operation);
  const kept = marks.filter(({ process, page }) =>
    isSame(leafAt(machine, process, page), leafAt(state, process, page)),
  );
  const marked: Marked = { machine: { ...state, statistics: NO_STATISTICS }, marks: kept };
  return { marked, statistics: state.statistics, outcome: outcome satisfies MachineOutcome };
}

const leafAt = (machine: State, process: number, page: number): Leaf | undefined =>
  machine.processes[process]?.leaves.find((leaf) => leaf.page === page);
const isSame = (before: Leaf | undefined, after: Leaf | undefined): boolean =>
  after !== undefined && after.frame === before?.frame && after.order === before.order;

/** Notes ascend by process and page; one that says nothing is none. */
function withMark(marked: Marked, process: number, page: number, change: (mark: Mark) => Mark): Marked {
  const leaf = leafOf(marked.machine, process, page)!;
  const before = markOf(marked, process, page) ?? { process, page: leaf.page, accessed: false, dirty: false };
  const after = change(before);
  const others = marked.marks.filter((mark) => mark.process !== process || mark.page !== leaf.page);
  const marks = [...others, ...(after.accessed || after.dirty ? [after] : [])];
  return { ...marked, marks: marks.sort((a, b) => a.process - b.process || a.page - b.page) };
}
