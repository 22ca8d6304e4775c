import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLatency } from "../../impl/replication/cost-latency.js";
import {
  chosenSteering,
  STEERING_MUTANTS,
  steeringAgrees,
  steeringObeysRules,
} from "../../properties/replication/steering-choice.js";
import { latencyMatrix, steeringVector } from "../../vocabulary/replication/steering-choice.js";

describe("the choice of steering", () => {
  it("chooses as the reference does on random matrices", () => {
    fc.assert(steeringAgrees(), { numRuns: 1000, seed: 1 });
  });

  it.each(STEERING_MUTANTS)("kills $name by the rules alone", ({ dropped }) => {
    expect(fc.check(steeringObeysRules(dropped), { numRuns: 1000, seed: 2 }).failed).toBe(true);
  });

  it("prefers a quiet neighbour to a contended local node, and the lowest id to the local one", () => {
    const latency = [
      [900, 580, 580],
      [280, 280, 580],
      [0, 0, 0],
    ];
    expect(chosenSteering({ latency, cpuNodes: [0, 1, 2] })).toEqual([1, 0, -1, -1, -1, -1, -1, -1]);
    expect(chosenSteering({ latency, cpuNodes: [1] })).toEqual([-1, 0, -1, -1, -1, -1, -1, -1]);
  });

  it("refuses matrices and vectors out of range", () => {
    expect(() => latencyMatrix([[1, 2]])).toThrow("latency row 0 has 2 values: expected 1");
    expect(() => latencyMatrix([[65_536]])).toThrow("expected 0 to 65535");
    expect(() => steeringVector([0, 0], 2)).toThrow("expected 8");
    expect(() => steeringVector([2, -1, -1, -1, -1, -1, -1, -1], 2)).toThrow("expected -1 to 1");
  });
});

describe("the text of a latency matrix", () => {
  it("reads rows, comments and gaps", () => {
    expect(parseLatency("# two nodes\n280 580\n0 0  # no CPU\n", "l.txt")).toEqual([
      [280, 580],
      [0, 0],
    ]);
  });

  it.each([
    ["", "l.txt: 0 rows, expected one per node (at least 1)"],
    ["1 2\n3", "l.txt:2: 1 field, expected 2 latencies, one per memory node"],
    ["1 2", "l.txt: 1 rows, expected one per node (2)"],
    ["1 2\n3 4\n5 6", "l.txt:3: a row after the last of 2, expected a square matrix of 1 to 8 nodes"],
    ["1 2 3 4 5 6 7 8 9", "l.txt:1: 9 values, expected a square matrix of 1 to 8 nodes"],
    ["x", 'l.txt:1: latency to node 0 is "x", expected an integer from 0 to 65535'],
  ])("refuses %j", (text, message) => {
    expect(() => parseLatency(text, "l.txt")).toThrow(message);
  });
});
