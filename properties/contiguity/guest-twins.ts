/** The twins of the guest's report on small tables of both dimensions, and the rules of two dimensions (7.3). */
import fc from "fast-check";
import { compose, type Dimension } from "../../impl/contiguity/composed-runs.js";
import { reportOf } from "../../impl/contiguity/coverage.js";
import { walkGuest } from "../../impl/contiguity/guest-walk.js";
import type { Entry } from "../../model/contiguity/guest.js";
import { guestHistograms } from "../../model/contiguity/guest.js";
import type { Area } from "../../model/contiguity/pages.js";
import type { SectionName } from "../../vocabulary/contiguity/report.js";

export interface Guest {
  readonly areas: readonly Area[];
  readonly guest: readonly Entry[];
  readonly host: readonly Entry[];
}

/** Runs of a dimension: gap before, pages, jump of the target, flags. */
const dimension = (from: number, to: number): fc.Arbitrary<readonly Entry[]> =>
  fc
    .array(
      fc.record({
        gap: fc.constantFrom(0, 0, 0, 1),
        pages: fc.integer({ min: 1, max: 6 }),
        jump: fc.constantFrom(0, 0, 1, 5),
        flags: fc.constantFrom(7, 7, 7, 103),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((runs) => {
      const entries: Entry[] = [];
      let [source, target] = [from, to];
      for (const { gap, pages, jump, flags } of runs) {
        source += gap;
        target += jump;
        for (let page = 0; page < pages; page++) entries.push({ from: source++, to: target++, flags });
      }
      return entries;
    });

export const guests: fc.Arbitrary<Guest> = fc
  .record({ guest: dimension(10, 40), host: dimension(40, 500), cut: fc.integer({ min: 1, max: 30 }) })
  .map(({ guest, host, cut }) => ({
    guest,
    host,
    areas: [
      { first: 8, end: 8 + cut },
      { first: 8 + cut, end: 100 },
    ],
  }));

/** Entry by entry: each a run of its own, so that the walk has to join them. */
function dimensionOf(entries: readonly Entry[]): Dimension {
  return {
    length: entries.length,
    from: Float64Array.from(entries, ({ from }) => from),
    count: new Float64Array(entries.length).fill(1),
    to: Float64Array.from(entries, ({ to }) => to),
    flags: Int32Array.from(entries, ({ flags }) => flags),
    level: new Uint8Array(entries.length).fill(1),
  };
}

function counted({ areas, guest, host }: Guest) {
  const flat = Float64Array.from(areas.flatMap(({ first, end }) => [first, end]));
  return walkGuest(flat, compose(dimensionOf(guest), dimensionOf(host)));
}

/** Names of the sections in which the twins differ. */
export function guestDisagreements(guest: Guest): readonly SectionName[] {
  const found = counted(guest).sections;
  const lookup = (entries: readonly Entry[]) => (place: number) => entries.find(({ from }) => from === place);
  return guestHistograms(guest.areas, lookup(guest.guest), lookup(guest.host))
    .filter(({ name, histogram }) => {
      const other = found.find((section) => section.name === name)!.histogram;
      return JSON.stringify(other) !== JSON.stringify(histogram);
    })
    .map(({ name }) => name);
}

/** V3, V5: composed ranges are no longer than the guest's, and offsets no more than ranges. */
export function worseThanItsParts(guest: Guest): readonly string[] {
  const { sections } = reportOf(counted(guest));
  const section = (name: SectionName) => sections.find((each) => each.name === name)!;
  const longest = (name: SectionName): number =>
    Math.max(0, ...counted(guest).sections.find((each) => each.name === name)!.histogram.sizes);
  const lines: string[] = [];
  if (longest("Range_TLB") > longest("Guest_Range_TLB"))
    lines.push("a composed range is longer than every guest range");
  if (section("Range_TLB").entries < section("Guest_Range_TLB").entries) lines.push("fewer ranges than guest ranges");
  if (section("SpOT").entries > section("Range_TLB").entries) lines.push("more offsets than ranges");
  return lines;
}
