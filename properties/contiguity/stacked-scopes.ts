/** Small stacks of machines whose states are all visited, and a larger one that is sampled. */
import { leafOf, type StackedState } from "../../model/contiguity/stacked.js";
import type { AllocatorShape } from "../../vocabulary/contiguity/allocator.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { StackedOperation, StackedShape } from "../../vocabulary/contiguity/stacked.js";
import type { Scope, Shape } from "../engine/system.js";
import { copy, enable, exit, fault, fork, map, type Op, smallShape, spawn, unmap } from "./operations.js";

export type StackedOp = StackedOperation;

interface Stack {
  readonly guest?: Partial<AllocatorShape>;
  readonly processes?: number;
}

/** Guests of 8 frames each on a host of so many. */
function stack(guests: number, hostFrames: number, { guest = {}, processes = 1 }: Stack = {}): Shape {
  const machine = (memory: Partial<AllocatorShape>, of: number, areas: number): MachineShape =>
    smallShape(memory, of, areas) as unknown as MachineShape;
  const zone = (first: number, end: number) => [{ name: "Normal", first, end }] as const;
  const shape: StackedShape = {
    guests,
    guest: machine({ zones: zone(0, 8), ...guest }, processes, 1),
    host: machine({ zones: zone(16, 16 + hostFrames) }, guests, 1),
  };
  return shape as unknown as Shape;
}

const inGuest = (guest: number, does: Op): StackedOp => ({ kind: "guest", guest, does });
const onHost = (does: Op): StackedOp => ({ kind: "host", does });
const access = (guest: number, page: number, order = 0, writes = false, process = 0): StackedOp => ({
  kind: "access",
  guest,
  process,
  page,
  writes,
  order,
});
const reclaim = (guest: number, frame: number): StackedOp => ({ kind: "reclaim", guest, frame });
const age = (guest: number, page: number): StackedOp => ({ kind: "age", guest, process: 0, page });
const report = (guest: number, process = 0): StackedOp => ({ kind: "report", guest, process });
const introspect = (guest: number, process = 0): StackedOp => ({ kind: "introspect", guest, process });

/** A guest with one process and an area of so many pages, contiguity-aware in both dimensions. */
const begun = (guest: number, pages: number): readonly StackedOp[] => [
  onHost(enable(guest)),
  ...[spawn(0), map(0, 0, 0, pages), enable(0)].map((does) => inGuest(guest, does)),
];
const each = (...operations: readonly StackedOp[]) => operations.map((operation) => [operation]);

const leaves = (state: StackedState, guest = 0) => state.guests[guest]!.machine.processes[0]?.leaves ?? [];
const backed = (state: StackedState, guest = 0) => state.host.machine.processes[guest]?.leaves ?? [];
const hostFrame = (state: StackedState, page: number): number | undefined => {
  const inner = leafOf(state.guests[0]!.machine, 0, page);
  const frame = inner && inner.frame + (page - inner.page);
  const outer = frame === undefined ? undefined : leafOf(state.host.machine, 0, frame);
  return outer && frame !== undefined ? outer.frame + (frame - outer.page) : undefined;
};
const guestFrame = (state: StackedState, page: number): number | undefined => {
  const inner = leafOf(state.guests[0]!.machine, 0, page);
  return inner && inner.frame + (page - inner.page);
};

type FrameOf = (state: StackedState, page: number) => number | undefined;
/** Both pages are there, the second one in the next frame. */
const follows = (state: StackedState, page: number, frameOf: FrameOf): boolean => {
  const [one, other] = [hostFrame(state, page), hostFrame(state, page + 1)].map((host, at) =>
    host === undefined ? undefined : frameOf(state, page + at),
  );
  return one !== undefined && other === one + 1;
};

export const stackedScopes: readonly Scope<StackedOp, StackedState>[] = [
  {
    name: "one-guest",
    title:
      "a guest of 8 frames on a host of 8: faults, first use, what is noted, reclaim; report and texts in each state",
    shape: stack(1, 8),
    setup: begun(0, 3),
    actions: each(
      ...[0, 1, 2].map((page) => inGuest(0, fault(0, 0, page, 0))),
      ...[inGuest(0, unmap(0, 1)), access(0, 0), access(0, 1, 0, true), access(0, 2), age(0, 1)],
      ...[reclaim(0, 0), reclaim(0, 1), report(0), introspect(0)],
    ),
    sometimes: [
      {
        name: "the host backs nothing of what the guest has",
        holds: (state) =>
          leaves(state).length > 0 && leaves(state).every(({ page }) => hostFrame(state, page) === undefined),
      },
      {
        name: "the host backs what the guest no longer has",
        holds: (state) => backed(state).length > leaves(state).length,
      },
      {
        name: "two pages of one range differ in what is noted",
        holds: (state) => hostFrame(state, 1) === (hostFrame(state, 0) ?? 0) + 1 && state.guests[0]!.marks.length === 1,
      },
    ],
    expected: { states: 959, transitions: 6475, depth: 13 },
    effort: "quick",
  },
  {
    name: "mended",
    title: "guest and host hand out frames as they come, one guest frame is taken: gaps that only one of them has",
    shape: stack(1, 8, { guest: { used: [[1, 2]] } }),
    setup: [spawn(0), map(0, 0, 0, 3)].map((does) => inGuest(0, does)),
    actions: each(
      ...[0, 1, 2].map((page) => inGuest(0, fault(0, 0, page, 0))),
      ...[access(0, 0), access(0, 1), access(0, 2), reclaim(0, 0), reclaim(0, 2), report(0)],
    ),
    sometimes: [
      {
        name: "the host mends what the guest has torn",
        holds: (state) => [0, 1].some((page) => !follows(state, page, guestFrame) && follows(state, page, hostFrame)),
      },
      {
        name: "the host tears what the guest has whole",
        holds: (state) => [0, 1].some((page) => follows(state, page, guestFrame) && !follows(state, page, hostFrame)),
      },
    ],
    expected: { states: 496, transitions: 2467, depth: 11 },
    effort: "quick",
  },
  {
    name: "huge",
    title: "huge and small pages in both dimensions: what of them is huge through both",
    shape: stack(1, 8),
    setup: begun(0, 4),
    actions: each(
      ...[fault(0, 0, 0, 1), fault(0, 0, 2, 1), fault(0, 0, 2, 0), fault(0, 0, 3, 0), unmap(0, 2)].map((does) =>
        inGuest(0, does),
      ),
      ...[access(0, 0), access(0, 0, 1), access(0, 2), access(0, 3, 1), reclaim(0, 0), report(0), introspect(0)],
    ),
    sometimes: [
      { name: "a huge page of the guest lies on small ones of the host", holds: (state) => sizes(state).has("1/0") },
      { name: "small pages of the guest lie on a huge one of the host", holds: (state) => sizes(state).has("0/1") },
      { name: "a page is huge in both", holds: (state) => sizes(state).has("1/1") },
    ],
    expected: { states: 465, transitions: 2840, depth: 9 },
    effort: "quick",
  },
  {
    name: "two-guests",
    title: "two guests whose memory does not fit the host as a whole: their places overlap, their frames do not",
    shape: stack(2, 12),
    setup: [...begun(0, 8), ...begun(1, 8)],
    actions: [0, 1].flatMap((guest) => [
      ...each(...[0, 4].map((page) => inGuest(guest, fault(0, 0, page, 0)))),
      ...each(access(guest, 0), access(guest, 4), ...(guest === 0 ? [reclaim(0, 0)] : [])),
    ]),
    sometimes: [
      {
        name: "both guests aim at one host frame",
        holds: ({ host }) => {
          const [one, other] = host.machine.processes.map((process) => process?.areas[0]?.offsets[0]?.offset);
          return one !== undefined && other !== undefined && Math.abs(one - other) < 8;
        },
      },
    ],
    expected: { states: 1842, transitions: 8297, depth: 17 },
    effort: "long",
  },
  {
    name: "guest-fork",
    title: "a guest whose process forks: shared pages, copies, exit, on a host that backs and reclaims",
    shape: stack(1, 8, { processes: 2 }),
    setup: begun(0, 2),
    actions: each(
      ...[fault(0, 0, 0, 0), fork, copy(0, 0, 0), copy(1, 0, 0), exit(1)].map((does) => inGuest(0, does)),
      ...[access(0, 0, 0, true), access(0, 0, 0, true, 1), reclaim(0, 0), report(0), report(0, 1)],
    ),
    sometimes: [
      {
        name: "both processes reach one host frame by one guest frame",
        holds: ({ guests: [guest], host }) => {
          const [parent, child] = [0, 1].map((process) => leafOf(guest!.machine, process, 0));
          return parent?.frame === child?.frame && leafOf(host.machine, 0, parent?.frame ?? -1) !== undefined;
        },
      },
      {
        name: "a copy lies on a host frame of its own",
        holds: ({ guests: [guest], host }) => {
          const child = leafOf(guest!.machine, 1, 0);
          const isCopy = child !== undefined && child.frame !== leafOf(guest!.machine, 0, 0)?.frame;
          return isCopy && leafOf(host.machine, 0, child.frame) !== undefined;
        },
      },
    ],
    expected: { states: 115, transitions: 662, depth: 11 },
    effort: "quick",
  },
];

/** Orders of guest and host leaf of all pages that both have. */
function sizes(state: StackedState): ReadonlySet<string> {
  return new Set(
    leaves(state).flatMap(({ frame, order }) => {
      const outer = leafOf(state.host.machine, 0, frame);
      return outer === undefined ? [] : [`${order}/${outer.order}`];
    }),
  );
}
