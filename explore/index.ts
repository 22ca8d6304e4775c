/** The engines: how all states of something are visited, and all schedules of threads. */
export type { Exploration, Memory, Violation, ViolationKind } from "./exploration.js";
export { explore } from "./explore.js";
export { type ExecutionLimits, enumerateExecutions } from "./interleave/executions.js";
export { type Followed, follow } from "./interleave/follow.js";
export { checkHistory, type HistoryVerdict, type RecordedOperation } from "./interleave/history.js";
export { type InterleaveLimits, interleave } from "./interleave/interleave.js";
export type { Failure, Interleaving, Method, Row, ScheduleMinimality } from "./interleave/interleaving.js";
export type { Port } from "./interleave/port.js";
export type { Claim, Claims, Operation, Program, Thread, View } from "./interleave/program.js";
export { type RandomLimits, tryRandomSchedules } from "./interleave/random-schedules.js";
export { scheduleText } from "./interleave/schedule-text.js";
export type { SequentialModel } from "./interleave/sequential-model.js";
export type {
  Checks,
  Limits,
  Machine,
  Observer,
  Progress,
  Reachable,
  Reference,
  ReferenceStep,
  Resource,
  StateInvariant,
  StepInvariant,
} from "./machine.js";
export { replay } from "./path.js";
