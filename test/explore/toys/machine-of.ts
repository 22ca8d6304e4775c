/** Machines from a list of rules, and two small ones made of them. */
import type { Machine } from "../../../explore/index.js";

export interface Rules {
  readonly stateWords: number;
  /** Words beside the state. */
  readonly statisticsWords?: number;
  readonly initial?: readonly number[];
  readonly actions: readonly {
    readonly guard?: (words: Int32Array) => boolean;
    readonly effect: (words: Int32Array) => void;
  }[];
}

/** A machine from a list of guarded actions. */
export function machineOf(rules: Rules): Machine {
  const words = new Int32Array(rules.stateWords + (rules.statisticsWords ?? 0));
  return {
    words,
    stateWords: rules.stateWords,
    actionCount: rules.actions.length,
    initialise() {
      words.fill(0);
      words.set(rules.initial ?? []);
    },
    enabled: (action) => rules.actions[action]!.guard?.(words) ?? true,
    perform: (action) => rules.actions[action]!.effect(words),
  };
}

/** Counts from 0 to `modulus` - 1 and around. Action 0 is one step, action 1 leads back to the same state. */
export const clock = (modulus: number): Machine =>
  machineOf({
    stateWords: 1,
    actions: [
      {
        effect(words) {
          words[0] = (words[0]! + 1) % modulus;
        },
      },
      { effect() {} },
    ],
  });

/** Two threads take two locks in opposite order: words are the locks (0 free, 1 A, 2 B) and the threads' phases. */
export const crossedLocks = (): Machine => {
  const take = (thread: number, phase: number, lock: number) => ({
    guard: (words: Int32Array) => words[1 + thread] === phase && words[lock] === 0,
    effect(words: Int32Array) {
      words[lock] = thread;
      words[1 + thread]!++;
    },
  });
  const release = (thread: number) => ({
    guard: (words: Int32Array) => words[1 + thread] === 2,
    effect(words: Int32Array) {
      words[0] = 0;
      words[1] = 0;
      words[1 + thread] = 3;
    },
  });
  return machineOf({
    stateWords: 4,
    actions: [take(1, 0, 0), take(1, 1, 1), release(1), take(2, 0, 1), take(2, 1, 0), release(2)],
  });
};
