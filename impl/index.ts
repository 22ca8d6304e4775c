/** The implementations: each keeps its whole state in one Int32Array that the caller gives it. */
export { AtomicPort, type MemoryPort, PlainPort } from "./memory-port.js";
export { apply as applyToPageTable, enabled as enabledOnPageTable } from "./page-table/apply.js";
export { dumpedLeaves, parseCr3, parseDump, type TableDump } from "./page-table/dump.js";
export { PageTable } from "./page-table/page-table.js";
export { wordsNeeded as replicationWordsNeeded } from "./replication/layout.js";
export { initialisePolicy, POLICY_WORDS, policyStep } from "./replication/policy.js";
export { Replication, type ReplicationOptions } from "./replication/replication.js";
export { chooseSteering, flatLatency } from "./replication/steering-choice.js";
