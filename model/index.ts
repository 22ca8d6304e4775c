/** The reference models, a namespace for each system: pure functions over plain readonly data. */

export { initial as initialPageTable, type State as PageTableState } from "./page-table/state.js";
export * as pageTable from "./page-table/step.js";
export * as replication from "./replication/index.js";
