/**
 * One rule dropped each: why the rule is there. M1 to M50 are numbered as in the specification, M51 to M59 follow the
 * rulings W21 to W28 in their order; M60 and up are rules that this project found to need one.
 *
 * M10, M13 to M19, M27 and M66 to M75 need two threads inside the kernel at once: publication/interleaved-mutants.ts has them.
 * M29 to M32 and M46 are the page cache's.
 */
import type { Rules } from "../../impl/replication/rules.js";
import type { Mutant } from "../engine/system.js";

interface DroppedRule extends Mutant {
  readonly drops: keyof Rules;
}

const mutant = (
  id: string,
  drops: keyof Rules,
  rule: string,
  killers: readonly string[],
  ...scopes: readonly string[]
): DroppedRule => ({
  id,
  drops,
  rule,
  killers,
  scopes,
});

export const mutants: readonly DroppedRule[] = [
  mutant("M1", "closeRing", "the last member of a ring links back to the first", ["I1", "I5"], "remembering"),
  mutant("M2", "setEveryMember", "a leaf is stored in every member of the ring", ["I5"], "remembering"),
  mutant(
    "M3",
    "pointToOwnNode",
    "a parent's member names the child's copy of its own node",
    ["I6", "I9"],
    "remembering",
  ),
  mutant("M4", "keepPointerFlags", "an entry that points to a copy keeps the entry's flags", ["I6"], "remembering"),
  mutant("M5", "leafBySizeBit", "a large leaf is not taken for a table", ["I3", "I5", "I2"], "large-leaf"),
  mutant(
    "M6",
    "clearEveryMember",
    "an entry is cleared in every member",
    ["I3", "I5", "I25", "I14", "I37"],
    "remembering",
  ),
  mutant("M7", "protectEveryMember", "write protection goes to every member", ["I16", "I5"], "copy-on-write"),
  mutant("M8", "ageEveryMember", "A is cleared in every member", ["I13"], "shared-frames"),
  mutant("M9", "aggregateReads", "a read gathers A and D from every member", ["I12"], "shared-frames"),
  mutant("M11", "mergeAtDisable", "disable merges A and D into the copy that survives", ["I15"], "remembering"),
  mutant("M12", "disableSendsHome", "disable sends every CPU home", ["I17", "I21"], "remembering"),
  mutant("M20", "rewireHome", "enable rewires the home node's tables too", ["I6", "I9", "I11"], "two-pages"),
  mutant("M21", "freshChild", "a child gets tables of its own", ["I2", "I34", "I3", "I4", "I17"], "copy-on-write"),
  mutant("M22", "forkKeepsParent", "fork leaves the parent's replication as it is", ["I34"], "copy-on-write"),
  mutant("M23", "steeringNotInherited", "a child starts with automatic steering", ["meaning"], "control"),
  mutant("M24", "execIgnoresInherit", "exec keeps replication whatever inherit says", ["meaning"], "control"),
  mutant("M25", "releaseEveryCopy", "release frees every copy and nothing else", ["I3", "I22", "I24"], "remembering"),
  mutant("M26", "clearCopyLinks", "release clears the links of what it frees", ["I3"], "remembering"),
  mutant("M28", "zeroAtPush", "a page is zeroed when it enters the cache", ["I23"], "cached-tables"),
  mutant("M33", "cacheOnlyItsOwn", "only pages that came from the cache go back to it", ["I28"], "cached-tables"),
  mutant("M34", "cacheByPageNode", "a page goes to the cache of its own node", ["I10"], "cached-tables"),
  mutant("M35", "fallBackToHome", "a CPU without a copy of its own runs on home", ["I19", "I17"], "three-nodes"),
  mutant("M36", "steerWithinSet", "steering goes to nodes of the stored set only", ["I20"], "three-nodes"),
  mutant("M37", "steerByCpuNode", "steering is looked up by the CPU's node", ["I19"], "three-nodes"),
  mutant("M38", "addHome", "the home node belongs to the set", ["I31"], "control"),
  mutant("M39", "maskOneMeansAll", "mask 1 means all online nodes", ["answer", "meaning"], "control"),
  mutant("M40", "weighBeforeHome", "the set's size is checked before home is added", ["answer", "meaning"], "control"),
  mutant("M41", "countHomeAsPrimary", "a root load on home counts as primary", ["I26"], "control"),
  mutant("M42", "clearSetAtDisable", "disable clears the set and the slots", ["I3", "I31"], "remembering"),
  mutant("M43", "strictCopies", "a copy lies on its own node or not at all", ["I1", "I9"], "short-of-memory-4-1"),
  mutant(
    "M44",
    "giveBackPartial",
    "copies already taken are given back when one fails",
    ["I22", "I3"],
    "three-nodes-short",
  ),
  mutant(
    "M45",
    "compareEveryMember",
    "set_access_flags compares every member",
    ["I36"],
    "write-notify",
    "copy-on-write",
  ),
  mutant("M47", "copyKernelHalf", "enable copies the kernel half as well", ["I8"], "control"),
  mutant("M48", "loadFlushes", "loading a root flushes", ["I25", "I37"], "copy-on-write"),
  mutant("M49", "unmapFlushes", "unmap shoots down what CPUs remember", ["I37", "I25"], "remembering"),
  mutant("M50", "flushReachesCopies", "a shootdown reaches CPUs on copies", ["I37", "I25"], "remembering"),
  mutant("M51", "forkAggregatesDirty", "fork passes on the D that only a copy has", ["I15"], "copy-on-write"),
  mutant("M52", "forkFlushesAfter", "fork flushes after it has write-protected", ["I37"], "copy-on-write"),
  mutant("M53", "cleanAggregates", "clean looks at every member", ["I12"], "shared-frames"),
  mutant(
    "M54",
    "freeTablesByRange",
    "an empty table stays while a range is mapped in its span",
    ["meaning"],
    "remembering",
  ),
  mutant(
    "M55",
    "neighbourKeepsTable",
    "a table stays while a neighbour's range lies in its span",
    ["I37", "I5", "I22", "meaning"],
    "remembering",
  ),
  mutant(
    "M56",
    "moveTableByNode",
    "a table that moves is named by the copies of each parent's node",
    ["I6", "I9"],
    "moving-places",
  ),
  mutant("M57", "moveKeepsFlags", "a leaf that moves keeps the D of every member", ["I15"], "moving-places"),
  mutant("M58", "remapFlushes", "remap flushes the old place", ["I37", "I25"], "moving-places"),
  mutant("M59", "payloadEverywhere", "every member shows that the page is on its way", ["I7", "I5"], "moving-places"),
  mutant("M60", "disableFlushesHome", "disable flushes CPUs that never left home", ["I25"], "remembering"),
  mutant("M61", "resetSteeringOnSuccess", "a failing enable leaves steering alone", ["I32", "I33"], "three-nodes"),
  mutant("M62", "storedSetIsEnough", "enable with the stored set answers 0", ["I33"], "remembering"),
  mutant("M63", "enableMovesPeaks", "copies that enable makes move the peaks", ["I29"], "remembering"),
  mutant("M64", "sequenceGoesOn", "clearing the history leaves the sequence numbers alone", ["I30"]),
  mutant("M65", "totalsCountRoots", "totals count the root level too", ["I27"]),
  mutant("M76", "steerFromAuto", "a steering entry below -1 is refused", ["I20"], "sessions"),
  mutant("M77", "oldestRecordGoes", "the oldest record makes room for the 65th", ["I30"], "sessions"),
  mutant("M78", "freeExtraMember", "disable frees a ring's member outside the set as well", ["I3"], "three-nodes"),
  mutant(
    "M79",
    "cacheKeepsOrder",
    "pages that a failing enable gives back return in their order",
    ["I32"],
    "cache-order",
  ),
  mutant("M80", "lastUseEnds", "replication ends with the last use of an address space", ["meaning"]),
  mutant(
    "M81",
    "tablesIgnorePolicy",
    "tables lie where CPUs need them, not where data is wanted",
    ["meaning"],
    "two-pages",
  ),
  mutant("M82", "ringNeedsParents", "a table under a parent without a ring gets none", ["meaning"], "ringless-parents"),
  mutant(
    "M83",
    "fallBackAscending",
    "a base falls back to the other nodes in ascending order",
    ["meaning"],
    "base-falls-back",
  ),
  mutant("M84", "rootsAreNotCached", "a root never comes from a cache", ["meaning"]),
  mutant("M85", "zeroIsATime", "a session that began at time 0 leaves a record", ["meaning"], "sessions"),
  mutant("M86", "enableMovesNobody", "enable moves no CPU", ["meaning"], "remembering"),
];
