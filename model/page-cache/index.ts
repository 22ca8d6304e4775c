/** The reference of the page cache. */
export { type Counts, initial, type NodePages, type OutPage, type State, withoutStatistics } from "./state.js";
export { apply, enabled } from "./step.js";
