/**
 * One rule dropped each: the authors' version of it in its place (C2), or, where they have none of their own, nothing
 * (7.1). What needs two threads inside one fault (A5, A26, A27 and others) is in threads/scopes.ts.
 */
import type { Dropped, Quirk } from "../../vocabulary/contiguity/allocator.js";
import type { Mutant } from "../engine/system.js";

export interface RuleMutant extends Mutant {
  readonly quirks: readonly Quirk[];
  readonly dropped: readonly Dropped[];
}

const DIFFERS = ["meaning", "answer"];
/** An assertion of the kernel stops the fault half-way: it cannot place again, and it has no frame. */
const STOPS = ["A6", "A10", "A14"];

const mutant = (quirk: Quirk, rule: string, killers: readonly string[], ...scopes: readonly string[]): RuleMutant => ({
  id: quirk,
  quirks: [quirk],
  dropped: [],
  rule,
  killers,
  scopes,
});

const without = (dropped: Dropped, rule: string, killers: readonly string[], ...scopes: readonly string[]) => ({
  id: dropped,
  quirks: [],
  dropped: [dropped],
  rule,
  killers,
  scopes,
});

export const mutants: readonly RuleMutant[] = [
  mutant("counter-drift", "placement with allocation takes its frames off the free counter", ["A9"], "two-areas"),
  mutant("stale-rover", "placement with allocation moves a rover off the block that it takes", ["A10"], "two-areas"),
  mutant("skipped-range", "next fit looks at every range", ["A11", ...DIFFERS], "fragments"),
  mutant("endless-retry", "a huge fault without a huge block becomes a small one", ["A14"], "little-memory"),
  mutant("shadowed-offset", "an offset under a start that is there replaces the one before", ["A15"], "two-areas"),
  mutant("leaked-reserve", "what is reserved for a file is free when the file goes", ["A23"], "files"),
  mutant("phantom-range", "a zone without a free top block has an empty map", ["A7"], "no-top-block"),
  mutant("frame-zero", "frame 0 is a frame like others", ["A7"], "two-zones"),
  mutant("offset-zero", "an offset of 0 is an offset, and no place is none", DIFFERS, "little-memory", "no-top-block"),
  mutant("recycled-inode", "a new file begins with offset 0", DIFFERS, "files"),
  mutant("split-limit", "a small target is taken out of a block of any size", DIFFERS, "two-areas"),
  mutant("buddy-walk", "the block that holds a target is found wherever the target lies in it", DIFFERS, "two-areas"),
  mutant("zone-test-off", "a target in another zone is refused", ["A9"], "two-zones"),
  mutant("silent-exits", "each attempt is counted, and each is answered by a counter", ["A20"], "files"),
  without("occupied-target", "a frame in use is refused as a target", ["A2-own"], "fork"),
  without(
    "offset-of-area",
    "an offset says where the area's first page goes",
    ["A3", "A11", "A12", ...DIFFERS],
    "two-areas",
  ),
  without("region-below", "the region below a page steers it, not the one above", ["A4"], "two-areas"),
  without("placing-returns", "a fault that found no frame leaves its area able to place", ["A6"], "little-memory"),
  without("three-way-merge", "a block that closes a gap joins both neighbours", ["A7"], "top-blocks"),
  without(
    "blocks-name-range",
    "when a range is cut, blocks of its second part name the new range",
    ["A8"],
    "top-blocks",
  ),
  without("request-rounded", "a request is rounded up to whole top blocks", STOPS, "two-areas"),
  without("rover-moves", "each placement moves the rover on", ["A13"], "unaligned"),
  without("ring-wraps", "a full table of offsets drops its oldest", DIFFERS, "ring"),
  without("half-without-target", "of a split block the half without the target is free", ["A1", "A9"], "two-areas"),
  without("target-aligned", "the target of a huge page is aligned", ["A1", "A9", "A17"], "unaligned"),
  without("target-rounded-up", "an unaligned target is rounded up, not down", ["A11", ...DIFFERS], "unaligned"),
  without("totals-counted", "a total is the sum of its orders", ["A19"], "two-areas"),
  without("attempt-has-target", "a request without a target is no attempt", ["A21"], "no-top-block"),
  without("reserve-shrinks", "a frame leaves the reserve when it is used", ["A1", "A22"], "files"),
  without("option-zero-nobody", "the call's option 0 enables nobody", ["A24"], "switching-on"),
  without("names-overwritten", "the call replaces the whole table of names", ["A24"], "switching-on"),
  without("exit-forgets-name", "an exit takes the command's name out of the table", ["A24"], "switching-on"),
  without("own-account", "a target had in its own zone goes off that zone's counter", ["A9"], "larger-than-a-node"),
  without("own-rover", "a placement moves the rover of its own zone", ["A10", "N1"], "two-nodes"),
  without("nodes-fall-back", "when a node has nothing left, the others are asked", ["A14"], "two-nodes"),
  without("other-node-refused", "a target on another node is refused", ["A9", "N1"], "two-nodes"),
  without(
    "placed-on-own-node",
    "an area is placed on the node on which its process faults",
    ["N2", "A11"],
    "two-nodes",
  ),
  without("own-node-first", "memory is looked for on the own node first", ["N3"], "two-nodes"),
  without("next-node-next", "behind the own node the next one is asked, and so on round", ["N3"], "three-nodes"),
  without("large-goes-on", "a process larger than a zone gets its targets in others", ["N4"], "larger-than-a-node"),
  without(
    "placed-where-asked",
    "an area whose target in another zone is refused is placed anew in the zone that was asked",
    ["N3", ...DIFFERS],
    "larger-than-a-node",
  ),
  without("off-is-ordinary", "a process that was not switched on faults as without it", ["A25"], "switching-on"),
];
