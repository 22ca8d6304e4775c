/** What is told of a guest's process: the report (4.6) and introspection's texts (6), page by page. */
import type { StackedOutcome } from "../../vocabulary/contiguity/stacked.js";
import { type Composed, composed, type Entry, guestHistograms, type Lookup } from "./guest.js";
import type { Area } from "./pages.js";
import { leafOf, type Marked, markOf, type StackedState } from "./stacked.js";

/** Present, writable, for users; accessed; dirty; a huge page. */
const [EVERY_LEAF, ACCESSED, DIRTY, HUGE] = [7, 32, 64, 128];
const NO_FRAME = "0xFFFFFFFF";
const PAGE_BYTES = 4096;

export function reportOfProcess(state: StackedState, guest: number, process: number): StackedOutcome {
  const areas = areasOf(state, guest, process);
  const [inner, outer] = lookups(state, guest, process);
  const pages = areas.flatMap(({ first, end }) => composed(first, end, inner, outer));
  return {
    kind: "report",
    sections: guestHistograms(areas, inner, outer),
    hugePages: hugePagesOf(pages, areas, 2 ** state.shape.guest.memory.hugeOrder),
  };
}

export function textsOfProcess(state: StackedState, guest: number, process: number): StackedOutcome {
  const areas = areasOf(state, guest, process);
  const [inner, outer] = lookups(state, guest, process);
  const pages = areas.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, at) => first + at));
  return {
    kind: "texts",
    comm: `program-${state.guests[guest]!.machine.processes[process]!.name}\n`,
    maps: areas.map(({ first, end }) => `0x${address(first)}-0x${address(end)}\n`).join(""),
    pagemap: pages.map((page) => `${lineOf(inner(page), outer)}\n`).join(""),
  };
}

function areasOf(state: StackedState, guest: number, process: number): readonly Area[] {
  const areas = state.guests[guest]!.machine.processes[process]!.areas;
  return areas.flatMap((area) => (area === null ? [] : [area])).sort((a, b) => a.first - b.first);
}

const lookups = (state: StackedState, guest: number, process: number): readonly [Lookup, Lookup] => [
  (page) => entryOf(state.guests[guest]!, process, page),
  (frame) => entryOf(state.host, guest, frame),
];

function entryOf(marked: Marked, process: number, page: number): Entry | undefined {
  const leaf = leafOf(marked.machine, process, page);
  if (leaf === undefined) return undefined;
  const mark = markOf(marked, process, page);
  const notes = (mark?.accessed ? ACCESSED! : 0) + (mark?.dirty ? DIRTY! : 0) + (leaf.order > 0 ? HUGE! : 0);
  return { from: page, to: leaf.frame + (page - leaf.page), flags: EVERY_LEAF! + notes };
}

const isHuge = ({ flags }: Entry): boolean => flags >= HUGE!;

/** V4: whole aligned pages of one area, huge in both dimensions, aligned in all three. */
function hugePagesOf(pages: readonly Composed[], areas: readonly Area[], size: number): number {
  return pages.filter(({ page, guest, host }) => {
    const isAligned = [page, guest.to, host.to].every((number) => number % size === 0);
    const isWhole = areas.some(({ first, end }) => first <= page && page + size <= end);
    return isAligned && isWhole && isHuge(guest) && isHuge(host);
  }).length;
}

function lineOf(inner: Entry | undefined, outer: Lookup): string {
  if (inner === undefined) return line([NO_FRAME, "0", "0"], [`0`, "0", "0"]);
  const host = outer(inner.to);
  return line(told(inner), host === undefined ? [NO_FRAME, "0", "0"] : told(host));
}

const told = (entry: Entry): readonly string[] => [
  `0x${hex(entry.to)}`,
  `0x${hex(entry.flags)}`,
  isHuge(entry) ? "0x2" : "0x1",
];
const line = ([gfn, gflags, glevel]: readonly string[], [pfn, hflags, hlevel]: readonly string[]): string =>
  `GFN:${gfn}\tGFLAGS:${gflags}\tGLEVEL:${glevel}\tPFN:${pfn}\tHFLAGS:${hflags}\tHLEVEL:${hlevel}`;
const hex = (value: number): string => value.toString(16);
const address = (page: number): string => hex(page * PAGE_BYTES);
