/** Small programs for the engine's tests, from bodies. */

import type { Port } from "../../../explore/interleave/port.js";
import type { Operation, Program, Thread } from "../../../explore/interleave/program.js";

export type Run = (port: Port, own: Int32Array, words: Int32Array) => number;

export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

/** A program whose threads have two private words each. */
export function programOf(
  shared: readonly number[],
  threads: readonly (readonly NamedRun[])[],
  more: Partial<Program> = {},
): Program {
  return {
    name: "program",
    shared: Int32Array.from(shared),
    threads: (port, words) =>
      threads.map(
        (operations, thread): Thread => ({
          name: `T${thread}`,
          own: [0, 0],
          operations: operations.map(({ name, run }): Operation => ({ name, run: (own) => run(port, own, words) })),
        }),
      ),
    ...more,
  };
}
