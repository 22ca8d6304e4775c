/**
 * The rules of the report, each left out once (7.2). Those that say where anchors lie, and what a 2 MiB page is, change
 * numbers of which no claim speaks: there the reference alone tells them (`answer`).
 */
import type { ReportRules } from "../../impl/contiguity/report-rules.js";
import type { Mutant } from "../engine/system.js";

export interface ReportMutant extends Mutant {
  readonly drops: keyof ReportRules;
}

const REFERENCE = "answer";

const mutant = (
  drops: keyof ReportRules,
  id: string,
  rule: string,
  killers: string | readonly string[],
  ...scopes: readonly string[]
): ReportMutant => ({ drops, id, rule, killers: typeof killers === "string" ? [killers] : killers, scopes });

export const reportMutants: readonly ReportMutant[] = [
  mutant("lastRunCounts", "no-flush", "a run that is open at the end of an area is an entry too", "S2", "pages"),
  mutant("beginsWithNothing", "start-up-run", "nothing is open before the first page", "S2", "pages"),
  mutant("areasCut", "merged-areas", "a run ends at the border of an area", "S5", "pages"),
  mutant("framesContinue", "vpn-only", "a range goes on only in the next frame", ["S9", "S4"], "pages", "many"),
  mutant("holesCut", "pfn-only", "a page that is not present ends a run", ["S9", "S4"], "pages"),
  mutant("offsetsAreSigned", "unsigned-offset", "an offset below 0 is an offset like others", "S10", "pages"),
  mutant("offsetsSpanAreas", "spot-by-area", "SpOT joins pages of one offset across areas", "S9", "pages"),
  mutant("tiesGoUp", "ties-down", "of two distances of the same cost the larger one is taken", REFERENCE, "huge"),
  mutant(
    "distanceGrows",
    "distance-at-end",
    "each range is cut by the distance of the ranges up to it",
    REFERENCE,
    "huge",
  ),
  mutant("ownRunCounts", "own-run-unknown", "a range counts for the choice of its own distance", REFERENCE, "pages"),
  mutant(
    "ownStartAnchors",
    "following-start",
    "the last range of an area is cut from its own start",
    REFERENCE,
    "pages",
  ),
  mutant("alignedStartAnchors", "aligned-skipped", "an aligned start takes its first anchor", REFERENCE, "pages"),
  mutant("restCounts", "rest-lost", "what a distance does not hold of a range is an entry too", "S3", "huge"),
  mutant("groupsOf512", "single-fill", "where no anchor lies, groups of 512 pages are one entry", "S13", "huge"),
  mutant("equalityReaches", "above-only", "a share that is met exactly is met", "S8", "pages"),
  mutant("fewEntriesCount", "few-entries", "the line of the K largest is filled when there are fewer", "S7", "pages"),
  mutant(
    "exactEntriesCount",
    "exactly-k",
    "the line of the K largest is filled when there are exactly K",
    "S7",
    "many",
  ),
  mutant("sharesAreExact", "single-precision", "shares are compared exactly", "S8", "many"),
  mutant("sharesArePresent", "share-of-areas", "shares are of present pages", "S8", "pages"),
  mutant("largestFirst", "ascending", "the largest entries come first", "S8", "pages"),
  mutant("hugeIsFlagged", "alignment-only", "a 2 MiB page is flagged as one", REFERENCE, "huge"),
  mutant("hugeIsAligned", "flag-only", "a 2 MiB page is aligned in both address spaces", REFERENCE, "huge"),
  mutant("hugeIsOneFolio", "small-folios", "a 2 MiB page is one compound page", REFERENCE, "huge"),
  mutant("holesAreSingle", "step-kept", "a hole behind a 2 MiB page is passed by page by page", "S2", "huge"),
  mutant("hugeIsNotSmall", "huge-and-small", "pages of a 2 MiB page are not counted as 4 KiB pages too", "S1", "huge"),
  mutant("swappedIsAbsent", "swapped-present", "a page that is swapped out is not present", ["S2", "S14"], "pages"),
];
