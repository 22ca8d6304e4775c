/** A program that goes wrong on one kernel while the others wait at a barrier: the run ends with the reason. */
import type { KernelProgram } from "../../properties/engine/kernel-threads.js";
import { barrier } from "./synchronisation.js";

export const PAGES = 1;

const fails: KernelProgram = (memory, { kernel, kernels, input }) => {
  if (kernel === 1) {
    if (input === "throw") throw new Error("out of ideas");
    return memory.awaitChange(128, 0); // nobody ever changes it
  }
  barrier(memory, 0, kernels);
  return 0;
};

export default fails;
