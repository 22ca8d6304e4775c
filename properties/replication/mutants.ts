/**
 * One rule dropped each: why the rule is there. M1 to M50 are numbered as in the specification, M51 and up follow the
 * rulings W21 to W28 in their order. M10, M12 to M19, M27 to M34 and M46 need interleaving or the page cache.
 */
import type { Mutant } from "../engine/system.js";

const mutant = (id: string, rule: string, killers: readonly string[], ...scopes: readonly string[]): Mutant => ({
  id,
  rule,
  killers,
  scopes,
});

export const mutants: readonly Mutant[] = [
  mutant("M1", "the last member of a ring links back to the first", ["I1", "I5"], "remembering"),
  mutant("M2", "a leaf is stored in every member of the ring", ["I5"], "remembering"),
  mutant("M3", "a parent's member names the child's copy of its own node", ["I6", "I9"], "remembering"),
  mutant("M4", "an entry that points to a copy keeps the entry's flags", ["I6"], "remembering"),
  mutant("M5", "a large leaf is not taken for a table", ["I3", "I5", "I2"], "large-leaf"),
  mutant("M6", "an entry is cleared in every member", ["I5", "I25", "I14", "I37"], "remembering"),
  mutant("M7", "write protection goes to every member", ["I16", "I5"], "two-processes"),
  mutant("M8", "A is cleared in every member", ["I13"], "shared-frames"),
  mutant("M9", "a read gathers A and D from every member", ["I12"], "shared-frames"),
  mutant("M11", "disable merges A and D into the copy that survives", ["I15"], "remembering"),
  mutant("M20", "enable rewires the home node's tables too", ["I9", "I11"], "two-pages", "remembering"),
  mutant("M21", "a child gets tables of its own", ["I34", "I3", "I4", "I17"], "two-processes"),
  mutant("M22", "fork leaves the parent's replication as it is", ["I34"], "two-processes"),
  mutant("M23", "a child starts with automatic steering", ["meaning"], "control"),
  mutant("M24", "exec keeps replication whatever inherit says", ["meaning"], "control"),
  mutant("M25", "release frees every copy and nothing else", ["I3", "I22", "I24"], "remembering"),
  mutant("M26", "release clears the links of what it frees", ["I3"], "remembering"),
  mutant("M35", "a CPU without a copy of its own runs on home", ["I19", "I17"], "three-nodes"),
  mutant("M36", "steering goes to nodes of the stored set only", ["I20"], "three-nodes"),
  mutant("M37", "steering is looked up by the CPU's node", ["I19"], "three-nodes"),
  mutant("M38", "the home node belongs to the set", ["I31"], "control"),
  mutant("M39", "mask 1 means all online nodes", ["answer", "meaning"], "remembering"),
  mutant("M40", "the set's size is checked before home is added", ["answer", "meaning"], "control"),
  mutant("M41", "a root load on home counts as primary", ["I26"], "remembering"),
  mutant("M42", "disable clears the set and the slots", ["I31"], "remembering"),
  mutant("M43", "a copy lies on its own node or not at all", ["I9"], "short-of-memory-2-2", "short-of-memory-4-1"),
  mutant("M44", "copies already taken are given back when one fails", ["I22", "I3"], "three-nodes-short", "short-of-memory-2-2"),
  mutant("M45", "set_access_flags compares every member", ["I36"], "two-processes", "short-of-memory-4-1"),
  mutant("M47", "enable copies the kernel half as well", ["I8"], "control"),
  mutant("M48", "loading a root flushes", ["I25", "I37"], "remembering"),
  mutant("M49", "unmap shoots down what CPUs remember", ["I37", "I25"], "remembering"),
  mutant("M50", "a shootdown reaches CPUs on copies", ["I37", "I25"], "remembering"),
  mutant("M51", "fork passes on the D that only a copy has", ["I15"], "two-processes"),
  mutant("M52", "fork flushes after it has write-protected", ["I37"], "two-processes-remembering", "two-processes"),
  mutant("M53", "clean looks at every member", ["I12"], "shared-frames"),
  mutant("M54", "an empty table stays while a range is mapped in its span", ["I2", "meaning"], "remembering"),
  mutant("M55", "a table stays while a neighbour's range lies in its span", ["I37", "I5", "I22", "meaning"], "remembering"),
  mutant("M56", "a table that moves is named by the copies of each parent's node", ["I6", "I9"], "moving-places"),
  mutant("M57", "a leaf that moves keeps the D of every member", ["I15"], "moving-places"),
  mutant("M58", "remap flushes the old place", ["I37", "I25"], "moving-places"),
  mutant("M59", "every member shows that the page is on its way", ["I7", "I5"], "moving-places"),
];
