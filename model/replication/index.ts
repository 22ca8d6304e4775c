/** The reference of the replication system. */
export { apply, enabled } from "./apply.js";
export { type Census, census } from "./frames.js";
export { initial, initialStatistics } from "./initial.js";
export type * from "./state.js";
export type { Step } from "./step.js";
export { leaves, type PlacedLeaf, type PlacedTable, tables } from "./tree.js";
