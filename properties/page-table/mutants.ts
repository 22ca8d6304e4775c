/** One rule dropped each: why the rule is there. */
import type { PageTableRules } from "../../impl/page-table/rules.js";
import type { Mutant } from "../engine/system.js";

interface RuleMutant extends Mutant {
  readonly drops: keyof PageTableRules;
}

const mutant = (
  id: string,
  drops: keyof PageTableRules,
  rule: string,
  killers: readonly string[],
  ...scopes: readonly string[]
): RuleMutant => ({ id, drops, rule, killers, scopes });

export const mutants: readonly RuleMutant[] = [
  mutant("T1", "unmapFlushes", "unmap flushes the page on every CPU", ["I37", "I25"], "one-slot"),
  mutant("T2", "protectFlushes", "taking a right away flushes the page on every CPU", ["I37"], "two-cpus"),
  mutant("T3", "collapseFlushes", "collapse flushes before it frees the table", ["I37", "I25"], "large-leaf"),
  mutant("T4", "splitFlushes", "split flushes the large translation", ["I37"], "large-leaf"),
  mutant("T5", "splitKeepsMarks", "the parts of a split leaf inherit A and D", ["W29"], "large-leaf"),
  mutant("T6", "collapseKeepsMarks", "a collapsed leaf has the OR of its parts' A and D", ["W29"], "large-leaf"),
  mutant("T7", "failedMapUndoes", "a map without memory releases the tables it has linked", ["W34"], "short-of-memory"),
  mutant(
    "T8",
    "faultDropsTranslations",
    "a fault drops the CPU's own translations of the address",
    ["W31"],
    "two-cpus",
  ),
  mutant("T9", "faultSparesLeaf", "an access that faults sets no A in the leaf", ["W40"], "two-cpus"),
  mutant("T10", "writeSetsDirty", "the first write through a clean translation sets D", ["I12"], "two-cpus"),
];
