/** The words in which a caller asks and is answered: ids, operations, outcomes, geometry, error codes. */
export {
  type Channels as CoherencyChannels,
  type Configuration as CoherencyConfiguration,
  configuration as coherencyConfiguration,
  type ExitMode as CoherencyExit,
  type Stamps as CoherencyStamps,
} from "./coherency/configuration.js";
export type {
  Message as CoherencyMessage,
  Operation as CoherencyOperation,
  Outcome as CoherencyOutcome,
} from "./coherency/operations.js";
export { COPY_STATES, type CopyState } from "./coherency/protocol.js";
export {
  MULTICAST as COHERENCY_MULTICAST,
  PROFILES as COHERENCY_PROFILES,
  type ProfileName as CoherencyProfile,
  type Rules as CoherencyRules,
} from "./coherency/rules.js";
export {
  PAGE_BYTES,
  PAGE_WORDS,
  type ProgramHost,
  type ProgramStep,
  type SteppedProgram,
} from "./coherency/runtime.js";
export { type AllocatorShape, allocatorShape, QUIRKS, type Quirk } from "./contiguity/allocator.js";
export type {
  MachineOperation as ContiguityOperation,
  MachineOutcome as ContiguityOutcome,
  MachineShape as ContiguityShape,
} from "./contiguity/machine.js";
export type { Report as ContiguityReport, Section as ContiguitySection } from "./contiguity/report.js";
export type { SpotShape } from "./contiguity/spot.js";
export type { StackedOperation, StackedOutcome, StackedShape } from "./contiguity/stacked.js";
export * from "./errors.js";
export * from "./geometry.js";
export {
  type Instance as MigrationInstance,
  instance as migrationInstance,
  type ProgramStep as MigrationStep,
  type ThreadProgram as MigratingThread,
} from "./migration/instance.js";
export type { Answer as MigrationAnswer, Operation as MigrationOperation } from "./migration/operations.js";
export { type CacheGeometry, cacheGeometry, type HeadLayout } from "./page-cache/geometry.js";
export type { Answer as CacheAnswer, Operation as CacheOperation } from "./page-cache/operations.js";
export * from "./page-table/access.js";
export * from "./page-table/entry.js";
export * from "./page-table/fault.js";
export type { LeafLevel, Operation as PageTableOperation } from "./page-table/operations.js";
export type { LeafReport, Outcome as PageTableOutcome } from "./page-table/outcomes.js";
export * from "./replication/cost.js";
export {
  NODE_SLOTS,
  type Operation as ReplicationSystemOperation,
  PRCTL,
  STEERING_AUTO,
  type UserVector,
} from "./replication/operations.js";
export type { Errno, Outcome as ReplicationSystemOutcome, Served } from "./replication/outcomes.js";
export * from "./replication/policy.js";
export { PROC_FILES, type ProcFile } from "./replication/proc.js";
export * from "./replication/statistics.js";
export {
  type LatencyMatrix,
  latencyMatrix,
  type SteeringVector,
  steeringVector,
} from "./replication/steering-choice.js";
