/**
 * What holds of two dimensions (7.3). Each walk is taken by itself, page by page; the composition is judged by what they say.
 */
import type { ContiguityMachine } from "../../impl/contiguity/machine.js";
import { RangeCount } from "../../impl/contiguity/range-count.js";
import { REPORT_RULES } from "../../impl/contiguity/report-rules.js";
import type { StackedMachine } from "../../impl/contiguity/stacked-machine.js";
import { FIXED_ANCHOR_DISTANCE } from "../../vocabulary/contiguity/report.js";
import type { StackedOperation, StackedOutcome } from "../../vocabulary/contiguity/stacked.js";
import type { Invariant, StepInvariant } from "../engine/system.js";
import { invariants } from "./invariants.js";
import { leavesOf } from "./meaning.js";

/** One page as one dimension has it. */
interface Step {
  readonly to: number;
  readonly flags: number;
  readonly order: number;
}

/** A page, and where each walk leads. */
interface Composed {
  readonly page: number;
  readonly guest: Step;
  readonly host: Step;
}

interface Place {
  readonly guest: number;
  readonly process: number;
  readonly name: string;
}

/** A range of the report. */
interface Range {
  readonly page: number;
  readonly frame: number;
  readonly size: number;
}

class Ranges extends RangeCount {
  readonly found: Range[] = [];

  constructor() {
    super(FIXED_ANCHOR_DISTANCE, REPORT_RULES, false);
  }

  override addRange(page: number, frame: number, size: number, huge: number, anchorStart?: number): void {
    this.found.push({ page, frame, size });
    super.addRange(page, frame, size, huge, anchorStart);
  }
}

function placesOf({ guests, shape }: StackedMachine): readonly Place[] {
  return guests.flatMap((machine, guest) =>
    Array.from({ length: shape.guest.processes }, (_, process) => process)
      .filter((process) => machine.isAlive(process))
      .map((process) => ({ guest, process, name: `guest ${guest}, process ${process}` })),
  );
}

function walk(machine: ContiguityMachine, process: number, page: number): Step | undefined {
  if (!machine.findLeaf(process, page)) return undefined;
  return { to: machine.leafFrame + (page - machine.leafPage), flags: machine.leafFlags, order: machine.leafOrder };
}

/** The pages of all areas that both walks reach the end of. */
function composedOf(view: StackedMachine, { guest, process }: Place): readonly Composed[] {
  const areas = view.areasOf(guest, process);
  const pages: Composed[] = [];
  for (let area = 0; area < areas.length; area += 2) {
    for (let page = areas[area]!; page < areas[area + 1]!; page++) {
      const inner = walk(view.guests[guest]!, process, page);
      const outer = inner && walk(view.host, guest, inner.to);
      if (inner && outer) pages.push({ page, guest: inner, host: outer });
    }
  }
  return pages;
}

function reportOf(view: StackedMachine, { guest, process }: Place): Ranges {
  const ranges = new Ranges();
  view.histograms(guest, process, ranges);
  return ranges;
}

/** The pages from `first` on that continue in one dimension, whatever flags say. */
function runFrom(machine: ContiguityMachine, process: number, first: number): number {
  const start = walk(machine, process, first);
  if (start === undefined) return 0;
  let size = 1;
  while (walk(machine, process, first + size)?.to === start.to + size) size++;
  return size;
}

const lifted: readonly Invariant<StackedMachine>[] = invariants.map(({ id, name, why, violations }) => ({
  id,
  name,
  why,
  *violations({ guests, host }) {
    for (const [guest, machine] of guests.entries())
      for (const line of violations(machine)) yield `guest ${guest}: ${line}`;
    for (const line of violations(host)) yield `host: ${line}`;
  },
}));

const dimensions: readonly Invariant<StackedMachine>[] = [
  {
    id: "V5",
    name: "offsetsAreFewer",
    why: "a range has one offset, so there are no more offsets than ranges",
    *violations(view) {
      for (const place of placesOf(view)) {
        const { offsets, found } = reportOf(view, place);
        const entries = new Set(composedOf(view, place).map(({ page, host }) => page - host.to)).size;
        if (entries > found.length) yield `${place.name}: ${entries} offsets in ${found.length} ranges`;
        if (offsets.size > found.length) yield `${place.name}: ${offsets.size} offsets told of ${found.length} ranges`;
      }
    },
  },
  {
    id: "V1",
    name: "translationIsBoth",
    why: "a page is where the host has the frame that the guest has it in, and nowhere if either has it nowhere",
    *violations(view) {
      for (const place of placesOf(view)) {
        const expected = new Map(composedOf(view, place).map(({ page, host }) => [page, host.to]));
        const { pages } = view.composed(place.guest, place.process);
        const found = new Map<number, number>();
        for (let run = 0; run < pages.length; run++) {
          for (let at = 0; at < pages.count[run]!; at++) found.set(pages.start[run]! + at, pages.frame[run]! + at);
        }
        for (const page of new Set([...expected.keys(), ...found.keys()])) {
          const [walked, told] = [expected.get(page), found.get(page)];
          if (walked !== told)
            yield `${place.name}, page ${page}: ${told ?? "absent"}, the walks say ${walked ?? "absent"}`;
        }
      }
    },
  },
  {
    id: "V2",
    name: "offsetsAdd",
    why: "what is contiguous for a cache of both walks is what the sum of both offsets says",
    *violations(view) {
      for (const place of placesOf(view)) {
        const { offsets } = reportOf(view, place);
        const sums = new Map<number, number>();
        for (const { page, guest, host } of composedOf(view, place)) {
          const sum = page - guest.to + (guest.to - host.to);
          sums.set(sum, (sums.get(sum) ?? 0) + 1);
        }
        for (const [offset, pages] of sums) {
          const told = offsets.get(offset);
          if (told !== pages) yield `${place.name}: ${told} pages at offset ${offset}, guest and host make it ${pages}`;
        }
      }
    },
  },
  {
    id: "V3",
    name: "composedIsNoLonger",
    why: "a range is one only as far as both dimensions go on; a host cannot mend what the guest has torn",
    *violations(view) {
      for (const place of placesOf(view)) {
        const machine = view.guests[place.guest]!;
        for (const { page, size } of reportOf(view, place).found) {
          const inner = runFrom(machine, place.process, page);
          const outer = runFrom(view.host, place.guest, walk(machine, place.process, page)?.to ?? -1);
          const most = Math.min(inner, outer);
          if (size > most)
            yield `${place.name}: a range of ${size} pages from ${page} on, guest ${inner}, host ${outer}`;
        }
      }
    },
  },
  {
    id: "V4",
    name: "hugeInBoth",
    why: "a cache of both walks can hold a huge page only where both tables have one",
    *violations(view) {
      const size = 2 ** view.shape.guest.memory.hugeOrder;
      for (const place of placesOf(view)) {
        const huge = composedOf(view, place).filter(
          ({ page, guest, host }) =>
            guest.order > 0 && host.order > 0 && [page, guest.to, host.to].every((number) => number % size === 0),
        ).length;
        const { hugePages } = reportOf(view, place);
        if (hugePages !== huge) yield `${place.name}: ${hugePages} huge pages, ${huge} are huge in both`;
      }
    },
  },
  {
    id: "V6",
    name: "flagsCutRanges",
    why: "one entry of a range cache has one set of flags",
    *violations(view) {
      for (const place of placesOf(view)) {
        const pages = new Map(composedOf(view, place).map((each) => [each.page, each]));
        for (const { page, size } of reportOf(view, place).found) {
          const flags = new Set<string>();
          for (let at = page; at < page + size; at++) {
            const each = pages.get(at);
            if (each !== undefined) flags.add(`${each.guest.flags}/${each.host.flags}`);
          }
          if (flags.size > 1) yield `${place.name}: a range of ${size} pages from ${page} on has flags ${[...flags]}`;
        }
      }
    },
  },
];

export const stackedInvariants: readonly Invariant<StackedMachine>[] = [
  {
    id: "V7",
    name: "guestsShareNothing",
    why: "what one guest writes, another one must not read",
    *violations({ host, guests }) {
      const owners = new Map<number, number>();
      for (const guest of guests.keys()) {
        for (const { frame, order } of leavesOf(host, guest)) {
          for (let each = frame; each < frame + 2 ** order; each++) {
            const owner = owners.get(each) ?? guest;
            if (owner !== guest) yield `frame ${each} backs guest ${owner} and guest ${guest}`;
            owners.set(each, guest);
          }
        }
      }
    },
  },
  ...dimensions,
  ...lifted,
];

export const stackedStepInvariants: readonly StepInvariant<StackedOperation, StackedOutcome, StackedMachine>[] = [
  {
    id: "V6-offsets",
    name: "flagsKeepOffsets",
    why: "SpOT speaks of places, so what is noted in an entry makes no difference to it",
    concerns: ["age"],
    *violations(before, operation, _answer, after) {
      if (operation.kind !== "age") return;
      const offsets = (view: StackedMachine): string => {
        const { offsets: table } = reportOf(view, { guest: operation.guest, process: operation.process, name: "" });
        return JSON.stringify([...table.sortedKeys()].map((offset) => [offset, table.get(offset)]));
      };
      if (offsets(before) !== offsets(after)) yield `offsets ${offsets(before)} became ${offsets(after)}`;
    },
  },
];
