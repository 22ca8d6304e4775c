/**
 * How many executions a program has, without counting them: Knuth, "Estimating the efficiency of backtrack programs".
 *
 * A random walk that multiplies the numbers of choices on its way has the number of executions as its mean.
 */
import { Random } from "./random.js";
import type { ThreadMachine } from "./thread-machine.js";

const TURNS_MAX = 10_000;

/** @param walks how many walks to take; 0 = no estimate. @returns null without walks, or if threads wait for each other: then there
 * is no end of executions */
export function estimateExecutions(machine: ThreadMachine, walks: number, seed: number): number | null {
  const random = new Random(seed);
  let sum = 0;
  for (let walk = 0; walk < walks; walk++) {
    const choices = walkAtRandom(machine, random);
    if (choices === null) return null;
    sum += choices / walks;
  }
  return walks === 0 || machine.threads.spins > 0 ? null : Math.round(Math.min(sum, Number.MAX_VALUE));
}

function walkAtRandom(machine: ThreadMachine, random: Random): number | null {
  let product = 1;
  machine.initialise();
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const able = [...Array(machine.actionCount).keys()].filter((thread) => machine.canGoOn(thread));
    if (able.length === 0) return product;
    product *= able.length;
    machine.perform(able[random.below(able.length)]!);
  }
  return null;
}
