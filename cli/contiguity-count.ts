/** Counting snapshots for the report that is right by default. */
import type { AddressSpace } from "../impl/contiguity/address-space.js";
import { compose } from "../impl/contiguity/composed-runs.js";
import { walkGuest } from "../impl/contiguity/guest-walk.js";
import { areasOf } from "../impl/contiguity/maps-text.js";
import { framesAreHidden } from "../impl/contiguity/page-runs.js";
import { RangeCount } from "../impl/contiguity/range-count.js";
import { dimensionOf, frameFlagsOf, pageRunsOf } from "../impl/contiguity/run-document.js";
import { walk } from "../impl/contiguity/walk.js";
import type { Histograms } from "../vocabulary/contiguity/report.js";
import { PagetwinError } from "../vocabulary/errors.js";
import { readParsed } from "./contiguity-files.js";
import type { GuestSnapshot, NativeSnapshot } from "./contiguity-snapshot.js";

/** @throws PagetwinError `FORMAT` naming the file and what was expected */
export function countSnapshot(snapshot: NativeSnapshot): Histograms {
  if (snapshot.processes.length === 0) throw new PagetwinError("FORMAT", `there is no ${snapshot.asked}`);
  if (snapshot.flagsPath === undefined) {
    throw new PagetwinError("FORMAT", `${snapshot.asked}: expected kpageflags.json beside its pagemap`);
  }
  const flags = readParsed(snapshot.flagsPath, frameFlagsOf);
  const count = new RangeCount();
  for (const { mapsPath, pagesPath } of snapshot.processes) {
    const areas = readParsed(mapsPath, areasOf);
    const pages = readParsed(pagesPath, pageRunsOf);
    countProcess({ areas, pages, flags }, pagesPath, count);
  }
  return count.histograms();
}

/**
 * @param source what the pages were read from, for a message
 * @throws PagetwinError `FORMAT` where the frames are hidden
 */
export function countProcess(space: AddressSpace, source: string, count: RangeCount): void {
  if (framesAreHidden(space.pages)) {
    throw new PagetwinError(
      "FORMAT",
      `${source}: all frames are 0, hidden from a reader without the right of root: no physical sections`,
    );
  }
  walk(space, count);
}

/** @throws PagetwinError `FORMAT` naming the file and what was expected */
export function countGuest(snapshot: GuestSnapshot): Histograms {
  const areas = readParsed(snapshot.mapsPath, areasOf);
  const guest = readParsed(snapshot.guestPath, (text) => dimensionOf(text, "vmi-guest-runs-v1"));
  const host = readParsed(snapshot.hostPath, (text) => dimensionOf(text, "vmi-host-runs-v1"));
  return walkGuest(areas, compose(guest, host));
}
