/** Paths through a machine: finding the actions that lead along known states, and walking a path again. */
import type { Fingerprinter } from "./fingerprint.js";
import type { Machine } from "./machine.js";
import type { StateSet } from "./state-set.js";

/** Clears what is not state. */
export function clearStatistics(machine: Machine): void {
  const { words, stateWords } = machine;
  for (let position = stateWords; position < words.length; position++) words[position] = 0;
}

/**
 * The actions that lead along `ancestry`, which begins with the initial state. Of several actions between two states it
 * is the lowest, the one by which the search came. The live words are changed.
 */
export function actionsAlong(
  machine: Machine,
  set: StateSet,
  fingerprinter: Fingerprinter,
  ancestry: readonly number[],
): number[] {
  const { words } = machine;
  machine.initialise();
  return ancestry.slice(1).map((next) => {
    const before = words.slice(0, machine.stateWords);
    for (let action = 0; action < machine.actionCount; action++) {
      if (!machine.enabled(action)) continue;
      clearStatistics(machine);
      if (performs(machine, action)) {
        fingerprinter.take(words, 0);
        if (set.is(next, fingerprinter.first, fingerprinter.second, words)) return action;
      }
      words.set(before);
    }
    throw new Error(
      `no action leads to state ${next} a second time: does perform depend on more than the state words?`,
    );
  });
}

function performs(machine: Machine, action: number): boolean {
  try {
    machine.perform(action);
    return true;
  } catch {
    return false; // reported when the search came by
  }
}

/**
 * Walks a path from the initial state.
 * @param onStep hears each action after it has happened; `machine.words` holds the state and the statistics' change
 * @throws Error naming the first step whose action is not enabled; what `perform` throws passes through
 */
export function replay(
  machine: Machine,
  path: readonly number[],
  onStep: (action: number, step: number) => void,
): void {
  machine.initialise();
  clearStatistics(machine);
  for (const [step, action] of path.entries()) {
    if (!machine.enabled(action)) throw new Error(`step ${step + 1}: action ${action} is not enabled`);
    clearStatistics(machine);
    machine.perform(action);
    onStep(action, step);
  }
}
