/** A program whose kernel 1 throws, waits in vain or takes its time, as its input says: how a run ends then. */
import type { KernelProgram, ProgramSource } from "../../properties/index.js";
import { PAGE_BYTES } from "../../vocabulary/index.js";
import { barrier } from "./synchronisation.js";

export const PAGES = 1;
/** As a read-only region the barrier's page refuses stores. */
export const READ_ONLY = { first: 0, end: 1 };
export const source: ProgramSource = () => new Uint8Array(PAGE_BYTES);

/** Milliseconds. */
const LONG = 500;

const fails: KernelProgram = (memory, { kernel, kernels, input }) => {
  if (input === "compute") {
    if (kernel === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONG);
    return "done";
  }
  if (kernel === 1) {
    if (input === "throw") throw new Error("out of ideas");
    return memory.awaitChange(128, 0); // nobody ever changes it
  }
  barrier(memory, 0, kernels);
  return 0;
};

export default fails;
