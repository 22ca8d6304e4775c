import { describe, expect, it } from "vitest";
import * as impl from "../../impl/replication/cost-formulas.js";
import * as model from "../../model/replication/cost-formulas.js";
import { COST_MACHINE } from "../../vocabulary/replication/cost.js";

/** Fixed before any prediction was computed: the model explains a published figure if it is off by at most a tenth. */
const TOLERANCE = 0.1;

/** Evaluates a formula in both twins, which may differ by rounding only. */
function both(formula: (twin: typeof model | typeof impl) => number): number {
  expect(formula(impl)).toBeCloseTo(formula(model), 12);
  return formula(model);
}

const residual = (predicted: number, published: number): number => predicted / published - 1;
const isExplained = (predicted: number, published: number): boolean =>
  Math.abs(residual(predicted, published)) <= TOLERANCE;

/** Single-socket runs with 4 KiB pages, relative to local tables [A20]: remote (rp), remote with interference (rpi). */
const SINGLE_SOCKET = [
  { workload: "GUPS", share: 0.83, rp: 1.53, rpi: 3.22, gain: 3.24, rpWalk: 1.65, rpiWalk: 3.7 },
  { workload: "BTree", share: 0.43, rp: 1.3, rpi: 2.03, gain: 2.06, rpWalk: 1.71, rpiWalk: 3.41 },
  { workload: "HashJoin", share: 0.6, rp: 1.28, rpi: 2.12, gain: 2.1, rpWalk: 1.47, rpiWalk: 2.87 },
  { workload: "Redis", share: 0.28, rp: 1.29, rpi: 1.82, gain: 1.8, rpWalk: 1.81, rpiWalk: 3.73 },
  { workload: "XSBench", share: 0.35, rp: 1.09, rpi: 1.48, gain: 1.45, rpWalk: 1.29, rpiWalk: 2.34 },
  { workload: "PageRank", share: 0.3, rp: 1.2, rpi: 1.84, gain: 1.83, rpWalk: 1.38, rpiWalk: 2.44 },
  { workload: "LibLinear", share: 0.1, rp: 1.07, rpi: 1.53, gain: 1.42, rpWalk: 1.02, rpiWalk: 1.45 },
  { workload: "Canneal", share: 0.47, rp: 1.23, rpi: 1.98, gain: 1.95, rpWalk: 1.61, rpiWalk: 3.24 },
];

const ROWS = SINGLE_SOCKET.flatMap((row) => [
  { name: `${row.workload} RP`, share: row.share, published: row.rp, walk: row.rpWalk },
  { name: `${row.workload} RPI`, share: row.share, published: row.rpi, walk: row.rpiWalk },
]).map((row) => ({ ...row, predicted: both((twin) => twin.runtimeByWalkShare(row.share, row.walk)) }));

const named = (rows: readonly { name: string; predicted: number; published: number }[]): Record<string, string> =>
  Object.fromEntries(
    rows
      .filter((row) => !isExplained(row.predicted, row.published))
      .map((row) => [row.name, `${(100 * residual(row.predicted, row.published)).toFixed(1)} %`]),
  );

describe("published single-socket run times", () => {
  it("follow from the walk share within a tenth in 14 of 16 rows; the other two are named", () => {
    expect(ROWS).toHaveLength(16);
    expect(named(ROWS)).toEqual({ "PageRank RPI": "-22.2 %", "LibLinear RPI": "-31.7 %" });
  });

  it("leave, in four rows, more than a quarter of the slow-down itself unexplained", () => {
    // A run time near 1 is matched by any model that says 1; the slow-down is the harder measure.
    const explained = ROWS.map((row) => [row.name, (row.predicted - 1) / (row.published - 1)] as const);
    const short = explained.filter(([, part]) => part < 0.75).map(([name, part]) => `${name} ${part.toFixed(2)}`);
    expect(short).toEqual(["PageRank RP 0.57", "PageRank RPI 0.51", "LibLinear RP 0.03", "LibLinear RPI 0.08"]);
  });

  it("are undone by replicas: what these gain is what remote tables with interference cost", () => {
    expect(SINGLE_SOCKET.filter((row) => !isExplained(row.rpi, row.gain))).toEqual([]);
  });

  it("keep uncontended walks within the latency ratio 580/280, and interference within 1.4 to 2.3 times", () => {
    expect(SINGLE_SOCKET.filter((row) => row.rpWalk < 1 || row.rpWalk > 580 / 280)).toEqual([]);
    expect(SINGLE_SOCKET.filter((row) => row.rpiWalk / row.rpWalk < 1.4 || row.rpiWalk / row.rpWalk > 2.3)).toEqual([]);
  });
});

describe("published memory overheads", () => {
  it.each([
    [2 ** 20, [1.015, 1.046, 1.108, 1.231]],
    [2 ** 30, [1.002, 1.006, 1.014, 1.029]],
    [2 ** 40, [1.002, 1.006, 1.014, 1.029]],
  ])("follow for %i bytes and 2, 4, 8 and 16 copies to the digit", (bytes, factors) => {
    expect(
      [2, 4, 8, 16].map((copies) => Number(both((twin) => twin.memoryFactor(bytes, copies, 4)).toFixed(3))),
    ).toEqual(factors);
  });
});

describe("published remote leaf entries", () => {
  it("are three quarters on four sockets for evenly spread pages", () => {
    expect(both((twin) => twin.remoteShare(4))).toBe(0.75);
  });
});

describe("published costs of memory operations, four further copies", () => {
  const FURTHER_COPIES = 4;
  /** Cycles per page without replicas, at 2048 pages [A20]; passes through the ring as in W35. */
  const OPERATIONS = [
    {
      operation: "map",
      cycles: 1539,
      passes: 1,
      published: { "1 page": 1.07, "2048 pages": 1.09, "4 GB": 1.05 },
    },
    {
      operation: "protect",
      cycles: 60,
      passes: 2,
      published: { "1 page": 1.22, "2048 pages": 4.27, "4 GB": 4.33 },
    },
    {
      operation: "unmap",
      cycles: 310,
      passes: 1,
      published: { "1 page": 1.07, "2048 pages": 1.52, "4 GB": 1.58 },
    },
  ];

  it("follow from one constant, calibrated on unmap, for map and unmap; protect and single pages are named", () => {
    expect(COST_MACHINE.memberCycles).toBe(Math.round((473 - 310) / FURTHER_COPIES));
    const rows = OPERATIONS.flatMap(({ operation, cycles, passes, published }) =>
      Object.entries(published).map(([size, ratio]) => ({
        name: `${operation}, ${size}`,
        published: ratio,
        predicted: both((twin) => twin.operationRatio(cycles, FURTHER_COPIES, passes, COST_MACHINE.memberCycles)),
      })),
    );
    expect(named(rows)).toEqual({
      "protect, 1 page": "430.1 %",
      "protect, 2048 pages": "51.4 %",
      "protect, 4 GB": "49.3 %",
      "unmap, 1 page": "42.9 %",
    });
  });

  it("lie, for protect, between one pass through the ring and two", () => {
    const passes = [1, 2].map((count) =>
      both((twin) => twin.operationRatio(60, FURTHER_COPIES, count, COST_MACHINE.memberCycles)),
    );
    expect(passes[0]).toBeLessThan(4.27);
    expect(passes[1]).toBeGreaterThan(4.27);
  });
});
