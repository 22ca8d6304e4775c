/** The engines: how all states of something are visited. */
export type { Exploration, Memory, Violation, ViolationKind } from "./exploration.js";
export { explore } from "./explore.js";
export type {
  Checks,
  Limits,
  Machine,
  Observer,
  Progress,
  Reachable,
  Reference,
  ReferenceStep,
  StateInvariant,
  StepInvariant,
} from "./machine.js";
export { replay } from "./path.js";
