/** The experiment's thread as a program that is made to wait: what every kernel runs on real threads. */
import type { SharedMemory } from "../../impl/coherency/runtime-memory.js";
import type { ProgramStep } from "../../vocabulary/coherency/runtime.js";
import type { KernelProgram } from "../engine/kernel-threads.js";
import { type Experiment, figureThread } from "./figure7.js";

const WORD_BYTES = 4;

const threaded: KernelProgram = (memory, { kernel, kernels, input }) => {
  const host = { kernel, kernels, requestsSent: () => memory.requestsSent() };
  const steps = figureThread(input as Experiment, host);
  let next = steps.next(0);
  while (!next.done) next = steps.next(perform(memory, next.value));
  return next.value;
};

function perform(memory: SharedMemory, step: ProgramStep): number {
  if (step.kind === "add") return memory.addInt32(step.word * WORD_BYTES, step.delta);
  if (step.kind === "await") {
    let found = memory.loadInt32(step.word * WORD_BYTES);
    while (found < step.value) found = memory.awaitChange(step.word * WORD_BYTES, found);
    return found;
  }
  let last = 0;
  for (let word = step.first; word < step.first + step.words; word++) {
    if (step.kind === "load") last = memory.loadInt32(word * WORD_BYTES);
    else memory.storeInt32(word * WORD_BYTES, step.value);
  }
  return last;
}

export default threaded;
