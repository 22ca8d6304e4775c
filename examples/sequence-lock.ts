/**
 * All schedules of code of your own: a slot that one thread rewrites while others read it.
 *
 *   words = [ SEQUENCE | KEY | VALUE ]        SEQUENCE is odd while the slot is being rewritten
 *
 * The code knows nothing of the checker: it reaches the shared words through a port, and names each access. In production
 * the port is a few lines around `Atomics`. Copy this file and import from "pagetwin/explore".
 */
import {
  type Claim,
  type Interleaving,
  interleave,
  type Operation,
  type Port,
  type Program,
} from "../explore/index.js";

const SEQUENCE = 0;
const KEY = 1;
const VALUE = 2;

function rewrite(port: Port, key: number): void {
  const sequence = port.load("LoadSequence", SEQUENCE);
  port.store("BeginRewrite", SEQUENCE, sequence + 1);
  port.store("StoreKey", KEY, key);
  port.store("StoreValue", VALUE, 10 * key);
  port.store("EndRewrite", SEQUENCE, sequence + 2);
}

/** @returns key and value as one number; of a single rewrite, if `looksAgain` */
function read(port: Port, looksAgain: boolean): number {
  for (;;) {
    const before = port.load("LoadSequenceBefore", SEQUENCE);
    if (before % 2 !== 0) continue; // a rewrite is under way: no annotation needed, the search sees that nothing changes
    const key = port.load("LoadKey", KEY);
    const value = port.load("LoadValue", VALUE);
    if (!looksAgain || port.load("LoadSequenceAfter", SEQUENCE) === before) return 1000 * key + value;
  }
}

function program(looksAgain: boolean): Program {
  return {
    name: looksAgain ? "a slot, 1 writer, 2 readers" : "a slot, readers that do not look again",
    shared: Int32Array.of(0, 1, 10),
    keepsResults: true,
    threads: (port) => {
      const reads: Operation = { name: "read", run: () => read(port, looksAgain) };
      const writes: Operation = {
        name: "rewrite",
        run: () => {
          rewrite(port, 2);
          return 0;
        },
      };
      return [
        { name: "writer", operations: [writes] },
        { name: "reader 1", operations: [reads] },
        { name: "reader 2", operations: [reads] },
      ];
    },
  };
}

const readsAreWhole: Claim = {
  name: "readsAreWhole",
  violation: (view) => {
    for (const reader of [1, 2]) {
      if (view.returned(reader) === 0) continue;
      const found = view.result(reader, 0);
      if (found !== 1010 && found !== 2020) return `reader ${reader} has read ${found}`;
    }
    return undefined;
  },
};

/** With and without the readers' last look. */
export function checkSequenceLock(looksAgain: boolean): Interleaving {
  return interleave(program(looksAgain), { always: [readsAreWhole] });
}
