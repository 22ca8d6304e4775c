/**
 * Whether threads can go on alone.
 *
 * Lock-free code has this property: a thread that is stopped somewhere, for ever, keeps no other from returning. Behind a
 * lock it fails where the holder is stopped.
 */
import type { ThreadMachine } from "./thread-machine.js";

/** More turns than this in one operation, alone, are taken to have no end. */
const TURNS_MAX = 1000;

/** Lets each thread run alone from the live state until its operation returns; the state is then the same again.
 * @returns who could not return, or nothing */
export function heldUp(machine: ThreadMachine): string | undefined {
  const before = machine.words.slice();
  let witness: string | undefined;
  for (let thread = 0; thread < machine.actionCount && witness === undefined; thread++) {
    if (!machine.canGoOn(thread)) continue;
    if (!returnsAlone(machine, thread)) witness = `${machine.threads.runner.threads[thread]!.name} cannot return alone`;
    machine.words.set(before);
  }
  return witness;
}

function returnsAlone(machine: ThreadMachine, thread: number): boolean {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const local = machine.local(thread);
    machine.perform(thread);
    if (machine.turnReturns || !machine.canGoOn(thread)) return true;
    // A fruitless round of waiting: alone, the next one is no better.
    if (machine.local(thread) === local) return false;
  }
  return false;
}
