/** The programs of threads as scopes of the system, and the mutants that only threads inside a fault can kill. */
import type { Rule } from "../../../vocabulary/contiguity/allocator.js";
import { PagetwinError } from "../../../vocabulary/errors.js";
import type { InterleavedScope } from "../../engine/interleaved.js";
import type { Mutant } from "../../engine/system.js";
import { mutants as stepMutants } from "../mutants.js";
import { threadPrograms } from "./interleaved.js";

interface ThreadMutant extends Mutant {
  readonly drops: readonly Rule[];
}

const mutant = (id: Rule, rule: string, killers: readonly string[], ...scopes: readonly string[]): ThreadMutant => ({
  id,
  drops: [id],
  rule,
  killers,
  scopes,
});

export const threadMutants: readonly ThreadMutant[] = [
  mutant("one-places", "of faults of an area at a time only one chooses a place", ["A5"], "huge / huge, busy targets"),
  mutant("look-behind-guard", "whoever may place looks what is placed only then", ["A3"], "huge / huge, first faults"),
  mutant("placing-counted-at-once", "who wants to place is counted in one step", ["A6"], "huge / huge, first faults"),
  mutant("huge-in-progress", "one thread at a time allocates a huge page", ["A2"], "huge / huge, one page"),
  mutant("unlocked-placement", "an area is placed under the zone's lock", ["A27"], "huge / huge, two areas"),
  mutant(
    "table-locked",
    "the offsets of an area are read and written under its lock",
    ["linearizable"],
    "huge / small, an offset of another sign",
  ),
  mutant(
    "one-zone-at-a-time",
    "who asks for a target in another zone lets go of the first one",
    ["deadlock"],
    "huge / huge, across nodes",
  ),
  mutant(
    "allocation-locked",
    "frames are taken under the zone's lock",
    ["linearizable"],
    "huge / huge, one block left",
  ),
  mutant(
    "sole-user-keeps",
    "who writes to a page that is his alone by now keeps its frame",
    ["A26"],
    "copy / copy, one process",
  ),
  mutant("loser-gives-back", "who comes too late with a small frame gives it back", ["A2"], "small / small, one page"),
];

export const threadScopes: readonly InterleavedScope[] = threadPrograms.map((entry) => ({
  ...entry,
  program: (without?: string) => entry.program(dropsOf(without)),
}));

/** @throws PagetwinError `ARGUMENT` for a mutant that is not there */
function dropsOf(without: string | undefined): readonly Rule[] {
  if (without === undefined) return [];
  const threaded = threadMutants.find(({ id }) => id === without);
  if (threaded !== undefined) return threaded.drops;
  const stepped = stepMutants.find(({ id }) => id === without);
  if (stepped === undefined) throw new PagetwinError("ARGUMENT", `contiguity has no mutant ${without}`);
  return [...stepped.quirks, ...stepped.dropped];
}
