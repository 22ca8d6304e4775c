/** A guest's report, page by page, through both dimensions (4.6, 6). Not here: 2 MiB pages and anchors. */
import type { Histogram, SectionName } from "../../vocabulary/contiguity/report.js";
import type { Area } from "./pages.js";
import { histogram } from "./report.js";

/** One page or frame of a dimension. */
export interface Entry {
  readonly from: number;
  readonly to: number;
  readonly flags: number;
}

/** A page that both dimensions map. */
export interface Composed {
  readonly page: number;
  readonly guest: Entry;
  readonly host: Entry;
}

/** What a dimension says of one page or frame. */
export type Lookup = (from: number) => Entry | undefined;

export function guestHistograms(
  areas: readonly Area[],
  guest: Lookup,
  host: Lookup,
): readonly { readonly name: SectionName; readonly histogram: Histogram }[] {
  const inAreas = areas.map(({ first, end }) => composed(first, end, guest, host));
  const sizes = (continues: (before: Composed, page: Composed) => boolean): readonly number[] =>
    inAreas.flatMap((pages) => runLengths(pages, continues));
  const offsets = inAreas.flat().map(({ page, host: { to } }) => page - to);
  const entries: readonly (readonly [SectionName, readonly number[]])[] = [
    ["VMA_TLB", areas.map(({ first, end }) => end - first)],
    ["Virtual_TLB", sizes(nextPage)],
    ["Guest_Range_TLB", sizes(nextGuest)],
    ["Range_TLB", sizes(nextHost)],
    ["SpOT", [...new Set(offsets)].map((offset) => offsets.filter((each) => each === offset).length)],
  ];
  return entries.map(([name, all]) => ({ name, histogram: histogram(all) }));
}

/** V1: a page is present if both dimensions have it. */
export function composed(first: number, end: number, guest: Lookup, host: Lookup): readonly Composed[] {
  return Array.from({ length: end - first }, (_, at) => first + at).flatMap((page) => {
    const inner = guest(page);
    const outer = inner && host(inner.to);
    return inner && outer ? [{ page, guest: inner, host: outer }] : [];
  });
}

function runLengths(
  pages: readonly Composed[],
  continues: (before: Composed, page: Composed) => boolean,
): readonly number[] {
  const lengths: number[] = [];
  for (const [index, page] of pages.entries()) {
    if (index > 0 && continues(pages[index - 1]!, page)) lengths[lengths.length - 1]! += 1;
    else lengths.push(1);
  }
  return lengths;
}

const nextPage = (before: Composed, { page }: Composed): boolean => page === before.page + 1;
const nextGuest = (before: Composed, now: Composed): boolean =>
  nextPage(before, now) && now.guest.to === before.guest.to + 1 && now.guest.flags === before.guest.flags;
const nextHost = (before: Composed, now: Composed): boolean =>
  nextGuest(before, now) && now.host.to === before.host.to + 1 && now.host.flags === before.host.flags;
