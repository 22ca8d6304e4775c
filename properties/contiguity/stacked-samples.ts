/** Larger stacks of machines that are sampled. */
import { leafOf, markOf, type StackedState } from "../../model/contiguity/stacked.js";
import type { MachineShape } from "../../vocabulary/contiguity/machine.js";
import type { StackedOperation, StackedShape } from "../../vocabulary/contiguity/stacked.js";
import type { Choose, MenuItem, SampleScope, Shape } from "../engine/system.js";
import { enable, map, smallShape, spawn } from "./operations.js";
import { menu } from "./samples.js";

type Draw = (state: StackedState, choose: Choose) => StackedOperation | undefined;
const item = (name: string, draw: Draw): MenuItem<StackedOperation, StackedState> => ({ name, draw });

/** A guest, one of its processes and a page that it has mapped. */
function drawPage(state: StackedState, choose: Choose) {
  const found = state.guests.flatMap(({ machine }, guest) =>
    machine.processes.flatMap((each, process) => (each?.leaves ?? []).map((leaf) => ({ guest, process, leaf }))),
  );
  if (found.length === 0) return undefined;
  const { guest, process, leaf } = choose.from(found);
  const at = choose.below(2 ** leaf.order);
  return { guest, process, page: leaf.page + at, frame: leaf.frame + at };
}

function drawAccess(state: StackedState, choose: Choose): StackedOperation | undefined {
  const place = drawPage(state, choose);
  if (place === undefined) return undefined;
  const { guest, process, page, frame } = place;
  const { hugeOrder } = state.shape.host.memory;
  const isBacked = leafOf(state.host.machine, guest, frame) !== undefined;
  const order = isBacked ? 0 : choose.from([0, hugeOrder, hugeOrder]);
  return { kind: "access", guest, process, page, writes: choose.below(3) === 0, order };
}

function drawProcess(state: StackedState, choose: Choose) {
  const alive = state.guests.flatMap(({ machine }, guest) =>
    machine.processes.flatMap((each, process) => (each === null ? [] : [{ guest, process }])),
  );
  return alive.length === 0 ? undefined : choose.from(alive);
}

const stackedMenu: readonly MenuItem<StackedOperation, StackedState>[] = [
  ...menu.map(({ name, draw }) =>
    item(`guest: ${name}`, (state, choose) => {
      const guest = choose.below(state.shape.guests);
      const does = draw(state.guests[guest]!.machine, choose);
      return does && { kind: "guest", guest, does };
    }),
  ),
  ...["access", "another access", "a third access", "a fourth access"].map((name) => item(name, drawAccess)),
  item("age", (state, choose) => {
    const place = drawPage(state, choose);
    if (place === undefined) return undefined;
    const { guest, process, page } = place;
    return markOf(state.guests[guest]!, process, page)?.accessed ? { kind: "age", guest, process, page } : undefined;
  }),
  item("reclaim", (state, choose) => {
    const guest = choose.below(state.shape.guests);
    const backed = state.host.machine.processes[guest]?.leaves ?? [];
    return backed.length === 0 ? undefined : { kind: "reclaim", guest, frame: choose.from(backed).page };
  }),
  ...menu
    .filter(({ name }) => ["enable", "take", "give"].includes(name))
    .map(({ name, draw }) =>
      item(`host: ${name}`, (state, choose) => {
        const does = draw(state.host.machine, choose);
        return does && { kind: "host", does };
      }),
    ),
  item("report", (state, choose) => {
    const place = drawProcess(state, choose);
    return place && { kind: "report", ...place };
  }),
  item("introspect", (state, choose) => {
    const place = drawProcess(state, choose);
    return place && { kind: "introspect", ...place };
  }),
];

const machine = (shape: Shape): MachineShape => shape as unknown as MachineShape;
const stack = (shape: StackedShape): Shape => shape as unknown as Shape;
const zone = (first: number, end: number) => [{ name: "Normal", first, end }] as const;
const X86_64 = { topOrder: 10, hugeOrder: 9, tableLength: 64, used: [[600, 601]] } as const;

export const stackedSampleScopes: readonly SampleScope<StackedOperation, StackedState>[] = [
  {
    name: "two-small-guests",
    title: "two guests of 32 frames and two processes each on a host of 64 frames",
    shape: stack({
      guests: 2,
      guest: machine(smallShape({ zones: zone(0, 32), used: [[9, 10]], files: 1 }, 2, 2, { levels: 4, filePages: 4 })),
      host: machine(smallShape({ zones: zone(64, 128), used: [[70, 71]] }, 2, 1, { levels: 5 })),
    }),
    setup: [
      { kind: "host", does: enable(0) },
      ...[spawn(0), map(0, 0, 0, 8), enable(0)].map((does) => ({ kind: "guest", guest: 0, does }) as const),
    ],
    menu: stackedMenu,
    commandsMax: 60,
  },
  {
    name: "two-guests-x86-64",
    title: "two guests of 8 MiB on a host of 16 MiB, pages of 4 KiB and 2 MiB",
    shape: stack({
      guests: 2,
      guest: machine(smallShape({ ...X86_64, zones: zone(0, 2048) }, 1, 2, { levels: 3, tables: 16 })),
      host: machine(smallShape({ ...X86_64, zones: zone(0, 4096) }, 2, 1, { levels: 3, tables: 16 })),
    }),
    setup: [
      { kind: "host", does: enable(0) },
      ...[spawn(0), map(0, 0, 512, 3000), enable(0)].map((does) => ({ kind: "guest", guest: 0, does }) as const),
    ],
    menu: stackedMenu,
    commandsMax: 10,
  },
];
