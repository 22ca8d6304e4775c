/** The reference models, a namespace for each system: pure functions over plain readonly data. */

export { initial as initialCoherency, type State as CoherencyState } from "./coherency/state.js";
export * as coherency from "./coherency/step.js";
export * as contiguityReport from "./contiguity/report.js";
export * as spot from "./contiguity/spot.js";
export * as stacked from "./contiguity/stacked.js";
export { initial as initialContiguity, type State as ContiguityState } from "./contiguity/state.js";
export * as contiguity from "./contiguity/step.js";
export { initial as initialMigration, type State as MigrationState } from "./migration/state.js";
export * as migration from "./migration/step.js";
export * as pageCache from "./page-cache/index.js";
export { initial as initialPageTable, type State as PageTableState } from "./page-table/state.js";
export * as pageTable from "./page-table/step.js";
export * as cost from "./replication/cost.js";
export * as replication from "./replication/index.js";
export * as policy from "./replication/policy.js";
export { steeringChoice } from "./replication/steering-choice.js";
