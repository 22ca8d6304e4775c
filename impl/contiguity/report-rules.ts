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
};
