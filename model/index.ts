/** The reference models, a namespace for each system: pure functions over plain readonly data. */

export * as contiguityReport from "./contiguity/report.js";
export { initial as initialContiguity, type State as ContiguityState } from "./contiguity/state.js";
export * as contiguity from "./contiguity/step.js";
export * as pageCache from "./page-cache/index.js";
export { initial as initialPageTable, type State as PageTableState } from "./page-table/state.js";
export * as pageTable from "./page-table/step.js";
export * as replication from "./replication/index.js";
