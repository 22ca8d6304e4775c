/** One address space, as the walks of a report take it. */
import type { FrameFlags } from "./frame-flags.js";
import type { PageRuns } from "./page-runs.js";

export interface AddressSpace {
  /** The areas in the order of the maps file: page numbers [first, end) side by side, first of area i at 2i. */
  readonly areas: Float64Array;
  readonly pages: PageRuns;
  readonly flags: FrameFlags;
}
