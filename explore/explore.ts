/** The door to the search: checks what it is given and fills in what is not said. */
import type { Exploration } from "./exploration.js";
import type { Checks, Limits, Machine, Observer } from "./machine.js";
import { Search } from "./search.js";

const STATES_MAX = 2 ** 30;
const ACTIONS_MAX = 2 ** 20;

/**
 * Visits every reachable state of `machine`, breadth first, and judges each state and each transition, until all is
 * expanded, a violation stops the search or a limit cuts it. The machine is left in some state.
 * @throws Error for a machine or limits out of the ranges that their docstrings name; errors of the checks pass through
 */
export function explore(machine: Machine, checks: Checks, limits: Limits, observer?: Observer): Exploration {
  const complete = { states: STATES_MAX, stopAtFirst: true, inStep: 1, ranOut: undefined, ...limits };
  const ranges: readonly [string, number, number, number][] = [
    ["stateWords", machine.stateWords, 1, machine.words.length],
    ["actionCount", machine.actionCount, 1, ACTIONS_MAX],
    ["states", complete.states, 1, STATES_MAX],
    ["every", observer?.every ?? 1, 1, STATES_MAX],
  ];
  for (const [name, value, low, high] of ranges) {
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new Error(`${name} is ${value}: expected an integer from ${low} to ${high}`);
    }
  }
  if (!(complete.inStep >= 0 && complete.inStep <= 1)) {
    throw new Error(`inStep is ${complete.inStep}: expected a share from 0 to 1`);
  }
  return new Search(machine, checks, complete, observer).run();
}
