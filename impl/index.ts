/** The implementations: each keeps its whole state in one Int32Array that the caller gives it. */
export {
  CoherencyEngine,
  type EngineOptions as CoherencyOptions,
  engineWords as coherencyWordsNeeded,
} from "./coherency/engine.js";
export { OUTBOX_WORDS, Outbox } from "./coherency/outbox.js";
export { RuntimeKernel, type RuntimeOptions } from "./coherency/runtime-kernel.js";
export { SharedMemory } from "./coherency/runtime-memory.js";
export { type SimulationOptions, type SimulationResult, simulate } from "./coherency/runtime-simulation.js";
export type { AddressSpace } from "./contiguity/address-space.js";
export { ContiguityAllocator } from "./contiguity/allocator.js";
export { reportOf as contiguityReport } from "./contiguity/coverage.js";
export { FrameFlags } from "./contiguity/frame-flags.js";
export { ContiguityMachine } from "./contiguity/machine.js";
export { areasOf } from "./contiguity/maps-text.js";
export { PageRuns } from "./contiguity/page-runs.js";
export { RangeCount } from "./contiguity/range-count.js";
export { frameFlagsOf, pageRunsOf } from "./contiguity/run-document.js";
export { Spot } from "./contiguity/spot.js";
export { StackedMachine } from "./contiguity/stacked-machine.js";
export { walk as countPages } from "./contiguity/walk.js";
export { AtomicPort, type MemoryPort, PlainPort } from "./memory-port.js";
export { apply as applyToMigration, begunThreads, enabled as enabledInMigration } from "./migration/apply.js";
export { MigrationLayout } from "./migration/layout.js";
export { Migration } from "./migration/migration.js";
export { MIGRATION_RULES, type MigrationRules } from "./migration/rules.js";
export { type CacheOptions, LocklessPageCache } from "./page-cache/lockless-page-cache.js";
export { CACHE_RULES, type CacheRules } from "./page-cache/rules.js";
export type { WidePort } from "./page-cache/wide-heads.js";
export { apply as applyToPageTable, enabled as enabledOnPageTable } from "./page-table/apply.js";
export { dumpedLeaves, parseCr3, parseDump, type TableDump } from "./page-table/dump.js";
export { PageTable } from "./page-table/page-table.js";
export { traceCost } from "./replication/cost.js";
export { wordsNeeded as replicationWordsNeeded } from "./replication/layout.js";
export {
  initialisePolicy,
  POLICY_OFF,
  POLICY_ON,
  POLICY_STAY,
  POLICY_WORDS,
  policyReplicated,
  policyStep,
} from "./replication/policy.js";
export { Replication, type ReplicationOptions } from "./replication/replication.js";
export { chooseSteering, flatLatency } from "./replication/steering-choice.js";
