/**
 * One rule dropped each (C2): the authors' version of the rule in its place. Rules of files are not here: no operation of
 * the machine has to do with files.
 */
import type { Quirk } from "../../vocabulary/contiguity/allocator.js";
import type { Mutant } from "../engine/system.js";

export interface QuirkMutant extends Mutant {
  readonly quirk: Quirk;
}

const mutant = (quirk: Quirk, rule: string, killers: readonly string[], ...scopes: readonly string[]): QuirkMutant => ({
  id: quirk,
  quirk,
  rule,
  killers,
  scopes,
});

export const mutants: readonly QuirkMutant[] = [
  mutant("counter-drift", "placement with allocation takes its frames off the free counter", ["A9"], "two-areas"),
  mutant("stale-rover", "placement with allocation moves a rover off the block that it takes", ["A10"], "two-areas"),
  mutant("skipped-range", "next fit looks at every range", ["A11", "meaning", "answer"], "fragments"),
  mutant("endless-retry", "a huge fault without a huge block becomes a small one", ["A14"], "little-memory"),
  mutant("shadowed-offset", "an offset under a start that is there replaces the one before", ["A15"], "two-areas"),
  mutant("phantom-range", "a zone without a free top block has an empty map", ["A7"], "no-top-block"),
  mutant("frame-zero", "frame 0 is a frame like others", ["A7"], "two-zones"),
  mutant(
    "offset-zero",
    "an offset of 0 is an offset, and no place is none",
    ["meaning", "answer"],
    "little-memory",
    "no-top-block",
  ),
  mutant("split-limit", "a small target is taken out of a block of any size", ["meaning", "answer"], "two-areas"),
  mutant(
    "buddy-walk",
    "the block that holds a target is found wherever the target lies in it",
    ["meaning", "answer"],
    "two-areas",
  ),
  mutant("zone-test-off", "a target in another zone is refused", ["A9"], "two-zones"),
];
