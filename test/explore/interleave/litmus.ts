/** Litmus programs: each thread is one operation of a few accesses, what it reads goes to its private words. */

import type { Port } from "../../../explore/interleave/port.js";
import type { Claims, Program } from "../../../explore/interleave/program.js";

/** A thread: accesses of the words X, Y, Z in turn; each answer is what the thread has read. */
export type Body = (port: Port) => number[];

export const X = 0;
export const Y = 1;
export const Z = 2;
const WORDS = 3;
const READS_MAX = 4;

export function litmus(name: string, bodies: readonly Body[]): Program {
  return {
    name,
    shared: new Int32Array(WORDS),
    threads: (port) =>
      bodies.map((body, thread) => ({
        name: `T${thread}`,
        own: new Array(READS_MAX + 1).fill(0),
        operations: [
          {
            name: "body",
            run: (own) => {
              const reads = body(port);
              own.set([...reads, ...new Array(READS_MAX - reads.length).fill(0), reads.length]);
              return 0;
            },
          },
        ],
      })),
  };
}

/** What all threads have read, "1,0 | 0". */
export const reads: Claims = {
  outcome: (view) =>
    Array.from({ length: view.threadCount }, (_, thread) => {
      const own = view.own(thread);
      return own.slice(0, own[READS_MAX]).join();
    }).join(" | "),
};

/** Two readers and writers of the literature, with the outcomes that sequential consistency allows. */
export const LITMUS: readonly { name: string; bodies: readonly Body[]; allowed: string[]; forbidden: string[] }[] = [
  {
    name: "store buffering",
    bodies: [
      (port) => {
        port.store("StoreX", X, 1);
        return [port.load("LoadY", Y)];
      },
      (port) => {
        port.store("StoreY", Y, 1);
        return [port.load("LoadX", X)];
      },
    ],
    allowed: ["0 | 1", "1 | 0", "1 | 1"],
    forbidden: ["0 | 0"],
  },
  {
    name: "load buffering",
    bodies: [
      (port) => {
        const read = port.load("LoadX", X);
        port.store("StoreY", Y, 1);
        return [read];
      },
      (port) => {
        const read = port.load("LoadY", Y);
        port.store("StoreX", X, 1);
        return [read];
      },
    ],
    allowed: ["0 | 0", "0 | 1", "1 | 0"],
    forbidden: ["1 | 1"],
  },
  {
    name: "message passing",
    bodies: [
      (port) => {
        port.store("StoreData", X, 1);
        port.store("RaiseFlag", Y, 1);
        return [];
      },
      (port) => [port.load("LoadFlag", Y), port.load("LoadData", X)],
    ],
    allowed: [" | 0,0", " | 0,1", " | 1,1"],
    forbidden: [" | 1,0"],
  },
  {
    name: "coherence of two reads",
    bodies: [
      (port) => {
        port.store("StoreX", X, 1);
        return [];
      },
      (port) => [port.load("LoadX", X), port.load("LoadX", X)],
    ],
    allowed: [" | 0,0", " | 0,1", " | 1,1"],
    forbidden: [" | 1,0"],
  },
  {
    name: "lost update",
    bodies: [1, 2].map(() => (port: Port) => {
      const read = port.load("LoadX", X);
      port.store("StoreX", X, read + 1);
      return [read];
    }),
    allowed: ["0 | 0", "0 | 1", "1 | 0"],
    forbidden: ["1 | 1"],
  },
  {
    name: "update by add",
    bodies: [1, 2].map(() => (port: Port) => [port.add("AddX", X, 1)]),
    allowed: ["0 | 1", "1 | 0"],
    forbidden: ["0 | 0", "1 | 1"],
  },
  {
    name: "one winner of a compare-exchange",
    bodies: [1, 2, 3].map((mine) => (port: Port) => [port.compareExchange("ClaimX", X, 0, mine)]),
    allowed: ["0 | 1 | 1", "2 | 0 | 2", "3 | 3 | 0"],
    forbidden: ["0 | 0 | 1", "1 | 1 | 0"],
  },
  {
    name: "independent reads of independent writes",
    bodies: [
      (port) => {
        port.store("StoreX", X, 1);
        return [];
      },
      (port) => {
        port.store("StoreY", Y, 1);
        return [];
      },
      (port) => [port.load("LoadX", X), port.load("LoadY", Y)],
      (port) => [port.load("LoadY", Y), port.load("LoadX", X)],
    ],
    allowed: ["00", "01", "10", "11"].flatMap((first) =>
      ["00", "01", "10", "11"]
        .filter((second) => !(first === "10" && second === "10"))
        .map((second) => ` |  | ${[...first].join()} | ${[...second].join()}`),
    ),
    forbidden: [" |  | 1,0 | 1,0"],
  },
  {
    name: "exchange, and, or",
    bodies: [(port) => [port.or("SetX", X, 6), port.and("MaskX", X, 3)], (port) => [port.exchange("SwapX", X, 8)]],
    allowed: ["0,6 | 2", "0,8 | 6", "8,14 | 0"],
    forbidden: ["0,6 | 6", "0,14 | 6"],
  },
];
