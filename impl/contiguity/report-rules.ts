/** The rules of the report, each of which can be dropped to see what it is for (C5, C6). */
export interface ReportRules {
  /** A run that is open at the end of an area is an entry too. */
  readonly lastRunCounts: boolean;
  /** A run ends at the border of an area. */
  readonly areasCut: boolean;
  /** A range goes on only in the next frame. */
  readonly framesContinue: boolean;
  /** A page that is not present ends a run. */
  readonly holesCut: boolean;
  /** Offsets are signed: page minus frame, also below 0. */
  readonly offsetsAreSigned: boolean;
  /** A 2 MiB page is flagged as one. */
  readonly hugeIsFlagged: boolean;
  /** A 2 MiB page is aligned in both address spaces. */
  readonly hugeIsAligned: boolean;
  /** A 2 MiB page is one compound page. */
  readonly hugeIsOneFolio: boolean;
  /** An aligned start takes its first anchor. */
  readonly alignedStartAnchors: boolean;
  /** Of two distances of the same cost the larger one is taken. */
  readonly tiesGoUp: boolean;
  /** The run that is cut counts for the choice of its own distance. */
  readonly ownRunCounts: boolean;
  /** The largest entries come first. */
  readonly largestFirst: boolean;
  /** The lines of the K largest are filled also when there are no more than K. */
  readonly fewEntriesCount: boolean;
  /** A share that is met exactly is met. */
  readonly equalityReaches: boolean;
  /** Nothing is open before the first page. Without it: a run of one page (Q1). */
  readonly beginsWithNothing: boolean;
  /** SpOT joins pages of one offset across areas. */
  readonly offsetsSpanAreas: boolean;
  /** Each run has the distance that suits the runs up to it. Without it: all have the last one. */
  readonly distanceGrows: boolean;
  /** The last range of an area is cut from its own start. Without it: from the next area's (Q4). */
  readonly ownStartAnchors: boolean;
  /** What a distance does not hold of a range is an entry too. */
  readonly restCounts: boolean;
  /** Where no anchor lies, aligned groups of 512 pages are one entry. */
  readonly groupsOf512: boolean;
  /** The line of the K largest counts K entries, also where there are exactly K. */
  readonly exactEntriesCount: boolean;
  /** Shares are compared exactly. Without it: as quotients in single precision. */
  readonly sharesAreExact: boolean;
  /** Shares are of present pages. Without it: of the pages of all areas. */
  readonly sharesArePresent: boolean;
  /** A page that is not present is one page, also behind a 2 MiB page (Q6). */
  readonly holesAreSingle: boolean;
  /** The pages of a 2 MiB page are not 4 KiB pages too. */
  readonly hugeIsNotSmall: boolean;
  /** A page that is swapped out is not present. */
  readonly swappedIsAbsent: boolean;
}

export const REPORT_RULES: ReportRules = {
  lastRunCounts: true,
  areasCut: true,
  framesContinue: true,
  holesCut: true,
  offsetsAreSigned: true,
  hugeIsFlagged: true,
  hugeIsAligned: true,
  hugeIsOneFolio: true,
  alignedStartAnchors: true,
  tiesGoUp: true,
  ownRunCounts: true,
  largestFirst: true,
  fewEntriesCount: true,
  equalityReaches: true,
  beginsWithNothing: true,
  offsetsSpanAreas: true,
  distanceGrows: true,
  ownStartAnchors: true,
  restCounts: true,
  groupsOf512: true,
  exactEntriesCount: true,
  sharesAreExact: true,
  sharesArePresent: true,
  holesAreSingle: true,
  hugeIsNotSmall: true,
  swappedIsAbsent: true,
};
