/**
 * The words of a contiguity report: its sections, and the numbers that a section holds.
 *
 * Pages are counts of 4 KiB. Source of names and figures: docs/contiguity.md, rules 4.1 to 4.6.
 */

/** Pages of a 2 MiB page. */
export const HUGE_PAGES = 512;
/** How many largest entries a section's coverage lines ask for. */
export const TOP_ENTRIES = [32, 64, 128, 256] as const;
/** The shares of all present pages, in percent, for which a section counts the entries that reach them. */
export const COVERAGE_SHARES = [80, 90, 99] as const;
/** Anchor distances are 2^0 to 2^21 pages. */
export const ANCHOR_DISTANCES = 22;
/** The exponent of the distance that is used where none is chosen from the runs: 2^14 pages. */
export const FIXED_ANCHOR_DISTANCE = 14;

export type SectionName =
  | "VMA_TLB"
  | "Virtual_TLB"
  /** Two dimensions only: runs of the guest's own table. */
  | "Guest_Range_TLB"
  | "Anchor_TLB"
  | "Range_TLB"
  | "SpOT"
  /** Range_TLB without the cut at the borders of areas (C6). */
  | "across_VMAs";

/** A histogram: `counts[i]` entries of `sizes[i]` pages; sizes differ and descend. */
export interface Histogram {
  readonly sizes: readonly number[];
  readonly counts: readonly number[];
}

export interface Section {
  readonly name: SectionName;
  readonly entries: number;
  /** Pages of all entries together. */
  readonly pages: number;
  /** For each of {@link TOP_ENTRIES}: pages of the largest entries. */
  readonly top: readonly { readonly entries: number; readonly pages: number; readonly percent: number }[];
  /** For each of {@link COVERAGE_SHARES}: the fewest largest entries that reach the share, and what they cover. */
  readonly reach: readonly {
    readonly percent: number;
    readonly entries: number;
    readonly pages: number;
    readonly coveredPercent: number;
  }[];
}

export interface WorkingSet {
  readonly presentPages: number;
  readonly smallPages: number;
  readonly hugePages: number;
}

export interface Report {
  readonly sections: readonly Section[];
  readonly workingSet: WorkingSet;
}

/** Classes of ranges by size: the fewest pages of each, ascending. */
export const RANGE_CLASSES = [
  { pages: 1, title: "below 64 KiB" },
  { pages: 16, title: "from 64 KiB" },
  { pages: 512, title: "from 2 MiB" },
  { pages: 8192, title: "from 32 MiB" },
  { pages: 65_536, title: "from 256 MiB" },
  { pages: 524_288, title: "from 2 GiB" },
] as const;

/** The present pages in the order of their addresses, in bins of equal width: pages by {@link RANGE_CLASSES}. */
export interface Strip {
  readonly pages: number;
  readonly pagesPerBin: number;
  readonly bins: readonly (readonly number[])[];
}

/** What the pages of one or more processes were found to be, before it is summed up. */
export interface Histograms {
  readonly sections: readonly { readonly name: SectionName; readonly histogram: Histogram }[];
  readonly workingSet: WorkingSet;
  /** For the picture; absent where nobody counted it. */
  readonly strip?: Strip;
}
