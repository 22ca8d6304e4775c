/**
 * What must hold of each system, and the engines that look for what does not. A system of one's own is a value of type
 * `System`; everything here works on it.
 */

export { huntCoherencyMutant, type MutantVerdict } from "./coherency/mutant-hunt.js";
export { type CoherencyMutant, coherencyMutants } from "./coherency/mutants.js";
export { type InStep, type SearchOptions, searchCoherency } from "./coherency/search.js";
export { coherency } from "./coherency/system.js";
export { reportSystem } from "./contiguity/report-system.js";
export { spotSystem } from "./contiguity/spot-system.js";
export { stackedSystem } from "./contiguity/stacked-system.js";
export { contiguity } from "./contiguity/system.js";
export type { AnyOperation, AnyState, AnySystem } from "./engine/any-system.js";
export * from "./engine/counterexample.js";
export { applyChanges, type Change, differences, equalPlain } from "./engine/differences.js";
export { type Exhausted, type ExhaustOptions, exhaust } from "./engine/exhaust.js";
export { type Hunt, type HuntOptions, hunt } from "./engine/hunt.js";
export {
  type KernelHost,
  type KernelProgram,
  type ProgramSource,
  type ReadOnlyPages,
  runOnThreads,
  type ThreadOptions,
  type ThreadRun,
} from "./engine/kernel-threads.js";
export { type Breach, Pair, type Step } from "./engine/pair.js";
export { type Replayed, replay } from "./engine/replay.js";
export { type Sampled, type SampleOptions, sample } from "./engine/sample.js";
export { runScenario, type ScenarioVerdict } from "./engine/scenario.js";
export { dropSteps, type Place, type Shrunk, shrink } from "./engine/shrink.js";
export { type StressContext, type Stressed, type StressedThread, type StressPlan, stress } from "./engine/stress.js";
export type { StressOutcome, StressScope } from "./engine/stress-scope.js";
export { type Repeated, replayThreads, tellThreads } from "./engine/stress-story.js";
export type * from "./engine/system.js";
export { type Plot, tell } from "./engine/tell.js";
export { runWorkload, type Workload, type WorkloadResult } from "./engine/workload.js";
export { migration } from "./migration/system.js";
export { type InterleavedProgram, interleavedPrograms } from "./page-cache/interleaved.js";
export { type InterleavedMutant, interleavedMutants } from "./page-cache/interleaved-mutants.js";
export { type CacheStress, type CacheStressed, stressCache } from "./page-cache/stress.js";
export { pageCache } from "./page-cache/system.js";
export { pageTable } from "./page-table/system.js";
export { publicationPrograms } from "./replication/publication/interleaved.js";
export { publicationMutants } from "./replication/publication/interleaved-mutants.js";
export { replication } from "./replication/system.js";
